import { parseArgs } from "node:util";
import type { EventLogColumns } from "../provider/profile/file-profile";

/** What the command is asked to do. */
export interface ReviewOptions {
  /** The old file; undefined where the new one has none before it. */
  from?: string;
  to?: string;
  /** A preview's JSON; `-` is standard input. */
  preview?: string;
  eventLog?: EventLogColumns;
  html?: string;
  /** Undefined: standard output. */
  markdown?: string;
  title: string;
  /** Exit code 1 where the run of the preview would fail. */
  failOnRefusal: boolean;
}

/** The user's to correct; told in one line. */
export class ReviewError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

export const HELP = `Usage: processmind-review --to NEW.csv [--from OLD.csv] [options]
       processmind-review --preview preview.json [options]

Writes what a change does to the data, as Markdown for a pull request and as one HTML page.
Everything happens on this machine, and no cell value is written: see the two exceptions below.

  --to <file>         the file as it will be (csv, tsv, txt, xlsx, xes)
  --from <file>       the file as it was; leave the option out where there was none
  --preview <file>    what \`pulumi preview --json\` printed; - reads standard input
                      (with --show-sames also guards that are loosened; of a destroy: \`pulumi destroy --preview-only --json\`)
  --fail-on-refusal   exit with 1 when the preview has errors, or shows a deletion that will be rejected
  --html <file>       write the page here
  --markdown <file>   write the Markdown here (default: standard output)
  --title <text>      its heading (default: Data review)

For event logs, all three; they add cases, activities, the times of the first and the last event, and charts:
  --case-id <column>  --activity <column>  --timestamp <column>
With them the names of activities and the months of events are written too: the only cell values that are.
The page's charts need the package echarts (npm install --save-dev echarts); without it the page says so in their place.

  --help  --version

Exit codes: 0 written · 1 a file is missing or cannot be used, also where the review could be written all the same · 2 wrong options.
A refused preview is a review like any other: 0, without --fail-on-refusal.
`;

const FLAGS = {
  from: { type: "string" },
  to: { type: "string" },
  preview: { type: "string" },
  "case-id": { type: "string" },
  activity: { type: "string" },
  timestamp: { type: "string" },
  html: { type: "string" },
  markdown: { type: "string" },
  title: { type: "string" },
  "fail-on-refusal": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/** @throws ReviewError when the command line cannot be meant so. */
export function optionsFrom(args: string[]): ReviewOptions | "help" | "version" {
  const values = parsed(args);
  if (values.help) return "help";
  if (values.version) return "version";
  for (const [name, value] of Object.entries(values)) {
    if (value === "") throw usage(`--${name} is empty. Give it a value, or leave it out`);
  }
  const { from, to, preview, html, markdown, title = "Data review" } = values;
  if (to === undefined && preview === undefined)
    throw usage("there is nothing to review. Give --to FILE or --preview FILE");
  if (from !== undefined && to === undefined) throw usage("--from needs --to, the file as it will be");
  const failOnRefusal = values["fail-on-refusal"] ?? false;
  if (failOnRefusal && preview === undefined) throw usage("--fail-on-refusal needs --preview, the preview it judges");
  const eventLog = eventLogFrom(values["case-id"], values.activity, values.timestamp);
  if (eventLog && to === undefined)
    throw usage("--case-id, --activity and --timestamp name columns of --to, which is missing");
  return { from, to, preview, eventLog, html, markdown, title, failOnRefusal };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    // Node's explanations after the first sentence are about its own parser.
    throw usage((error as Error).message.split(/\.\s|\n/)[0] as string);
  }
}

function eventLogFrom(caseId?: string, activity?: string, timestamp?: string): EventLogColumns | undefined {
  if (caseId !== undefined && activity !== undefined && timestamp !== undefined) return { caseId, activity, timestamp };
  if (caseId === undefined && activity === undefined && timestamp === undefined) return undefined;
  throw usage("--case-id, --activity and --timestamp go together. Give all three, or none");
}

function usage(message: string): ReviewError {
  return new ReviewError(`${message.replace(/\.$/, "")}. See --help.`, 2);
}
