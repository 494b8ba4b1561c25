import { isDeepStrictEqual } from "node:util";
import * as says from "../messages/changes";
import { counted } from "../messages/message";
import type { FileProfile } from "../profile/file-profile";
import { type Amount, compareCases, compareRows, decodeSketch, encodeSketch } from "../profile/row-sketch";
import { extensionOf } from "../profile/source-file";
import { pickBy, withoutUndefined } from "../properties";
import { isUnknown, UNKNOWN } from "../unknown";
import { encodeActivities, KnownActivities } from "./activities";
import type { Loose } from "./context";
import { fewerIn, number, shareOf, shortList } from "./shown";

/** What `check` adds to an upload's inputs about its file, so that a preview shows the data change as old => new. */
export interface DescribedFile {
  contentSha256: string;
  sizeBytes: number;
  /** One sentence: first upload, appended, or rewritten and how. */
  change: string;
  rows?: number;
  /** Count and first names; the whole list is in `__columns`, which Pulumi does not show. */
  columns?: string;
  columnsAdded?: string;
  columnsRemoved?: string;
  delimiter?: string;
  encoding?: string;
  lineEnding?: string;
  /** A number, or text with `≈` where it is an estimate. */
  cases?: number | string;
  activities?: number | string;
  firstEvent?: string;
  lastEvent?: string;
  /** Of a file that was compared with the one before: numbers, or text with `≈`. */
  casesAdded?: number | string;
  casesRemoved?: number | string;
  casesChanged?: number | string;
  /** Count and first names. */
  activitiesAdded?: string;
  /** Their names are not kept. */
  activitiesRemoved?: number;
  __columns?: string[];
  /** What the rows are, for the comparison with the next file; at most 4 KB. */
  __rowSketch?: string;
  /** What the activities are, for the comparison with the next file; at most 5.4 KB. */
  __activities?: string;
  /** Absent where the events are to be counted anew. */
  __profileVersion?: number;
}

/** Of the keys above and how they are found. A stored profile of another version is taken anew; no update comes of it. */
const PROFILE_VERSION = 1;

/** Their changes mean what `contentSha256` says: by themselves they send nothing. */
export const DESCRIBED_KEYS: { readonly [K in keyof Required<DescribedFile>]: "ignore" } = {
  contentSha256: "ignore",
  sizeBytes: "ignore",
  change: "ignore",
  rows: "ignore",
  columns: "ignore",
  columnsAdded: "ignore",
  columnsRemoved: "ignore",
  delimiter: "ignore",
  encoding: "ignore",
  lineEnding: "ignore",
  cases: "ignore",
  activities: "ignore",
  firstEvent: "ignore",
  lastEvent: "ignore",
  casesAdded: "ignore",
  casesRemoved: "ignore",
  casesChanged: "ignore",
  activitiesAdded: "ignore",
  activitiesRemoved: "ignore",
  __columns: "ignore",
  __rowSketch: "ignore",
  __activities: "ignore",
  __profileVersion: "ignore",
};

/** What else decides what is found in the same bytes. */
type Reading = Loose<{ eventLog: unknown; fileName: string }>;
type Old = Loose<DescribedFile> & Reading;

/** What the last run recorded of its file; undefined where there was none. */
export function lastDescribed(old: Old): DescribedFile | undefined {
  if (typeof old.contentSha256 !== "string" || old.contentSha256 === UNKNOWN) return undefined;
  const isKept = (key: string, value: unknown) => key in DESCRIBED_KEYS && value !== null && value !== undefined;
  return pickBy(old, isKept) as DescribedFile; // Written by this module, or an older version of it, and read back.
}

/**
 * The same content keeps the stored profile as it is, so that nothing wobbles from run to run.
 *
 * @param resentBy - properties that send it again all the same
 */
