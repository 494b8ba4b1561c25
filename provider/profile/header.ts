import * as says from "../messages/files";
import type { EventLogColumns } from "./file-profile";
import { rowValueIn, valueIn } from "./row-value";
import { fieldsOf, splitSample } from "./sample";

/** Longer is a text without record ends, or with an open quote; it bounds what is held in memory. */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** What a sheet can hold. Event logs have tens; more is rows written as columns, or a wrong delimiter. */
export const MAX_COLUMNS = 16_384;
/** A name in a message is shown this far. */
const SHOWN_NAME = 40;

/** The names of a table's columns, and what is odd about them. */
export interface Header {
  names: string[];
  warnings: string[];
}

/** What is known beside a header's names. */
export interface Around {
  wantedLog: EventLogColumns | undefined;
  /** The values of rows below it, as far as they are known. */
  firstRows: () => string[][];
  /** Lines of text have delimiters, which may be the cause of what is odd. */
  isSheet?: true;
}

/**
 * The column names of a header record.
 *
 * @param bytes - the text up to the header's end, without a byte order mark.
 * @throws UnusableFile as {@link judgedHeader} does.
 */
export function readHeader(bytes: Uint8Array, delimiter: number, around: Around): Header {
  const [record] = splitSample(bytes, delimiter, true).records;
  if (!record) return { names: [], warnings: [] };
  return judgedHeader(fieldsOf(bytes, record, delimiter), says.headerOnLine(record.line), around);
}

/**
 * @param header - names it in messages.
 * @throws UnusableFile when there are too many names, most columns have none, or they are what a wrong delimiter leaves.
 */
export function judgedHeader(names: string[], header: string, around: Around): Header {
  if (names.length > MAX_COLUMNS) {
    throw says.tooManyColumns(header, names.length, MAX_COLUMNS);
  }
  const unnamed = names.flatMap((name, i) => (name.trim() === "" ? [i + 1] : []));
  refuseTitle(names, unnamed, header);
  refuseFiller(names, header);
  return {
    names,
    warnings: [
      ...unnamedWarnings(names, unnamed, header, around),
      ...rowWarnings(names, header, around),
      ...repeatedWarnings(names, header),
      ...markWarnings(names, header),
    ],
  };
}

/** A title in the first cell of a sheet leaves the others empty. */
function refuseTitle(names: readonly string[], unnamed: readonly number[], header: string): void {
  if (unnamed.length * 2 <= names.length) return;
  throw says.isTitle(header, names.length - unnamed.length, names.length);
}

/** Values with `|~|` between them have a column `~` between each two. */
function refuseFiller(names: readonly string[], header: string): void {
  const [, name] = names;
  if (name === undefined || names.length < 4 || name.trim() === "" || !/^[^\p{L}\p{N}]+$/u.test(name)) return;
  if (names.every((other, i) => (other === name) === (i % 2 === 1))) throw says.fillerColumns(header, shortened(name));
}

/** Readers number them (`note`, `note_1`), each in its own way. An event log names none of them. */
function repeatedWarnings(names: readonly string[], header: string): string[] {
  const firstOf = new Map<string, number>();
  const repeated = new Map<string, [first: number, second: number]>();
  for (const [i, name] of names.entries()) {
    if (name.trim() === "") continue;
    const first = firstOf.get(name);
    if (first === undefined) firstOf.set(name, i + 1);
    else if (!repeated.has(name)) repeated.set(name, [first, i + 1]);
  }
  const [one] = repeated;
  if (one === undefined) return [];
  const [name, [first, second]] = one;
  return [says.namesRepeated(header, first, second, shortened(name), repeated.size - 1)];
}

/** Readers give such columns names of their own, or an index. */
function unnamedWarnings(
  names: readonly string[],
  unnamed: readonly number[],
  header: string,
  { isSheet, firstRows }: Around,
): string[] {
  if (unnamed.length === 0) return [];
  const where = whereUnnamed(names.length, unnamed);
  if (isSheet) return [says.columnsWithoutName(header, unnamed, where === "first" ? where : "between")];
  return [says.columnsWithoutName(header, unnamed, fittingRows(where, firstRows()))];
}

