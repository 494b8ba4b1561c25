import { existsSync } from "node:fs";
import * as path from "node:path";
import { type DescribedFile, describeFile } from "../../provider/lifecycles/data-change";
import type { EventLogColumns, FileProfile } from "../../provider/profile/file-profile";
import { profileFile } from "../../provider/profile/profile-file";
import { EXTENSIONS, type Format, UnusableFile } from "../../provider/profile/source-file";
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

/** Old and new; what cannot be used is missing, and `problems` says why. */
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
  if (from !== undefined && formats.from) pair.old = await readSide(pair, from, formats.from, eventLog);
  pair.now = await readSide(pair, to, formats.to, eventLog, pair.old?.described);
  return pair;
}

async function readSide(
  pair: FilePair,
  file: string,
  format: Format,
  eventLog: EventLogColumns | undefined,
  before?: DescribedFile,
): Promise<ReviewedFile | undefined> {
  const name = path.basename(file);
  try {
    const profile = await profileFile({
      programDirectory: process.cwd(),
      file,
      format,
      eventLog,
      prefixBytes: before?.sizeBytes,
    });
    const counts = await countsOf(file, profile, eventLog);
    const isSame = profile.contentSha256 === before?.contentSha256;
    const described = isSame
      ? { ...before, change: "same content", columnsAdded: undefined, columnsRemoved: undefined }
      : describeFile({ ...before, eventLog }, eventLog, profile);
    return { name, described, ...(counts && { counts }), warnings: profile.warnings };
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    pair.problems.push({
      name,
      problem: error.message
        .replaceAll("eventLog.caseId", "--case-id")
        .replace(/eventLog\.(?=activity|timestamp)/g, "--"),
    });
    return undefined;
  }
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
  const extension = path.extname(file).slice(1).toLowerCase();
  const format = EXTENSIONS.find((known) => known === extension);
  if (!format)
    throw new ReviewError(
      `${option} ${file}: its name must end in ${EXTENSIONS.map((known) => `.${known}`).join(", ")}.`,
    );
  return format;
}
