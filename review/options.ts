import { Command, CommanderError } from "commander";
import { packageVersion } from "../engine/commands/version";
import type { EventLogColumns } from "../provider/profile/file-profile";
import { reviewError } from "./messages";

/** A file, and its earlier version unless the file is new. */
export interface FilePaths {
  from?: string;
  to: string;
}

/** What the command is asked to do. */
export interface ReviewOptions {
  files: FilePaths[];
  /** A preview's JSON; `-` is standard input. */
  preview?: string;
  /** Columns of event logs. Each file is read with the first entry whose columns it has. */
  eventLogs: EventLogColumns[];
  html?: string;
  /** Undefined: standard output. */
  markdown?: string;
  title: string;
  /** What the review is of: a git revision, or any text. */
  commit?: string;
  date?: string;
  /** Exit code 1 where the run of the preview would fail. */
  failOnRefusal: boolean;
}

/** Text to print instead of a review. */
export interface Printout {
  print: string;
}

const AFTER_HELP = `
The command sends nothing. The review holds no cell values except the first and the last event time and, for event
logs, the names of activities.

Examples:
  processmind-review --from old/claims.csv --to data/claims.csv --html review.html
  processmind-review --from old/a.csv --to a.csv --from old/b.csv --to b.csv
  pulumi preview --json --show-sames > preview.json; processmind-review --preview preview.json --fail-on-refusal

Exit codes: 0 written · 1 a file cannot be used, or --fail-on-refusal applies; the review is written where possible
            2 wrong options
`;

/** @throws ReviewError when the options contradict each other, or one is unknown. */
export function optionsFrom(args: string[]): ReviewOptions | Printout {
  const files: FilePaths[] = [];
  let from: string | undefined;
  const program = commandLine({
    from: (value) => {
      if (from !== undefined) throw reviewError(2, "fromWithoutTo", from);
      from = value;
    },
    to: (value) => {
      files.push({ ...(from !== undefined && { from }), to: value });
      from = undefined;
    },
  });
  const print = parse(program, args);
  if (print !== undefined) return { print };
  if (from !== undefined) {
    // `--to NEW --from OLD` can mean one thing only.
    const [only] = files;
    if (files.length !== 1 || only?.from !== undefined) throw reviewError(2, "fromWithoutTo", from);
    files[0] = { from, to: (only as FilePaths).to };
  }
  return checked(program, files);
}

type Values = {
  preview?: string;
  caseId?: string[];
  activity?: string[];
  timestamp?: string[];
  html?: string;
  markdown?: string;
  title?: string;
  commit?: string;
  date?: string;
  failOnRefusal?: boolean;
};

function commandLine(onFile: { from: (file: string) => void; to: (file: string) => void }): Command {
  return new Command("processmind-review")
    .description("Writes what a change does to the data: as Markdown for a pull request, and as one HTML page.")
    .usage("[--from OLD] --to NEW ... [--preview preview.json] [options]")
    .option("--to <file>", "new version of a file (csv, tsv, txt, xlsx, xes); repeat for several files", (value) =>
      onFile.to(filled("--to", value)),
    )
    .option("--from <file>", "its old version, before its --to; leave it out if the file is new", (value) =>
      onFile.from(filled("--from", value)),
    )
    .option(
      "--preview <file>",
      "output of `pulumi preview --json --show-sames`; - reads standard input",
      once("--preview"),
    )
    .option("--fail-on-refusal", "exit with 1 if the preview has errors or a deletion will be rejected")
    .option("--case-id <column>", "of an event log; repeat all three for logs with other columns", each("--case-id"))
    .option("--activity <column>", "adds activities, and events per month and activity", each("--activity"))
    .option("--timestamp <column>", "adds the first and the last event time", each("--timestamp"))
    .option("--html <file>", "write the page to this file", once("--html"))
    .option("--markdown <file>", "write the Markdown to this file, not to standard output", once("--markdown"))
    .option("--title <text>", "heading of the review", once("--title"))
    .option("--commit <revision>", "the commit to show; git finds its date", once("--commit"))
    .option("--date <text>", "the date to show", once("--date"))
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", AFTER_HELP)
    .allowExcessArguments()
    .exitOverride();
}

function once(option: string) {
  return (value: string, previous: string | undefined): string => {
    if (previous !== undefined) throw reviewError(2, "repeated", option);
    return filled(option, value);
  };
}

function each(option: string) {
  return (value: string, previous: string[] = []): string[] => [...previous, filled(option, value)];
}

/** The parser takes whatever follows an option for its value, another option too. */
function filled(option: string, value: string): string {
  if (value === "" || value.startsWith("--")) throw reviewError(2, "noValue", option);
  return value;
}

/** @returns what to print instead, of --help and --version. */
function parse(program: Command, args: string[]): string | undefined {
  let printed = "";
  program.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
    writeErr: () => undefined,
    getOutHelpWidth: () => 120,
  });
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return printed;
    const parts = error.message.split("\n").map((line) => line.replace(/^error: |^\(|\)$/g, ""));
    throw reviewError(2, "wrongOption", parts);
  }
  return undefined;
}

function checked(program: Command, files: FilePaths[]): ReviewOptions {
  const [argument] = program.args;
  if (argument !== undefined) throw reviewError(2, "unexpectedArgument", argument);
  const { caseId = [], activity = [], timestamp = [], failOnRefusal = false, ...texts } = program.opts<Values>();
  const { preview, html, markdown, title = "Data review", commit, date } = texts;
  if (files.length === 0 && preview === undefined) throw reviewError(2, "nothingToReview");
  if (failOnRefusal && preview === undefined) throw reviewError(2, "failOnRefusalWithoutPreview");
  const eventLogs = eventLogsFrom({ "--case-id": caseId, "--activity": activity, "--timestamp": timestamp });
  if (eventLogs.length > 0 && files.length === 0) throw reviewError(2, "eventLogWithoutFile");
  return { files, preview, eventLogs, html, markdown, title, commit, date, failOnRefusal };
}

function eventLogsFrom(names: { [option in "--case-id" | "--activity" | "--timestamp"]: string[] }): EventLogColumns[] {
  const sorted = Object.entries(names).sort(([, a], [, b]) => b.length - a.length);
  const [[most, { length }], [least, fewest]] = [sorted[0], sorted.at(-1)] as [[string, string[]], [string, string[]]];
  if (length !== fewest.length) throw reviewError(2, "incompleteEventLog", most, least);
  return names["--case-id"].map((caseId, i) => ({
    caseId,
    activity: names["--activity"][i] as string,
    timestamp: names["--timestamp"][i] as string,
  }));
}
