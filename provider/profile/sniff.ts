import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";
import { fieldsOf, type SampleRecord, splitSample } from "./sample";

/** Where several would do as well, the first: texts hold commas more often than the others, and numbers do too. */
const DELIMITERS = ["\t", ";", "|", ","] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How much of a text decides about its delimiter. */
export const SAMPLE_BYTES = 64 * 1024;

/** The delimiter, others that would have done as well, and what is odd about the text's start. */
export interface Sniffed {
  delimiter: Delimiter;
  rivals: Delimiter[];
  /** Why this is surely not a table with a header. */
  fault?: UnusableFile;
  warnings: string[];
}

interface Tried {
  delimiter: Delimiter;
  records: SampleRecord[];
  /** Of the header. */
  width: number;
  isEven: boolean;
  /** Whether the header cannot be read, whatever follows it. */
  isBroken: boolean;
}

/**
 * The delimiter that splits all records of a text's start into the same, largest number of fields; the tab goes first
 * where `isTabbed`. Where none does, the one that splits the header most: the scan then tells which line is ragged.
 *
 * @param isAll - the sample is the whole text.
 * @param named - the delimiter that the text itself names.
 */
export function sniffDelimiter(sample: Uint8Array, isAll: boolean, isTabbed: boolean, named?: Delimiter): Sniffed {
  const tried = DELIMITERS.map((delimiter) => tryOut(sample, isAll, delimiter));
  if (named) {
    const chosen = pick(tried, named);
    const titled = chosen.isEven ? undefined : titledTable(sample, [chosen]);
    if (titled) return titled;
    const warnings = chosen.width > 1 ? [] : oneColumn(sample, chosen);
    return { delimiter: named, rivals: [], warnings, ...unevenness(sample, chosen) };
  }
  const splitting = tried.filter(({ width }) => width > 1);
  const even = splitting.filter(({ isEven }) => isEven);
  const titled = even.length > 0 ? undefined : titledTable(sample, tried);
  if (titled) return titled;
  const candidates = even.length > 0 ? even : splitting;
  const preferred = isTabbed ? candidates.find(({ delimiter }) => delimiter === "\t") : undefined;
  const widest = Math.max(...candidates.map(({ width }) => width));
  const most = preferred ?? candidates.find(({ width }) => width === widest);
  const chosen = most?.delimiter === "," ? (besideCommas(sample, splitting) ?? most) : most;
  const below = chosen?.delimiter === "," && chosen.isEven ? belowTitle(sample, tried) : undefined;
  if (below?.isSure) return titleFault(below.delimiter, below.header);
  if (!chosen) {
    const single = pick(tried, isTabbed ? "\t" : ",");
    const likely = likelyDelimiter(tried, single);
    return { delimiter: single.delimiter, rivals: [], warnings: likely ? [likely] : oneColumn(sample, single) };
  }
  const rivals = preferred ? [] : even.filter(({ delimiter }) => delimiter !== chosen.delimiter);
  return {
    delimiter: chosen.delimiter,
    rivals: [...rivals, ...(below ? [below] : [])].map(({ delimiter }) => delimiter),
    warnings: [],
    ...unevenness(sample, chosen),
  };
}

/**
 * The delimiter to take where each comma is in a number or a text: `3,5`, `Paris, FR`. It is in every line; that it splits
 * them unevenly is for the scan to tell.
 */
function besideCommas(sample: Uint8Array, splitting: Tried[]): Tried | undefined {
  const isInside = (record: SampleRecord) => !COMMA_OUTSIDE.test(lineOf(sample, record));
  return splitting.find(
    ({ delimiter, records }) => delimiter !== "," && records.every((record) => record.width > 1 && isInside(record)),
  );
}

function lineOf(sample: Uint8Array, { start, end }: SampleRecord): string {
  return Buffer.from(sample.subarray(start, end)).toString("utf8");
}

