import * as says from "../messages/uploads";
import type { CheckFailure } from "./context";
import type { DescribedFile } from "./data-change";

/** What a guard rail is, for ./guard-rails and ./process-rails. */

/** The file of the last run, if there was one, and the one that is to be sent. */
export interface Compared {
  last: DescribedFile | undefined;
  now: DescribedFile;
  /** Whether `now` is `last` with something appended. */
  isAppended: boolean;
  /** Of `now`, where it was read as an event log and all can be named. */
  activityNames?: readonly string[];
  /** Whether the cases of both are values of the same column. */
  hasSameCases: boolean;
  /** The time of this run. */
  nowMs: number;
}

/** What to say of a file that does not pass; undefined where it does, or the rail is not set. */
export type Rail<Limits> = (limits: Limits, compared: Compared) => CheckFailure | undefined;

export function failure(property: string, what: string, now: DescribedFile, option?: string): CheckFailure {
  return says.guardRail(property, what, now.contentSha256, option);
}

/** @param option - what to do first, where that is not to leave the guard rail out. */
export function unjudged(
  property: string,
  why: string,
  now: DescribedFile,
  option = says.leaveOut(property),
): CheckFailure {
  return failure(property, says.cannotBeJudged(property, why), now, option);
}
