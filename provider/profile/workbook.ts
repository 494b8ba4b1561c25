import * as says from "../messages/files";
import { NAME_BYTES } from "./activity-names";
import type { ContentReader, EventLogColumns, Findings } from "./file-profile";
import { type Header, hasColumns, judgedHeader, requireColumns } from "./header";
import type { EventTaker } from "./log-events";
import { dateStyles, findParts, type Sheet, type WorkbookParts } from "./package-parts";
import { SharedTexts, TEXT_IN, TEXT_NAMES, TextsByNumber } from "./shared-texts";
import { CellType, type HeaderCell, HeaderReader, SHEET_NAMES, SHEET_TEXT_IN, sharedNumber } from "./sheet-cell";
import type { SheetDates } from "./sheet-dates";
import { namesOf } from "./sheet-header";
import { SheetLog } from "./sheet-log";
import { SheetRows } from "./sheet-rows";
import { documentFault, ownerFault, signatureFault } from "./signature";
import { SketchBuilder } from "./sketch-builder";
import { sharedSlots } from "./slots";
import { ZipParts } from "./zip-parts";

const ZIP = "PK";
/** Of the first part of an archive. A byte order mark, line ends or a header of HTTP may stand before it. */
const ZIP_SIGNATURE = Buffer.from("PK\x03\x04", "latin1");
const LOOKED_AT_BYTES = 4096;

/** Reads an xlsx workbook, once its bytes have been hashed: rows, columns and event log of its only sheet with cells. */
export class WorkbookReader implements ContentReader {
  readonly slots = sharedSlots();
  private hasBegun = false;

  constructor(
    private readonly descriptor: number,
    private readonly wantedLog?: EventLogColumns,
    private readonly taker?: EventTaker,
  ) {}

  push(chunk: Buffer): void {
    if (this.hasBegun || chunk.toString("latin1", 0, 2) === ZIP) {
      this.hasBegun = true;
      return;
    }
    const before = chunk.subarray(0, LOOKED_AT_BYTES).indexOf(ZIP_SIGNATURE);
    throw (
      ownerFault(chunk) ??
      signatureFault(chunk) ??
      (before > 0 ? says.bytesBefore(before) : undefined) ??
      documentFault(chunk) ??
      says.notAWorkbook()
    );
  }

  async end(): Promise<Findings> {
    const parts = await ZipParts.open(this.descriptor);
    const { workbook, sheet, texts, header, warnings, dates } = await beginningOf(parts, this.wantedLog);
    const sketch = new SketchBuilder();
    const readRows = async (log?: SheetLog) => {
      const rows = new SheetRows(texts, sketch, log);
      await parts.readTokens(sheet.part, SHEET, rows);
      return { rows, widened: widened(header, rows, this.wantedLog) };
    };
    const log = await this.logOf(header, dates, readRows);
    const {
      rows,
      widened: { names: columns, warnings: ofHeader },
    } = await readRows(log);
    // Which texts are activities is known only now. They are among the first, where a program writes each text once.
    const events = await log?.end(rows.rows, sketch, async (wanted) => {
      if (workbook.sharedStrings === undefined) return;
      await parts.readTokens(workbook.sharedStrings, TEXTS, new TextsByNumber(wanted, NAME_BYTES));
    });
    if (parts.bytesBehind > 0) warnings.push(says.bytesBehind(parts.bytesBehind));
    if (rows.rows === 0) warnings.push(says.noRows());
    if (rows.repeatedHeaders > 0) {
      warnings.push(says.repeatedHeader(rows.repeatedHeaders, rows.repeatedHeaderRow, "row"));
    }
    return {
      table: { rows: rows.rows, columns },
      ...(events && { eventLog: events.eventLog }),
      sketch: sketch.sketch(),
      warnings: [...warnings, ...ofHeader, ...(events?.warnings ?? [])],
    };
  }

  close(): void {}

  private async logOf(
    { names, warnings }: Header,
    dates: SheetDates,
    readRows: () => Promise<unknown>,
  ): Promise<SheetLog | undefined> {
    const { wantedLog } = this;
    if (!wantedLog) return undefined;
    // A title above the header is why columns are missing, and the rows show it.
    if (!hasColumns(wantedLog, names)) await readRows();
    requireColumns(wantedLog, names, warnings[0]);
    return new SheetLog(wantedLog, names, dates, this.taker);
  }
}

/** @throws UnusableFile as reading the whole does. */
export async function columnsOfWorkbook(descriptor: number): Promise<readonly string[]> {
  const parts = await ZipParts.open(descriptor);
  return (await beginningOf(parts)).header.names;
}

