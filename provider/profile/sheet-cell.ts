import * as says from "../messages/files";
import { MAX_COLUMNS, MAX_HEADER_BYTES } from "./header";
import type { TokenListener } from "./xml-tokens";

export const SHEET_NAMES = ["row", "c", "v", "t", "rPh", "r", "s", "f", "sheetData"] as const;
export const SHEET_TEXT_IN = ["v", "t"];
const [ROW, CELL, VALUE, TEXT, RPH, REFERENCE, STYLE] = [1, 2, 3, 4, 5, 6, 7];
const SHEET_DATA = 9;
const [ZERO, BLANK, LETTER_F] = [0x30, 0x20, 0x66];
/** Of ASCII letters. */
const UPPER_CASE = 0xdf;

/** What a cell's value is, by its `t`. */
export const CellType = { number: 0, shared: 1, text: 2, date: 3, error: 4, boolean: 5 } as const;

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
  /** Opened last. */
  private element = 0;
  /** The element that the value of the open cell comes from; 0 before it. */
  private source = 0;
  /** Of the row that is open, while it has no cell. */
  private nextRow = 0;
  private isNewRow = false;
  /** Of the last cell in the row before. */
  private lastColumn = -1;
  /** Whether the cells have ended: charts and controls may have rows of their own. */
  private isBehind = false;

  /** The value of the cell that is open; it may come in pieces. */
  protected abstract value(bytes: Uint8Array, from: number, to: number): void;
  /** The pieces so far are not the cell's value. */
  protected abstract dropValue(): void;
  protected abstract endCell(): void;
  protected abstract endRow(): void;
  abstract isDone(): boolean;

  open(name: number): void {
    if (this.isBehind) return;
    if (name === ROW) {
      this.nextRow = this.row + 1;
      this.isNewRow = true;
      if (this.column >= 0) this.lastColumn = this.column;
      this.column = -1;
    } else if (name === CELL) {
      this.column++;
      this.type = CellType.number;
      this.style = 0;
      this.source = 0;
    } else if (name === RPH) this.isPhonetic = true;
    this.element = name;
  }

  attribute(name: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.element === ROW) {
      if (name === REFERENCE) this.nextRow = numberIn(bytes, from, to);
    } else if (this.element !== CELL) return;
    else if (name === REFERENCE) this.column = columnIn(bytes, from, to) ?? this.column;
    else if (name === STYLE) this.style = numberIn(bytes, from, to);
    else if (name === TEXT) this.type = typeIn(bytes, from, to);
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    const { element } = this;
    if (this.isPhonetic || (element !== VALUE && element !== TEXT)) return;
    if (element !== this.source) {
      // A text of its own prevails over a number or a result that programs write next to it.
      if (this.source === TEXT) return;
      if (this.source === VALUE) this.dropValue();
      this.source = element;
    }
    this.value(bytes, from, to);
  }

  close(name: number): void {
    this.element = 0;
    if (this.isBehind) return;
    if (name === RPH) this.isPhonetic = false;
    else if (name === CELL || name === ROW) {
      if (this.isNewRow) this.beginRow();
      if (name === CELL) this.endCell();
    } else if (name === SHEET_DATA) {
      this.endRow();
      this.isBehind = true;
    }
  }

  /** Some programs write a row in parts, each with the number of the row and the cells that follow. */
  private beginRow(): void {
    this.isNewRow = false;
    if (this.nextRow === this.row && (this.column < 0 || this.column > this.lastColumn)) return;
    this.endRow();
    this.row = this.nextRow;
  }
}

/** One cell of a sheet's first filled row. */
export interface HeaderCell {
  /** From 0. */
  column: number;
  text: Buffer;
  type: number;
  style: number;
}

/** Reads the first row that holds a value, and no more. */
export class HeaderReader extends CellReader {
  readonly cells: HeaderCell[] = [];
  private text_ = Buffer.alloc(0);
  private length = 0;
  private hasEnded = false;

  /** @param isEmptyText - of a shared text, by its number; until they are read, none is. */
  constructor(private readonly isEmptyText: (index: number) => boolean = () => false) {
    super();
  }

  isDone(): boolean {
    return this.hasEnded;
  }

  protected value(bytes: Uint8Array, from: number, to: number): void {
    this.length += to - from;
    refuseLongHeader(this.length);
    this.text_ = Buffer.concat([this.text_, bytes.subarray(from, to)]);
  }

  protected dropValue(): void {
    this.text_ = Buffer.alloc(0);
  }

  protected endCell(): void {
    if (this.text_.length === 0 || this.hasEnded) return;
    if (this.type === CellType.shared && this.isEmptyText(sharedNumber(this.text_))) {
      this.dropValue();
      return;
    }
    // Cells may all claim one place, so that their number is no column.
    if (this.column >= MAX_COLUMNS || this.cells.length >= MAX_COLUMNS) {
      throw says.tooManyColumns(says.headerOfSheet(), undefined, MAX_COLUMNS);
    }
    this.cells.push({ column: this.column, text: this.text_, type: this.type, style: this.style });
    this.dropValue();
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

/** Of the shared text that a cell refers to. */
export function sharedNumber(text: Uint8Array): number {
  return numberIn(text, 0, text.length);
}

/** `1E3` and `1000.0` are 1000, as programs show it. */
export function numberText(written: string): string {
  const value = Number(written);
  return Number.isFinite(value) ? String(value) : written;
}

/** As programs show it. */
export function booleanText(start: number): "TRUE" | "FALSE" {
  return start === ZERO || start === LETTER_F ? "FALSE" : "TRUE";
}

/** `C7` is column 2, and so is `c7`. */
function columnIn(bytes: Uint8Array, from: number, to: number): number | undefined {
  let number = 0;
  for (let i = from; i < to; i++) {
    const letter = ((bytes[i] as number) & UPPER_CASE) - 0x40;
    if (letter < 1 || letter > 26) break;
    number = number * 26 + letter;
  }
  return number === 0 ? undefined : number - 1;
}

/** `s` is shared, `d` an ISO date, `n` a number; `e` an error, `b` a boolean; `str` and `inlineStr` are text. */
function typeIn(bytes: Uint8Array, from: number, to: number): number {
  if (to !== from + 1) return CellType.text;
  const letter = String.fromCharCode(bytes[from] as number);
  if (letter === "s") return CellType.shared;
  if (letter === "e") return CellType.error;
  if (letter === "b") return CellType.boolean;
  return letter === "n" ? CellType.number : letter === "d" ? CellType.date : CellType.text;
}
