import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import * as says from "../../../provider/messages/files";
import { profileOf, refusalOf } from "./profiled";
import { type Writing, workbookOf } from "./workbook-of";

/** Workbooks that are not quite what the name says, and what is said of them. */

const LOG = { caseId: "case", activity: "activity", timestamp: "timestamp" };
const COLUMNS = ["case", "activity", "timestamp"];
const ROWS = [
  ["C1", "Register", new Date("2024-01-05T13:04:05Z")],
  ["C2", "Pay", new Date("2024-01-06T13:04:05Z")],
];

const profile = (content: Uint8Array, isLog = true) => profileOf(content, "xlsx", isLog ? LOG : undefined);
const refusal = (content: Uint8Array) => refusalOf(content, "xlsx", LOG);

test.each<Writing>([{}, { isShared: false }])(
  "warns of a header repeated in the middle of a sheet %j",
  async (writing) => {
    const found = await profile(workbookOf([COLUMNS, ...ROWS, COLUMNS, ...ROWS, COLUMNS], writing));
    expect(found).toMatchObject({ table: { rows: 6 }, eventLog: { cases: 3 } });
    expect(found.warnings).toContain(says.repeatedHeader(2, 4, "row"));
    expect((await profile(workbookOf([COLUMNS, ...ROWS], writing))).warnings).toEqual([]);
  },
);

test.each([
  [[["Report 2024"], COLUMNS, ...ROWS], says.sheetTitle(2, 3).message],
  [[["Report", "2024"], COLUMNS, ...ROWS], says.unnamedColumn(2, 3, 2).message],
  [
    [["number", "activity", "timestamp"], ...ROWS],
    says.columnMissing("eventLog.caseId", "case", [], undefined).message,
  ],
])("says of %j why it has no such column", async (rows, message) => {
  expect(await refusal(workbookOf(rows))).toBe(message);
});

const SOUND = workbookOf([COLUMNS, ...ROWS]);

test.each([
  ["\r\n", says.bytesBefore(2)],
  ["\ufeff", says.bytesBefore(3)],
  ["HTTP/1.1 200 OK\r\n\r\n", says.bytesBefore(19)],
])("counts the bytes %j before a workbook", async (before, fault) => {
  expect(await refusal(Buffer.concat([Buffer.from(before), SOUND]))).toBe(fault.message);
});

const zip = (parts: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
const root = (target: string) =>
  `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="${target}"/></Relationships>`;

test.each([
  [says.OPEN_DOCUMENT, zip({ mimetype: "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>" })],
  [says.BINARY_WORKBOOK, zip({ "_rels/.rels": root("xl/workbook.bin"), "xl/workbook.bin": "\x83\x01" })],
  [says.NUMBERS, zip({ "Index/Document.iwa": "x" })],
  [says.ZIP_ARCHIVE, zip({ "log.csv": "case,activity\n1,x\n" })],
])("says that a workbook is %s", async (what, content) => {
  expect(await refusal(content)).toBe(`it is ${what}`);
});

test("reads parts whose paths are written with backslashes", async () => {
  const relations = `<Relationships><Relationship Id="s1" Type="http://x/worksheet" Target="worksheets\\sheet1.xml"/><Relationship Id="t" Type="http://x/sharedStrings" Target="\\xl\\sharedStrings.xml"/><Relationship Id="f" Type="http://x/styles" Target="styles.xml"/></Relationships>`;
  const content = workbookOf([COLUMNS, ...ROWS], { parts: { "xl/_rels/workbook.xml.rels": relations } });
  expect(await profile(content)).toMatchObject({ table: { rows: 2, columns: COLUMNS }, eventLog: { cases: 2 } });
});

describe("a workbook whose parts are found elsewhere", () => {
  const PARTS = unzipSync(SOUND);
  const RELATIONS = "xl/_rels/workbook.xml.rels";
  const edited = (name: string, edit: (text: string) => string) =>
    zipSync({ ...PARTS, [name]: strToU8(edit(strFromU8(PARTS[name] as Uint8Array))) });
  const renamed = (rename: (name: string) => string) =>
    zipSync(Object.fromEntries(Object.entries(PARTS).map(([name, content]) => [rename(name), content])));
  const without = (kind: string) =>
    edited(RELATIONS, (text) => text.replace(new RegExp(`<Relationship [^>]*/${kind}"[^>]*>`), ""));
  const { [RELATIONS]: _, ...rest } = PARTS;

  // SheetJS 0.18.5 reads all of them; openpyxl 3.1.5 or calamine read those whose relations name their parts.
  test.each([
    ["a slash before the names in the archive", renamed((name) => `/${name}`)],
    ["backslashes in the names in the archive", renamed((name) => name.replaceAll("/", "\\"))],
    ["targets from the root", edited(RELATIONS, (text) => text.replaceAll('Target="', 'Target="/xl/'))],
    ["targets from the root without a slash", edited(RELATIONS, (text) => text.replaceAll('Target="', 'Target="xl/'))],
    ["targets with dots", edited(RELATIONS, (text) => text.replaceAll('Target="', 'Target="./../xl/'))],
    ["no relations", zipSync(rest)],
    ["no relation of its texts", without("sharedStrings")],
    ["no relation of its styles", without("styles")],
  ])("is read with %s", async (...[, content]) => {
    const found = await profile(content);
    expect(found).toMatchObject({
      table: { rows: 2, columns: COLUMNS },
      eventLog: { cases: 2, activityNames: ["Register", "Pay"], firstEvent: "2024-01-05T13:04:05Z" },
      warnings: [],
    });
  });

  const wide = (text: string, isBig: boolean, mark: string) => {
    const bytes = Buffer.from(mark + text, "utf16le");
    return new Uint8Array(isBig ? bytes.swap16() : bytes);
  };

  // openpyxl 3.1.5 reads all of them.
  test.each(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", RELATIONS, "xl/styles.xml"])(
    "is read when its part %s is in UTF-16",
    async (name) => {
      const text = `<?xml version="1.0" encoding="UTF-16"?>${strFromU8(PARTS[name] as Uint8Array)}`;
      for (const part of [
        wide(text, false, "\ufeff"),
        wide(text, true, "\ufeff"),
        wide(text, false, ""),
        wide(text, true, ""),
      ]) {
        expect(await profile(zipSync({ ...PARTS, [name]: part }))).toMatchObject({
          table: { rows: 2, columns: COLUMNS },
          eventLog: { cases: 2, activityNames: ["Register", "Pay"], firstEvent: "2024-01-05T13:04:05Z" },
        });
      }
      const halfCharacter = wide(text.replace("<", "\ud800<"), false, "\ufeff");
      expect(await refusal(zipSync({ ...PARTS, [name]: halfCharacter }))).toMatch(/not valid in its encoding$/);
    },
  );
});
