import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { EventLogColumns } from "../../../provider/profile/file-profile";
import { profileFile } from "../../../provider/profile/profile-file";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** The parts of a workbook as spreadsheet programs write them; those given replace them. */
function workbook(
  rows: string,
  { parts = {}, sheets = ["Log"] }: { parts?: Record<string, string>; sheets?: string[] } = {},
): Uint8Array {
  const all: Record<string, string> = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": `<Relationships><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns:r="${OFFICE}"><sheets>${sheets
      .map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="s${i + 1}"/>`)
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="x" Type="${OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    "xl/sharedStrings.xml":
      "<sst><si><t>case</t></si><si><r><t>acti</t></r><r><t>vity</t></r><rPh><t>ignored</t></rPh></si><si><t>time</t></si></sst>",
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])));
}

let files = 0;
function profile(content: Uint8Array, eventLog?: EventLogColumns) {
  const file = `${files++}.xlsx`;
  writeFileSync(join(folder, file), content);
  return profileFile({ programDirectory: folder, file, format: "xlsx", eventLog });
}

const refusal = (content: Uint8Array, eventLog?: EventLogColumns) =>
  profile(content, eventLog).then(String, ({ message }) => message);

const HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>';
const ROW =
  '<row r="2"><c r="A2"><v>17</v></c><c r="B2" t="inlineStr"><is><t>Pay</t></is></c><c r="C2"><v>45292.5</v></c></row>';
const NAMES = ["case", "activity", "time"];

test.each<[string, string, object, string[]?]>([
  ["a header and rows", HEADER + ROW + ROW, { rows: 2, columns: NAMES }],
  ["a header", HEADER, { rows: 0, columns: NAMES }, ["it has a header and no rows"]],
  [
    "cells that do not say where they are",
    '<row><c t="str"><v>a</v></c><c/></row><row><c/><c/></row><row><c><v>x</v></c></row>',
    { rows: 1, columns: ["a"] },
  ],
  [
    "names in the cells",
    '<row><c t="inlineStr"><is><t>a</t><rPh><t>no</t></rPh></is></c><c t="str"><f>"b"&amp;1</f><v>b1</v></c></row>',
    { rows: 0, columns: ["a", "b1"] },
    ["it has a header and no rows"],
  ],
  [
    "empty rows and rows of empty cells",
    `<row r="1"/>${HEADER}<row r="5"><c r="A5" s="1"/><c r="B5" t="str"><v></v></c></row>${ROW}`,
    { rows: 1, columns: NAMES },
  ],
  [
    "empty cells past the header",
    `${HEADER}<row r="2"><c r="A2"><v>1</v></c><c r="ZZ2" s="3"/></row>`,
    { rows: 1, columns: NAMES },
  ],
])("a sheet with %s", async (...[, rows, table, warnings]) => {
  const found = await profile(workbook(rows));
  expect({ table: found.table, warnings: found.warnings }).toEqual({ table, warnings: warnings ?? [] });
});

test("a workbook at an unusual place, of strict Open XML", async () => {
  const parts = {
    "_rels/.rels":
      '<Relationships><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/book.xml"/></Relationships>',
    "book.xml": '<x:workbook xmlns:x="x" xmlns:r="r"><x:sheets><x:sheet name="S" r:id="a"/></x:sheets></x:workbook>',
    "_rels/book.xml.rels":
      '<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="xl/../s.xml"/></Relationships>',
    "s.xml": "<x:worksheet xmlns:x='x'><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>",
  };
  expect(await profile(workbook("", { parts }))).toMatchObject({ table: { rows: 0, columns: ["1"] } });
});

const LOG = { caseId: "case", activity: "activity", timestamp: "time" };

test("names the column of the event log that is missing", async () => {
  const log = { ...LOG };
  expect(await refusal(workbook(HEADER + ROW), { ...log, caseId: "id" })).toBe(
    'it has no column "id", which eventLog.caseId names. Its columns: "case", "activity", "time"',
  );
});

test("a workbook larger than a chunk", async () => {
  const rows = Array.from(
    { length: 60_000 },
    (_, i) => `<row r="${i + 2}"><c r="A${i + 2}"><v>${Math.imul(i, 0x9e3779b9)}</v></c></row>`,
  );
  const content = workbook(HEADER + rows.join(""));
  expect((await profile(Buffer.concat([content]))).table).toEqual({ rows: 60_000, columns: NAMES });
});

test("the most columns that text may have, too", async () => {
  const cells = Array.from({ length: 16_384 }, (_, i) => `<c><v>${i}</v></c>`);
  expect((await profile(workbook(`<row>${cells.join("")}</row>`))).table?.columns).toHaveLength(16_384);
});

const AGAIN = "Save it again";
const TOO_MANY_COLUMNS =
  "the header row of its sheet has more than 16384 columns, which is the limit. Leave columns out";
const TOO_LONG_HEADER = "the header row of its sheet is longer than 1 MiB. Shorten the names of its columns";
const SOUND = workbook(HEADER + ROW);

test.each<[string, Uint8Array, string]>([
  ["no sheet", workbook("", { sheets: [] }), "it has no sheet with cells. Save a table in it"],
  ["an empty sheet", workbook(""), "its sheet is empty. An upload needs at least a header row"],
  [
    "a name twice",
    workbook('<row><c t="str"><v>a</v></c><c t="str"><v>a</v></c></row>'),
    'the header row of its sheet names columns 1 and 2 "a". Rename or remove one of them',
  ],
  [
    "a title above the header",
    workbook(`<row r="1"><c r="A1" t="str"><v>Report</v></c></row><row r="2">${HEADER.slice(13)}${ROW}`),
    "the first row of its sheet has 1 value and row 2 reaches column 3, so it is a title. Delete the rows above the names of the columns",
  ],
  [
    "a title across its columns",
    workbook(`<row r="1"><c r="A1" t="str"><v>Report</v></c><c r="D1" t="str"><v>2024</v></c></row>`).slice(),
    "accepted",
  ],
  [
    "a value past the header",
    workbook(`${HEADER}<row r="7"><c r="E7"><v>1</v></c></row>`),
    "row 7 of its sheet has a value in column 5, and the header names 3. Name the column or empty it",
  ],
  ["a first row of 300,000 cells", workbook(`<row>${"<c><v>1</v></c>".repeat(300_000)}</row>`), TOO_MANY_COLUMNS],
  [
    "a first row of 16,385 cells at one place",
    workbook(`<row>${'<c r="A1"><v>1</v></c>'.repeat(16_385)}</row>`),
    TOO_MANY_COLUMNS,
  ],
  ["a header far to the right", workbook('<row><c r="XFE1"><v>1</v></c></row>'), TOO_MANY_COLUMNS],
  [
    "a header of long names",
    workbook(`<row>${`<c t="str"><v>${"x".repeat(1_000)}</v></c>`.repeat(1_100)}</row>`),
    TOO_LONG_HEADER,
  ],
  [
    "a header of one long name that is shared",
    workbook(HEADER, {
      parts: { "xl/sharedStrings.xml": `<sst><si>${`<t>${"x".repeat(1_000)}</t>`.repeat(1_100)}</si></sst>` },
    }),
    TOO_LONG_HEADER,
  ],
  [
    "XML that is cut short",
    workbook("<row>", { parts: { "xl/workbook.xml": "<workbook><sheets>" } }),
    `its part xl/workbook.xml is not sound XML: line 1: unclosed tag: sheets. Export it again`,
  ],
  [
    "a missing part",
    zipSync({ "xl/other.xml": strToU8("<a/>") }),
    `it is not a sound workbook: its part xl/workbook.xml is missing. ${AGAIN}`,
  ],
  [
    "a table too large for a workbook",
    workbook("", { parts: { "xl/worksheets/sheet1.xml": "<worksheet><sheetData>".padEnd(80 * 1024 * 1024) } }),
    "its part xl/worksheets/sheet1.xml would unpack to 83886080 bytes, as no sound workbook does. Save it as CSV",
  ],
  [
    "half its bytes",
    SOUND.subarray(0, SOUND.length / 2),
    expect.stringMatching(/^it is not a sound workbook \(.+\)\. Save it again$/),
  ],
  ["text", strToU8("case,activity\n1,x\n"), "it is not an Excel workbook (.xlsx). Name it by what it is"],
  [
    "an old format",
    Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1),
    "it is an old or a password-protected Excel workbook. Save it as CSV",
  ],
])("%s is refused", async (...[, content, message]) => {
  expect(await refusal(content)).toEqual(message);
});

test("a part that unpacks to more than it says is refused", async () => {
  const content = Buffer.from(workbook(HEADER + ROW.repeat(1_000)));
  // The declared size, in the central directory's entry of the sheet.
  const name = content.lastIndexOf("xl/worksheets/sheet1.xml");
  content.writeUInt32LE(500, name - 46 + 24);
  expect(await refusal(content)).toMatch(/^it is not a sound workbook \(.*too many bytes.*\)\. Save it again$/);
});
