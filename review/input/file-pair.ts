import { existsSync } from "node:fs";
import * as path from "node:path";
import { type DescribedFile, describeFile } from "../../provider/lifecycles/data-change";
import { UnusableFile } from "../../provider/messages/message";
import type { EventLogColumns, FileProfile } from "../../provider/profile/file-profile";
import { profileFile } from "../../provider/profile/profile-file";
import { EXTENSIONS, extensionOf, type Format, SourceFile } from "../../provider/profile/source-file";
import { ReviewError, type ReviewOptions } from "../options";
import { countEvents, type EventCounts } from "./event-counts";

/** One side of a comparison. */
export interface ReviewedFile {
  name: string;
  described: DescribedFile;
  /** Only of text, and only where the columns of an event log are named. */
  counts?: EventCounts;
  warnings: string[];
}

/** Old and new. What cannot be used as asked is told in `problems`, and missing as far as need be. */
export interface FilePair {
  oldName?: string;
  newName: string;
  old?: ReviewedFile;
  now?: ReviewedFile;
  problems: { name: string; problem: string }[];
}

/** @throws ReviewError when a file is not there, or its name does not tell what it is. */
export async function readPair(options: ReviewOptions, to: string): Promise<FilePair> {
  const { from, eventLog } = options;
  const pair: FilePair = {
    ...(from !== undefined && { oldName: path.basename(from) }),
    newName: path.basename(to),
    problems: [],
  };
  const formats = { from: from === undefined ? undefined : formatOf("--from", from), to: formatOf("--to", to) };
  if (from !== undefined && formats.from) pair.old = await readSide(pair, "old", from, formats.from, eventLog);
  pair.now = await readSide(pair, "now", to, formats.to, eventLog, pair.old);
  return pair;
}

async function readSide(
  pair: FilePair,
  side: "old" | "now",
  file: string,
  format: Format,
  eventLog: EventLogColumns | undefined,
  before?: ReviewedFile,
): Promise<ReviewedFile | undefined> {
  try {
    return await readFile(file, format, eventLog, before);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const problem = inOptions(error.inOneLine());
    // Where only a column of the event log is missing, the rest can be told.
    const rest = eventLog && (await readFile(file, format, undefined, before).catch(() => undefined));
    if (rest && side === "old") return { ...rest, warnings: [...rest.warnings, problem] };
    pair.problems.push({ name: path.basename(file), problem });
    return rest;
  }
}

async function readFile(
  file: string,
  format: Format,
  eventLog: EventLogColumns | undefined,
  before?: ReviewedFile,
): Promise<ReviewedFile> {
  const request = {
    source: new SourceFile(process.cwd(), file),
    format,
    eventLog,
    prefixBytes: before?.described.sizeBytes,
  };
  const profile = await profileFile(request);
  const counts = await countsOf(file, profile, eventLog);
  const name = path.basename(file);
  const isSame = profile.contentSha256 === before?.described.contentSha256;
  const described = isSame
    ? { ...before.described, change: "same content", columnsAdded: undefined, columnsRemoved: undefined }
    : describeFile({ ...before?.described, fileName: before?.name, eventLog }, { fileName: name, eventLog }, profile);
  return { name, described, ...(counts && { counts }), warnings: profile.warnings };
}

/** The profile speaks of the resource's properties. */
function inOptions(message: string): string {
  return message.replace("eventLog.caseId", "--case-id").replace(/eventLog\.(?=activity|timestamp)/, "--");
}

async function countsOf(
  file: string,
  { table }: FileProfile,
  eventLog?: EventLogColumns,
): Promise<EventCounts | undefined> {
  // Of the formats with a table, only text has an encoding.
  return eventLog && table?.encoding ? countEvents(file, table, eventLog) : undefined;
}

function formatOf(option: string, file: string): Format {
  if (!existsSync(file)) {
    const hint = option === "--from" ? " Leave --from out where there is no old file." : "";
    throw new ReviewError(`${option} ${file}: there is no such file.${hint}`);
  }
  const extension = extensionOf(file);
  const format = EXTENSIONS.find((known) => known === extension);
  if (!format)
    throw new ReviewError(
      `${option} ${file}: its name must end in ${EXTENSIONS.map((known) => `.${known}`).join(", ")}.`,
    );
  return format;
}
