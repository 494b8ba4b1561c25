/** A moment. Where day and month could be either way round, both readings; NaN is one that is no date. */
export interface Time {
  /** Milliseconds since 1970, UTC; with the day first where the order is open. */
  ms: number;
  /** Only where the order is open. */
  monthFirstMs?: number;
  hasZone: boolean;
}

const [SPACE, PLUS, COMMA, MINUS, DOT, SLASH, COLON] = [0x20, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x3a];
const [A, M, P, T, Z] = [0x61, 0x6d, 0x70, 0x74, 0x7a];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Reads one time from ASCII bytes; undefined when it is none of the known formats. */
export function parseTime(text: Uint8Array, length: number): Time | undefined {
  const cursor = new Cursor(text, length);
  cursor.skip(SPACE);
  const first = cursor.number();
  if (first.digits === 0) return undefined;
  if (cursor.isAtEnd()) return epoch(first);
  const separator = cursor.next();
  if (separator !== MINUS && separator !== SLASH && separator !== DOT) return undefined;
  const second = cursor.number();
  if (second.digits < 1 || second.digits > 2 || cursor.next() !== separator) return undefined;
  const third = cursor.number();
  const clock = clockTime(cursor);
  if (!clock) return undefined;
  if (first.digits === 4 && third.digits <= 2) {
    const ms = dateMs(first.value, second.value, third.value) + clock.ms;
    return Number.isNaN(ms) ? undefined : { ms, hasZone: clock.hasZone };
  }
  if (first.digits > 2 || third.digits !== 4) return undefined;
  return yearLast(first.value, second.value, third.value, separator === DOT, clock);
}

function yearLast(first: number, second: number, year: number, isDayFirst: boolean, clock: Time): Time | undefined {
  const { hasZone } = clock;
  const ms = dateMs(year, second, first) + clock.ms;
  const monthFirstMs = dateMs(year, first, second) + clock.ms;
  if (isDayFirst) return Number.isNaN(ms) ? undefined : { ms, hasZone };
  if (Number.isNaN(ms) && Number.isNaN(monthFirstMs)) return undefined;
  return { ms, monthFirstMs, hasZone };
}

/** Ten digits are seconds (2001 to 2286), thirteen milliseconds of the same years. */
function epoch({ value, digits }: { value: number; digits: number }): Time | undefined {
  if (digits === 10) return { ms: value * 1000, hasZone: true };
  return digits === 13 ? { ms: value, hasZone: true } : undefined;
}

/** What follows a date: nothing, or a time of day; its milliseconds, less the zone's. */
function clockTime(cursor: Cursor): Time | undefined {
  cursor.skipEnd();
  if (cursor.isAtEnd()) return { ms: 0, hasZone: false };
  const separator = cursor.next();
  if (separator !== SPACE && separator !== T) return undefined;
  cursor.skip(SPACE);
  const hours = cursor.number();
  if (hours.digits < 1 || hours.digits > 2 || !cursor.skip(COLON)) return undefined;
  const minutes = cursor.number();
  if (minutes.digits !== 2) return undefined;
  let ms = minutes.value * MINUTE_MS;
  if (cursor.skip(COLON)) {
    const seconds = cursor.number();
    if (seconds.digits !== 2 || seconds.value > 59) return undefined;
    ms += seconds.value * 1000;
    if (cursor.skip(DOT) || cursor.skip(COMMA)) ms += Math.floor(cursor.fraction() * 1000);
  }
  cursor.skip(SPACE);
  const hour = hourOfDay(cursor, hours.value);
  const zone = zoneMs(cursor);
  if (hour > 23 || minutes.value > 59 || zone === undefined || !cursor.isAtEnd()) return undefined;
  return { ms: ms + hour * HOUR_MS - (zone ?? 0), hasZone: zone !== null };
}

/** Past 23 when it is none. */
function hourOfDay(cursor: Cursor, hour: number): number {
  const isMorning = cursor.skip(A);
  if (!isMorning && !cursor.skip(P)) return hour;
  const isTwelveHours = cursor.skip(M) && hour >= 1 && hour <= 12;
  cursor.skip(SPACE);
  return isTwelveHours ? (hour % 12) + (isMorning ? 0 : 12) : Number.POSITIVE_INFINITY;
}

/** Null when no zone is named, undefined when what is there is none. */
function zoneMs(cursor: Cursor): number | null | undefined {
  if (cursor.isAtEnd()) return null;
  if (cursor.skip(Z)) return 0;
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

/** NaN when there is no such day. */
function dateMs(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN;
  // Date.UTC takes years below 100 for those of the last century.
  return year < 100 ? Number.NaN : Date.UTC(year, month - 1, day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

class Cursor {
  private at = 0;

  constructor(
    private readonly text: Uint8Array,
    private length: number,
  ) {}

  isAtEnd(): boolean {
    return this.at >= this.length;
  }

  /** The next byte, letters in lower case; 0 at the end. */
  next(): number {
    const byte = this.peek();
    this.at++;
    return byte;
  }

  /** Whether this byte came next; then it is behind. */
  skip(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  skipEnd(): void {
    while (this.length > this.at && this.text[this.length - 1] === SPACE) this.length--;
  }

  number(): { value: number; digits: number } {
    const from = this.at;
    let value = 0;
    for (; this.at < this.length; this.at++) {
      const digit = (this.text[this.at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    return { value, digits: this.at - from };
  }

  fraction(): number {
    const { value, digits } = this.number();
    return value / 10 ** digits;
  }

  private peek(): number {
    if (this.at >= this.length) return 0;
    const byte = this.text[this.at] as number;
    return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
  }
}
