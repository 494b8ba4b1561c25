import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { WriteError, writeWhole } from "../engine/whole-file";
import { counted, heading, messageParts, paragraph } from "./content/facts";
import { fileBlocks } from "./content/file-part";
import { previewBlocks, refusals } from "./content/preview-part";
import { verdictBlock } from "./content/verdict";
import { type Block, code, Importance, type Inline } from "./document";
import { type Commit, commitInGit, commitOf, type FindCommit } from "./input/commit";
import { pathErrors, readPairs } from "./input/file-pair";
import { type Preview, readPreview } from "./input/preview";
import { MESSAGES, type Message, ReviewError, rendered, reviewError } from "./messages";
import { optionsFrom, type ReviewOptions } from "./options";
import { loadCharts } from "./output/charts";
import { markdownOf } from "./output/markdown";
import { pageOf } from "./output/page";

/** What the command reads from and writes to, in addition to its files. */
export interface Streams {
  stdin: NodeJS.ReadableStream;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/**
 * Runs the command.
 *
 * @param findCommit - resolves `--commit`.
 * @returns its exit code.
 */
export async function runReview(
  args: string[],
  streams: Streams,
  findCommit: FindCommit = commitInGit,
): Promise<number> {
  const report = (message: Message) => streams.stderr.write(rendered(message));
  try {
    const options = optionsFrom(args);
    if ("print" in options) {
      streams.stdout.write(options.print);
      return 0;
    }
    const errors = pathErrors(options.files);
    for (const error of errors) report(error.report);
    return errors.length > 0 ? 1 : await review(options, streams, findCommit);
  } catch (error) {
    if (!(error instanceof ReviewError)) throw error;
    report(error.report);
    return error.exitCode;
  }
}

async function review(options: ReviewOptions, streams: Streams, findCommit: FindCommit): Promise<number> {
  const report = (message: Message) => streams.stderr.write(rendered(message));
  const wantsCharts = options.html !== undefined && options.eventLogs.length > 0;
  const draw = wantsCharts ? loadCharts() : undefined;
  // Before anything is read: a large file takes a while.
  if (wantsCharts && !draw) report(MESSAGES.noCharts());
  const preview = options.preview === undefined ? undefined : await previewFrom(options.preview, streams.stdin);
  const pairs = await readPairs(options.files, options.eventLogs);
  const commit = commitOf(options.commit, options.date, findCommit);
  const head = [verdictBlock(preview, pairs), ...contextBlocks(commit, preview)];
  const parts = [...(preview ? [previewBlocks(preview)] : []), ...pairs.map(fileBlocks)];
  const privacy = privacyText(options);
  if (options.html !== undefined)
    await write("--html", options.html, pageOf(options.title, head, parts, privacy, draw));
  const markdown = markdownOf([
    heading(1, [options.title]),
    ...head,
    ...parts.flat(),
    paragraph([privacy], Importance.verdict),
  ]);
  if (options.markdown === undefined) streams.stdout.write(markdown);
  else await write("--markdown", options.markdown, markdown);
  const problems = pairs.flatMap((pair) => pair.problems);
  for (const { name, problem } of problems) report(MESSAGES.unusableFile(name, sentencesOf(problem)));
  const rejection = options.failOnRefusal && preview ? rejectionText(preview) : undefined;
  if (rejection !== undefined) report(MESSAGES.rejected(rejection));
  return problems.length > 0 || rejection !== undefined ? 1 : 0;
}

function sentencesOf(problem: string): string[] {
  const { first, rest } = messageParts(problem);
  return [first, ...rest];
}

/** Which commit of what is reviewed. */
function contextBlocks(commit: Commit | undefined, preview: Preview | undefined): Block[] {
  const { stack, project = "" } = preview ?? {};
  const parts: Inline[][] = [
    ...(commit?.id === undefined ? [] : [["commit ", code(shortened(commit.id))]]),
    ...(commit?.date === undefined ? [] : [[commit.date]]),
    ...(stack === undefined ? [] : [["stack ", code(stack), " of ", code(project)]]),
  ];
  if (parts.length === 0) return [];
  return [
    paragraph(
      parts.flatMap((part, i) => (i === 0 ? part : [" · ", ...part])),
      Importance.verdict,
    ),
  ];
}

function shortened(commit: string): string {
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 12) : commit;
}

function rejectionText(preview: Preview): string | undefined {
  const { errors, deletions } = refusals(preview);
  const what = [
    ...(errors > 0 ? [`the preview has ${counted(errors, "error")}`] : []),
    ...(deletions > 0 ? [`${counted(deletions, "deletion")} will be rejected`] : []),
  ];
  return what.length > 0 ? what.join(" and ") : undefined;
}

/** What is in a review, and therefore who may read it. */
function privacyText({ eventLogs, preview }: ReviewOptions): string {
  const events = eventLogs.length > 0 ? ", names of activities, what follows what, events per month" : "";
  const messages = preview === undefined ? "" : " Messages are those of the preview.";
  return (
    "This review holds names of files, columns and resources, counts, hashes, the first and the last event time" +
    `${events}, and no other cell values.${messages}`
  );
}

async function previewFrom(origin: string, stdin: NodeJS.ReadableStream): Promise<Preview> {
  if (origin === "-") return readPreview(await text(stdin), "-");
  try {
    return readPreview(readFileSync(origin, "utf8"), origin);
  } catch (error) {
    throw error instanceof ReviewError ? error : fileError("--preview", origin, error);
  }
}

/** If the new file cannot be written, the earlier one stays. */
async function write(option: string, file: string, content: string): Promise<void> {
  try {
    await writeWhole(file, content);
  } catch (error) {
    throw fileError(option, file, error);
  }
}

function fileError(option: string, file: string, error: unknown): ReviewError {
  const { code = "" } = (error instanceof WriteError ? error.cause : error) as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? (error instanceof WriteError ? error.reason : code);
  return reviewError(1, "fileAccess", option, file, reason);
}

const REASONS: { [code: string]: string } = {
  EACCES: "permission denied",
  EISDIR: "this is a folder",
  ENOENT: "the file or its folder does not exist",
  ENOTDIR: "the file or its folder does not exist",
};
