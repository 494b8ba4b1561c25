import { strToU8, zipSync } from "fflate";

type Cell = string | number | Date;

/** How a workbook is written. */
export interface Writing {
  /** Whether texts are in a part of their own, as Excel writes them. Default yes. */
  isShared?: boolean;
  /** Whether days are counted from 1904. */
  is1904?: boolean;
  /** Before the names of elements, `x:`. */
  prefix?: string;
  /** Format of the cells that hold times. Default `yyyy-mm-dd hh:mm:ss`. */
  dateFormat?: string;
  /** More parts, and those that are to be others. */
  parts?: Record<string, string>;
  /** Elements after the first sheet's, in the workbook's list. */
  moreSheets?: string;
  /** Elements after the workbook's relations. */
  moreRelations?: string;
}

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A workbook of one sheet, "Log". */
export function workbookOf(rows: Cell[][], writing: Writing = {}): Uint8Array {
  const { isShared = true, is1904 = false, prefix: p = "", dateFormat = "yyyy-mm-dd hh:mm:ss" } = writing;
  const texts = new Map<string, number>();
  const cell = (value: Cell, name: string) => {
    if (value instanceof Date) return `<${p}c r="${name}" s="1"><${p}v>${serial(value, is1904)}</${p}v></${p}c>`;
    if (typeof value === "number") return `<${p}c r="${name}"><${p}v>${value}</${p}v></${p}c>`;
    if (!isShared) return `<${p}c r="${name}" t="inlineStr"><${p}is><${p}t>${escaped(value)}</${p}t></${p}is></${p}c>`;
    const index = texts.get(value) ?? texts.size;
    texts.set(value, index);
    return `<${p}c r="${name}" t="s"><${p}v>${index}</${p}v></${p}c>`;
  };
  const sheet = rows.map((row, i) => {
    const cells = row.map((value, column) => cell(value, `${String.fromCharCode(65 + column)}${i + 1}`));
    return `<${p}row r="${i + 1}">${cells.join("")}</${p}row>`;
  });
  const root = (name: string, content: string) =>
    `<${p}${name} xmlns${p && `:${p.slice(0, -1)}`}="m">${content}</${p}${name}>`;
  const parts: Record<string, string> = {
    "_rels/.rels": `<Relationships><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns:r="${OFFICE}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets><sheet name="Log" sheetId="1" r:id="s1"/>${writing.moreSheets ?? ""}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="f" Type="${OFFICE}/styles" Target="styles.xml"/>${writing.moreRelations ?? ""}</Relationships>`,
    "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${escaped(dateFormat)}"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    "xl/worksheets/sheet1.xml": root("worksheet", `<${p}sheetData>${sheet.join("")}</${p}sheetData>`),
    "xl/sharedStrings.xml": root(
      "sst",
      [...texts.keys()].map((text) => `<${p}si><${p}t>${escaped(text)}</${p}t></${p}si>`).join(""),
    ),
    ...writing.parts,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

function serial(time: Date, is1904: boolean): number {
  return time.getTime() / 86_400_000 + 25_569 - (is1904 ? 1_462 : 0);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
