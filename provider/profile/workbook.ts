import * as path from "node:path";
import type { ContentReader, EventLogColumns, Findings } from "./file-profile";
import { refuseBadNames, requireColumns } from "./header";
import { type HeaderCell, refuseLongHeader, SheetListener } from "./sheet";
import { signatureRefusal } from "./signature";
import { sharedSlots } from "./slots";
import { UnusableFile } from "./source-file";
import type { XmlListener } from "./xml-reader";
import { ZipParts } from "./zip-parts";

const ZIP = "PK";

/** Reads an xlsx workbook, once its bytes have been hashed: rows and columns of its only sheet. */
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
    throw new UnusableFile(signatureRefusal(chunk) ?? "it is not an Excel workbook (.xlsx). Name it by what it is");
  }

  async end(): Promise<Findings> {
    const parts = await ZipParts.open(this.descriptor);
    const { sheet, sharedStrings } = await findSheet(parts);
    const listener = new SheetListener();
    await parts.read(sheet, listener);
    const columns = await headerNames(parts, listener.header, sharedStrings);
    const warnings: string[] = [];
    if (listener.rows === 0) warnings.push("it has a header and no rows");
    if (this.wantedLog) {
      requireColumns(this.wantedLog, columns);
      warnings.push("cases, activities and times are not read from .xlsx");
    }
    refuseUnnamed(columns, listener);
    return { table: { rows: listener.rows, columns }, warnings };
  }

  close(): void {}
}

/** Follows the relations from the archive's root to the workbook, its only sheet and the texts its cells share. */
async function findSheet(parts: ZipParts): Promise<{ sheet: string; sharedStrings?: string }> {
  const root = await relationsOf(parts, "");
  const workbook = root.find(({ type }) => type.endsWith("/officeDocument"))?.target ?? "xl/workbook.xml";
  const sheets: { name: string; relation: string }[] = [];
  await parts.read(workbook, {
    open(name, { attributes }) {
      if (name === "sheet") sheets.push({ name: attributes["name"] ?? "", relation: attributes["r:id"] ?? "" });
    },
  });
  const [only] = sheets;
  if (sheets.length > 1) {
    const names = sheets.slice(0, 20).map(({ name }) => `"${name}"`);
    const more = sheets.length > names.length ? ` and ${sheets.length - names.length} more` : "";
    throw new UnusableFile(
      `it has ${sheets.length} sheets: ${names.join(", ")}${more}. Keep one, or save each as a file`,
    );
  }
  const relations = await relationsOf(parts, workbook);
  const sheet = relations.find(({ id, type }) => id === only?.relation && type.endsWith("/worksheet"));
  if (!sheet) throw new UnusableFile("it has no sheet with cells. Save a table in it");
  return { sheet: sheet.target, sharedStrings: relations.find(({ type }) => type.endsWith("/sharedStrings"))?.target };
}

async function relationsOf(parts: ZipParts, part: string) {
  const folder = path.posix.dirname(part);
  const relations: { id: string; type: string; target: string }[] = [];
  const file = path.posix.join(folder, "_rels", `${path.posix.basename(part)}.rels`);
  if (part === "" && !parts.has(file)) return relations;
  await parts.read(file, {
    open(name, { attributes }) {
      if (name !== "Relationship") return;
      const target = path.posix.resolve("/", folder, attributes["Target"] ?? "").slice(1);
      relations.push({ id: attributes["Id"] ?? "", type: attributes["Type"] ?? "", target });
    },
  });
  return relations;
}

async function headerNames(parts: ZipParts, header: readonly HeaderCell[], sharedStrings?: string): Promise<string[]> {
  if (header.length === 0) throw new UnusableFile("its sheet is empty. An upload needs at least a header row");
  const wanted = new Map(header.filter(({ isShared }) => isShared).map(({ text }) => [Number(text), ""]));
  if (wanted.size > 0 && sharedStrings) await parts.read(sharedStrings, sharedTexts(wanted));
  const names: string[] = Array(Math.max(...header.map(({ column }) => column)) + 1).fill("");
  for (const { column, text, isShared } of header) names[column] = isShared ? (wanted.get(Number(text)) ?? "") : text;
  refuseBadNames(names, "the header row of its sheet");
  return names;
}

/** Collects the wanted ones of the texts that cells refer to by number. */
function sharedTexts(wanted: Map<number, string>): XmlListener & { isDone(): boolean } {
  const last = Math.max(...wanted.keys());
  let index = -1;
  let length = 0;
  let isText = false;
  let isPhonetic = false;
  return {
    open(name) {
      if (name === "si") index++;
      isPhonetic ||= name === "rPh";
      isText = name === "t" && !isPhonetic && wanted.has(index);
    },
    close(name) {
      isText = false;
      if (name === "rPh") isPhonetic = false;
    },
    text(text) {
      if (!isText) return;
      length += text.length;
      refuseLongHeader(length);
      wanted.set(index, (wanted.get(index) ?? "") + text);
    },
    isDone: () => index > last,
  };
}

function refuseUnnamed(columns: readonly string[], { widest, widestRow }: SheetListener): void {
  if (widest <= columns.length) return;
  throw new UnusableFile(
    `row ${widestRow} of its sheet has a value in column ${widest}, and the header names ${columns.length}. Name the column or empty it`,
  );
}
