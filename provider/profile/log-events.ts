import type { Core } from "./core";
import type { Time } from "./parse-time";
import type { UnreadTimes } from "./unread-times";

/** Takes each event of a log, in the order of the file. */
export interface EventTaker {
  /**
   * @param caseHigh - with `caseLow` the hash of its case id; both 0: it has none.
   * @param activity - its number in the log's `activityNames`. {@link BLANK_ACTIVITY} or more: it has no name there.
   * @param ms - milliseconds since 1970, UTC; with the day first where the order is open. NaN: no time.
   * @param monthFirstMs - the same with the month first; equal where the order is not open.
   */
  take(caseHigh: number, caseLow: number, activity: number, ms: number, monthFirstMs: number): void;
}

/** As provider/core/events.ts has it; activities beyond those that are named have one more. */
export const BLANK_ACTIVITY = 0xfffffffe;

/** Hands the events that the core keeps to who takes them. */
export class LogEvents {
  /** Times that the core did not read, by the numbers of their events. */
  private readonly pending = new Map<number, Time>();
  private first = 0;

  constructor(
    private readonly core: Core,
    private readonly unread: UnreadTimes,
    private readonly taker: EventTaker,
  ) {
    unread.onTime = (event, time) => void this.pending.set(event, time);
    core.takeEvents = () => this.drain();
    core.exports.keepEvents();
  }

  /** The text is complete. */
  end(): void {
    this.drain();
  }

  private drain(): void {
    // Those of the events below may still wait in the core.
    this.unread.takeAll();
    const { exports } = this.core;
    const count = exports.eventCount();
    const cases = this.list(exports.eventCasesAt(), 8 * count);
    const activities = this.list(exports.eventActivitiesAt(), 4 * count);
    const times = this.list(exports.eventTimesAt(), 8 * count);
    for (let i = 0; i < count; i++) {
      const low = cases.getUint32(8 * i, true);
      const high = cases.getUint32(8 * i + 4, true);
      const activity = activities.getUint32(4 * i, true);
      const ms = times.getFloat64(8 * i, true);
      const time = Number.isNaN(ms) ? this.pending.get(this.first + i) : undefined;
      if (time === undefined) this.taker.take(high, low, activity, ms, ms);
      else this.taker.take(high, low, activity, time.ms, time.monthFirstMs ?? time.ms);
    }
    this.pending.clear();
    this.first += count;
    exports.dropEvents();
  }

  /** A DataView: of all ways to read numbers in the core's byte order it is the fastest. */
  private list(from: number, bytes: number): DataView {
    const list = this.core.bytesAt(from, from + bytes);
    return new DataView(list.buffer, list.byteOffset, bytes);
  }
}
