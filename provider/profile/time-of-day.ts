import { decimals, type TimeCursor } from "./time-cursor";

/** A time of day in milliseconds, less its zone's offset. */
export interface Clock {
  ms: number;
  hasZone: boolean;
}

const [PLUS, COMMA, MINUS, DOT, COLON] = [0x2b, 0x2c, 0x2d, 0x2e, 0x3a];
const [PAREN, BRACKET] = [0x28, 0x5b];
const [A, G, M, P, T, U, Z] = [0x61, 0x67, 0x6d, 0x70, 0x74, 0x75, 0x7a];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * What follows a date up to the end: nothing, or a time of day. Between both stands a space, `T` or a comma; `-` before
 * `13.04.05`, as DB2 writes it, and after a date of digits alone; a colon after the name of a month, as logs write it.
 */
export function readClock(
  cursor: TimeCursor,
  day: { hasMonthName?: true; isCompact?: true; isIso?: true },
): Clock | undefined {
  const hasSpace = cursor.skipSpaces();
  if (cursor.isAtEnd()) return { ms: 0, hasZone: false };
  let separator: Separator = COLON;
  if (cursor.skip(MINUS)) separator = day.isCompact ? COLON : DOT;
  else if (cursor.skip(T) || (day.hasMonthName && cursor.skip(COLON))) separator = COLON;
  else if (cursor.skip(COMMA) || hasSpace) separator = undefined;
  else return undefined;
  cursor.skipSpaces();
  const time = (day.isIso ? hourAlone(cursor) : undefined) ?? timeOfDay(cursor, separator);
  if (time === undefined) return undefined;
  const offsetMs = zoneMs(cursor);
  if (offsetMs === undefined) return undefined;
  if (offsetMs !== null) skipZoneName(cursor);
  if (!cursor.isAtEnd()) return undefined;
  return { ms: time - (offsetMs ?? 0), hasZone: offsetMs !== null };
}

/** `13:04:05 2024` of C, `13:04:05 UTC 2024` of Java and `13:04:05 2024 +0100` of Git, up to the end. */
export function readClockAndYear(cursor: TimeCursor): (Clock & { year: number }) | undefined {
  const time = timeOfDay(cursor, COLON);
  const zone = cursor.word();
  cursor.skipSpaces();
  const year = cursor.number();
  cursor.skipSpaces();
  const hasOffset = !cursor.isAtEnd();
  const offsetMs = hasOffset ? offset(cursor) : 0;
  const isKnown = time !== undefined && offsetMs !== undefined && (zone === "" || isUtc(zone));
  if (!isKnown || year.digits !== 4 || !cursor.isAtEnd()) return undefined;
  return { ms: time - offsetMs, hasZone: zone !== "" || hasOffset, year: year.value };
}

/** Between hours and minutes; undefined: a colon or, as Oracle and some languages write it, a dot. */
type Separator = typeof COLON | typeof DOT | undefined;

/** `10`, before a zone too; undefined where it is none, with the cursor where it was. */
function hourAlone(cursor: TimeCursor): number | undefined {
  const mark = cursor.mark();
  const { value, digits } = cursor.number();
  cursor.skipSpaces();
  const isBeforeZone = [PLUS, Z, U, G].includes(cursor.peek());
  const isHour = digits === 2 && value <= 23 && (cursor.isAtEnd() || isBeforeZone);
  if (isHour) return value * HOUR_MS;
  cursor.back(mark);
  return undefined;
}

function timeOfDay(cursor: TimeCursor, expected: Separator): number | undefined {
  const first = cursor.number();
  if (first.digits === 4 || first.digits === 6) return compactTime(cursor, first);
  const separator = expected ?? (cursor.peek() === DOT ? DOT : COLON);
  if (first.digits < 1 || first.digits > 2 || !cursor.skip(separator)) return undefined;
  const minutes = cursor.number();
  if (minutes.digits !== 2) return undefined;
  let seconds = 0;
  let fractionMs = 0;
  if (cursor.skip(separator)) {
    const written = cursor.number();
    if (written.digits !== 2) return undefined;
    seconds = written.value;
    // SQL Server writes `13:04:05:123`.
    fractionMs = cursor.skip(COLON) ? decimalsMs(cursor) : fraction(cursor);
  } else if (expected === DOT) return undefined;
  cursor.skipSpaces();
  const hour = hourOfDay(cursor, first.value);
  // The end of the day, as ISO 8601 writes it too.
  if (hour === 24 && separator === COLON && minutes.value + seconds + fractionMs === 0) return 24 * HOUR_MS;
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
  return cursor.skip(DOT) || cursor.skip(COMMA) ? decimalsMs(cursor) : 0;
}

function decimalsMs(cursor: TimeCursor): number {
  return Math.floor(decimals(cursor.number(), 1000));
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
  if (name !== "" && !isUtc(name)) return undefined;
  if (name !== "" && cursor.isAtEnd()) return 0;
  const offsetMs = offset(cursor);
  // Go writes both: `+0000 UTC`.
  if (name === "" && offsetMs === 0 && cursor.skipSpaces() && cursor.word() !== "utc") return undefined;
  return offsetMs;
}

function isUtc(name: string): boolean {
  return name === "utc" || name === "gmt";
}

/** After an offset Java writes `[Europe/Berlin]`, and JavaScript ` (Central European Standard Time)`. */
function skipZoneName(cursor: TimeCursor): void {
  cursor.skipSpaces();
  if (cursor.peek() === BRACKET || cursor.peek() === PAREN) cursor.skipRest();
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
