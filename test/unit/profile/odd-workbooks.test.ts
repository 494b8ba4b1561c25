import { strToU8, zipSync } from "fflate";
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
