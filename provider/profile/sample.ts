/** One record in the start of a text. */
export interface SampleRecord {
  /** Fields it has. */
  width: number;
  /** From 1. */
  line: number;
  /** Where it is in the sample, without its line end. */
  start: number;
  end: number;
}

/** The records of a text's start, as far as they are complete. */
export interface Sample {
  records: SampleRecord[];
  /** False when something is in it that the scan refuses, whatever the widths: records end there. */
  isSound: boolean;
}

const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

/**
 * Splits the start of a text into records, by the rules of the scan, to tell a delimiter and what is odd about the file.
 *
 * @param isAll - the sample is the whole text, so that its last record is complete.
 */
export function splitSample(text: Uint8Array, delimiter: number, isAll: boolean): Sample {
  const records: SampleRecord[] = [];
  let line = 1;
  for (let start = 0; start < text.length; ) {
    const found = recordAt(text, start, delimiter, isAll);
    if (found === undefined) return { records, isSound: false };
    const { width, end, next, lines } = found;
    const isComplete = next > end || isAll || records.length === 0;
    if (end > start && isComplete) records.push({ width, line, start, end });
    line += lines;
    start = Math.max(next, end);
    if (next === end) break;
  }
  return { records, isSound: true };
}

/** The values of one record. */
export function fieldsOf(text: Uint8Array, { start, end }: SampleRecord, delimiter: number): string[] {
  const fields: string[] = [];
  for (let at = start; at <= end; at++) {
    let value = "";
    if (text[at] === QUOTE && at < end) {
      const to = quotedEnd(text, at, end);
      value = utf8(text, at + 1, to).replaceAll('""', '"');
      at = to + 1;
    } else {
      const from = at;
      while (at < end && text[at] !== delimiter) at++;
      value = utf8(text, from, at);
    }
    fields.push(value);
  }
  return fields;
}

interface Found {
  width: number;
  /** Of its last field, and of its line end. */
  end: number;
  next: number;
  /** Line feeds in it. */
  lines: number;
}

/** Undefined where the record holds what no reader takes. */
function recordAt(text: Uint8Array, start: number, delimiter: number, isAll: boolean): Found | undefined {
  let width = 1;
  let lines = 0;
  for (let at = start; ; at++) {
    if (text[at] === QUOTE && (at === start || text[at - 1] === delimiter)) {
      const to = quotedEnd(text, at, text.length);
      if (to === text.length && isAll) return undefined;
      for (let i = at; i < to; i++) if (text[i] === LF) lines++;
      at = to + 1;
      if (at < text.length && !isFieldEnd(text[at] as number, delimiter)) return undefined;
    }
    if (at >= text.length) return { width, end: text.length, next: text.length, lines };
    const byte = text[at];
    if (byte === 0) return undefined;
    if (byte === delimiter) width++;
    else if (byte === LF) return { width, end: at, next: at + 1, lines: lines + 1 };
    else if (byte === CR) {
      if (at + 1 < text.length && text[at + 1] !== LF) return undefined;
      return { width, end: at, next: Math.min(at + 2, text.length), lines: lines + 1 };
    }
  }
}

function isFieldEnd(byte: number, delimiter: number): boolean {
  return byte === delimiter || byte === LF || byte === CR;
}

/** Where the quote is that ends the value whose quote opens at `at`; the end of the text when there is none. */
function quotedEnd(text: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (text[i] !== QUOTE) continue;
    if (text[i + 1] !== QUOTE || i + 1 >= end) return i;
    i++;
  }
  return end;
}

function utf8(text: Uint8Array, from: number, to: number): string {
  return Buffer.from(text.buffer, text.byteOffset + from, to - from).toString("utf8");
}