function pick(tried: Tried[], wanted: Delimiter): Tried {
  return tried.find(({ delimiter }) => delimiter === wanted) as Tried;
}

function tryOut(sample: Uint8Array, isAll: boolean, delimiter: Delimiter): Tried {
  const { records, isSound } = splitSample(sample, delimiter.charCodeAt(0), isAll);
  const width = records[0]?.width ?? 0;
  const isEven = isSound && records.every((record) => record.width === width);
  return { delimiter, records, width, isEven, isBroken: !isSound && records.length === 0 };
}

/** A title and remarks above a table are so many lines at most. */
const MAX_TITLE_LINES = 10;

/** Lines of one field, and below them a table that one of the delimiters splits evenly. */
function titledTable(sample: Uint8Array, tried: Tried[]): Sniffed | undefined {
  for (const { delimiter, records } of tried) {
    const header = records.findIndex(({ width }) => width > 1);
    const first = records[header];
    const table = records.slice(header);
    const isTable = header > 0 && header <= MAX_TITLE_LINES && table.every(({ width }) => width === first?.width);
    // Two lines below a first one may be text with a comma in each.
    if (!first || !isTable || (table.length < 2 && first.width < 3)) continue;
    // A column of decimal commas, below its name.
    if (table.every((record) => /^[+-]?\d+,\d+$/.test(lineOf(sample, record)))) continue;
    return titleFault(delimiter, first);
  }
  return undefined;
}

function titleFault(delimiter: Delimiter, { line, width }: SampleRecord): Sniffed {
  return { delimiter, rivals: [], warnings: [], fault: says.titleAbove(line, width, nameOf(delimiter)) };
}

/**
 * A table of another delimiter, where commas split each line into two, a title among them: `Report, 2024`, then
 * `case;amount, EUR` and `C1;3,5`. Sure where the commas of its rows are all decimal; else lists may stand in a column.
 */
function belowTitle(sample: Uint8Array, tried: Tried[]) {
  for (const { delimiter, records } of tried) {
    const last = records.at(-1);
    const start = records.findLastIndex(({ width }) => width !== last?.width) + 1;
    const header = records[start];
    if (delimiter === "," || !header || header.width < 2 || start === 0 || start > MAX_TITLE_LINES) continue;
    const lines = records.slice(start).map((record) => lineOf(sample, record));
    const [names = "", ...rows] = lines;
    if (rows.length === 0 || lines.some((line) => COMMA_OUTSIDE.test(line))) continue;
    const isSure = /\p{L}, /u.test(names) && rows.every((line) => /\d,\d/.test(line) && !line.includes(", "));
    return { delimiter, header, isSure };
  }
  return undefined;
}

/** A comma that is neither in a number nor in a text. */
const COMMA_OUTSIDE = /(?<!\d),(?! )|,(?![\d ])/;

/** What the lines below a header of other width have in common, where all have it. */
function unevenness(sample: Uint8Array, { delimiter, records, width }: Tried): { fault?: UnusableFile } {
  const rows = records.slice(1);
  const [first] = rows;
  if (!first || first.width === width || rows.some((row) => row.width !== first.width)) return {};
  const code = delimiter.charCodeAt(0);
  if (rows.every((row) => isQuotedLine(sample, row, delimiter))) return { fault: says.quotedLine(first.line) };
  const isEmptyBehind = (record: SampleRecord, from: number) =>
    fieldsOf(sample, record, code).slice(from).join("").trim() === "";
  const header = records[0] as SampleRecord;
  if (first.width < width) {
    if (!isEmptyBehind(header, first.width)) return {};
    return { fault: says.delimiterAtHeaderEnd(header.line, nameOf(delimiter), width, first.width) };
  }
  const areEmptyBehind = rows.every((row) => isEmptyBehind(row, width));
  if (areEmptyBehind) return { fault: says.delimiterAtEnd(first.line, nameOf(delimiter), first.width, width) };
  if (rows.length < 2) return {};
  return first.width === width + 1
    ? { fault: says.nameMissing(header.line, width, first.width) }
    : { fault: says.titleAbove(first.line, first.width, nameOf(delimiter)) };
}

