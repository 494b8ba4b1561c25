import { existsSync } from "node:fs";
import * as path from "node:path";
import { type DescribedFile, describeFile } from "../../provider/lifecycles/data-change";
import { UnusableFile } from "../../provider/messages/message";
import { columnsOf } from "../../provider/profile/columns";
import type { EventLogColumns } from "../../provider/profile/file-profile";
import { profileFile } from "../../provider/profile/profile-file";
import { EXTENSIONS, type Format, formatOf, SourceFile } from "../../provider/profile/source-file";
import { type ReviewError, reviewError } from "../messages";
import type { FilePaths } from "../options";
import { type EventCounts, eventCounts } from "./event-counts";
import { EventList } from "./event-list";
import { type NoProcess, type Process, processOf } from "./process";

/** One side of a comparison. */
export interface ReviewedFile {
  name: string;
  described: DescribedFile;
  /** Both only where the columns of an event log are named. */
  counts?: EventCounts;
  process?: Process | NoProcess;
  warnings: string[];
}

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
 * Reads both sides of each file, one after another: each takes the memory of a profile.
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
  const pair: FilePair = {
    ...(from !== undefined && { oldName: path.basename(from) }),
    newName: nameOf(to),
    problems: [],
  };
  if (from !== undefined) pair.old = await readSide(pair, "old", from, eventLog);
  pair.now = await readSide(pair, "now", to, eventLog, pair.old);
  return pair;
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
  pair: FilePair,
  side: "old" | "now",
  file: string,
  eventLog: EventLogColumns | undefined,
  before?: ReviewedFile,
): Promise<ReviewedFile | undefined> {
  try {
    return await readFile(file, eventLog, before);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const problem = inOptions([error.message, ...error.options].join("\n"));
    // Where only a column of the event log is missing, all else is known.
    const rest = eventLog && (await readFile(file, undefined, before).catch(() => undefined));
    if (rest && side === "old") return { ...rest, warnings: [...rest.warnings, problem] };
    const name = side === "old" ? `${path.basename(file)} (old)` : pair.newName;
    pair.problems.push({ name, problem });
    return rest;
  }
}

async function readFile(
  file: string,
  eventLog: EventLogColumns | undefined,
  before?: ReviewedFile,
): Promise<ReviewedFile> {
  const prefixBytes = before?.described.sizeBytes;
  const format = formatOf(file);
  const list = eventLog && LOG_FORMATS.has(format) ? new EventList() : undefined;
  const source = new SourceFile(process.cwd(), file);
  const profile = await profileFile({ source, format, eventLog, prefixBytes, events: list });
  const names = profile.eventLog?.activityNames;
  const name = path.basename(file);
  const isSame = profile.contentSha256 === before?.described.contentSha256;
  const described = isSame
    ? { ...before.described, change: "same content", columnsAdded: undefined, columnsRemoved: undefined }
    : describeFile({ ...before?.described, fileName: before?.name, eventLog }, { fileName: name, eventLog }, profile);
  return {
    name,
    described,
    ...(list && { counts: eventCounts(list, names), process: processOf(list, names) }),
    warnings: profile.warnings,
  };
}

/** Those whose events are read. */
const LOG_FORMATS = new Set<Format | undefined>(["csv", "tsv", "txt", "xlsx", "xes"]);

/** The profile speaks of the resource's properties. */
function inOptions(message: string): string {
  return message.replace("eventLog.caseId", "--case-id").replace(/eventLog\.(?=activity|timestamp)/, "--");
}
