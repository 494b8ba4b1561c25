/** What the command reports on standard error: one line, then at most three options, the one that changes nothing first. */
export interface Message {
  /** One sentence without its full stop. */
  line: string;
  options?: readonly string[];
}

const SHOWN_PATH = 60;
const SHOWN_TEXT = 120;

/** Every wording stands here once; what varies is passed. */
export const MESSAGES = {
  nothingToReview: () => ({
    line: "neither --to nor --preview is set",
    options: [
      "one file: --to data/claims.csv",
      "a file and its earlier version: --from old/claims.csv --to data/claims.csv",
      "a preview: `pulumi preview --json --show-sames > preview.json`, then --preview preview.json",
    ],
  }),
  fromWithoutTo: (file: string) => ({
    line: `--from ${shownPath(file)} has no --to`,
    options: ["write both for each file: --from OLD --to NEW", "a new file has no earlier version: --to NEW"],
  }),
  noValue: (option: string) => ({
    line: `${option} has no value`,
    options: [`leave ${option} out`, `pass a value: ${option} VALUE`],
  }),
  repeated: (option: string) => ({
    line: `${option} is set twice`,
    options: [`keep one ${option}`, "several files: repeat --from OLD --to NEW"],
  }),
  incompleteEventLog: (present: string, missing: string) => ({
    line: `${present} is set more often than ${missing}`,
    options: ["set all three: --case-id, --activity, --timestamp", "set none of them: the review shows no events"],
  }),
  eventLogWithoutFile: () => ({
    line: "--case-id, --activity and --timestamp name columns of --to, which is not set",
    options: ["leave them out", "add the file: --to data/claims.csv"],
  }),
  failOnRefusalWithoutPreview: () => ({
    line: "--fail-on-refusal needs --preview",
    options: ["leave --fail-on-refusal out", "add the preview: --preview preview.json"],
  }),
  unexpectedArgument: (argument: string) => ({
    line: `unexpected argument "${shownPath(argument)}"`,
    options: [`if it is a file to review: --to ${shownPath(argument)}`, "show all options: --help"],
  }),
  /** @param parts - of the parser's own message: what is wrong, and what was meant, where it knows. */
  wrongOption: ([what = "", suggestion]: readonly string[]) => ({
    line: what.length > SHOWN_TEXT ? `${what.slice(0, SHOWN_TEXT - 1)}…` : what,
    options: [...(suggestion === undefined ? [] : [suggestion.replace("Did", "did")]), "show all options: --help"],
  }),
  noSuchFile: (option: string, file: string) => ({
    line: `${option} ${shownPath(file)}: the file does not exist`,
    options: option === "--from" ? ["leave --from out if the file is new", "correct the path"] : ["correct the path"],
  }),
  unknownExtension: (option: string, file: string, extensions: readonly string[]) => ({
    line: `${option} ${shownPath(file)}: the extension is not one of ${extensions.join(", ")}`,
    options: ["rename the file"],
  }),
  fileAccess: (option: string, file: string, reason: string) => ({
    line: `${option} ${shownPath(file)}: ${reason}`,
  }),
  notAPreview: (origin: string) => ({
    line: `--preview ${shownPath(origin)}: not the output of \`pulumi preview --json\``,
    options: ["save standard output alone: `pulumi preview --json --show-sames > preview.json`"],
  }),
  unusableFile: (name: string, [what = "", ...rest]: readonly string[]) => ({
    line: `${shownPath(name)}: ${what}`,
    options: rest,
  }),
  rejected: (what: string) => ({
    line: `${what} (--fail-on-refusal)`,
  }),
  noCharts: () => ({
    line: "the page has no charts, because the package echarts is not installed",
    options: ["leave it: the page's tables hold the same numbers", "npm install --save-dev echarts"],
  }),
} satisfies { [code: string]: (...values: never[]) => Message };

export type MessageCode = keyof typeof MESSAGES;

/** An error that the user corrects. */
export class ReviewError extends Error {
  constructor(
    readonly code: MessageCode,
    readonly report: Message,
    readonly exitCode: 1 | 2,
  ) {
    super(report.line);
  }
}

/** @param exitCode - 1: a file cannot be used. 2: the command line cannot be used. */
export function reviewError<C extends MessageCode>(
  exitCode: 1 | 2,
  code: C,
  ...values: Parameters<(typeof MESSAGES)[C]>
): ReviewError {
  const write = MESSAGES[code] as (...values: unknown[]) => Message;
  return new ReviewError(code, write(...values), exitCode);
}

/** As lines for standard error. */
export function rendered({ line, options = [] }: Message): string {
  return [
    `processmind-review: ${withoutStop(line)}.`,
    ...options.map((option) => `  - ${withoutStop(option)}`),
    "",
  ].join("\n");
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

/** The end of a long path says more than its beginning. */
function shownPath(file: string): string {
  const characters = [...file.replace(/\p{Cc}/gu, "?")];
  return characters.length > SHOWN_PATH ? `…${characters.slice(1 - SHOWN_PATH).join("")}` : characters.join("");
}
