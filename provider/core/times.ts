/**
 * Reads times in the forms of ISO 8601 that logs are full of: YYYY-MM-DD, with T or a space and HH:MM, then seconds, a
 * fraction and a zone as needed. All others wait in a list for parse-time.ts.
 */

/** No time in these forms. */
export const NO_TIME: i64 = i64.MIN_VALUE;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/** Whether the time read last names a zone. */
export let hasZone: bool = false;

/** Milliseconds since 1970, UTC; NO_TIME for all other forms. Memory is read up to 16 bytes from the start. */
@inline
export function readTime(from: usize, to: usize): i64 {
  const digits = i8x16.sub(v128.load(from), i8x16.splat(0x30));
  const isDigit = i8x16.bitmask(i8x16.le_u(digits, i8x16.splat(9)));
  hasZone = false;
  if ((isDigit & DATE_BITS) !== DATE_DIGITS || load<u8>(from, 4) !== 0x2d || load<u8>(from, 7) !== 0x2d) return NO_TIME;
  // Without what separates them: YYYYMMDDhhmm, each two of them a number.
  const packed = i8x16.shuffle(digits, digits, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 15, 15, 15, 15);
  const tens = i8x16(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 0, 0, 0, 0);
  const date = i64x2.extract_lane(packed, 0);
  if (date !== lastDate) {
    lastDay = dayMs(i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(packed, tens)));
    lastDate = date;
  }
  const day = lastDay;
  if (day === NO_TIME || to === from + 10) return day;
  const separator = load<u8>(from, 10) | 0x20;
  if (to < from + 16 || (separator !== 0x74 && separator !== 0x20) || load<u8>(from, 13) !== 0x3a) return NO_TIME;
  if ((isDigit & CLOCK_BITS) !== CLOCK_BITS) return NO_TIME;
  const clock = i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(packed, tens));
  const hour = i32x4.extract_lane(clock, 0);
  const minute = i32x4.extract_lane(clock, 1);
  const rest = restMs(from + 16, to);
  if (hour > 23 || minute > 59 || rest === NO_TIME) return NO_TIME;
  return day + ((60 * hour + minute) as i64) * MINUTE_MS + rest;
}

/** Events that follow one another are often of the same day: the date read last, as eight bytes, and what it is. */
let lastDate: i64 = -1;
let lastDay: i64 = NO_TIME;

const DATE_BITS: i32 = 0b1111111111;
const DATE_DIGITS: i32 = 0b1101101111;
const CLOCK_BITS: i32 = 0b1101100000000000;

/** Seconds, fraction and zone, in milliseconds. */
@inline
function restMs(from: usize, to: usize): i64 {
  let at = from;
  let ms = 0;
  if (at < to && load<u8>(at) === 0x3a) {
    const seconds = at + 3 <= to ? twoDigits(at + 1) : -1;
    if (<u32>seconds > 59) return NO_TIME;
    ms = 1000 * seconds;
    at += 3;
    if (at < to && (load<u8>(at) === 0x2e || load<u8>(at) === 0x2c)) {
      at++;
      const fraction = at;
      for (let unit = 100; at < to && isDigitAt(at); at++, unit /= 10) ms += unit * (load<u8>(at) - 0x30);
      if (at === fraction) return NO_TIME;
    }
  }
  if (at === to) return ms as i64;
  const zone = zoneMs(at, to);
  return zone === NO_TIME ? NO_TIME : (ms as i64) - zone;
}

/** Z, ±HH, ±HHMM or ±HH:MM. */
function zoneMs(at: usize, to: usize): i64 {
  hasZone = true;
  const sign = load<u8>(at);
  if ((sign | 0x20) === 0x7a) return at + 1 === to ? 0 : NO_TIME;
  if ((sign !== 0x2b && sign !== 0x2d) || at + 3 > to) return NO_TIME;
  const hours = twoDigits(at + 1);
  const hasColon = at + 3 < to && load<u8>(at, 3) === 0x3a;
  const minutesAt = at + 3 + (hasColon as usize);
  let minutes = 0;
  if (hasColon || minutesAt < to) {
    if (minutesAt + 2 !== to) return NO_TIME;
    minutes = twoDigits(minutesAt);
  }
  if (<u32>hours > 23 || <u32>minutes > 59) return NO_TIME;
  const ms = ((60 * hours + minutes) as i64) * MINUTE_MS;
  return sign === 0x2b ? ms : -ms;
}

