import { strToU8, unzipSync, zipSync } from "fflate";
import type { EventLogColumns } from "../../../provider/profile/file-profile";
import { compareRows, type RowSketch } from "../../../provider/profile/row-sketch";
import { profileOf, refusalOf } from "./profiled";
import { type Writing, workbookOf } from "./workbook-of";

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

const profile = (content: Uint8Array, eventLog?: EventLogColumns) => profileOf(content, "xlsx", eventLog);
const refusal = (content: Uint8Array, eventLog?: EventLogColumns) => refusalOf(content, "xlsx", eventLog);

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
    'it has no column "id" (eventLog.caseId)',
  );
});

const CELLS = [
  ["case", "activity", "time"],
  ["C1", "Register & check", new Date("2024-01-05T13:04:05Z")],
  ["C1", "Check", new Date("2024-01-06T09:00:00Z")],
  [2, "Register & check", new Date("2024-01-07T10:00:00Z")],
  [2, "Pay", new Date("2024-01-20T10:00:00.250Z")],
];
const COUNTED = {
  table: { rows: 4, columns: NAMES },
  eventLog: {
    events: 4,
    cases: 2,
    activities: 3,
    activityNames: ["Register & check", "Check", "Pay"],
    firstEvent: "2024-01-05T13:04:05Z",
    lastEvent: "2024-01-20T10:00:00.250Z",
  },
};
const WORKSHEET = `${OFFICE}/worksheet`;
const EMPTY_SHEET = {
  moreSheets: '<sheet name="Sheet2" sheetId="2" r:id="s2"/>',
  moreRelations: `<Relationship Id="s2" Type="${WORKSHEET}" Target="worksheets/sheet2.xml"/>`,
  parts: {
    "xl/worksheets/sheet2.xml": "<worksheet><sheetData><row r='1'><c r='A1' s='1'/></row></sheetData></worksheet>",
  },
};
const CHART_SHEET = {
  moreSheets: '<sheet name="Chart1" sheetId="2" state="veryHidden" r:id="s2"/>',
  moreRelations: `<Relationship Id="s2" Type="${OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/>`,
  parts: { "xl/chartsheets/sheet1.xml": "<chartsheet/>" },
};

describe("the event log of a sheet", () => {
  test.each<[string, Writing, string[]?]>([
    ["texts that are shared", {}],
    ["texts in their cells", { isShared: false }],
    ["days since 1904", { is1904: true }],
    ["a prefix", { prefix: "x:" }],
    ["a prefix and texts in their cells", { prefix: "main:", isShared: false }],
    ["dates in German", { dateFormat: "[$-407]dd.mm.yyyy hh:mm:ss;@" }],
    ["dates by hour", { dateFormat: '[h]:mm:ss "o\'clock"' }],
    ["an empty sheet", EMPTY_SHEET, ['it has a sheet without cells: "Sheet2"']],
    ["a chart that is hidden", CHART_SHEET, ['it has a sheet without cells: "Chart1" (hidden)']],
  ])("is counted with %s", async (...[, writing, warnings]) => {
    const found = await profile(workbookOf(CELLS, writing), LOG);
    expect(found).toMatchObject(COUNTED);
    expect(found.warnings).toEqual(warnings ?? []);
  });

  test.each(["XL/SharedStrings.xml", "xl/sharedstrings.XML", "Xl/SHAREDSTRINGS.xml"])(
    "is counted with texts in %s",
    async (name) => {
      const parts = unzipSync(workbookOf(CELLS));
      const { "xl/sharedStrings.xml": texts, ...rest } = parts;
      expect(await profile(zipSync({ ...rest, [name]: texts as Uint8Array }), LOG)).toMatchObject(COUNTED);
    },
  );

  test.each([1, 7, 100, 70_000])("is counted with %i bytes behind the archive", async (bytes) => {
    const found = await profile(Buffer.concat([workbookOf(CELLS), Buffer.alloc(bytes, 7)]), LOG);
    expect(found).toMatchObject(COUNTED);
    expect(found.warnings).toEqual([`${bytes} bytes follow the end of the workbook and are not read`]);
  });

  test.each<[string, (string | number)[], string]>([
    [
      "numbers without a date's format",
      [45_296.5, 45_296.75],
      "2 times are numbers, and count as days since 1899-12-30 as in Excel",
    ],
    ["texts in no known form", ["soon", ""], "2 rows have a time that is empty or not read, the first on row 2"],
    [
      "texts of which one is blank",
      ["2024-01-05", " "],
      "1 row has a time that is empty or not read, the first on row 3",
    ],
  ])("warns of %s", async (...[, times, warning]) => {
    const rows = times.map((time) => ["C1", "Pay", time]);
    expect((await profile(workbookOf([NAMES, ...rows]), LOG)).warnings).toEqual([warning]);
  });

  test("names rows without a case and an activity", async () => {
    const time = new Date("2024-01-05T13:04:05Z");
    const found = await profile(workbookOf([NAMES, ["C1", "Pay", time], ["  ", "Pay", time], ["C1", "", time]]), LOG);
    expect(found.eventLog).toMatchObject({ events: 3, cases: 1, activities: 1 });
    expect(found.warnings).toEqual([
      "1 row has no case id, the first on row 3",
      "1 row has no activity, the first on row 4",
    ]);
  });

  test("reads the days before March 1900, and no time outside of the calendar", async () => {
    const days = (value: number) => workbookOf([NAMES, ["C1", "Pay", value]], { parts: {} });
    const styled = async (value: number) => {
      const text = Buffer.from(days(value));
      const parts = unzipSync(text);
      const sheet = Buffer.from(parts["xl/worksheets/sheet1.xml"] as Uint8Array)
        .toString()
        .replace('r="C2"', 'r="C2" s="1"');
      return profile(zipSync({ ...parts, "xl/worksheets/sheet1.xml": strToU8(sheet) }), LOG);
    };
    expect((await styled(59)).eventLog?.firstEvent).toBe("1900-02-28T00:00:00Z");
    expect((await styled(61)).eventLog?.firstEvent).toBe("1900-03-01T00:00:00Z");
    expect((await styled(9e9)).warnings).toEqual([
      expect.stringMatching(/^1 row has a time that is empty or not read/),
    ]);
  });

  test("says how many rows differ", async () => {
    const sketchOf = async (cells: typeof CELLS) => (await profile(workbookOf(cells))).sketch as RowSketch;
    const [old, edited, moved] = await Promise.all([
      sketchOf(CELLS),
      sketchOf([...CELLS.slice(0, 4), ["C2", "Paid", CELLS[4]?.[2] as Date]]),
      sketchOf([CELLS[0] as string[], ...CELLS.slice(1).reverse()]),
    ]);
    expect(compareRows(old, edited, 4).other).toEqual({ count: 1, isEstimate: false });
    expect(compareRows(old, moved, 4)).toEqual({ other: { count: 0, isEstimate: false }, isSameOrder: false });
  });
});

