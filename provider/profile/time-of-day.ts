import { decimals, type TimeCursor } from "./time-cursor";

/** A time of day in milliseconds, less its zone's offset. */
export interface Clock {
  ms: number;
  hasZone: boolean;
}

const [PLUS, COMMA, MINUS, DOT, COLON] = [0x2b, 0x2c, 0x2d, 0x2e, 0x3a];
const [A, M, P, T, Z] = [0x61, 0x6d, 0x70, 0x74, 0x7a];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * What follows a date up to the end: nothing, or a time of day. Between both stands a space, `T` or a comma; `-` before
 * `13.04.05`, as DB2 writes it; a colon after the name of a month, as logs write it.
 */
export function readClock(cursor: TimeCursor, hasMonthName: boolean): Clock | undefined {
  const hasSpace = cursor.skipSpaces();
  if (cursor.isAtEnd()) return { ms: 0, hasZone: false };
  let separator = COLON;
  if (cursor.skip(MINUS)) separator = DOT;
  else if (!(cursor.skip(T) || cursor.skip(COMMA) || (hasMonthName && cursor.skip(COLON)) || hasSpace)) {
    return undefined;
  }
  cursor.skipSpaces();
  const time = timeOfDay(cursor, separator);
  if (time === undefined) return undefined;
  const offsetMs = zoneMs(cursor);
  if (offsetMs === undefined || !cursor.isAtEnd()) return undefined;
  return { ms: time - (offsetMs ?? 0), hasZone: offsetMs !== null };
}

function timeOfDay(cursor: TimeCursor, separator: number): number | undefined {
  const first = cursor.number();
  if (first.digits === 4 || first.digits === 6) return compactTime(cursor, first);
  if (first.digits < 1 || first.digits > 2 || !cursor.skip(separator)) return undefined;
  const minutes = cursor.number();
  if (minutes.digits !== 2) return undefined;
  let seconds = 0;
  if (cursor.skip(separator)) {
    const written = cursor.number();
    if (written.digits !== 2) return undefined;
    seconds = written.value;
  } else if (separator === DOT) return undefined;
  const fractionMs = fraction(cursor);
  cursor.skipSpaces();
  const hour = hourOfDay(cursor, first.value);
  return clockMs(hour, minutes.value, seconds, fractionMs);
}

/** `1304` and `130405`. */
function compactTime(cursor: TimeCursor, { value, digits }: { value: number; digits: number }): number | undefined {
  const hhmmss = digits === 4 ? value * 100 : value;
  const fractionMs = fraction(cursor);
  cursor.skipSpaces();
  return clockMs(Math.floor(hhmmss / 10_000), Math.floor(hhmmss / 100) % 100, hhmmss % 100, fractionMs);
}

function clockMs(hour: number, minute: number, second: number, fractionMs: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + fractionMs;
}

/** Of a second, in whole milliseconds. */
function fraction(cursor: TimeCursor): number {
  return cursor.skip(DOT) || cursor.skip(COMMA) ? Math.floor(decimals(cursor.number(), 1000)) : 0;
}

/** Past 23 when it is none. */
function hourOfDay(cursor: TimeCursor, hour: number): number {
  const isMorning = cursor.skip(A);
  if (!isMorning && !cursor.skip(P)) return hour;
  cursor.skip(DOT);
  const isTwelveHours = cursor.skip(M) && hour >= 1 && hour <= 12;
  cursor.skip(DOT);
  cursor.skipSpaces();
  return isTwelveHours ? (hour % 12) + (isMorning ? 0 : 12) : Number.POSITIVE_INFINITY;
}

/** Null when no zone is named, undefined when what is there is none. */
function zoneMs(cursor: TimeCursor): number | null | undefined {
  if (cursor.isAtEnd()) return null;
  if (cursor.skip(Z)) return 0;
  const name = cursor.word();
  if (name !== "" && name !== "utc" && name !== "gmt") return undefined;
  if (name !== "" && cursor.isAtEnd()) return 0;
  const offsetMs = offset(cursor);
  // Go writes both: `+0000 UTC`.
  if (name === "" && offsetMs === 0 && cursor.skipSpaces() && cursor.word() !== "utc") return undefined;
  return offsetMs;
}

/** `+02`, `+0200` and `+02:00`. */
function offset(cursor: TimeCursor): number | undefined {
  const sign = cursor.skip(PLUS) ? 1 : cursor.skip(MINUS) ? -1 : 0;
  const { value, digits } = cursor.number();
  if (sign === 0 || (digits !== 2 && digits !== 4)) return undefined;
  const hours = digits === 4 ? Math.floor(value / 100) : value;
  let minutes = digits === 4 ? value % 100 : 0;
  if (digits === 2 && cursor.skip(COLON)) {
    const written = cursor.number();
    if (written.digits !== 2) return undefined;
    minutes = written.value;
  }
  return hours > 23 || minutes > 59 ? undefined : sign * (hours * HOUR_MS + minutes * MINUTE_MS);
}