export function describeFile(
  old: Old,
  wanted: Reading,
  profile: FileProfile,
  resentBy: readonly string[] = [],
): DescribedFile {
  const last = lastDescribed(old);
  const isSame = last?.contentSha256 === profile.contentSha256;
  const resent = resentBy.length === 0 ? undefined : says.sentAgain(resentBy);
  if (isSame && isProfileCurrent(old, wanted)) {
    const later = isFullyDescribed(last) ? {} : withoutUndefined(laterFindings(last, profile));
    return { ...last, ...later, change: resent ?? last.change };
  }
  const { contentSha256, sizeBytes, table } = profile;
  const comparison = isSame
    ? keptComparison(last, isSameLog(old, wanted))
    : {
        ...columnsChange(last, table?.columns),
        ...(isSameReading(old, wanted) && casesChange(last, profile)),
        ...activitiesChange(last, profile),
      };
  return withoutUndefined({
    contentSha256,
    sizeBytes,
    change: isSame ? (resent ?? last.change ?? says.sameContent()) : changeOf(last, profile, isSameFormat(old, wanted)),
    rows: rowsIn(profile),
    columns: table && shortList(table.columns),
    ...comparison,
    delimiter: table?.delimiter && DELIMITER_NAMES[table.delimiter],
    encoding: table?.encoding,
    lineEnding: table?.lineEnding,
    ...eventsOf(profile),
    __columns: table?.columns,
    __rowSketch: profile.sketch && encodeSketch(profile.sketch),
    __profileVersion: PROFILE_VERSION,
  });
}

/** Whether what is stored of the last file is all that would be found of the same file now. */
export function isProfileCurrent(old: Old, wanted: Reading): boolean {
  return old.__profileVersion === PROFILE_VERSION && isSameLog(old, wanted) && isSameFormat(old, wanted);
}

/** Whether the last file was described with all that a file of its format is described with now. */
export function isFullyDescribed({ __columns, __rowSketch, __activities, rows, cases }: DescribedFile): boolean {
  const hasRows = __columns === undefined ? cases === undefined || rows !== undefined : __rowSketch !== undefined;
  return hasRows && (cases === undefined || __activities !== undefined);
}

/** What an older version did not find in the same content; what it found stays as it is. */
function laterFindings(last: DescribedFile, profile: FileProfile): Partial<DescribedFile> {
  return {
    ...(last.cases === undefined && eventsOf(profile)),
    rows: last.rows ?? rowsIn(profile),
    __rowSketch: last.__rowSketch ?? (profile.sketch && encodeSketch(profile.sketch)),
    __activities: last.__activities ?? eventsOf(profile).__activities,
  };
}

/** Whether cases and activities are read from the same columns. */
export function isSameLog(old: Reading, wanted: Reading): boolean {
  return isDeepStrictEqual(old.eventLog ?? null, wanted.eventLog ?? null);
}

/** Whether the cases of both are values of the same column; those of an XES log are its traces. */
export function hasSameCases(old: Reading, wanted: Reading): boolean {
  return caseColumn(old) === caseColumn(wanted);
}

function caseColumn(reading: Reading): unknown {
  if (formatIn(reading) === "xes") return undefined;
  return (reading.eventLog as { caseId?: unknown } | null | undefined)?.caseId;
}

/** What counts a log's events, and the mark that says that all is known. */
const OF_EVENTS: ReadonlySet<string> = new Set<keyof DescribedFile>([
  ...(["cases", "activities", "firstEvent", "lastEvent", "casesAdded", "casesRemoved", "casesChanged"] as const),
  ...(["activitiesAdded", "activitiesRemoved", "__activities", "__profileVersion"] as const),
]);

/** What is known of a file whose events are to be counted anew, in the next run that has it. */
export function withoutEvents(last: DescribedFile): DescribedFile {
  // None that a file always has is among them.
  return pickBy(last, (key) => !OF_EVENTS.has(key)) as DescribedFile;
}

/**
 * The arguments alone. What `check` once added comes back in them where `ignoreChanges` names it, or everything; the
 * hash among it says that the file is to be left as it was uploaded last.
 */
