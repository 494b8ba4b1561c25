import { type Digits, decimals, TimeCursor } from "./time-cursor";
import { type Clock, readClock, readClockAndYear } from "./time-of-day";

/** A moment. Where day and month could be either way round, both readings; NaN is one that is no date. */
export interface Time {
  /** Milliseconds since 1970, UTC; with the day first where the order is open. */
  ms: number;
  /** Only where the order is open. */
  monthFirstMs?: number;
  hasZone: boolean;
  /** Set for a number of days as Excel keeps it: any number of that size would read so. */
  isSerial?: true;
}

interface Day {
  ms: number;
  monthFirstMs?: number;
  hasMonthName?: true;
  isCompact?: true;
  /** Whether an hour alone may follow: the day is written as ISO 8601 has it. */
  isIso?: true;
  /** Where it stands before the year. */
  clock?: Clock;
}

const [COMMA, MINUS, DOT, SLASH, COLON, W] = [0x2c, 0x2d, 0x2e, 0x2f, 0x3a, 0x57];
const DAY_MS = 86_400_000;

/** Reads one time from the bytes of a value; undefined when it is in none of the known formats. */
export function parseTime(text: Uint8Array, length: number): Time | undefined {
  const cursor = new TimeCursor(text, length);
  cursor.skipSpaces();
  const mark = cursor.mark();
  const number = cursor.number();
  if (isDateAndTime(number)) {
    cursor.back(mark);
    return digitsTime(cursor, number.digits === 12 ? 12 : 14);
  }
  if (number.digits >= 5 && number.digits !== 8) return numberTime(cursor, number);
  cursor.back(mark);
  const day = readDay(cursor);
  if (!day) return undefined;
  const clock = day.clock ?? readClock(cursor, day);
  if (!clock) return undefined;
  const { hasZone } = clock;
  const ms = day.ms + clock.ms;
  if (day.monthFirstMs === undefined) return Number.isNaN(ms) ? undefined : { ms, hasZone };
  const monthFirstMs = day.monthFirstMs + clock.ms;
  return Number.isNaN(ms) && Number.isNaN(monthFirstMs) ? undefined : { ms, monthFirstMs, hasZone };
}

/** A value that is a number alone: since 1970 by its digits, the digits of a date, or Excel's days. */
function numberTime(cursor: TimeCursor, { value, digits, head }: Digits): Time | undefined {
  const hasFraction = cursor.skip(DOT) || cursor.skip(COMMA);
  const fraction = cursor.number();
  cursor.skipSpaces();
  if (!cursor.isAtEnd()) return undefined;
  if (digits === 5) return serialTime(value + decimals(fraction, 1));
  if (digits === 10)
    return isHourOfDate(value) ? undefined : sinceEpoch(value * 1000 + Math.floor(decimals(fraction, 1000)));
  if (digits === 13) return sinceEpoch(value);
  if (hasFraction) return undefined;
  // Micro- and nanoseconds: the first thirteen digits are the milliseconds.
  return digits === 16 || digits === 19 ? sinceEpoch(head) : undefined;
}

/** Of these digits seconds reach from 2001 to 2286, as do milliseconds and smaller ones of theirs. */
function sinceEpoch(ms: number): Time {
  return { ms, hasZone: true };
}

/** `2024010513` is an hour, and would be a second of 2034: nothing is guessed. */
function isHourOfDate(value: number): boolean {
  const year = Math.floor(value / 1_000_000);
  const day = dayMs(year, Math.floor(value / 10_000) % 100, Math.floor(value / 100) % 100);
  return year >= 1900 && year < 2100 && !Number.isNaN(day) && value % 100 < 24;
}

/** No other number of so many digits is a time: `202401151304` would be milliseconds of 1976. */
function isDateAndTime({ digits }: Digits): boolean {
  return digits === 12 || digits === 14 || digits === 17 || digits === 20;
}

