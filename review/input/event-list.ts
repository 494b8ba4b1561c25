import { BLANK_ACTIVITY, type EventTaker } from "../../provider/profile/log-events";
import { CaseIndex, grown } from "./case-index";
import { MonthCounts } from "./month-counts";

/** 14 bytes each, and as many again while they are put in order: 300 MB. */
export const MOST_EVENTS = 10_000_000;
/** Activities have names up to this number. */
const MOST_ACTIVITIES = 1000;

/** Keeps the events of a log as numbers. */
export class EventList implements EventTaker {
  /** All events; those beyond {@link MOST_EVENTS} are counted alone. */
  events = 0;
  readonly cases = new CaseIndex();
  /** Of all events, by the number of the activity. */
  readonly byActivity = new Float64Array(MOST_ACTIVITIES);
  blankActivities = 0;
  /** Events that the process is made of: they have a case, an activity with a name, and a time or what may be one. */
  length = 0;
  caseOf = new Uint32Array(4096);
  activityOf = new Uint16Array(4096);
  ms = new Float64Array(4096);
  /** Undefined while no time could be read in two ways. */
  monthFirstMs: Float64Array | undefined;
  readonly months = new MonthCounts();

  take(caseHigh: number, caseLow: number, activity: number, ms: number, monthFirstMs: number): void {
    this.events++;
    this.months.add(ms, monthFirstMs);
    if (activity < MOST_ACTIVITIES) this.byActivity[activity] = (this.byActivity[activity] as number) + 1;
    else if (activity === BLANK_ACTIVITY) this.blankActivities++;
    const hasTime = !Number.isNaN(ms) || !Number.isNaN(monthFirstMs);
    if (activity >= MOST_ACTIVITIES || !hasTime || (caseHigh | caseLow) === 0) return;
    if (this.length < MOST_EVENTS) this.keep(this.cases.numberOf(caseHigh, caseLow), activity, ms, monthFirstMs);
    this.length++;
  }

  private keep(caseNumber: number, activity: number, ms: number, monthFirstMs: number): void {
    const at = this.length;
    if (at === this.caseOf.length) this.grow();
    this.caseOf[at] = caseNumber;
    this.activityOf[at] = activity;
    this.ms[at] = ms;
    if (ms !== monthFirstMs && this.monthFirstMs === undefined) this.monthFirstMs = this.ms.slice();
    if (this.monthFirstMs) this.monthFirstMs[at] = monthFirstMs;
  }

  private grow(): void {
    this.caseOf = grown(this.caseOf);
    this.activityOf = grown(this.activityOf);
    this.ms = grown(this.ms);
    this.monthFirstMs = this.monthFirstMs && grown(this.monthFirstMs);
  }
}