export function withoutDescribed<I extends object>(old: Old, wanted: I): { args: I; isFrozen: boolean } {
  const stored = old as Record<string, unknown>;
  const isStored = (key: string, value: unknown) =>
    Object.hasOwn(DESCRIBED_KEYS, key) && stored[key] !== undefined && isDeepStrictEqual(stored[key], value);
  const args = pickBy(wanted, (key, value) => !isStored(key, value)) as I;
  return { args, isFrozen: "contentSha256" in wanted && !("contentSha256" in args) };
}

/** Whether the same bytes are read the same way. A name not known yet may be no change. */
export function isSameFormat(old: Reading, wanted: Reading): boolean {
  return isUnknown(wanted.fileName) || formatIn(old) === formatIn(wanted);
}

function formatIn({ fileName }: Reading): string {
  return extensionOf(String(fileName ?? ""));
}

/** A file that is not known yet: nothing about it is. */
export function unknownFile(): Loose<DescribedFile> {
  return { contentSha256: UNKNOWN, sizeBytes: UNKNOWN, change: UNKNOWN };
}

const DELIMITER_NAMES = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" } as const;

function eventsOf({ eventLog }: FileProfile): Partial<DescribedFile> {
  if (eventLog === undefined) return {};
  const { cases, casesAreEstimated, activities, activitiesAreEstimated, firstEvent, lastEvent } = eventLog;
  return {
    cases: keptAmount({ count: cases, isEstimate: casesAreEstimated }),
    activities: keptAmount({ count: activities, isEstimate: activitiesAreEstimated }),
    firstEvent,
    lastEvent,
    __activities: encodeActivities(eventLog.activityNames),
  };
}

function keptAmount(amount: Amount): number | string {
  return amount.isEstimate ? formatAmount(amount) : amount.count;
}

function formatAmount({ count, isEstimate }: Amount): string {
  return isEstimate ? `≈ ${number(count)}` : number(count);
}

/** A row of an XES log is an event. */
function rowsIn({ table, eventLog }: FileProfile): number | undefined {
  return table ? table.rows : eventLog?.events;
}

function changeOf(last: DescribedFile | undefined, profile: FileProfile, isSameFormat: boolean): string {
  if (last === undefined) return says.firstUpload();
  if (!isAppended(last, profile)) return rewritten(last, profile, isSameFormat);
  const rows = profile.table && last.rows !== undefined ? profile.table.rows - last.rows : undefined;
  return says.appended(rows === undefined ? says.bytes(profile.sizeBytes - last.sizeBytes) : counted(rows, "row"));
}

/**
 * Exact: as many first bytes as the last file had have the last file's hash, and in text what follows is not the rest of
 * its last row.
 */
export function isAppended(last: DescribedFile, profile: FileProfile): boolean {
  const isText = profile.table?.encoding !== undefined;
  const hasPrefix = profile.prefixSha256 === last.contentSha256 && profile.sizeBytes > last.sizeBytes;
  return hasPrefix && (!isText || profile.prefixEndsLine === true);
}

function rewritten(last: DescribedFile, profile: FileProfile, isSameFormat: boolean): string {
  const { table } = profile;
  const rows = rowsIn(profile);
  if (rows === undefined || last.rows === undefined) return says.rewritten();
  if (table === undefined || last.__columns === undefined) {
    return table === undefined && last.__columns === undefined && isSameFormat
      ? says.rewritten(amountPart(last.rows, rows, "event"))
      : says.rewritten();
  }
  const delimiter = table.delimiter && DELIMITER_NAMES[table.delimiter];
  const isComparable = isSameFormat && last.delimiter === delimiter && last.rows === rows;
  const rowsChange = isComparable ? rowsPart(last, profile, rows) : undefined;
  const isSameColumns = isDeepStrictEqual(last.__columns, table.columns);
  const parts = [
    rowsChange ?? amountPart(last.rows, rows, "row"),
    isSameColumns && rowsChange !== undefined ? undefined : columnsPart(last.__columns, table.columns),
    swapped("delimiter", last.delimiter, delimiter),
    swapped("encoding", last.encoding, table.encoding),
    swapped("line endings", last.lineEnding, table.lineEnding),
  ].filter((part) => part !== undefined);
  return says.rewritten(...parts);
}

