import * as path from "node:path";
import * as says from "../messages/files";
import type { TokenListener, Wanted } from "./xml-tokens";
import type { ZipParts } from "./zip-parts";

/** A sheet of a workbook. */
export interface Sheet {
  name: string;
  part: string;
  isHidden: boolean;
  /** Charts, dialogs and macros have sheets of their own, without cells. */
  hasCells: boolean;
}

/** What a workbook is made of. */
export interface WorkbookParts {
  sheets: Sheet[];
  is1904: boolean;
  sharedStrings?: string;
  styles?: string;
}

/** Follows the relations from the archive's root to the workbook and its parts. */
export async function findParts(parts: ZipParts): Promise<WorkbookParts> {
  const root = await relationsOf(parts, "");
  const workbook = root.find(({ type }) => type.endsWith("/officeDocument"))?.target ?? "xl/workbook.xml";
  refuseOtherArchive(parts, workbook);
  const found = { sheets: [] as { name: string; id: string; state: string }[], is1904: false };
  await parts.readTokens(workbook, { names: WORKBOOK_NAMES, textIn: [] }, workbookListener(found));
  const relations = await relationsOf(parts, workbook);
  const targetOf = (kind: string) => relations.find(({ type }) => type.endsWith(kind))?.target;
  /** Where it is by custom: some programs leave the relation out. */
  const usual = (name: string) => {
    const part = path.posix.join(path.posix.dirname(workbook), name);
    return parts.has(part) ? part : undefined;
  };
  const sheets = found.sheets.map(({ name, id, state }, i): Sheet => {
    const relation = relations.find((one) => one.id === id);
    const sheet = relations.length === 0 ? usual(`worksheets/sheet${i + 1}.xml`) : undefined;
    return {
      name,
      part: relation?.target ?? sheet ?? "",
      isHidden: state === "hidden" || state === "veryHidden",
      hasCells: relation?.type.endsWith("/worksheet") === true || sheet !== undefined,
    };
  });
  const sharedStrings = targetOf("/sharedStrings") ?? usual("sharedStrings.xml");
  const styles = targetOf("/styles") ?? usual("styles.xml");
  return { sheets, is1904: found.is1904, ...(sharedStrings && { sharedStrings }), ...(styles && { styles }) };
}

/** What else is a zip archive, and may be named .xlsx. */
function refuseOtherArchive(parts: ZipParts, workbook: string): void {
  if (workbook.endsWith(".bin")) throw says.otherArchive(says.BINARY_WORKBOOK);
  if (parts.has(workbook)) return;
  if (parts.has("mimetype") && parts.has("content.xml")) throw says.otherArchive(says.OPEN_DOCUMENT);
  if (parts.has("Index/Document.iwa")) throw says.otherArchive(says.NUMBERS);
  if (!parts.has("[Content_Types].xml")) throw says.otherArchive(says.ZIP_ARCHIVE);
}

const WORKBOOK_NAMES = ["sheet", "workbookPr", "name", "id", "state", "date1904"] as const;

function workbookListener(found: {
  sheets: { name: string; id: string; state: string }[];
  is1904: boolean;
}): TokenListener {
  const [SHEET, PROPERTIES, NAME, ID, STATE, DATE_1904] = [1, 2, 3, 4, 5, 6];
  let element = 0;
  return {
    open(name) {
      element = name;
      if (name === SHEET) found.sheets.push({ name: "", id: "", state: "" });
    },
    attribute(name, bytes, from, to) {
      const value = Buffer.from(bytes.subarray(from, to)).toString("utf8");
      const sheet = found.sheets.at(-1);
      if (element === PROPERTIES && name === DATE_1904) found.is1904 = value === "1" || value === "true";
      if (element !== SHEET || !sheet) return;
      if (name === NAME) sheet.name = value;
      else if (name === ID) sheet.id = value;
      else if (name === STATE) sheet.state = value;
    },
    text() {},
    close() {
      element = 0;
    },
  };
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

const RELATIONS: Wanted = { names: ["Relationship", "Id", "Type", "Target"], textIn: [] };

async function relationsOf(parts: ZipParts, part: string): Promise<Relation[]> {
  const folder = path.posix.dirname(part);
  const relations: Relation[] = [];
  const file = path.posix.join(folder, "_rels", `${path.posix.basename(part)}.rels`);
  if (!parts.has(file)) return relations;
  const [RELATION, ID, TYPE] = [1, 2, 3];
  await parts.readTokens(file, RELATIONS, {
    open(name) {
      if (name === RELATION) relations.push({ id: "", type: "", target: "" });
    },
    attribute(name, bytes, from, to) {
      const value = Buffer.from(bytes.subarray(from, to)).toString("utf8");
      const relation = relations.at(-1);
      if (!relation) return;
      if (name === ID) relation.id = value;
      else if (name === TYPE) relation.type = value;
      else relation.target = targetIn(parts, folder, value.replaceAll("\\", "/"));
    },
    text() {},
    close() {},
  });
  return relations;
}

/** From the folder of the part that names it; from the root where only there is one, which SheetJS reads too. */
function targetIn(parts: ZipParts, folder: string, value: string): string {
  const target = path.posix.resolve("/", folder, value).slice(1);
  const fromRoot = path.posix.resolve("/", value).slice(1);
  return !parts.has(target) && parts.has(fromRoot) ? fromRoot : target;
}

/** Whether the numbers of each style are dates, by the style's number. */
export async function dateStyles(parts: ZipParts, styles: string | undefined): Promise<boolean[]> {
  if (styles === undefined || !parts.has(styles)) return [];
  const isDate: boolean[] = [];
  const formats = new Map<number, string>();
  const [FORMAT, CELL_STYLES, STYLE, ID, CODE] = [1, 2, 3, 4, 5];
  let element = 0;
  let isInside = false;
  let format: { id?: string; code?: string } = {};
  await parts.readTokens(styles, STYLES, {
    open(name) {
      element = name;
      format = {};
      if (name === CELL_STYLES) isInside = true;
      if (name === STYLE && isInside) isDate.push(false);
    },
    attribute(name, bytes, from, to) {
      const value = Buffer.from(bytes.subarray(from, to)).toString("utf8");
      if (element === FORMAT) {
        // LibreOffice writes the code before the id.
        if (name === ID) format.id = value;
        else if (name === CODE) format.code = value;
        if (format.id !== undefined && format.code !== undefined) formats.set(Number(format.id), format.code);
      } else if (element === STYLE && isInside && name === ID) {
        isDate[isDate.length - 1] = isDateFormat(Number(value), formats);
      }
    },
    text() {},
    close(name) {
      if (name === CELL_STYLES) isInside = false;
      element = 0;
    },
  });
  return isDate;
}

const STYLES: Wanted = { names: ["numFmt", "cellXfs", "xf", "numFmtId", "formatCode"], textIn: [] };

/** Formats that every workbook has without naming them: dates and times, and those of East Asian dates. */
const BUILT_IN_DATES = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;

function isDateFormat(id: number, formats: ReadonlyMap<number, string>): boolean {
  const code = formats.get(id);
  if (code === undefined) return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to);
  // Without texts, colours and languages; `[h]` are hours beyond a day.
  const placeholders = code.replace(/"[^"]*"|\\.|_.|\*.|general|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "");
  return /[ymdhs]/i.test(placeholders);
}
