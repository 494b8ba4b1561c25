import { parseTime } from "../../provider/profile/parse-time";

/** A month by its number since year 0. */
type Months = Map<number, number>;

/** Longer is no time. */
const TIME_BYTES = 64;

/**
 * Events per month, by the profile's rules: times in a closed list of formats, those without a zone taken as UTC, day and
 * month distinguished by the whole column or not at all.
 */
export class MonthCounts {
  private readonly certain: Months = new Map();
  private dayFirst: Months | undefined = new Map();
  private monthFirst: Months | undefined = new Map();
  private readonly bytes = Buffer.alloc(TIME_BYTES);

  add(text: string): void {
    if (Buffer.byteLength(text) > TIME_BYTES) return;
    const time = parseTime(this.bytes, this.bytes.write(text));
    if (!time) return;
    if (time.monthFirstMs === undefined) count(this.certain, time.ms);
    else {
      if (!count(this.dayFirst, time.ms)) this.dayFirst = undefined;
      if (!count(this.monthFirst, time.monthFirstMs)) this.monthFirst = undefined;
    }
  }

  /** By `YYYY-MM`, in order; undefined where days and months cannot be distinguished. */
  byMonth(): Map<string, number> | undefined {
    const { dayFirst, monthFirst } = this;
    const isOpen = dayFirst && monthFirst && dayFirst.size + monthFirst.size > 0;
    const open = dayFirst ?? monthFirst;
    if (isOpen || !open) return undefined;
    const all = new Map(this.certain);
    for (const [month, events] of open) all.set(month, (all.get(month) ?? 0) + events);
    return new Map([...all].sort(([a], [b]) => a - b).map(([month, events]) => [monthName(month), events]));
  }
}

/** Whether it is a date. */
function count(months: Months | undefined, ms: number): boolean {
  if (!months || Number.isNaN(ms)) return false;
  const date = new Date(ms);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  months.set(month, (months.get(month) ?? 0) + 1);
  return true;
}

export function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}
