import * as says from "../messages/files";
import { NAME_BYTES } from "./activity-names";
import { ValueHash } from "./row-hash";
import type { SharedTexts } from "./shared-texts";
import { booleanText, CellReader, CellType, numberIn, numberText } from "./sheet-cell";
import { type SheetLog, TIME } from "./sheet-log";
import type { SketchBuilder } from "./sketch-builder";

/** As many as Excel has in a sheet, the header among them; it bounds what is kept of cases. */
const MAX_ROWS = 1_048_576;
/** Longer is no time, and no number. A byte more tells. */
const TIME_BYTES = 64;
const [ZERO, NINE] = [0x30, 0x39];
/** More than a time has, or an activity whose name is kept. */
const START_BYTES = NAME_BYTES;

/** Reads all rows of a sheet below its header: counts and hashes them, and hands the values of a log on. */
export class SheetRows extends CellReader {
  /** Below the header. */
  rows = 0;
  /** The most columns a row reaches, and the first row that does. */
  widest = 0;
  widestRow = 0;
  /** Rows that hold the names of the columns again, and the first of them. */
  repeatedHeaders = 0;
  repeatedHeaderRow = 0;
  /** The header's hash; undefined before its end. */
  private header: readonly [high: number, low: number] | undefined;
  private headerRow = 0;
  private isFilled = false;
  private readonly start = Buffer.alloc(START_BYTES);
  private length = 0;
  private isBlank = true;
  private readonly hash = new ValueHash();
  private readonly rowHash = new ValueHash();

  constructor(
    private readonly texts: SharedTexts,
    private readonly sketch: SketchBuilder,
    private readonly log?: SheetLog,
  ) {
    super();
  }

  isDone(): boolean {
    return false;
  }

  protected value(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.length < START_BYTES) this.start[this.length] = byte;
      if (byte > 0x20) this.isBlank = false;
      this.length++;
    }
    if (this.type !== CellType.shared) this.hash.addBytes(bytes, from, to);
  }

  protected dropValue(): void {
    if (this.type !== CellType.shared) this.hash.take();
    this.length = 0;
    this.isBlank = true;
  }

  protected endCell(): void {
    if (this.length === 0) return;
    this.keepValue();
    this.length = 0;
    this.isBlank = true;
  }

  protected endRow(): void {
    if (!this.isFilled) return;
    this.isFilled = false;
    const [high, low] = this.rowHash.take();
    if (this.header === undefined) {
      this.header = [high, low];
      this.headerRow = this.row;
      return;
    }
    if (this.row < this.headerRow) throw says.rowsOutOfOrder(this.row, this.headerRow);
    if (++this.rows >= MAX_ROWS) throw says.tooManyRows(MAX_ROWS);
    if (high === this.header[0] && low === this.header[1] && this.repeatedHeaders++ === 0) {
      this.repeatedHeaderRow = this.row;
    }
    this.log?.endRow(this.row, high);
    this.sketch.addRow(high, low, this.log?.caseKey);
  }

  private keepValue(): void {
    const { texts, column, log } = this;
    const role = this.header === undefined ? 0 : (log?.roleOf(column) ?? 0);
    if (this.type !== CellType.shared) {
      const [high, low] = this.hash.take();
      this.fill(high, low);
      // To readers of tables it is a value that is missing.
      if (role === 0 || this.type === CellType.error) return;
      if (this.type === CellType.boolean) this.takeText(role, booleanText(this.start[0] as number));
      else if (this.type === CellType.number && role !== TIME && !this.isPlain()) {
        this.takeText(role, numberText(this.start.toString("latin1", 0, this.length)));
      } else if (log?.take(role, high, low, this.isBlank)) log.activities.name(this.start, this.length);
      log?.takeTime(role, this.start, Math.min(this.length, TIME_BYTES + 1), this.type, this.style);
      return;
    }
    const index = numberIn(this.start, 0, Math.min(this.length, TIME_BYTES));
    if (texts.isEmptyAt(index)) return;
    const [high, low] = [texts.highAt(index), texts.lowAt(index)];
    this.fill(high, low);
    if (role === 0) return;
    if (log?.take(role, high, low, texts.isBlankAt(index))) log.activities.nameShared(index);
    log?.takeSharedTime(role, texts.timeAt(index));
  }

  /** Takes the hash of a cell that holds a value. */
  private fill(high: number, low: number): void {
    const { column } = this;
    this.rowHash.addHash(high, low ^ column);
    this.isFilled = true;
    if (column < this.widest) return;
    this.widest = column + 1;
    this.widestRow = this.row;
  }

  /** Whether the number is written as all programs write it: with digits alone. */
  private isPlain(): boolean {
    if (this.length > TIME_BYTES || this.start[0] === ZERO) return this.length > TIME_BYTES || this.length === 1;
    for (let i = 0; i < this.length; i++) {
      const byte = this.start[i] as number;
      if (byte < ZERO || byte > NINE) return false;
    }
    return true;
  }

  /** Takes a case or an activity that is written in another form than it is shown. */
  private takeText(role: number, shown: string): void {
    const text = Buffer.from(shown);
    this.hash.addBytes(text, 0, text.length);
    const [high, low] = this.hash.take();
    if (this.log?.take(role, high, low, this.isBlank)) this.log.activities.name(text, text.length);
  }
}