/** How many of as many rows are other ones; undefined where that is not known, or follows from other columns. */
function rowsPart(last: DescribedFile, { sketch, table }: FileProfile, rows: number): string | undefined {
  const before = decodeSketch(last.__rowSketch);
  if (before === undefined || sketch === undefined) return undefined;
  const { other, isSameOrder } = compareRows(before, sketch, rows);
  if (other.count === 0) return says.sameRows(isSameOrder);
  if (!isDeepStrictEqual(last.__columns, table?.columns)) return undefined;
  return says.rowsDiffer(formatAmount(other), other.count === 1, rows);
}

function amountPart(before: number, now: number, noun: string): string {
  return now === before ? says.asMany(now, noun) : says.moreOrFewer(now - before, noun, shareOf(before, now));
}

function columnsPart(before: string[], now: string[]): string {
  if (isDeepStrictEqual(before, now)) return says.asMany(now.length, "column");
  return says.otherColumns(isDeepStrictEqual([...before].sort(), [...now].sort()));
}

function swapped(what: string, before: string | undefined, now: string | undefined): string | undefined {
  return before === undefined || now === undefined || before === now ? undefined : says.swapped(what, before, now);
}

function columnsChange(last: DescribedFile | undefined, now: string[] | undefined) {
  const before = last?.__columns;
  if (before === undefined || now === undefined) return {};
  return { columnsAdded: listOf(fewerIn(before, now)), columnsRemoved: listOf(fewerIn(now, before)) };
}

/** What is kept of a file's comparison with the one before. */
function keptComparison(last: DescribedFile, isSameLog: boolean): Partial<DescribedFile> {
  const { columnsAdded, columnsRemoved, casesAdded, casesRemoved, casesChanged } = last;
  const { activitiesAdded, activitiesRemoved } = last;
  const ofEvents = { casesAdded, casesRemoved, casesChanged, activitiesAdded, activitiesRemoved };
  return { columnsAdded, columnsRemoved, ...(isSameLog && ofEvents) };
}

function isSameReading(old: Reading, wanted: Reading): boolean {
  return isSameLog(old, wanted) && isSameFormat(old, wanted);
}

/** Only where columns and delimiter are the same: else each case has other rows. */
function casesChange(last: DescribedFile | undefined, profile: FileProfile) {
  const { sketch, table, eventLog } = profile;
  const before = decodeSketch(last?.__rowSketch)?.cases;
  if (last === undefined || before === undefined || !sketch?.cases || !eventLog || typeof last.cases !== "number")
    return {};
  const isSameTable = isDeepStrictEqual(last.__columns, table?.columns);
  if (!isSameTable || last.delimiter !== (table?.delimiter && DELIMITER_NAMES[table.delimiter])) return {};
  const more = eventLog.cases - last.cases;
  const { added, removed, changed } = compareCases(before, sketch.cases, more, isAppended(last, profile));
  const unlessZero = (amount: Amount) => (amount.count === 0 ? undefined : keptAmount(amount));
  return { casesAdded: unlessZero(added), casesRemoved: unlessZero(removed), casesChanged: unlessZero(changed) };
}

/** By name, whatever column or format they are read from. */
function activitiesChange(last: DescribedFile | undefined, { eventLog }: FileProfile): Partial<DescribedFile> {
  const names = eventLog?.activityNames;
  const before = KnownActivities.from(last?.__activities);
  if (names === undefined || before === undefined) return {};
  const removed = before.countOutside(names);
  return { activitiesAdded: listOf(before.missing(names)), ...(removed > 0 && { activitiesRemoved: removed }) };
}

function listOf(names: string[]): string | undefined {
  return names.length === 0 ? undefined : shortList(names);
}
