import * as says from "../messages/uploads";
import { pickBy } from "../properties";
import { holdsUnknown, isUnknown } from "../unknown";
import type { CheckFailure, Loose } from "./context";
import type { DescribedFile } from "./data-change";
import { PROCESS_PROPERTIES, PROCESS_RAILS, type ProcessRails, requireActivities, staleness } from "./process-rails";
import { type Compared, failure, type Rail as RailOf, unjudged } from "./rail";
import { fewerIn, missingFrom, number, shareOf, shortList } from "./shown";

/**
 * Limits a user sets on what a new file may do to the data. Each is judged in `check`, before any request, against
 * what the last run recorded. What cannot be judged fails: a guard that passes in silence guards nothing.
 */
export interface GuardRails extends ProcessRails {
  requireColumns?: string[];
  onColumnsRemoved?: "show" | "error";
  maxRowDropPercent?: number;
  appendOnly?: boolean;
  /** First digits of the SHA-256 of the one file that may pass all of the above. */
  acceptSha256?: string;
}

/** With what names the columns that limits on the process are about. */
type Wanted = Loose<GuardRails & { eventLog: unknown }>;

/** Of the file of the last run, where nothing else is to be sent: there is none to compare it with. */
export function keptFailures(wanted: Wanted, last: DescribedFile): CheckFailure[] {
  return guardRailFailures(wanted, { last, now: last, isAppended: false, hasSameCases: true, nowMs: 0 });
}

type Rail = RailOf<GuardRails>;

/** All of them: a rail that is left out would never be judged. */
const PROPERTIES: { readonly [name in keyof Required<GuardRails>]: true } = {
  requireColumns: true,
  onColumnsRemoved: true,
  maxRowDropPercent: true,
  appendOnly: true,
  acceptSha256: true,
  ...PROCESS_PROPERTIES,
};

export function guardRailFailures(wanted: Wanted, compared: Compared): CheckFailure[] {
  const limits = limitsFor(wanted, compared.now);
  const always: Rail[] = [requireColumns, requireActivities];
  const judged = isNewFile(compared) ? [requireColumns, columnsRemoved, rowDrop, appendOnly, ...PROCESS_RAILS] : always;
  return judged.map((rail) => rail(limits, compared)).filter((failure) => failure !== undefined);
}

/**
 * Of a file that is sent already, that its last event is too old. It fails no preview: those of all other changes of the
 * program would fail until the next export.
 */
export function guardRailWarning(wanted: Wanted, compared: Compared): string | undefined {
  if (isNewFile(compared)) return undefined;
  return staleness(limitsFor(wanted, compared.now), compared.now, compared.nowMs);
}

function isNewFile({ last, now }: Compared): boolean {
  return last?.contentSha256 !== now.contentSha256;
}

/** Those that hold for this file. */
function limitsFor(wanted: Wanted, { contentSha256 }: DescribedFile): GuardRails {
  // It may be the one that lets this file through.
  if (isUnknown(wanted.acceptSha256)) return {};
  // Passed by the checks of their types, or not known yet; an unknown limit is judged once it is known.
  const isKnown = (name: string, value: unknown) =>
    name in PROPERTIES &&
    value !== undefined &&
    !holdsUnknown(value) &&
    !(name in PROCESS_PROPERTIES && holdsUnknown(wanted.eventLog));
  const limits = pickBy(wanted, isKnown) as GuardRails;
  const isAccepted = limits.acceptSha256 !== undefined && contentSha256.startsWith(limits.acceptSha256);
  return isAccepted ? {} : limits;
}

const requireColumns: Rail = ({ requireColumns: required }, { now }) => {
  if (required === undefined || required.length === 0) return undefined;
  if (now.__columns === undefined) return unjudged("requireColumns", says.columnsNotRead(), now);
  const missing = missingFrom(now.__columns, required);
  if (missing.length === 0) return undefined;
  return failure("requireColumns", says.columnsMissing(shortList(missing, 2), shortList(now.__columns, 3)), now);
};

const columnsRemoved: Rail = ({ onColumnsRemoved }, { last, now }) => {
  if (onColumnsRemoved !== "error" || last === undefined) return undefined;
  if (last.__columns === undefined || now.__columns === undefined)
    return unjudged("onColumnsRemoved", says.notKnown("columns"), now);
  const removed = fewerIn(now.__columns, last.__columns);
  if (removed.length === 0) return undefined;
  return failure("onColumnsRemoved", says.columnsRemoved(shortList(removed, 3)), now);
};

const rowDrop: Rail = ({ maxRowDropPercent: limit }, { last, now }) => {
  if (limit === undefined || last === undefined) return undefined;
  if (last.rows === undefined || now.rows === undefined)
    return unjudged("maxRowDropPercent", says.notKnown("rows"), now);
  // Counted, not divided: 10 % of 10 rows is exactly one row.
  if ((last.rows - now.rows) * 100 <= limit * last.rows) return undefined;
  // Of an XES log, rows are its events.
  const noun = now.__columns === undefined ? "events" : "rows";
  const text = says.rowsFell(noun, number(last.rows), number(now.rows), shareOf(last.rows, now.rows), limit);
  return failure("maxRowDropPercent", text, now);
};

const appendOnly: Rail = ({ appendOnly: isSet }, { last, now, isAppended }) => {
  if (isSet !== true || last === undefined || isAppended) return undefined;
  return failure("appendOnly", says.notAppended(now.change), now);
};
