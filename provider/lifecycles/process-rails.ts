import { needsEventLog } from "../messages/inputs";
import * as says from "../messages/uploads";
import { CASES_EXACT_UP_TO } from "../profile/file-profile";
import { formatOf } from "../profile/source-file";
import { holdsUnknown } from "../unknown";
import { areNotNamed, KnownActivities } from "./activities";
import type { Check } from "./checks";
import type { CheckFailure } from "./context";
import type { DescribedFile } from "./data-change";
import { type Compared, failure, type Rail, unjudged } from "./rail";
import { number, shareOf, shortList } from "./shown";

/** Limits on what a new file may do to the process: to the activities, cases and times of an event log. */
export interface ProcessRails {
  requireActivities?: string[];
  forbidNewActivities?: boolean;
  maxCaseDropPercent?: number;
  /** Hours. */
  latestEventWithin?: number;
}

/** All of them: the compiler misses one that is left out. */
export const PROCESS_PROPERTIES: { readonly [name in keyof Required<ProcessRails>]: true } = {
  requireActivities: true,
  forbidNewActivities: true,
  maxCaseDropPercent: true,
  latestEventWithin: true,
};

/** A hundred years: longer is no limit. */
export const MAX_HOURS = 876_000;

/** Formats whose columns only `eventLog` names. The events of xls and xlsb are not read at all. */
const NEED_EVENT_LOG = ["csv", "tsv", "txt", "xlsx"];

/** A rail that could never be judged is a slip in the program, whatever the file holds. */
export const checkNeedsEventLog: Check = ({ eventLog, fileName, source, ...inputs }) => {
  const format = formatOf(String(fileName ?? source));
  if ((eventLog !== undefined && eventLog !== null) || !NEED_EVENT_LOG.includes(format ?? "")) return [];
  return Object.keys(PROCESS_PROPERTIES)
    .filter((name) => isSet(inputs[name]))
    .map((name) => needsEventLog(name));
};

/** Of a file that is to be sent, or was. */
export const requireActivities: Rail<ProcessRails> = ({ requireActivities: required = [] }, compared) => {
  const { now } = compared;
  if (required.length === 0) return undefined;
  const known = KnownActivities.from(now.__activities);
  if (known === undefined) return notNamed("requireActivities", compared);
  const missing = known.missing(required);
  if (missing.length === 0) return undefined;
  return failure("requireActivities", says.activitiesMissing(shortList(missing, 2), known.count), now);
};

const newActivities: Rail<ProcessRails> = ({ forbidNewActivities: isSet }, compared) => {
  const { last, now, activityNames } = compared;
  if (isSet !== true || last === undefined) return undefined;
  if (activityNames === undefined) return notNamed("forbidNewActivities", compared);
  const before = KnownActivities.from(last.__activities);
  if (before === undefined) return notNamedBefore("forbidNewActivities", last, now);
  const added = before.missing(activityNames);
  if (added.length === 0) return undefined;
  return failure("forbidNewActivities", says.activitiesNew(shortList(added, 2)), now);
};

const caseDrop: Rail<ProcessRails> = ({ maxCaseDropPercent: limit }, { last, now, isAppended, hasSameCases }) => {
  // What was appended to has lost no case, even where cases are estimates.
  if (limit === undefined || last === undefined || isAppended) return undefined;
  const [before, after] = [casesOf(last), casesOf(now)];
  if (before === undefined || after === undefined) {
    return unjudged("maxCaseDropPercent", says.notKnown("cases"), now);
  }
  if (!hasSameCases) return unjudged("maxCaseDropPercent", says.otherCaseColumn(), now);
  // Counted, not divided, as for rows.
  if ((before.most - after.least) * 100 <= limit * before.most) return undefined;
  const texts = [before.text, after.text] as const;
  if ((before.least - after.most) * 100 <= limit * before.least) {
    return unjudged("maxCaseDropPercent", says.tooCloseToJudge(...texts, limit), now);
  }
  return failure("maxCaseDropPercent", says.casesFell(...texts, shareOf(before.count, after.count), limit), now);
};

const latestEvent: Rail<ProcessRails> = ({ latestEventWithin: hours }, { now, nowMs }) => {
  if (hours === undefined) return undefined;
  const age = ageHours(now, nowMs);
  if (age === undefined) return unjudged("latestEventWithin", says.noLastEvent(), now, says.correctFile());
  if (age <= hours) return undefined;
  return failure("latestEventWithin", says.lastEventTooOld(hoursText(age), hours), now);
};

/** Of a file that is to be sent. */
export const PROCESS_RAILS: readonly Rail<ProcessRails>[] = [requireActivities, newActivities, caseDrop, latestEvent];

/** The age of the last event of a file that was sent already, where that is more than the limit. */
export function staleness({ latestEventWithin: hours }: ProcessRails, last: DescribedFile, nowMs: number) {
  if (hours === undefined) return undefined;
  const age = ageHours(last, nowMs);
  if (age === undefined || age <= hours) return undefined;
  return says.unchangedSince(says.lastEventTooOld(hoursText(age), hours));
}

function isSet(limit: unknown): boolean {
  if (limit === undefined || limit === null || limit === false || holdsUnknown(limit)) return false;
  return !Array.isArray(limit) || limit.length > 0;
}

function notNamed(property: string, { last, now }: Compared): CheckFailure {
  if (areNotNamed(now.__activities)) return unjudged(property, says.activitiesNotNamed(), now);
  // Of a file that is not here, there is what was recorded.
  if (now === last) return notNamedBefore(property, last, now);
  return unjudged(property, says.eventsNotRead(), now);
}

function notNamedBefore(property: string, last: DescribedFile, now: DescribedFile): CheckFailure {
  if (areNotNamed(last.__activities)) return unjudged(property, says.activitiesNotNamedBefore(), now);
  return unjudged(property, says.activitiesNotRecorded(), now, says.recordActivities());
}

/** An estimate errs by 0.8 % as a rule, and by more than this once in thousands. */
const ESTIMATE_SHARE = 0.03;

/** A count of cases, and between what it lies for sure. */
function casesOf({ cases }: DescribedFile) {
  if (cases === undefined) return undefined;
  if (typeof cases === "number") return { text: number(cases), count: cases, least: cases, most: cases };
  // As data-change.ts writes it: `≈ 1,234,567`.
  const count = Number(cases.replace(/\D/g, ""));
  // An estimate begins where counting ends.
  const least = Math.max(CASES_EXACT_UP_TO + 1, count * (1 - ESTIMATE_SHARE));
  return { text: cases, count, least, most: count * (1 + ESTIMATE_SHARE) };
}

/** Negative where the last event is still to come. */
function ageHours({ lastEvent }: DescribedFile, nowMs: number): number | undefined {
  return lastEvent === undefined ? undefined : (nowMs - Date.parse(lastEvent)) / 3_600_000;
}

/** Rounded up, so that no age reads as its limit. */
function hoursText(hours: number): string {
  return number(Math.ceil(hours * 10) / 10);
}