/** What stands before the rows. */
async function beginningOf(parts: ZipParts, wantedLog?: EventLogColumns) {
  const workbook = await findParts(parts);
  const { sheet, header, warnings } = await onlyTable(parts, workbook.sheets);
  const { cells, texts, sharedTexts } = await filledHeader(parts, workbook, sheet, header, wantedLog !== undefined);
  const needsDates = wantedLog !== undefined || cells.some(({ type }) => type === CellType.number);
  const isDate = needsDates ? await dateStyles(parts, workbook.styles) : [];
  const dates = { isDate, is1904: workbook.is1904 };
  return {
    workbook,
    sheet,
    texts,
    header: judgedSheet(namesOf(cells, sharedTexts, dates), wantedLog),
    warnings,
    dates,
  };
}

/** The first row with a value, and the texts: that those of the first cells are all empty shows when they are read. */
async function filledHeader(
  parts: ZipParts,
  workbook: WorkbookParts,
  sheet: Sheet,
  header: HeaderCell[],
  wantsTimes: boolean,
) {
  const first = await withTexts(parts, workbook, header, wantsTimes);
  const { texts } = first;
  const isEmptyText = (index: number) => texts.isEmptyAt(index);
  if (header.some(({ type, text }) => type !== CellType.shared || !isEmptyText(sharedNumber(text)))) return first;
  const reader = new HeaderReader(isEmptyText);
  await parts.readTokens(sheet.part, SHEET, reader);
  if (reader.cells.length === 0) throw says.sheetIsEmpty();
  return withTexts(parts, workbook, reader.cells, wantsTimes);
}

const SHEET = { names: SHEET_NAMES, textIn: SHEET_TEXT_IN };
const TEXTS = { names: TEXT_NAMES, textIn: TEXT_IN };

/** The sheet that has cells, with its first row; others may be empty, or hold charts. */
async function onlyTable(parts: ZipParts, sheets: readonly Sheet[]) {
  const filled: { sheet: Sheet; header: HeaderCell[] }[] = [];
  const rest: Sheet[] = [];
  let hasEmpty = false;
  for (const sheet of sheets) {
    const reader = new HeaderReader();
    if (sheet.hasCells) await parts.readTokens(sheet.part, SHEET, reader);
    hasEmpty ||= sheet.hasCells;
    if (reader.cells.length > 0) filled.push({ sheet, header: reader.cells });
    else rest.push(sheet);
  }
  const [only] = filled;
  if (!only) throw hasEmpty ? says.sheetIsEmpty() : says.noSheetWithCells();
  if (filled.length > 1) throw says.severalSheets(filled.map(({ sheet }) => nameOf(sheet)));
  const warnings: string[] = [];
  if (rest.length > 0) warnings.push(says.emptySheets(rest.map(nameOf)));
  if (only.sheet.isHidden) warnings.push(says.hiddenSheet(nameOf(only.sheet)));
  return { ...only, warnings };
}

function nameOf({ name, isHidden }: Sheet): string {
  return `"${name}"${isHidden ? " (hidden)" : ""}`;
}

/** @returns with `cells`, of which the shared texts are read whole. */
async function withTexts(
  parts: ZipParts,
  { sharedStrings }: WorkbookParts,
  cells: readonly HeaderCell[],
  wantsTimes: boolean,
) {
  const shared = cells.filter(({ type }) => type === CellType.shared);
  const sharedTexts = new Map(shared.map(({ text }) => [sharedNumber(text), Buffer.alloc(0)]));
  const texts = new SharedTexts(sharedTexts, wantsTimes);
  if (sharedStrings !== undefined && (sharedTexts.size > 0 || parts.has(sharedStrings))) {
    await parts.readTokens(sharedStrings, TEXTS, texts);
  }
  return { cells, texts, sharedTexts };
}

function judgedSheet(names: string[], wantedLog: EventLogColumns | undefined): Header {
  return judgedHeader(names, says.headerOfSheet(), { wantedLog, firstRows: () => [], isSheet: true });
}

/** With columns that have values and no name, as below a merged cell; too many of them stand below a title. */
function widened(header: Header, { widest, widestRow }: SheetRows, wantedLog: EventLogColumns | undefined): Header {
  const { names } = header;
  if (widest <= names.length) return header;
  const named = names.filter((name) => name.trim() !== "").length;
  const isTitle = named * 2 < widest || (wantedLog !== undefined && !hasColumns(wantedLog, names));
  if (!isTitle) return judgedSheet([...names, ...Array<string>(widest - names.length).fill("")], wantedLog);
  throw named === 1 ? says.sheetTitle(widestRow, widest) : says.unnamedColumn(widestRow, widest, named);
}
