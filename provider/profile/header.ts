import type { EventLogColumns } from "./file-profile";
import { parseTime } from "./parse-time";
import { fieldsOf, splitSample } from "./sample";
import { UnusableFile } from "./source-file";

/** Longer is a text without record ends, or with an open quote; it bounds what is held in memory. */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** What a sheet can hold. Event logs have tens; more is rows written as columns, or a wrong delimiter. */
export const MAX_COLUMNS = 16_384;
/** A name in a message is shown this far. */
const SHOWN_NAME = 60;
const SHOWN_COLUMNS = 20;

/** The names of a table's columns, and what is odd about them. */
export interface Header {
  names: string[];
  warnings: string[];
}

/**
 * The column names of a header record.
 *
 * @param bytes - the text up to the header's end, without a byte order mark.
 * @throws UnusableFile as {@link judgedHeader} does.
 */
export function readHeader(bytes: Uint8Array, delimiter: number): Header {
  const [record] = splitSample(bytes, delimiter, true).records;
  if (!record) return { names: [], warnings: [] };
  return judgedHeader(fieldsOf(bytes, record, delimiter), `the header on line ${record.line}`);
}

/**
 * @param header - names it in messages.
 * @throws UnusableFile when a name occurs twice, there are too many, or most columns have none.
 */
export function judgedHeader(names: string[], header: string): Header {
  if (names.length > MAX_COLUMNS) {
    throw new UnusableFile(`${header} has ${names.length} columns, and the limit is ${MAX_COLUMNS}. Leave columns out`);
  }
  const unnamed = names.flatMap((name, i) => (name.trim() === "" ? [i + 1] : []));
  refuseTitle(names, unnamed, header);
  refuseTwice(names, header);
  return {
    names,
    warnings: [
      ...unnamedWarnings(names, unnamed, header),
      ...valueWarnings(names, header),
      ...markWarnings(names, header),
    ],
  };
}

/** A title in the first cell of a sheet leaves the others empty. */
function refuseTitle(names: readonly string[], unnamed: readonly number[], header: string): void {
  if (unnamed.length * 2 <= names.length) return;
  const named = names.length - unnamed.length;
  throw new UnusableFile(
    `${header} names ${named} of ${names.length} columns, so it is a title or empty. Delete the lines above the names of the columns`,
  );
}

function refuseTwice(names: readonly string[], header: string): void {
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const number = i + 1;
    const first = seen.get(name);
    if (first !== undefined && name.trim() !== "") {
      refuseFiller(names, name, header);
      const shown = shortened(name);
      throw new UnusableFile(`${header} names columns ${first} and ${number} "${shown}". Rename or remove one of them`);
    }
    seen.set(name, number);
  }
}

/** Values with `|~|` between them have a column `~` between each two. */
function refuseFiller(names: readonly string[], name: string, header: string): void {
  const isFiller = /^[^\p{L}\p{N}]+$/u.test(name) && names.every((other, i) => (other === name) === (i % 2 === 1));
  if (!isFiller) return;
  throw new UnusableFile(
    `${header} has "${shortened(name)}" between each two names: is the delimiter of several characters? Write one`,
  );
}

/** Readers give such columns names of their own, or an index. */
function unnamedWarnings(names: readonly string[], unnamed: readonly number[], header: string): string[] {
  const [first] = unnamed;
  if (first === undefined) return [];
  const which =
    unnamed.length === 1
      ? `column ${first} of ${header} has`
      : `${unnamed.length} columns of ${header}, the first ${first}, have`;
  let cause = "";
  const endsUnnamed = unnamed.at(-1) === names.length;
  const isEachSecond = unnamed.length === (names.length - 1) / 2 && unnamed.every((number) => number % 2 === 0);
  if (isEachSecond && unnamed.length > 1) cause = "; is the delimiter written twice? Only one character is understood";
  else if (first === 1 && endsUnnamed) cause = "; does each line begin and end with a delimiter?";
  else if (first === 1) cause = "; an index that pandas or R wrote? Leave it out with index=False or row.names = FALSE";
  else if (endsUnnamed) cause = "; does each line end in a delimiter?";
  return [`${which} no name${cause}`];
}

/** Without a header, the first row is taken for one. */
function valueWarnings(names: readonly string[], header: string): string[] {
  const value = valueIn(names);
  return value === undefined ? [] : [`${header} has a ${value}, so it may be a row. Is the header missing?`];
}

/** What readers take for a part of the names. */
function markWarnings(names: readonly string[], header: string): string[] {
  const warnings: string[] = [];
  if (names[0]?.startsWith("\ufeff"))
    warnings.push(`column 1 of ${header} begins with a second byte order mark, which is read as part of its name`);
  if (names.every((name) => /^'.*'$/.test(name)))
    warnings.push(`the names in ${header} are in single quotes, which are read as part of them. Use double quotes`);
  return warnings;
}

/** The first name that reads like a value of a row, without that value. */
function valueIn(names: readonly string[]): string | undefined {
  for (const [i, name] of names.entries()) {
    const text = Buffer.from(name);
    const time = text.length <= 64 ? parseTime(text, text.length) : undefined;
    if (time && !time.isSerial && !/^\d+$/.test(name)) return `time in column ${i + 1}`;
    if (/^\s*[+-]?\d+(?:[.,]\d+)*\s*$/.test(name)) return `number in column ${i + 1}`;
  }
  return undefined;
}

/** @throws UnusableFile naming the columns there are, when one that the event log needs is missing. */
export function requireColumns(wanted: EventLogColumns, columns: readonly string[]): void {
  for (const property of ["caseId", "activity", "timestamp"] as const) {
    if (columns.includes(wanted[property])) continue;
    const value = valueIn(columns);
    if (value !== undefined) {
      const named = `the column "${shortened(wanted[property])}", which eventLog.${property} names`;
      throw new UnusableFile(`its header has a ${value} and not ${named}. Add the header, if it is missing`);
    }
    const names = columns.slice(0, SHOWN_COLUMNS).map((name) => `"${shortened(name)}"`);
    const more = columns.length > names.length ? ` and ${columns.length - names.length} more` : "";
    const missing = `it has no column "${shortened(wanted[property])}", which eventLog.${property} names`;
    throw new UnusableFile(`${missing}. Its columns: ${names.join(", ")}${more}`);
  }
}

/** A name for a message: one line, not too long. */
function shortened(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > SHOWN_NAME ? `${line.slice(0, SHOWN_NAME)}…` : line;
}
