import { MAX_COLUMNS, MAX_HEADER_BYTES } from "./header";
import { UnusableFile } from "./source-file";
import type { Tag, XmlListener } from "./xml-reader";

/** One cell of a sheet's first filled row. */
export interface HeaderCell {
  /** From 0. */
  column: number;
  /** Its text, or the number of a shared one. */
  text: string;
  isShared: boolean;
}

/** Counts the rows of a sheet that hold a value, and keeps the first as the header. */
export class SheetListener implements XmlListener {
  /** Below the header. */
  rows = 0;
  readonly header: HeaderCell[] = [];
  /** The most columns a row reaches, and the first row that does. */
  widest = 0;
  widestRow = 0;
  private hasHeader = false;
  private row = 0;
  private column = -1;
  private isShared = false;
  private isFilled = false;
  private isValue = false;
  private isPhonetic = false;
  private value = "";
  private headerLength = 0;

  open(name: string, { attributes }: Tag): void {
    this.isValue = false;
    if (name === "row") {
      this.row = Number(attributes["r"] ?? this.row + 1);
      this.column = -1;
      this.isFilled = false;
    } else if (name === "c") {
      this.column = columnOf(attributes["r"]) ?? this.column + 1;
      this.isShared = attributes["t"] === "s";
      this.value = "";
    } else if (name === "rPh") this.isPhonetic = true;
    else this.isValue = name === "v" || (name === "t" && !this.isPhonetic);
  }

  close(name: string): void {
    this.isValue = false;
    if (name === "rPh") this.isPhonetic = false;
    else if (name === "c" && this.value !== "") this.cell();
    else if (name === "row" && this.isFilled) {
      if (this.hasHeader) this.rows++;
      this.hasHeader = true;
    }
  }

  text(text: string): void {
    if (!this.isValue) return;
    // Below the header all that counts is whether there is one.
    if (this.hasHeader) this.value ||= text;
    else {
      this.value += text;
      this.headerLength += text.length;
      refuseLongHeader(this.headerLength);
    }
  }

  private cell(): void {
    this.isFilled = true;
    const { column, value, isShared } = this;
    if (!this.hasHeader) {
      // Cells may all claim one place, so that their number is no column.
      if (column >= MAX_COLUMNS || this.header.length >= MAX_COLUMNS) {
        throw new UnusableFile(
          `the header row of its sheet has more than ${MAX_COLUMNS} columns, which is the limit. Leave columns out`,
        );
      }
      this.header.push({ column, text: value, isShared });
    }
    if (column < this.widest) return;
    this.widest = column + 1;
    this.widestRow = this.row;
  }
}

/** @throws UnusableFile when the names of a header take more memory than those of text may. */
export function refuseLongHeader(length: number): void {
  if (length <= MAX_HEADER_BYTES) return;
  throw new UnusableFile("the header row of its sheet is longer than 1 MiB. Shorten the names of its columns");
}

/** `C7` is column 2. */
function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined;
  let number = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 0x40;
    if (letter < 1 || letter > 26) break;
    number = number * 26 + letter;
  }
  return number === 0 ? undefined : number - 1;
}
