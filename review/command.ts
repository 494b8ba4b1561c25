import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { packageVersion } from "../engine/commands/version";
import { WriteError, writeWhole } from "../engine/whole-file";
import { counted, heading, paragraph } from "./content/facts";
import { fileBlocks } from "./content/file-part";
import { previewBlocks, refusals } from "./content/preview-part";
import { type Block, Importance } from "./document";
import { type FilePair, readPair } from "./input/file-pair";
import { type Preview, readPreview } from "./input/preview";
import { HELP, optionsFrom, ReviewError, type ReviewOptions } from "./options";
import { loadCharts } from "./output/charts";
import { markdownOf } from "./output/markdown";
import { pageOf } from "./output/page";

/** Where the command reads and writes, beside its files. */
export interface Streams {
  stdin: NodeJS.ReadableStream;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** Runs the command; the result is its exit code. */
export async function runReview(args: string[], streams: Streams): Promise<number> {
  try {
    const options = optionsFrom(args);
    if (options === "help") streams.stdout.write(HELP);
    else if (options === "version") streams.stdout.write(`${packageVersion()}\n`);
    else return await review(options, streams);
    return 0;
  } catch (error) {
    if (!(error instanceof ReviewError)) throw error;
    streams.stderr.write(`processmind-review: ${error.message}\n`);
    return error.exitCode;
  }
}

async function review(options: ReviewOptions, streams: Streams): Promise<number> {
  const wantsCharts = options.html !== undefined && options.eventLog !== undefined;
  const draw = wantsCharts ? loadCharts() : undefined;
  // Before anything is read: a large file takes a while.
  if (wantsCharts && !draw) streams.stderr.write(`processmind-review: ${NO_CHARTS}\n`);
  const found = options.preview === undefined ? undefined : await previewFrom(options.preview, streams.stdin);
  const preview = found === undefined ? [] : previewBlocks(found);
  const pair = options.to === undefined ? undefined : await readPair(options, options.to);
  const parts = [preview, pair ? fileBlocks(pair) : []].filter((blocks) => blocks.length > 0);
  const privacy = privacyText(options);
  if (options.html !== undefined) await write("--html", options.html, pageOf(options.title, privacy, parts, draw));
  const blocks: Block[] = [heading(1, [options.title]), ...parts.flat(), paragraph([privacy], Importance.verdict)];
  const markdown = markdownOf(blocks);
  if (options.markdown === undefined) streams.stdout.write(markdown);
  else await write("--markdown", options.markdown, markdown);
  const hasProblems = tellProblems(pair, streams);
  const isRefused = options.failOnRefusal && found !== undefined && reportRefusals(found, streams);
  return hasProblems || isRefused ? 1 : 0;
}

function reportRefusals(preview: Preview, { stderr }: Streams): boolean {
  const { errors, deletions } = refusals(preview);
  const what = [
    ...(errors > 0 ? [`the preview has ${counted(errors, "error")}`] : []),
    ...(deletions > 0 ? [`${counted(deletions, "deletion")} will be rejected`] : []),
  ];
  if (what.length > 0) stderr.write(`processmind-review: ${what.join(", and ")} (--fail-on-refusal).\n`);
  return what.length > 0;
}

const NO_CHARTS =
  "warning: the page is written without charts, as the package echarts is not installed: npm install --save-dev echarts.";

/** What is in a review, and so why it may be shown around. */
function privacyText({ eventLog, preview }: ReviewOptions): string {
  const times = "the times of an event log's first and last event";
  const named = eventLog ? `; and, as --activity was given, names of activities and events per month` : "";
  const messages = preview === undefined ? "" : " Messages are the preview's own.";
  return (
    "Cell values have not left the machine this was made on. Here are only names of files, columns and resources, " +
    `numbers, hashes and ${times}${named}.${messages}`
  );
}

async function previewFrom(origin: string, stdin: NodeJS.ReadableStream) {
  if (origin === "-") return readPreview(await text(stdin), "-");
  try {
    return readPreview(readFileSync(origin, "utf8"), origin);
  } catch (error) {
    throw error instanceof ReviewError ? error : fileError("--preview", origin, error);
  }
}

/** An earlier file stays as it was when the new one cannot be written. */
async function write(option: string, file: string, content: string): Promise<void> {
  try {
    await writeWhole(file, content);
  } catch (error) {
    throw fileError(option, file, error);
  }
}

function fileError(option: string, file: string, error: unknown): ReviewError {
  const { code } = (error instanceof WriteError ? error.cause : error) as NodeJS.ErrnoException;
  const reason = error instanceof WriteError ? error.reason : code;
  return new ReviewError(`${option} ${file}: ${WHY[code ?? ""] ?? reason}.`);
}

const WHY: { [code: string]: string } = {
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "there is no such file or folder",
};

function tellProblems(pair: FilePair | undefined, { stderr }: Streams): boolean {
  for (const { name, problem } of pair?.problems ?? []) stderr.write(`processmind-review: ${name}: ${problem}.\n`);
  return pair !== undefined && pair.problems.length > 0;
}
