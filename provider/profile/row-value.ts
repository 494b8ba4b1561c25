import * as says from "../messages/files";
import { parseTime } from "./parse-time";

/** With a sign on either side, as SAP writes it, an exponent, a currency or a percent sign. */
const NUMBER = /^\s*\p{Sc}?\s*[+-]?(?:\d+(?:[.,'\u00a0\u202f]\d+)*|[.,]\d+)(?:e[+-]?\d+)?\s*[-%\p{Sc}]?\s*$/iu;
const TIME_OF_DAY = /^\s*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s*$/;
/** Numbers, weeks and months alone are names too, of years and of columns that a pivot table makes. */
const NO_TIME_ALONE = /^\d+$|^\d{4}-?W\d\d$|^\d{4}-\d\d$/;
/** Longer is none, and would keep the patterns busy. */
const MAX_BYTES = 64;

type Kind = "time" | "number";

function kindOf(text: string): Kind | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_BYTES) return undefined;
  const time = parseTime(bytes, bytes.length);
  if ((time && !time.isSerial && !NO_TIME_ALONE.test(text)) || TIME_OF_DAY.test(text)) return "time";
  return NUMBER.test(text) ? "number" : undefined;
}

/** For a message, the first name that reads like a value of a row, without that value. */
export function valueIn(names: readonly string[]): string | undefined {
  for (const [i, name] of names.entries()) {
    const kind = kindOf(name);
    if (kind !== undefined) return kind === "time" ? says.timeIn(i + 1) : says.numberIn(i + 1);
  }
  return undefined;
}

/**
 * As {@link valueIn}, without names above texts, and codes that look like those below them. Undefined too where a column
 * shows that the names are some: all its values are times or numbers, and its name is none.
 */
export function rowValueIn(names: readonly string[], firstRows: () => string[][]): string | undefined {
  const value = valueIn(names);
  const maybeCode = names.findIndex((name) => codeShape(name) !== undefined);
  if (value === undefined && maybeCode < 0) return undefined;
  const rows = firstRows();
  if (names.some((name, i) => isAboveValues(name, i, rows))) return undefined;
  const valueAboveValues = valueIn(names.map((name, i) => (isAboveTexts(i, rows) ? "" : name)));
  if (valueAboveValues !== undefined) return valueAboveValues;
  const code = names.findIndex((name, i) => isLikeCodesBelow(name, i, rows));
  return code < 0 ? undefined : says.codeIn(code + 1);
}

const NO_NAME = /^\s*(?:null|none|nan|n\/?a|unknown|\W*)\s*$/i;

function isAboveValues(name: string, column: number, rows: readonly string[][]): boolean {
  if (rows.length === 0 || NO_NAME.test(name) || kindOf(name) !== undefined) return false;
  return rows.every((row) => kindOf(row[column] ?? "") !== undefined);
}

/** Of fewer rows it could be chance. */
const SURE_ROWS = 2;

/** Whether no value of a column reads like a number or a time: then its name that does is one, as of a pivot table. */
function isAboveTexts(column: number, rows: readonly string[][]): boolean {
  const values = rows.map((row) => row[column] ?? "").filter((value) => !NO_NAME.test(value));
  return values.length >= SURE_ROWS && values.every((value) => kindOf(value) === undefined);
}

function isLikeCodesBelow(name: string, column: number, rows: readonly string[][]): boolean {
  const shape = codeShape(name);
  if (shape === undefined || rows.length < SURE_ROWS) return false;
  return rows.every((row) => codeShape(row[column] ?? "") === shape);
}

const UUID = /^\{?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?$/i;
const HASH = /^(?=.*\d)(?:[\da-f]{16}|[\da-f]{24}|[\da-f]{32}|[\da-f]{40}|[\da-f]{64})$/i;

/** What `ORD-1000` and `ORD-1001` have in common; undefined of what is no code: it has fewer than three digits. */
function codeShape(text: string): string | undefined {
  if (text.length > MAX_BYTES) return undefined;
  if (UUID.test(text)) return "UUID";
  if (HASH.test(text)) return `hash of ${text.length}`;
  if (!/^[\p{L}\p{N}._/#:-]+$/u.test(text) || (text.match(/\d/g)?.length ?? 0) < 3) return undefined;
  return text.replace(/\d/g, "0");
}
