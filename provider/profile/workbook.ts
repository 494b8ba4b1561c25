import type { ContentReader, EventLogColumns, Findings } from "./file-profile";
import { type Header, judgedHeader, requireColumns } from "./header";
import { dateStyles, findParts, type Sheet, type WorkbookParts } from "./package-parts";
import { SharedTexts, TEXT_IN, TEXT_NAMES } from "./shared-texts";
import { type HeaderCell, HeaderReader, numberIn, SHEET_NAMES, SHEET_TEXT_IN } from "./sheet-cell";
import { SheetLog } from "./sheet-log";
import { SheetRows } from "./sheet-rows";
import { documentRefusal, signatureRefusal } from "./signature";
import { SketchBuilder } from "./sketch-builder";
import { sharedSlots } from "./slots";
import { UnusableFile } from "./source-file";
import { ZipParts } from "./zip-parts";

const ZIP = "PK";

/** Reads an xlsx workbook, once its bytes have been hashed: rows, columns and event log of its only sheet with cells. */
export class WorkbookReader implements ContentReader {
  readonly slots = sharedSlots();
  private hasBegun = false;

  constructor(
    private readonly descriptor: number,
    private readonly wantedLog?: EventLogColumns,
  ) {}

  push(chunk: Buffer): void {
    if (this.hasBegun || chunk.toString("latin1", 0, 2) === ZIP) {
      this.hasBegun = true;
      return;
    }
    const refusal = signatureRefusal(chunk) ?? documentRefusal(chunk);
    throw new UnusableFile(refusal ?? "it is not an Excel workbook (.xlsx). Name it by what it is");
  }

  async end(): Promise<Findings> {
    const parts = await ZipParts.open(this.descriptor);
    const workbook = await findParts(parts);
    const { sheet, header: cells, warnings } = await onlyTable(parts, workbook.sheets);
    const wanted = new Map(
      cells.filter(({ isShared }) => isShared).map((cell) => [sharedNumber(cell), Buffer.alloc(0)]),
    );
    const texts = await readTexts(parts, workbook, wanted, this.wantedLog !== undefined);
    const header = headerOf(cells, wanted);
    const sketch = new SketchBuilder();
    const log = await this.logOf(parts, workbook, header.names);
    const rows = new SheetRows(texts, sketch, log);
    await parts.readTokens(sheet.part, SHEET, rows);
    refuseUnnamed(header.names, rows);
    const events = await log?.end(rows.rows, sketch);
    if (parts.bytesBehind > 0)
      warnings.push(`${parts.bytesBehind} bytes follow the end of the workbook and are not read`);
    if (rows.rows === 0) warnings.push("it has a header and no rows");
    return {
      table: { rows: rows.rows, columns: header.names },
      ...(events && { eventLog: events.eventLog }),
      sketch: sketch.sketch(),
      warnings: [...warnings, ...header.warnings, ...(events?.warnings ?? [])],
    };
  }

  close(): void {}

  private async logOf(
    parts: ZipParts,
    { styles, is1904 }: WorkbookParts,
    columns: readonly string[],
  ): Promise<SheetLog | undefined> {
    if (!this.wantedLog) return undefined;
    requireColumns(this.wantedLog, columns);
    return new SheetLog(this.wantedLog, columns, { isDate: await dateStyles(parts, styles), is1904 });
  }
}

const SHEET = { names: SHEET_NAMES, textIn: SHEET_TEXT_IN };

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
  if (!only) {
    throw new UnusableFile(
      hasEmpty
        ? "its sheet is empty. An upload needs at least a header row"
        : "it has no sheet with cells. Save a table in it",
    );
  }
  if (filled.length > 1) {
    const names = namesOf(filled.map(({ sheet }) => sheet));
    throw new UnusableFile(`it has ${filled.length} sheets with cells: ${names}. Keep one, or save each as a file`);
  }
  const warnings: string[] = [];
  if (rest.length > 0)
    warnings.push(`it has ${rest.length === 1 ? "a sheet" : `${rest.length} sheets`} without cells: ${namesOf(rest)}`);
  if (only.sheet.isHidden) warnings.push(`its sheet with cells is hidden: ${namesOf([only.sheet])}`);
  return { ...only, warnings };
}

const SHOWN_SHEETS = 20;

function namesOf(sheets: readonly Sheet[]): string {
  const names = sheets.slice(0, SHOWN_SHEETS).map(({ name, isHidden }) => `"${name}"${isHidden ? " (hidden)" : ""}`);
  return names.join(", ") + (sheets.length > names.length ? ` and ${sheets.length - names.length} more` : "");
}

async function readTexts(
  parts: ZipParts,
  { sharedStrings }: WorkbookParts,
  wanted: Map<number, Buffer>,
  wantsTimes: boolean,
): Promise<SharedTexts> {
  const texts = new SharedTexts(wanted, wantsTimes);
  if (sharedStrings !== undefined && (wanted.size > 0 || parts.has(sharedStrings))) {
    await parts.readTokens(sharedStrings, { names: TEXT_NAMES, textIn: TEXT_IN }, texts);
  }
  return texts;
}

function sharedNumber({ text }: HeaderCell): number {
  return numberIn(text, 0, text.length);
}

function headerOf(cells: readonly HeaderCell[], shared: ReadonlyMap<number, Buffer>): Header {
  const names: string[] = Array(Math.max(...cells.map(({ column }) => column)) + 1).fill("");
  for (const cell of cells) {
    const text = cell.isShared ? shared.get(sharedNumber(cell)) : cell.text;
    names[cell.column] = text?.toString("utf8") ?? "";
  }
  return judgedHeader(names, "the header row of its sheet");
}

function refuseUnnamed(columns: readonly string[], { widest, widestRow }: SheetRows): void {
  if (widest <= columns.length) return;
  throw new UnusableFile(
    columns.length === 1
      ? `the first row of its sheet has 1 value and row ${widestRow} reaches column ${widest}, so it is a title. Delete the rows above the names of the columns`
      : `row ${widestRow} of its sheet has a value in column ${widest}, and the header names ${columns.length}. Name the column or empty it`,
  );
}
