import { type ErrorText, ProcessMindError } from "../errors";
import type { CheckFailure } from "../lifecycles/context";
import { uploading } from "./doing";
import { Message, rowsOf } from "./message";

/** What uploads meet, before they are sent, while they are and afterwards. */

export function uploadCancelled(fileName: string, datatableId: string): ProcessMindError {
  const happened = "nothing was sent, as the run was cancelled";
  const options = ["run the command again"];
  return new ProcessMindError("CANCELLED", { doing: uploading(fileName, datatableId), happened, options });
}

/** A file that was checked, and is not what it was. @param text - of ./requests or {@link unusable}. */
export function sourceFault(
  code: "SOURCE_CHANGED" | "SOURCE_UNREADABLE",
  fileName: string,
  datatableId: string,
  text: Omit<ErrorText, "doing">,
): ProcessMindError {
  return new ProcessMindError(code, { doing: uploading(fileName, datatableId), property: "source", ...text });
}

/** A file that cannot be opened any more, although the check of this run read it. */
export const unusable = (file: string, fault: string, options: readonly string[]): Omit<ErrorText, "doing"> => ({
  happened: `"${file}": ${fault}`,
  options: ["this run has read it before: restore the file, then run the command again", ...options],
});

export function tableHasRows(fileName: string, datatableId: string, rowCount: number): ProcessMindError {
  return new ProcessMindError("TABLE_HAS_ROWS", {
    doing: uploading(fileName, datatableId),
    happened: `nothing was sent, as it holds ${rowsOf(rowCount)}`,
    property: "whenTableHasRows",
    options: [
      'the table holds this file already: whenTableHasRows: "skip" records it and sends nothing',
      'the resource had another name: the resource option aliases: [{ name: "…" }] keeps its upload',
      'the file adds to the rows or replaces them: whenTableHasRows: "send"',
    ],
  });
}

export function sentDespiteUnknownRows(fileName: string, datatableId: string): Message {
  return new Message(`sends "${fileName}" to Datatable "${datatableId}", whose row count ProcessMind does not report`);
}

export function sentDespiteRows(fileName: string, datatableId: string, rowCount: number): Message {
  return new Message(
    `sends "${fileName}" to Datatable "${datatableId}", which holds ${rowsOf(rowCount)}: ProcessMind replaces or keeps them`,
  );
}

/** What an upload records as its change where it sends nothing. */
export const recordedNotSent = (rowCount: number) => `recorded, not sent: the table had ${rowsOf(rowCount)}`;

/** A preview asks ProcessMind nothing, so it does not know whether the table has rows. */
export const mayBeRecorded = () => "first upload: recorded, not sent, if the table has rows";

export function recorded(fileName: string, datatableId: string, rowCount: number): Message {
  return new Message(`"${fileName}" for Datatable "${datatableId}": ${recordedNotSent(rowCount)}`);
}

/** A file that the table cannot hold as a whole is recorded all the same: the program says that it does. */
export function recordedWithMoreRows(fileName: string, datatableId: string, rowCount: number, rows: number): Message {
  return new Message(
    `recorded "${fileName}" without sending it, but it has ${rowsOf(rows)} and Datatable "${datatableId}" has ${rowCount.toLocaleString("en-US")}`,
    ["leave it: later files are compared with this one", "send the file: change triggers"],
  );
}

/** Said once a run. */
export function uploadRemoved(fileName: string, datatableId: string): Message {
  return new Message(`removing the upload of "${fileName}" keeps the rows of Datatable "${datatableId}"`, [
    "the same holds for every other upload that this run removes",
  ]);
}

/** A refresh finds another row count than recorded. The file is not sent because of it. */
export function otherRows(
  fileName: string,
  datatableId: string,
  rowCount: number,
  before: number | null | undefined,
): Message {
  return new Message(
    `Datatable "${datatableId}" holds ${rowsOf(rowCount)}, but ${rowsOf(before)} when "${fileName}" was recorded`,
    ["leave it: nothing is sent", "send the file again: change triggers"],
  );
}

export const waitingForRows = (fileName: string) => `uploaded "${fileName}", waiting for its rows`;

/** Why it is not confirmed that a stored file became rows. */
export const NOT_CONFIRMED = {
  cancelled: () => "the run was cancelled",
  notComparable: () => "it could not be read before",
  neverReported: () => "its row count is not reported",
  unreadable: (code: string) => `it cannot be read (${code})`,
  sameCount: (rows: number) => `it had ${rowsOf(rows)} before`,
  noChange: (seconds: number) => `no change within ${seconds} s`,
};

/** @param why - one of {@link NOT_CONFIRMED}. */
export function notConfirmed(fileName: string, datatableId: string, why: string): Message {
  return new Message(`uploaded "${fileName}" to Datatable "${datatableId}", ingestion not confirmed: ${why}`, [
    "look in ProcessMind, or run `pulumi refresh` later",
  ]);
}

/** As many rows as the file has were there before, and now there are more. */
export function rowsWereAdded(
  fileName: string,
  datatableId: string,
  rowCount: number | null | undefined,
  rows: number | undefined,
): Message {
  return new Message(
    `ProcessMind added the ${rowsOf(rows)} of "${fileName}" to Datatable "${datatableId}", which holds ${rowsOf(rowCount)} now`,
  );
}

const SOURCE = "source";