/** `202401151304`, `20240115130405`, with a decimal point as SAP writes it, and without one before milli- or microseconds. */
function digitsTime(cursor: TimeCursor, digits: 12 | 14): Time | undefined {
  const written = cursor.number(digits).value;
  const value = digits === 12 ? written * 100 : written;
  if (digits === 14 && !cursor.skip(DOT)) cursor.skip(COMMA);
  const fraction = Math.floor(decimals(cursor.number(), 1000));
  cursor.skipSpaces();
  const clock = value % 1_000_000;
  const [hour, minute, second] = [Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100];
  const ms = compactDay(Math.floor(value / 1_000_000)) + (hour * 3600 + minute * 60 + second) * 1000 + fraction;
  const isTime = cursor.isAtEnd() && hour <= 23 && minute <= 59 && second <= 59 && !Number.isNaN(ms);
  return isTime ? { ms, hasZone: false } : undefined;
}

/** Days since 1899-12-30; those of 1954 to 2119, so that other numbers of five digits are no times. */
function serialTime(days: number): Time | undefined {
  if (days < 20_000 || days >= 80_000) return undefined;
  return { ms: excelMs(days), hasZone: false, isSerial: true };
}

/** A moment as a workbook keeps it: days since 1899-12-30, to the millisecond. */
export function excelMs(days: number): number {
  return Math.round((days - 25_569) * DAY_MS);
}

function readDay(cursor: TimeCursor): Day | undefined {
  const first = cursor.number();
  if (first.digits === 8) return { ms: compactDay(first.value), isCompact: true, isIso: true };
  if (first.digits === 0) return namedDay(cursor);
  if (first.digits > 4) return undefined;
  const week = first.digits === 4 ? weekDay(cursor, first.value) : undefined;
  if (week) return week;
  const separator = cursor.skipSpaces() ? 0 : isSeparator(cursor.peek()) ? cursor.next() : 0;
  // Czech, Hungarian and others write `15. 1. 2024` and `2024. 01. 15.`, Croatian `15.1.2024.`
  if (separator === DOT) cursor.skipSpaces();
  const name = cursor.word();
  if (name !== "") return first.digits === 4 ? dayAfterMonth(cursor, first, name) : dayBeforeMonth(cursor, first, name);
  const second = cursor.number();
  if (separator === MINUS && first.digits === 4 && second.digits === 2 && isBeforeEnd(cursor)) {
    return { ms: compactDay((first.value * 100 + second.value) * 100 + 1) };
  }
  if (separator === 0 || second.digits < 1 || second.digits > 2 || !cursor.skip(separator)) return undefined;
  if (separator === DOT) cursor.skipSpaces();
  const third = cursor.number();
  if (separator === DOT) cursor.skip(DOT);
  if (first.digits === 4) {
    return third.digits > 2 ? undefined : { ms: dayMs(first.value, second.value, third.value), isIso: true };
  }
  const year = yearLast(third, separator);
  if (first.digits > 2 || year === undefined) return undefined;
  const ms = dayMs(year, second.value, first.value);
  return separator === DOT ? { ms } : { ms, monthFirstMs: dayMs(year, first.value, second.value) };
}

function isBeforeEnd(cursor: TimeCursor): boolean {
  const mark = cursor.mark();
  cursor.skipSpaces();
  if (cursor.isAtEnd()) return true;
  cursor.back(mark);
  return false;
}

/** `2024-W05-3`, `2024W053`, and without its day the Monday; undefined where none follows, with the cursor where it was. */
function weekDay(cursor: TimeCursor, year: number): Day | undefined {
  const mark = cursor.mark();
  const hasDash = cursor.skip(MINUS);
  if (!cursor.skipExactly(W)) {
    cursor.back(mark);
    return undefined;
  }
  const week = cursor.number(2);
  const hasDay = hasDash ? cursor.skip(MINUS) : !cursor.isAtEnd();
  const day = hasDay ? cursor.number() : ONE;
  const isWeek = week.digits === 2 && day.digits === 1;
  return { ms: isWeek ? weekDayMs(year, week.value, day.value) : Number.NaN, isIso: true };
}

const ONE: Digits = { value: 1, digits: 1, head: 1 };

/** NaN when there is no such day. The first week of a year is the one that has its 4 January. */
function weekDayMs(year: number, week: number, day: number): number {
  if (week < 1 || week > 53 || day < 1 || day > 7) return Number.NaN;
  const monday = firstMonday(year) + (week - 1) * 7 * DAY_MS;
  return monday < firstMonday(year + 1) ? monday + (day - 1) * DAY_MS : Number.NaN;
}

