/** A month by its number since year 0. */
type Months = Map<number, number>;

const DAY_MS = 86_400_000;

/**
 * Events per month, by the profile's rules: times without a zone are taken as UTC, day and month are distinguished by the
 * whole column or not at all.
 */
export class MonthCounts {
  private readonly certain: Months = new Map();
  private dayFirst: Months | undefined = new Map();
  private monthFirst: Months | undefined = new Map();
  private readonly monthOfDay = new Map<number, number>();

  /** Takes a time in both of its readings; NaN is none. */
  add(ms: number, monthFirstMs: number): void {
    if (ms === monthFirstMs) {
      this.count(this.certain, ms);
      return;
    }
    const hasDayFirst = !Number.isNaN(ms);
    const hasMonthFirst = !Number.isNaN(monthFirstMs);
    if (!hasDayFirst && !hasMonthFirst) return;
    if (!hasDayFirst) this.dayFirst = undefined;
    if (!hasMonthFirst) this.monthFirst = undefined;
    if (this.dayFirst) this.count(this.dayFirst, ms);
    if (this.monthFirst) this.count(this.monthFirst, monthFirstMs);
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

  /** Which of both readings is right; undefined where none can be told, or both are impossible. */
  reading(): "dayFirst" | "monthFirst" | undefined {
    if (this.byMonth() === undefined) return undefined;
    return this.dayFirst ? "dayFirst" : "monthFirst";
  }

  private count(months: Months, ms: number): void {
    const day = Math.floor(ms / DAY_MS);
    let month = this.monthOfDay.get(day);
    if (month === undefined) {
      const date = new Date(ms);
      month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      this.monthOfDay.set(day, month);
    }
    months.set(month, (months.get(month) ?? 0) + 1);
  }
}

export function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}