/** @param options - of the fault, and where there is no earlier upload to keep. */
export function sourceUnusable(
  source: string,
  fault: string,
  options: readonly string[],
  hasNothingToKeep: boolean,
): CheckFailure {
  const rest = hasNothingToKeep ? ", and there is no earlier upload to keep" : "";
  return { property: SOURCE, reason: `cannot upload "${source}": ${fault}${rest}`, options };
}

/** A file that must be sent and is not there, or is covered by ignoreChanges. */
export function keptFileMustBeSent(
  why: string,
  properties: readonly string[],
  toOtherTable: boolean,
  option: string,
): CheckFailure {
  const what = properties.join(", ");
  return {
    property: SOURCE,
    reason: `source cannot be sent, as ${why}, but ${what} changed, which sends it ${toOtherTable ? "to another table" : "again"}`,
    options: [`keep ${what}`, option],
  };
}

export const ignoredBecause = () => "ignoreChanges covers contentSha256";

export const notHere = (source: string) => `"${source}" is missing`;

export const stopIgnoring = () => "remove contentSha256 from what ignoreChanges covers";

export const bringFile = () => "provide the file";

/** The last file is kept: nothing is compared or sent. @param laterName - under which the next run sends it. */
export function keepsLastUpload(
  why: string,
  fileName: unknown,
  datatableId: unknown,
  laterName: string | undefined,
): Message {
  const later = laterName === undefined ? [] : [`a run that has the file sends it as "${laterName}"`];
  return new Message(`keeps the last upload of "${fileName}" to Datatable "${datatableId}", as ${why}`, later);
}

export function eventLogDoesNotFit(fault: string, options: readonly string[]): CheckFailure {
  return { property: "eventLog", reason: `eventLog does not fit the file that was uploaded last: ${fault}`, options };
}

export function fileWarning(source: unknown, warning: string): Message {
  return new Message(`"${source}": ${warning}`);
}

export const columnsMissing = (missing: string, has: string) =>
  `required columns are missing (${missing}); the file has ${has}`;

export const columnsRemoved = (removed: string) => `columns were removed (${removed}), and onColumnsRemoved is "error"`;

export const rowsFell = (noun: "rows" | "events", before: string, now: string, share: string, limit: number) =>
  `${noun} fell from ${before} to ${now}${share}, more than maxRowDropPercent ${limit}`;

export const activitiesMissing = (missing: string, count: number) =>
  `required activities are missing (${missing}); the file has ${activities(count)}`;

export const activitiesNew = (added: string) => `activities are new (${added}), and forbidNewActivities is set`;

/** @param before - and `now`: counts, with `≈` where they are estimates. @param share - ` (-39 %)`, or nothing. */
export const casesFell = (before: string, now: string, share: string, limit: number) =>
  `cases fell from ${before} to ${now}${share}, more than maxCaseDropPercent ${limit}`;

/** @param hours - how long ago. */
export const lastEventTooOld = (hours: string, limit: number) =>
  `the last event was ${hours} hours ago, more than latestEventWithin ${limit}`;

/** @param old - of {@link lastEventTooOld}. */
export const unchangedSince = (old: string) => `${old}, and the file has not changed`;

function activities(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "activity" : "activities"}`;
}

export const notAppended = (change: string) => `appendOnly is set, but the file is not appended to: ${change}`;

export const cannotBeJudged = (property: string, why: string) => `${property} cannot be checked: ${why}`;

export const columnsNotRead = () => "columns of this format are not read";

export const eventsNotRead = () => "events of this format are not read";

export const activitiesNotNamed = () => "it has more than 1,000 activities, or one of more than 200 bytes";

export const activitiesNotNamedBefore = () =>
  "the last file had more than 1,000 activities, or one of more than 200 bytes";

export const activitiesNotRecorded = () => "the activities of the last file are not recorded";

export const otherCaseColumn = () => "cases of the last file were counted by another column";

export const tooCloseToJudge = (before: string, now: string, limit: number) =>
  `estimates of ${before} and now ${now} cases are too close to ${limit} %`;

export const noLastEvent = () => "no time of this file can be read with certainty";

export const notKnown = (what: "columns" | "rows" | "cases") =>
  `the ${what} of this file or of the last one are not known`;

/** Where the file has no fault, but cannot be compared. */
export const leaveOut = (property: string) => `leave ${property} out`;

/** Where {@link activitiesNotRecorded}. */
export const recordActivities = () =>
  "run `pulumi up` with the file that was sent last: it records them and sends nothing";

export const correctFile = () => "correct the file: nothing was sent";

/** A guard rail. @param what - one of the texts above. @param option - what comes before the exception for the file. */
export function guardRail(property: string, what: string, sha256: string, option = correctFile()): CheckFailure {
  return {
    property,
    reason: what,
    options: [option, `let this one file through: acceptSha256: "${sha256.slice(0, 12)}"`],
  };
}

/** On the row of an upload under way. Figures first: a row of a narrow terminal is cut at its end. */
export const progress = (fileName: string, percent: number, megabytesPerSecond: string, left: string) =>
  `${percent} %, ${megabytesPerSecond} MB/s, ${left}: uploading "${fileName}"`;

/** @param seconds - infinite where nothing moves. */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "waiting";
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

export const uploadBegins = (fileName: string) => `uploading "${fileName}"`;

export const waitingForStorage = () => "waiting for storage's response";
