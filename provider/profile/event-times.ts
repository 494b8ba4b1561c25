import * as says from "../messages/files";
import type { Time } from "./parse-time";

/** The first and the last of the times in a column, as far as they can be told for sure. */
export interface TimeSpan {
  /** ISO, UTC. */
  firstEvent?: string;
  lastEvent?: string;
  warnings: string[];
}

/** The times of a column under one order of day and month; impossible once one of them is no date. */
interface Reading {
  first: number;
  last: number;
  isPossible: boolean;
}

/**
 * Collects times in a closed list of formats. Day and month are told apart by the whole column: a day above 12
 * decides, and when none does, nothing is guessed. General date libraries take microseconds for each, and guess.
 */
export class EventTimes {
  private readonly certain = emptyReading();
  private readonly dayFirst = emptyReading();
  private readonly monthFirst = emptyReading();
  private zoned = 0;
  private unzoned = 0;
  private serials = 0;
  private unread = 0;
  private unreadLine = 0;

  /** @param place - what numbers count: lines, or the rows of a sheet. */
  constructor(private readonly place = "line") {}

  /**
   * @param time - undefined: the value is no time.
   * @param line - for the warning then.
   */
  addTime(time: Time | undefined, line: number): void {
    if (!time) {
      if (this.unread++ === 0) this.unreadLine = line;
      return;
    }
    if (time.isSerial) this.serials++;
    else if (time.hasZone) this.zoned++;
    else this.unzoned++;
    if (time.monthFirstMs === undefined) extend(this.certain, time.ms);
    else {
      extend(this.dayFirst, time.ms);
      extend(this.monthFirst, time.monthFirstMs);
    }
  }

  /** Takes what is known of times that were read already. */
  addIso(firstMs: number, lastMs: number, zoned: number, unzoned: number): void {
    this.zoned += zoned;
    this.unzoned += unzoned;
    extend(this.certain, firstMs);
    extend(this.certain, lastMs);
  }

  span(): TimeSpan {
    const warnings: string[] = [];
    if (this.unread > 0) {
      warnings.push(says.unreadTimes(this.unread, this.place, this.unreadLine));
    }
    if (this.zoned > 0 && this.unzoned > 0) {
      warnings.push(says.mixedZones(this.unzoned, this.zoned));
    }
    if (this.serials > 0) {
      warnings.push(says.serialTimes(this.serials));
    }
    const readings = [this.dayFirst, this.monthFirst].filter(({ isPossible }) => isPossible);
    const spans = readings.map((reading) => joined(this.certain, reading));
    const [span, other] = spans;
    const isCertain = span && (!other || (span.first === other.first && span.last === other.last));
    if (!isCertain) {
      warnings.push(says.ambiguousDates(span !== undefined));
      return { warnings };
    }
    if (span.first > span.last) return { warnings };
    return { firstEvent: iso(span.first), lastEvent: iso(span.last), warnings };
  }
}

function emptyReading(): Reading {
  return { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, isPossible: true };
}

function extend(reading: Reading, ms: number): void {
  if (Number.isNaN(ms)) reading.isPossible = false;
  if (ms < reading.first) reading.first = ms;
  if (ms > reading.last) reading.last = ms;
}

function joined(a: Reading, b: Reading): { first: number; last: number } {
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