/** Where the columns without a name stand, as far as the rows do not show that it is chance. */
function fittingRows(where: says.Unnamed, rows: readonly string[][]): says.Unnamed {
  const isEmpty = (column: number) => rows.every((row) => (row.at(column) ?? "").trim() === "");
  if (where === "first") return rows.length > 0 && isEmpty(0) ? "first and empty" : where;
  if (where === "last") return isEmpty(-1) ? where : "between";
  if (where === "both ends") return isEmpty(0) && isEmpty(-1) ? where : "between";
  return where;
}

function whereUnnamed(width: number, unnamed: readonly number[]): says.Unnamed {
  const isEachSecond = unnamed.length === (width - 1) / 2 && unnamed.every((number) => number % 2 === 0);
  if (isEachSecond && unnamed.length > 1) return "each second";
  const [isFirst, isLast] = [unnamed[0] === 1, unnamed.at(-1) === width];
  if (isFirst && isLast) return "both ends";
  return isFirst ? "first" : isLast ? "last" : "between";
}

/** Without a header, the first row is taken for one. A header that has the columns of the event log is there. */
function rowWarnings(names: readonly string[], header: string, { wantedLog, firstRows }: Around): string[] {
  if (wantedLog && hasColumns(wantedLog, names)) return [];
  const value = rowValueIn(names, firstRows);
  return value === undefined ? [] : [says.headerIsRow(header, value)];
}

/** Other than `"`: what names stand in, from the first character to the last. `="a"` keeps Excel from reading numbers. */
const OTHER_QUOTES = [/^'.*'$/s, /^`.*`$/s, /^[“„].*[”“]$/s, /^«.*»$/s, /^‘.*’$/s, /^=".*"$/s];
const INVISIBLE = "\\s\\u200b-\\u200d\\u2060";
const PADDED = new RegExp(`^[${INVISIBLE}]|[${INVISIBLE}]$`);

/** What readers take for a part of the names. */
function markWarnings(names: readonly string[], header: string): string[] {
  const warnings: string[] = [];
  const [first = ""] = names;
  const hasMark = first.startsWith("\ufeff");
  if (hasMark) warnings.push(says.secondByteOrderMark(header));
  const isQuoted = OTHER_QUOTES.some((quotes) => names.every((name) => quotes.test(name)));
  if (isQuoted) warnings.push(says.otherQuotes(header, first.slice(0, first.startsWith("=") ? 2 : 1)));
  const padded = names.findIndex((name, i) => name.trim() !== "" && PADDED.test(name) && !(hasMark && i === 0));
  if (padded >= 0) warnings.push(says.spaceAroundName(header, padded + 1));
  const mark = markAtDelimiters(names);
  if (mark !== undefined) warnings.push(says.longDelimiter(header, mark));
  if (/^#\s/.test(first)) warnings.push(says.headerIsComment(header));
  return warnings;
}

/** `^|^` between values leaves a `^` on both sides of each `|`. */
function markAtDelimiters(names: readonly string[]): string | undefined {
  const mark = names[0]?.at(-1);
  if (mark === undefined || names.length < 2 || /[\p{L}\p{N}\s"'`)\]}]/u.test(mark)) return undefined;
  const isAround = names.every(
    (name, i) => (i === 0 || name[0] === mark) && (i === names.length - 1 || name.at(-1) === mark),
  );
  return isAround ? mark : undefined;
}

export function hasColumns({ caseId, activity, timestamp }: EventLogColumns, columns: readonly string[]): boolean {
  return [caseId, activity, timestamp].every((name) => columns.includes(name));
}

/**
 * @param cause - what is odd about the file, which may be why a column is missing.
 * @throws UnusableFile naming the columns there are, when one that the event log needs is missing, or there are two.
 */
export function requireColumns(wanted: EventLogColumns, columns: readonly string[], cause?: string): void {
  for (const property of ["caseId", "activity", "timestamp"] as const) {
    const argument = `eventLog.${property}`;
    const name = shortened(wanted[property]);
    const first = columns.indexOf(wanted[property]);
    const second = columns.indexOf(wanted[property], first + 1);
    if (first >= 0 && second < 0) continue;
    if (first >= 0) throw says.columnTwice(argument, name, first + 1, second + 1);
    const value = valueIn(columns);
    throw value === undefined
      ? says.columnMissing(argument, name, columns.map(shortened), cause)
      : says.headerMissing(argument, name, value);
  }
}

/** A name for a message: one line, not too long. */
function shortened(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > SHOWN_NAME ? `${line.slice(0, SHOWN_NAME)}…` : line;
}