@inline
function isDigitAt(at: usize): bool {
  return <u32>(load<u8>(at) - 0x30) <= 9;
}

/** Negative when they are none. */
@inline
function twoDigits(at: usize): i32 {
  return isDigitAt(at) && isDigitAt(at + 1) ? 10 * (load<u8>(at) - 0x30) + (load<u8>(at, 1) - 0x30) : -1;
}

/** Of the lanes YY, YY, MM and DD. Years before 100 are for parse-time.ts to judge. */
function dayMs(date: v128): i64 {
  const year = 100 * i32x4.extract_lane(date, 0) + i32x4.extract_lane(date, 1);
  const month = i32x4.extract_lane(date, 2);
  const day = i32x4.extract_lane(date, 3);
  if (year < 100 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NO_TIME;
  // Howard Hinnant's days_from_civil: years begin in March, so that the leap day is their last.
  const shifted = year - ((month <= 2) as i32);
  const era = shifted / 400;
  const yearOfEra = shifted - 400 * era;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return ((146_097 * era + dayOfEra - 719_468) as i64) * DAY_MS;
}

function daysIn(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The span of the times read here, and how many of them name a zone. */
export let firstMs: i64 = i64.MAX_VALUE;
export let lastMs: i64 = i64.MIN_VALUE;
export let zonedTimes: u64 = 0;
export let unzonedTimes: u64 = 0;
/** How many wait in the list. */
export let unreadTimes: u32 = 0;
/** The time read last. */
export let readMs: i64 = 0;

/** Longer is no time. The list keeps one byte more, so that its reader sees that. */
export const TIME_BYTES: usize = 64;
/** An entry: its line, its length, its bytes, whether it is a date by its type, the number of its event. */
const ENTRY_BYTES: usize = 80;
const IS_DATE_AT: usize = 75;
const EVENT_AT: usize = 76;
const LIST_ENTRIES: u32 = 1024;
const list: usize = heap.alloc(ENTRY_BYTES * (LIST_ENTRIES as usize));

/** Takes all that wait: the list is full. */
@external("host", "takeUnreadTimes")
declare function takeUnreadTimes(): void;

export function unreadTimesAt(): usize {
  return list;
}

export function clearUnreadTimes(): void {
  unreadTimes = 0;
}

export function clearTimes(): void {
  firstMs = i64.MAX_VALUE;
  lastMs = i64.MIN_VALUE;
  zonedTimes = 0;
  unzonedTimes = 0;
  unreadTimes = 0;
}

/** Takes the time of one event. False: it is not in these forms, and is to go to the list. */
@inline
export function noteTime(from: usize, to: usize): bool {
  const ms = timeOf(from, to);
  if (ms === NO_TIME) return false;
  readMs = ms;
  addTime(ms, hasZone);
  return true;
}

/** As `readTime`, of a value of any length. */
@inline
export function timeOf(from: usize, to: usize): i64 {
  return to >= from + 10 ? readTime(from, to) : NO_TIME;
}

@inline
export function addTime(ms: i64, isZoned: bool): void {
  if (isZoned) zonedTimes++;
  else unzonedTimes++;
  if (ms < firstMs) firstMs = ms;
  if (ms > lastMs) lastMs = ms;
}

export function keepUnreadTime(from: usize, to: usize, line: u64, event: u32, isDate: bool = false): void {
  const entry = list + ENTRY_BYTES * (unreadTimes as usize);
  const length = min(to - from, TIME_BYTES + 1);
  store<u64>(entry, line);
  store<u8>(entry + 8, length as u8);
  memory.copy(entry + 9, from, length);
  store<u8>(entry, isDate as u8, IS_DATE_AT);
  store<u32>(entry, event, EVENT_AT);
  if (++unreadTimes < LIST_ENTRIES) return;
  takeUnreadTimes();
  unreadTimes = 0;
}
