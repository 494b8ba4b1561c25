import * as says from "../messages/files";
import { readActivityNames } from "./activity-names";
import { EventTimes } from "./event-times";
import { CASES_EXACT_UP_TO, type EventLogColumns, type EventLogProfile } from "./file-profile";
import { type EventTaker, LogEvents } from "./log-events";
import type { Scanner } from "./scanner";
import { UnreadTimes } from "./unread-times";

/** What a column is to the log; one may be several things. */
const CASE = 1;
const ACTIVITY = 2;
const TIME = 4;

/** More different names than this are no activities, and the count is good to 1 %. */
const ACTIVITIES_EXACT_UP_TO = 100_000;

/** Has a scanner count cases and activities and find the first and the last event, from the first row on. */
export class EventLogCounter {
  private readonly times = new EventTimes();

  /** @throws UnusableFile as `requireColumns` does. */
  constructor(
    private readonly scanner: Scanner,
    wanted: EventLogColumns,
    columns: readonly string[],
    taker?: EventTaker,
  ) {
    const { exports } = scanner.core;
    exports.startLog(CASES_EXACT_UP_TO, ACTIVITIES_EXACT_UP_TO);
    exports.giveRole(columns.indexOf(wanted.caseId), CASE);
    exports.giveRole(columns.indexOf(wanted.activity), ACTIVITY);
    exports.giveRole(columns.indexOf(wanted.timestamp), TIME);
    this.unread = new UnreadTimes(scanner.core, this.times);
    if (taker) this.events = new LogEvents(scanner.core, this.unread, taker);
  }

  private readonly unread: UnreadTimes;
  private readonly events: LogEvents | undefined;

  /** What the text held, once the scanner has taken its end. */
  end(): { eventLog: EventLogProfile; warnings: string[] } {
    const { core } = this.scanner;
    this.events?.end();
    this.unread.end();
    const events = core.read("records") - 1;
    const { firstEvent, lastEvent, warnings } = events > 0 ? this.times.span() : { warnings: [] };
    warnings.push(
      ...missing(core.read("withoutCase"), "case id", core.read("withoutCaseLine")),
      ...missing(core.read("withoutActivity"), "activity", core.read("withoutActivityLine")),
    );
    const activityNames = readActivityNames(core);
    const eventLog: EventLogProfile = {
      events,
      cases: core.exports.caseCount(),
      casesAreEstimated: core.exports.areCasesEstimated() !== 0,
      activities: core.exports.activityCount(),
      activitiesAreEstimated: core.exports.areActivitiesEstimated() !== 0,
      ...(activityNames && { activityNames }),
      ...(firstEvent !== undefined && { firstEvent }),
      ...(lastEvent !== undefined && { lastEvent }),
    };
    return { eventLog, warnings };
  }
}

/** A warning of rows that lack a value of the log. */
export function missing(rows: number, what: string, first: number, place = "line"): string[] {
  if (rows === 0) return [];
  return [says.rowsWithout(rows, what, first, place)];
}
