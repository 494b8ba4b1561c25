import * as says from "../messages/files";
import { MAX_COLUMNS, MAX_HEADER_BYTES } from "./header";
import type { TokenListener } from "./xml-tokens";

export const SHEET_NAMES = ["row", "c", "v", "t", "rPh", "r", "s", "f", "sheetData"] as const;
export const SHEET_TEXT_IN = ["v", "t"];
const [ROW, CELL, VALUE, TEXT, RPH, REFERENCE, STYLE] = [1, 2, 3, 4, 5, 6, 7];
const SHEET_DATA = 9;
const [ZERO, BLANK] = [0x30, 0x20];

/** What a cell's value is, by its `t`. */
export const CellType = { number: 0, shared: 1, text: 2, date: 3, error: 4 } as const;

/** Reads the cells of a sheet one after another; what to do with them is up to those who extend it. */
export abstract class CellReader implements TokenListener {
  /** From 1, as the program shows it. */
  protected row = 0;
  /** From 0. */
  protected column = -1;
  protected type: number = CellType.number;
  /** A number of the workbook's styles. */
  protected style = 0;
  private isPhonetic = false;
  /** Whether the cells have ended: charts and controls may have rows of their own. */
  private isBehind = false;

  /** The value of the cell that is open; it may come in pieces. */
  protected abstract value(bytes: Uint8Array, from: number, to: number): void;
  protected abstract endCell(): void;
  protected abstract endRow(): void;
  abstract isDone(): boolean;

  open(name: number): void {
    if (this.isBehind) return;
    if (name === ROW) {
      this.row++;
      this.column = -1;
    } else if (name === CELL) {
      this.column++;
      this.type = CellType.number;
      this.style = 0;
    } else if (name === RPH) this.isPhonetic = true;
    this.element = name;
  }

  attribute(name: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.element === ROW) {
      if (name === REFERENCE) this.row = numberIn(bytes, from, to);
    } else if (this.element !== CELL) return;
    else if (name === REFERENCE) this.column = columnIn(bytes, from, to) ?? this.column;
    else if (name === STYLE) this.style = numberIn(bytes, from, to);
    else if (name === TEXT) this.type = typeIn(bytes, from, to);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    if (!this.isPhonetic && (this.element === VALUE || this.element === TEXT)) this.value(bytes, from, to);
  }

  close(name: number): void {
    this.element = 0;
    if (this.isBehind) return;
    if (name === RPH) this.isPhonetic = false;
    else if (name === CELL) this.endCell();
    else if (name === ROW) this.endRow();
    else if (name === SHEET_DATA) this.isBehind = true;
  }

  /** Opened last. */
  private element = 0;
}

/** One cell of a sheet's first filled row. */
export interface HeaderCell {
  /** From 0. */
  column: number;
  text: Buffer;
  /** Whether the text is the number of a shared one. */
  isShared: boolean;
}

/** Reads the first row that holds a value, and no more. */
export class HeaderReader extends CellReader {
  readonly cells: HeaderCell[] = [];
  private text_ = Buffer.alloc(0);
  private length = 0;
  private hasEnded = false;

  isDone(): boolean {
    return this.hasEnded;
  }

  protected value(bytes: Uint8Array, from: number, to: number): void {
    this.length += to - from;
    refuseLongHeader(this.length);
    this.text_ = Buffer.concat([this.text_, bytes.subarray(from, to)]);
  }

  protected endCell(): void {
    if (this.text_.length === 0 || this.hasEnded) return;
    // Cells may all claim one place, so that their number is no column.
    if (this.column >= MAX_COLUMNS || this.cells.length >= MAX_COLUMNS) {
      throw says.tooManyColumns(says.headerOfSheet(), undefined, MAX_COLUMNS);
    }
    this.cells.push({ column: this.column, text: this.text_, isShared: this.type === CellType.shared });
    this.text_ = Buffer.alloc(0);
  }

  protected endRow(): void {
    this.hasEnded ||= this.cells.length > 0;
  }
}

/** @throws UnusableFile when the names of a header take more memory than those of text may. */
export function refuseLongHeader(length: number): void {
  if (length <= MAX_HEADER_BYTES) return;
  throw says.longSheetHeader();
}

/** Whole, of digits, with blanks before it; 0 for what is none. */
export function numberIn(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let start = from;
  while (start < to && (bytes[start] as number) <= BLANK) start++;
  for (let i = start; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
  return value;
}

/** `C7` is column 2. */
function columnIn(bytes: Uint8Array, from: number, to: number): number | undefined {
  let number = 0;
  for (let i = from; i < to; i++) {
    const letter = (bytes[i] as number) - 0x40;
    if (letter < 1 || letter > 26) break;
    number = number * 26 + letter;
  }
  return number === 0 ? undefined : number - 1;
}

/** `s` is shared, `d` an ISO date, `n` a number; `e` an error; `str`, `inlineStr` and `b` are text to us. */
function typeIn(bytes: Uint8Array, from: number, to: number): number {
  if (to !== from + 1) return CellType.text;
  const letter = String.fromCharCode(bytes[from] as number);
  if (letter === "s") return CellType.shared;
  if (letter === "e") return CellType.error;
  return letter === "n" ? CellType.number : letter === "d" ? CellType.date : CellType.text;
}
