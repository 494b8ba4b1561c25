import { excelMs } from "./parse-time";

/** Days from 1900 to 1904, the other year that workbooks count from. */
const DAYS_TO_1904 = 1462;
/** Excel counts a 29 February 1900 that there was not. */
const FIRST_RIGHT_DAY = 61;
/** The year 9999, where workbooks end. */
const MAX_MS = 253_402_300_800_000;

/** How a workbook keeps times. */
export interface SheetDates {
  /** By the number of a style, whether its numbers are dates. */
  isDate: readonly boolean[];
  is1904: boolean;
}

/** Undefined for what is no date that can be written, and for a time of day without its date. */
export function dateMs(days: number, is1904: boolean): number | undefined {
  const since1900 = is1904 ? days + DAYS_TO_1904 : days < FIRST_RIGHT_DAY ? days + 1 : days;
  const ms = excelMs(since1900);
  return Number.isNaN(ms) || Math.abs(ms) > MAX_MS || days < 1 ? undefined : ms;
}

/** A name of a column: `2024-12-31`, `2024-12-31 13:04:05` or `13:04:05`; undefined for what is no date. */
export function dateText(days: number, is1904: boolean): string | undefined {
  const ms = days >= 0 && days < 1 ? excelMs(days) : dateMs(days, is1904);
  if (ms === undefined) return undefined;
  const [day = "", time = ""] = new Date(ms).toISOString().split(/[T.]/);
  if (days < 1) return time;
  return time === "00:00:00" ? day : `${day} ${time}`;
}
