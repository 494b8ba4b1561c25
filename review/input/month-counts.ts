/** Events by month, whose number counts from year 0. */
type Months = Float64Array;

const DAY_MS = 86_400_000;
/** Up to the year 9999. */
const MONTHS = 120_000;

/**
 * Events per month, by the profile's rules: times without a zone are taken as UTC, day and month are distinguished by the
 * whole column or not at all.
 */
export class MonthCounts {
  private readonly certain: Months = new Float64Array(MONTHS);
  private dayFirst: Months | undefined = new Float64Array(MONTHS);
  private monthFirst: Months | undefined = new Float64Array(MONTHS);
  /** Whether any time could be read in two ways. */
  private isOpen = false;
  private readonly monthOfDay = new Map<number, number>();
  private lastDay = Number.NaN;
  private lastMonth = 0;

  /** Takes a time in both of its readings; NaN is none. */
  add(ms: number, monthFirstMs: number): void {
    if (ms === monthFirstMs) {
      this.count(this.certain, ms);
      return;
    }
    const hasDayFirst = !Number.isNaN(ms);
    const hasMonthFirst = !Number.isNaN(monthFirstMs);
    if (!hasDayFirst && !hasMonthFirst) return;
    this.isOpen = true;
    if (!hasDayFirst) this.dayFirst = undefined;
    if (!hasMonthFirst) this.monthFirst = undefined;
    if (this.dayFirst) this.count(this.dayFirst, ms);
    if (this.monthFirst) this.count(this.monthFirst, monthFirstMs);
  }

  /** By `YYYY-MM`, in order; undefined where days and months cannot be distinguished. */
  byMonth(): Map<string, number> | undefined {
    const { dayFirst, monthFirst, isOpen } = this;
    if (isOpen && (dayFirst !== undefined) === (monthFirst !== undefined)) return undefined;
    const open = isOpen ? (dayFirst ?? monthFirst) : undefined;
    const all = new Map<string, number>();
    for (let month = 0; month < MONTHS; month++) {
      const events = (this.certain[month] as number) + (open?.[month] ?? 0);
      if (events > 0) all.set(monthName(month), events);
    }
    return all;
  }

  /** Which of both readings is right; undefined where none can be told, or both are impossible. */
  reading(): "dayFirst" | "monthFirst" | undefined {
    if (this.byMonth() === undefined) return undefined;
    return this.dayFirst ? "dayFirst" : "monthFirst";
  }

  private count(months: Months, ms: number): void {
    const day = Math.floor(ms / DAY_MS);
    if (day !== this.lastDay) {
      this.lastMonth = this.monthOf(day);
      this.lastDay = day;
    }
    months[this.lastMonth] = (months[this.lastMonth] as number) + 1;
  }

  private monthOf(day: number): number {
    const known = this.monthOfDay.get(day);
    if (known !== undefined) return known;
    const date = new Date(day * DAY_MS);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    this.monthOfDay.set(day, month);
    return month;
  }
}

export function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}
