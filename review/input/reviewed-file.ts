import * as path from "node:path";
import { type DescribedFile, describeFile } from "../../provider/lifecycles/data-change";
import type { EventLogColumns } from "../../provider/profile/file-profile";
import { profileFile } from "../../provider/profile/profile-file";
import { type Format, formatOf, SourceFile } from "../../provider/profile/source-file";
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

/** The old file of a comparison, which may still be read. */
export interface Before {
  sizeBytes: number;
  /** Undefined where it cannot be used. */
  file(): Promise<ReviewedFile | undefined>;
}

/** @throws UnusableFile when it is not what its format promises, or lacks a column of the event log. */
export async function readFile(
  file: string,
  eventLog: EventLogColumns | undefined,
  old?: Before,
): Promise<ReviewedFile> {
  const format = formatOf(file);
  const list = eventLog && LOG_FORMATS.has(format) ? new EventList() : undefined;
  const source = new SourceFile(process.cwd(), file);
  const profile = await profileFile({ source, format, eventLog, prefixBytes: old?.sizeBytes, events: list });
  const before = await old?.file();
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