test("names the hidden ones of several sheets with cells", async () => {
  const filled = '<worksheet><sheetData><row><c t="str"><v>x</v></c></row></sheetData></worksheet>';
  const parts = { ...EMPTY_SHEET, parts: { "xl/worksheets/sheet2.xml": filled } };
  for (const [state, shown] of [
    ["hidden", '"Sheet2" (hidden)'],
    ["veryHidden", '"Sheet2" (hidden)'],
    ["visible", '"Sheet2"'],
  ]) {
    const moreSheets = parts.moreSheets.replace("/>", ` state="${state}"/>`);
    expect(await refusal(workbookOf(CELLS, { ...parts, moreSheets }))).toBe(
      `it has 2 sheets with cells: "Log", ${shown}`,
    );
  }
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

const TOO_MANY_COLUMNS = "the header row of its sheet has more than 16384 columns";
const TOO_LONG_HEADER = "the header row of its sheet is longer than 1 MiB";
const SOUND = workbook(HEADER + ROW);

test.each<[string, Uint8Array, string]>([
  ["no sheet", workbook("", { sheets: [] }), "it has no sheet with cells"],
  ["an empty sheet", workbook(""), "its sheet is empty"],
  [
    "a title above the header",
    workbook(`<row r="1"><c r="A1" t="str"><v>Report</v></c></row>${HEADER.replaceAll("1", "2")}${ROW}`),
    "the first row of its sheet has 1 value, and row 2 reaches column 3, so it is a title",
  ],
  [
    "a title in one of five columns",
    workbook(`<row r="1"><c r="A1" t="str"><v>Report</v></c><c r="E1" t="str"><v>of today</v></c></row>`),
    "the header row of its sheet names 2 of 5 columns, so it is a title or empty",
  ],
  [
    "a value past the header",
    workbook(`${HEADER}<row r="7"><c r="G7"><v>1</v></c></row>`),
    "row 7 of its sheet has a value in column 7, and the header names 3",
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
    `its part xl/workbook.xml is not valid XML: line 1: the element that opens here is never closed`,
  ],
  [
    "a missing part",
    zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "xl/other.xml": strToU8("<a/>") }),
    "it is not a valid workbook: its part xl/workbook.xml is missing",
  ],
  [
    "a table too large for a workbook",
    workbook("", { parts: { "xl/worksheets/sheet1.xml": "<worksheet><sheetData>".padEnd(80 * 1024 * 1024) } }),
    "its part xl/worksheets/sheet1.xml would unpack to 83886080 bytes, as no valid workbook does",
  ],
  ["half its bytes", SOUND.subarray(0, SOUND.length / 2), expect.stringMatching(/^it is not a valid workbook \(.+\)$/)],
  ["text", strToU8("case,activity\n1,x\n"), "it is not an Excel workbook (.xlsx)"],
  [
    "an old format",
    Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1),
    "it is an old or a password-protected Excel workbook",
  ],
])("%s is refused", async (...[, content, message]) => {
  expect(await refusal(content)).toEqual(message);
});

test.each([
  [
    "rows",
    workbook(`${HEADER}${"<row><c><v>1</v></c></row>".repeat(1_048_576)}`),
    "its sheet has more than 1048576 rows",
  ],
  [
    "texts",
    workbook(HEADER, { parts: { "xl/sharedStrings.xml": `<sst>${"<si/>".repeat(4_000_001)}</sst>` } }),
    "it has more than 4000000 different texts",
  ],
])("rejects more %s than memory is kept for", async (...[, content, message]) => {
  expect(await refusal(content)).toBe(message);
});

test("a part that unpacks to more than it says is refused", async () => {
  const content = Buffer.from(workbook(HEADER + ROW.repeat(1_000)));
  // The declared size, in the central directory's entry of the sheet.
  const name = content.lastIndexOf("xl/worksheets/sheet1.xml");
  content.writeUInt32LE(500, name - 46 + 24);
  expect(await refusal(content)).toMatch(/^it is not a valid workbook \(.*too many bytes.*\)$/);
});
