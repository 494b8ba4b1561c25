import { CaseContents } from "./case-contents";
import { missing } from "./event-log";
import { EventTimes } from "./event-times";
import type { EventLogColumns, Findings } from "./file-profile";
import { BLANK_ACTIVITY, type EventTaker } from "./log-events";
import { parseTime, type Time } from "./parse-time";
import { SheetActivities, type TextLookup } from "./sheet-activities";
import { CellType } from "./sheet-cell";
import { dateMs, type SheetDates } from "./sheet-dates";
import type { SketchBuilder } from "./sketch-builder";

const [CASE, ACTIVITY] = [1, 2];
export const TIME = 4;

/** Counts the event log in the rows of a sheet. */
export class SheetLog {
  /** Of the row that ended last. */
  caseKey: number | undefined;
  readonly activities = new SheetActivities();
  private readonly roles: Uint8Array;
  private readonly cases = new CaseContents();
  private readonly times = new EventTimes("row");
  private hasCase = false;
  private caseHigh = 0;
  private caseLow = 0;
  private hasActivity = false;
  private hasTime = false;
  private time: Time | undefined;
  private readonly without = { case: 0, caseRow: 0, activity: 0, activityRow: 0 };

  constructor(
    wanted: EventLogColumns,
    columns: readonly string[],
    private readonly dates: SheetDates,
    private readonly taker?: EventTaker,
  ) {
    this.roles = new Uint8Array(columns.length);
    for (const [name, role] of [
      [wanted.caseId, CASE],
      [wanted.activity, ACTIVITY],
      [wanted.timestamp, TIME],
    ] as const) {
      const index = columns.indexOf(name);
      this.roles[index] = (this.roles[index] as number) | role;
    }
  }

  roleOf(column: number): number {
    return this.roles[column] ?? 0;
  }

  /** Takes a value that is not empty. Returns whether `activities` is to get its name. */
  take(role: number, high: number, low: number, isBlank: boolean): boolean {
    if (isBlank) return false;
    if (role & CASE) {
      this.hasCase = true;
      this.caseHigh = high;
      this.caseLow = low;
    }
    if (!(role & ACTIVITY)) return false;
    this.hasActivity = true;
    return this.activities.add(high, low);
  }

  takeTime(role: number, text: Buffer, length: number, type: number, style: number): void {
    if (!(role & TIME)) return;
    const isDate = type === CellType.number && this.dates.isDate[style] === true;
    this.hasTime = true;
    this.time = isDate
      ? this.dateTime(Number(text.toString("latin1", 0, length)))
      : parseTime(text, Math.min(length, text.length));
  }

  takeSharedTime(role: number, time: Time | undefined): void {
    if (!(role & TIME)) return;
    this.hasTime = true;
    this.time = time;
  }

  endRow(row: number, high: number): void {
    const { without } = this;
    if (this.hasCase) this.caseKey = this.cases.add(this.caseHigh, this.caseLow, high);
    else {
      this.caseKey = undefined;
      if (without.case++ === 0) without.caseRow = row;
    }
    if (!this.hasActivity && without.activity++ === 0) without.activityRow = row;
    const time = this.hasTime ? this.time : undefined;
    this.times.addTime(time, row);
    if (this.taker) this.handOver(this.taker, time);
    this.hasCase = false;
    this.hasActivity = false;
    this.hasTime = false;
  }

  private handOver(taker: EventTaker, time: Time | undefined): void {
    const [high, low] = this.hasCase ? [this.caseHigh, this.caseLow] : [0, 0];
    const activity = this.hasActivity ? this.activities.last : BLANK_ACTIVITY;
    const ms = time?.ms ?? Number.NaN;
    taker.take(high, low, activity, ms, time?.monthFirstMs ?? ms);
  }

  async end(
    rows: number,
    sketch: SketchBuilder,
    readTexts: TextLookup,
  ): Promise<Required<Pick<Findings, "eventLog" | "warnings">>> {
    const { firstEvent, lastEvent, warnings } = this.times.span();
    const { without } = this;
    warnings.push(
      ...missing(without.case, "case id", without.caseRow, "row"),
      ...missing(without.activity, "activity", without.activityRow, "row"),
    );
    sketch.startCases();
    await this.cases.forEach((caseKey, sum) => {
      sketch.addCase(caseKey, sum);
    });
    const activityNames = await this.activities.allNames(readTexts);
    const eventLog = {
      events: rows,
      cases: this.cases.count,
      casesAreEstimated: false,
      activities: this.activities.count,
      activitiesAreEstimated: false,
      ...(activityNames && { activityNames }),
      ...(firstEvent !== undefined && { firstEvent }),
      ...(lastEvent !== undefined && { lastEvent }),
    };
    return { eventLog, warnings };
  }

  private dateTime(days: number): Time | undefined {
    const ms = dateMs(days, this.dates.is1904);
    return ms === undefined ? undefined : { ms, hasZone: false };
  }
}