function firstMonday(year: number): number {
  const ms = dayMs(year, 1, 4);
  return ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS;
}

function isSeparator(byte: number): boolean {
  return byte === MINUS || byte === SLASH || byte === DOT;
}

/** Of two digits after `-` it could be the day: such dates are not read. */
function yearLast(year: Digits, separator: number): number | undefined {
  if (year.digits === 4) return year.value;
  return year.digits === 2 && separator !== MINUS ? centuryYear(year.value) : undefined;
}

/** As POSIX has it: 69 to 99 are of the last century. */
function centuryYear(year: number): number {
  return year < 69 ? 2000 + year : 1900 + year;
}

/** `15-Jan-2024`, `15 January 2024`, `15Jan24`: the month by its English name. */
function dayBeforeMonth(cursor: TimeCursor, day: Digits, name: string): Day | undefined {
  const month = monthNumber(name);
  if (month === undefined || day.digits > 2) return undefined;
  cursor.skip(DOT);
  cursor.skip(COMMA);
  if (!cursor.skipSpaces() && isSeparator(cursor.peek())) cursor.next();
  const year = cursor.number();
  if (year.digits !== 4 && year.digits !== 2) return undefined;
  const value = year.digits === 2 ? centuryYear(year.value) : year.value;
  return { ms: dayMs(value, month, day.value), hasMonthName: true };
}

/** `2024-Jan-15` */
function dayAfterMonth(cursor: TimeCursor, year: Digits, name: string): Day | undefined {
  const month = monthNumber(name);
  if (!cursor.skipSpaces() && isSeparator(cursor.peek())) cursor.next();
  const day = cursor.number();
  if (month === undefined || day.digits < 1 || day.digits > 2) return undefined;
  return { ms: dayMs(year.value, month, day.value), hasMonthName: true };
}

/** `Jan 15, 2024`, `Jan 15 13:04:05 2024` as of C and Java, and after the name of a day of the week, `Mon, 15 Jan 2024`. */
function namedDay(cursor: TimeCursor): Day | undefined {
  let name = cursor.word();
  if (isWeekday(name)) {
    cursor.skip(COMMA);
    cursor.skipSpaces();
    const day = cursor.number();
    if (day.digits > 0) {
      if (!cursor.skipSpaces() && !cursor.skip(MINUS)) return undefined;
      return dayBeforeMonth(cursor, day, cursor.word());
    }
    name = cursor.word();
  }
  const month = monthNumber(name);
  cursor.skip(DOT);
  if (month === undefined || !cursor.skipSpaces()) return undefined;
  const day = cursor.number();
  const hasComma = cursor.skip(COMMA);
  if (!cursor.skipSpaces() && !hasComma) return undefined;
  const mark = cursor.mark();
  const year = cursor.number();
  if (cursor.peek() === COLON) {
    cursor.back(mark);
    const clock = readClockAndYear(cursor);
    return clock && { ms: dayMs(clock.year, month, day.value), hasMonthName: true, clock };
  }
  if (day.digits < 1 || day.digits > 2 || year.digits !== 4) return undefined;
  return { ms: dayMs(year.value, month, day.value), hasMonthName: true };
}

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

function monthNumber(name: string): number | undefined {
  const index = MONTHS.findIndex((month) => name === month || name === month.slice(0, 3));
  return index >= 0 ? index + 1 : name === "sept" ? 9 : undefined;
}

function isWeekday(name: string): boolean {
  return WEEKDAYS.some((day) => name === day || name === day.slice(0, 3));
}

/** `20240115`; NaN when there is no such day, or it is not of the centuries that logs are of. */
function compactDay(value: number): number {
  const year = Math.floor(value / 10_000);
  return year < 1900 || year >= 2100 ? Number.NaN : dayMs(year, Math.floor(value / 100) % 100, value % 100);
}

/** NaN when there is no such day. */
function dayMs(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN;
  // Date.UTC takes years below 100 for those of the last century.
  return year < 100 ? Number.NaN : Date.UTC(year, month - 1, day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
