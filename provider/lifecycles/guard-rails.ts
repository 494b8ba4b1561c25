import { holdsUnknown, isUnknown } from "./checks";
import type { CheckFailure, Loose } from "./context";
import { type DescribedFile, missingFrom, number, shareOf, shortList } from "./data-change";

/**
 * Limits a user sets on what a new file may do to the data. Each is judged in `check`, before any request, against
 * what the last run recorded. What cannot be judged fails: a guard that passes in silence guards nothing.
 */
export interface GuardRails {
  requireColumns?: string[];
  onColumnsRemoved?: "show" | "error";
  maxRowDropPercent?: number;
  appendOnly?: boolean;
  /** First digits of the SHA-256 of the one file that may pass all of the above. */
  acceptSha256?: string;
}

/** The file of the last run, if there was one, and the one that is to be sent. */
export interface Compared {
  last: DescribedFile | undefined;
  now: DescribedFile;
  /** Whether `now` is `last` with something appended. */
  isAppended: boolean;
}

/** Of the file of the last run, where nothing else is to be sent: there is none to compare it with. */
export function keptFailures(wanted: Loose<GuardRails>, last: DescribedFile): CheckFailure[] {
  return guardRailFailures(wanted, { last, now: last, isAppended: false });
}

type Rail = (rails: GuardRails, compared: Compared) => CheckFailure | undefined;

export function guardRailFailures(wanted: Loose<GuardRails>, compared: Compared): CheckFailure[] {
  const { last, now } = compared;
  // It may be the one that lets this file through.
  if (isUnknown(wanted.acceptSha256)) return [];
  // Passed by the checks of their types, or not known yet; an unknown limit is judged once it is known.
  const rails = Object.fromEntries(Object.entries(wanted).filter(([, value]) => !holdsUnknown(value))) as GuardRails;
  if (rails.acceptSha256 !== undefined && now.contentSha256.startsWith(rails.acceptSha256)) return [];
  const isNew = last?.contentSha256 !== now.contentSha256;
  const judged: Rail[] = isNew ? [requireColumns, columnsRemoved, rowDrop, appendOnly] : [requireColumns];
  return judged.map((rail) => rail(rails, compared)).filter((failure) => failure !== undefined);
}

const requireColumns: Rail = ({ requireColumns: required }, { now }) => {
  if (required === undefined || required.length === 0) return undefined;
  if (now.__columns === undefined)
    return unjudged(
      "requireColumns",
      "a file of this format has no columns that are read; leave requireColumns out",
      now,
    );
  const missing = missingFrom(now.__columns, required);
  if (missing.length === 0) return undefined;
  return failure(
    "requireColumns",
    `required columns are missing (${shortList(missing)}); the file has ${shortList(now.__columns)}`,
    now,
  );
};

const columnsRemoved: Rail = ({ onColumnsRemoved }, { last, now }) => {
  if (onColumnsRemoved !== "error" || last === undefined) return undefined;
  if (last.__columns === undefined || now.__columns === undefined)
    return unjudged("onColumnsRemoved", "the columns of this file or of the last one are not known", now);
  const removed = missingFrom(now.__columns, last.__columns);
  if (removed.length === 0) return undefined;
  return failure("onColumnsRemoved", `columns are gone (${shortList(removed)}), and onColumnsRemoved is "error"`, now);
};

const rowDrop: Rail = ({ maxRowDropPercent: limit }, { last, now }) => {
  if (limit === undefined || last === undefined) return undefined;
  if (last.rows === undefined || now.rows === undefined)
    return unjudged("maxRowDropPercent", "the rows of this file or of the last one are not known", now);
  // Counted, not divided: 10 % of 10 rows is exactly one row.
  if ((last.rows - now.rows) * 100 <= limit * last.rows) return undefined;
  // Of an XES log, rows are its events.
  const noun = now.__columns === undefined ? "events" : "rows";
  const fall = `${noun} fell from ${number(last.rows)} to ${number(now.rows)}${shareOf(last.rows, now.rows)}`;
  return failure("maxRowDropPercent", `${fall}, more than maxRowDropPercent ${limit}`, now);
};

const appendOnly: Rail = ({ appendOnly: isSet }, { last, now, isAppended }) => {
  if (isSet !== true || last === undefined || isAppended) return undefined;
  return failure(
    "appendOnly",
    `appendOnly is set, and the file is not the last one with rows appended: ${now.change}`,
    now,
  );
};

function unjudged(property: string, why: string, now: DescribedFile): CheckFailure {
  return failure(property, `${property} cannot be judged: ${why}`, now);
}

function failure(property: string, what: string, now: DescribedFile): CheckFailure {
  const accepted = now.contentSha256.slice(0, 12);
  const reason = `${what}. Nothing was sent. Correct the file; or, to let this one file through, set acceptSha256: "${accepted}"`;
  return { property, reason };
}
