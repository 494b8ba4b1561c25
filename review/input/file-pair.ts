import { existsSync, statSync } from "node:fs";
import * as path from "node:path";
import { UnusableFile } from "../../provider/messages/message";
import { columnsOf } from "../../provider/profile/columns";
import type { EventLogColumns } from "../../provider/profile/file-profile";
import { EXTENSIONS, formatOf, SourceFile } from "../../provider/profile/source-file";
import { type ReviewError, reviewError } from "../messages";
import type { FilePaths } from "../options";
import { readInThread } from "./file-thread";
import { type ReviewedFile, readFile } from "./reviewed-file";

/** Why a file cannot be used as asked. */
interface Problem {
  name: string;
  problem: string;
}

/** Old and new. What cannot be used is in `problems`, and the rest is as complete as possible. */
export interface FilePair {
  /** Undefined: a new file. */
  oldName?: string;
  /** As it is below the current folder; of a file elsewhere, its name alone. */
  newName: string;
  old?: ReviewedFile;
  now?: ReviewedFile;
  problems: Problem[];
}

/** @returns an error for each file that does not exist, or whose extension is unknown. */
export function pathErrors(files: FilePaths[]): ReviewError[] {
  return files.flatMap(({ from, to }) => [
    ...(from === undefined ? [] : pathError("--from", from)),
    ...pathError("--to", to),
  ]);
}

function pathError(option: string, file: string): ReviewError[] {
  if (!existsSync(file)) return [reviewError(1, "noSuchFile", option, file)];
  if (formatOf(file)) return [];
  return [
    reviewError(
      1,
      "unknownExtension",
      option,
      file,
      EXTENSIONS.map((known) => `.${known}`),
    ),
  ];
}

/**
 * Reads one pair after another: each file takes the memory of a profile.
 *
 * @param eventLogs - each file is read with the first whose columns it has. For one file, a single one must fit.
 */
export async function readPairs(files: FilePaths[], eventLogs: EventLogColumns[]): Promise<FilePair[]> {
  const pairs: FilePair[] = [];
  for (const file of files) {
    const isOnly = files.length === 1 && eventLogs.length <= 1;
    pairs.push(await readPair(file, isOnly ? eventLogs[0] : await fitting(file, eventLogs)));
  }
  return pairs;
}

async function readPair({ from, to }: FilePaths, eventLog: EventLogColumns | undefined): Promise<FilePair> {
  const newName = nameOf(to);
  if (from === undefined)
    return { newName, ...sides(undefined, await readSide(newName, (log) => readFile(to, log), eventLog)) };
  const oldName = path.basename(from);
  const isLarge = Math.min(sizeOf(from), sizeOf(to)) >= WORTH_A_THREAD_BYTES;
  const readOld = isLarge ? readInThread : readFile;
  const reading = readSide(`${oldName} (old)`, (log) => readOld(from, log), eventLog).then(withWarning);
  // Two small ones are sooner read than a thread is started, and one at a time takes the memory of one.
  if (!isLarge) await reading;
  const before = { sizeBytes: sizeOf(from), file: async () => (await reading).file };
  const [old, now] = await Promise.all([reading, readSide(newName, (log) => readFile(to, log, before), eventLog)]);
  return { oldName, newName, ...sides(old, now) };
}

/** One file of a pair, as far as it can be used. */
interface Side {
  file?: ReviewedFile;
  problem?: Problem;
}

function sides(old: Side | undefined, now: Side): Pick<FilePair, "old" | "now" | "problems"> {
  const problems = [old?.problem, now.problem].filter((problem) => problem !== undefined);
  return { ...(old?.file && { old: old.file }), ...(now.file && { now: now.file }), problems };
}

/** Starting a thread takes as long as reading so many bytes does. */
const WORTH_A_THREAD_BYTES = 16 * 1024 * 1024;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function nameOf(file: string): string {
  const below = path.relative("", file);
  return below.startsWith("..") || path.isAbsolute(below) ? path.basename(file) : below.replaceAll(path.sep, "/");
}

/** The event log that a file is, or was: a column that the new file lacks is then a problem of it. */
async function fitting({ from, to }: FilePaths, eventLogs: EventLogColumns[]): Promise<EventLogColumns | undefined> {
  if (eventLogs.length === 0) return undefined;
  for (const file of from === undefined ? [to] : [to, from]) {
    const request = { source: new SourceFile(process.cwd(), file), format: formatOf(file) };
    const columns = new Set(await columnsOf(request).catch(() => undefined));
    const found = eventLogs.find((names) => Object.values(names).every((name) => columns.has(name)));
    if (found) return found;
  }
  return undefined;
}

async function readSide(
  name: string,
  read: (eventLog: EventLogColumns | undefined) => Promise<ReviewedFile>,
  eventLog: EventLogColumns | undefined,
): Promise<Side> {
  try {
    return { file: await read(eventLog) };
  } catch (error) {
    const problem = problemOf(error);
    // Where only a column of the event log is missing, all else is known.
    const rest = eventLog && (await read(undefined).catch(() => undefined));
    return { ...(rest && { file: rest }), problem: { name, problem } };
  }
}

/** Of an old file that is known but for its event log, the problem is no more than a warning. */
function withWarning(side: Side): Side {
  const { file, problem } = side;
  if (file === undefined || problem === undefined) return side;
  return { file: { ...file, warnings: [...file.warnings, problem.problem] } };
}

function problemOf(error: unknown): string {
  if (!(error instanceof UnusableFile)) throw error;
  return inOptions([error.message, ...error.options].join("\n"));
}

/** The profile speaks of the resource's properties. */
function inOptions(message: string): string {
  return message.replace("eventLog.caseId", "--case-id").replace(/eventLog\.(?=activity|timestamp)/, "--");
}