/** Whether quotes are around a whole line, as when a table was pasted into one column of a spreadsheet. */
function isQuotedLine(sample: Uint8Array, record: SampleRecord, delimiter: string): boolean {
  return record.width === 1 && /^".*"$/s.test(lineOf(sample, record)) && lineOf(sample, record).includes(delimiter);
}

/** Which of the usual delimiters may be that of a text that none of them splits: it splits the lines below the first. */
function likelyDelimiter(tried: Tried[], single: Tried): string | undefined {
  for (const { delimiter, records, isBroken } of tried) {
    const [first, second] = records.filter(({ width }, i) => i === 0 || width > 1);
    const isCommon = records.filter(({ width }) => width === second?.width).length * 2 > records.length;
    if (first && second && isCommon)
      return says.oneColumnBelow(first.line, second.line, second.width, nameOf(delimiter));
    if (isBroken && !single.isBroken) return says.oneColumnOfQuotes(nameOf(delimiter));
  }
  return undefined;
}

/** Part of words, numbers, dates, paths, addresses and lists. */
const NO_MARK = /[\p{L}\p{N}"'_.()[\]{}/\\@-]/u;

/** What could be the delimiter of a text that none of the usual ones splits. */
function oneColumn(sample: Uint8Array, { records, delimiter }: Tried): string[] {
  const lines = records.map((record) => fieldsOf(sample, record, delimiter.charCodeAt(0)).join(""));
  const [header] = lines;
  if (header === undefined || lines.length < 2) return [says.oneColumn()];
  const inside = DELIMITERS.find((mark) => records.every((record) => isQuotedLine(sample, record, mark)));
  if (inside) return [says.quotedLines()];
  const marks = new Set([...header].filter((character) => !NO_MARK.test(character)));
  const occurrences = (line: string, mark: string) => line.split(mark).length - 1;
  const mark = [...marks].find((candidate) =>
    lines.every((line) => occurrences(line, candidate) === occurrences(header, candidate)),
  );
  return [says.oneColumn(mark && formatMark(mark))];
}

function formatMark(mark: string): string {
  const code = mark.codePointAt(0) as number;
  if (mark === " ") return "the space";
  return /[\p{Cc}\p{Zs}]/u.test(mark) ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : `"${mark}"`;
}

/** For a message. */
export function nameOf(delimiter: Delimiter): string {
  return delimiter === "\t" ? "tab" : `"${delimiter}"`;
}

/** A first line that means to name the delimiter, in any form: `sep =;`, `sep=";"`, `sep=;;;`, `sep=\t`. */
const ANY_NAMED = /^(?:\xef\xbb\xbf)*["\t ]*sep[\t ]*=(?:[^\w\r\n]|\\t|tab)*(?=\r?\n|$)/i;

/** Excel's first line that names the delimiter, with or without quotes around it. */
export interface NamedDelimiter {
  delimiter: Delimiter;
  /** Of the line, without its line end. */
  bytes: number;
}

/**
 * Undefined where the first line names none.
 *
 * @throws UnusableFile when it names one that is not understood.
 */
export function namedDelimiter(text: Uint8Array): NamedDelimiter | undefined {
  const start = Buffer.from(text.subarray(0, 32)).toString("latin1");
  const match = /^(?:"sep=([^\r\n])"|sep=([^\r\n]))(?=\r?\n|$)/i.exec(start);
  if (!match) {
    if (ANY_NAMED.test(start)) throw says.otherNamedDelimiter();
    return undefined;
  }
  const mark = match[1] ?? match[2] ?? "";
  const delimiter = DELIMITERS.find((known) => known === mark);
  if (delimiter) return { delimiter, bytes: match[0].length };
  throw says.unknownDelimiter(formatMark(mark));
}
