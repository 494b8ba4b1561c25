import * as says from "../../../provider/messages/files";
import { profileOf, refusalOf } from "./profiled";
import { workbookOf } from "./workbook-of";

/** Cells as programs other than Excel write them. */

const LOG = { caseId: "case", activity: "activity", timestamp: "timestamp" };
const COLUMNS = ["case", "activity", "timestamp"];
const cell = (name: string, value: string | number, type?: string) =>
  `<c r="${name}"${type ? ` t="${type}"` : ""}${name.startsWith("C") && !type ? ' s="1"' : ""}><v>${value}</v></c>`;
const inline = (name: string, content: string) => `<c r="${name}" t="inlineStr"><is>${content}</is></c>`;
const row = (number: number, ...cells: string[]) => `<row r="${number}">${cells.join("")}</row>`;
const HEADER = row(1, ...COLUMNS.map((name, i) => cell(`${"ABC"[i]}1`, name, "str")));
const DAY = cell("C2", 45296.5);
const sheet = (rows: string, behind = "") =>
  workbookOf([], {
    parts: { "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData>${behind}</worksheet>` },
  });
const profile = (rows: string, behind?: string) => profileOf(sheet(rows, behind), "xlsx", LOG);

// The values are those of SheetJS 0.18.5 and calamine (python-calamine), which agree.
test.each<[string, string, string[]]>([
  ["rich text", inline("B2", '<r><rPr><b/></rPr><t>Re</t></r><r><t xml:space="preserve">g </t></r>'), ["Reg "]],
  ["phonetic text", inline("B2", '<t>Reg</t><rPh sb="0" eb="1"><t>no</t></rPh><phoneticPr fontId="1"/>'), ["Reg"]],
  ["a formula", '<c r="B2" t="str"><f>"R"&amp;1</f><v>Reg</v></c>', ["Reg"]],
  ["an escaped character", inline("B2", "<t>Re_x000D_g</t>"), ["Re\rg"]],
  ["an escaped escape", inline("B2", "<t>Re_x005F_x000D_g</t>"), ["Re_x000D_g"]],
  ["CDATA", inline("B2", "<t><![CDATA[Re&g]]></t>"), ["Re&g"]],
  ["a number of fifteen digits", cell("B2", "0.10000000000000001"), ["0.1"]],
  ["a number in scientific form", cell("B2", "1E3"), ["1000"]],
  ["a number with a needless point", cell("B2", "1000.0"), ["1000"]],
])("reads an activity that is %s", async (...[, activity, activityNames]) => {
  const found = await profile(HEADER + row(2, cell("A2", 1), activity, DAY));
  expect(found).toMatchObject({ table: { rows: 1 }, eventLog: { activityNames }, warnings: [] });
});

test("reads escaped characters in shared texts and in the header", async () => {
  const content = workbookOf([
    ["case_x0020_id", "activity", "timestamp"],
    ["C1", "Re_x000D_g", "2024-01-05"],
  ]);
  const found = await profileOf(content, "xlsx", { ...LOG, caseId: "case id" });
  expect(found).toMatchObject({
    table: { columns: ["case id", "activity", "timestamp"] },
    eventLog: { activityNames: ["Re\rg"] },
  });
});

test.each([
  ["1000", "1E3"],
  ["1000", "1000.0"],
  ["0.1", "0.10000000000000001"],
  ["1000", " 1000 "],
  ["-5", "-5.0"],
])("takes %j and %j for the same case", async (one, other) => {
  const rows = row(2, cell("A2", one), cell("B2", "Pay", "str"), DAY);
  const more = row(3, cell("A3", other), cell("B3", "Pay", "str"), cell("C3", "4.529725E+4"));
  expect(await profile(HEADER + rows + more)).toMatchObject({
    eventLog: { cases: 1, firstEvent: "2024-01-05T12:00:00Z", lastEvent: "2024-01-06T06:00:00Z" },
    warnings: [],
  });
});

test("takes cells with an error for empty ones, as pandas does", async () => {
  const error = row(2, cell("A2", "#N/A", "e"), cell("B2", "#REF!", "e"), cell("C2", "#VALUE!", "e"));
  const found = await profile(HEADER + error + row(3, cell("A3", 1), cell("B3", "Pay", "str"), cell("C3", 45296.5)));
  expect(found).toMatchObject({ table: { rows: 2 }, eventLog: { cases: 1, activityNames: ["Pay"] } });
  expect(found.warnings).toEqual([
    says.unreadTimes(1, "row", 2),
    says.rowsWithout(1, "case id", 2, "row"),
    says.rowsWithout(1, "activity", 2, "row"),
  ]);
});

const BODY = row(2, cell("A2", 1), cell("B2", "Reg", "str"), DAY);
const NEXT = row(3, cell("A3", 1), cell("B3", "Pay", "str"), cell("C3", 45297.25));

test.each([
  ["rows without numbers", (HEADER + BODY + NEXT).replaceAll(/<row r="\d"/g, "<row")],
  ["cells without names", (HEADER + BODY + NEXT).replaceAll(/<c r="\w+"/g, "<c")],
  ["neither", (HEADER + BODY + NEXT).replaceAll(/ r="\w+"/g, "")],
  ["names in lower case", (HEADER + BODY + NEXT).replaceAll(/[ABC]\d"/g, (name) => name.toLowerCase())],
  ["rows in another order", HEADER + NEXT + BODY],
  ["cells in another order", HEADER.replace(/(<row.*?>)(<c.*?<\/c>)(.*)<\/row>/, "$1$3$2</row>") + BODY + NEXT],
])("reads a sheet of %s", async (...[, rows]) => {
  const found = await profile(rows);
  expect(found).toMatchObject({
    table: { rows: 2, columns: COLUMNS },
    eventLog: { cases: 1, activities: 2, firstEvent: "2024-01-05T12:00:00Z", lastEvent: "2024-01-06T06:00:00Z" },
    warnings: [],
  });
});

test.each([
  ["1", "0"],
  ["true", "false"],
])("reads the booleans %s and %s as TRUE and FALSE, and not as numbers", async (yes, no) => {
  const rows = [cell("B2", yes, "b"), cell("B3", no, "b"), cell("B4", 1), cell("B5", "TRUE", "str")].map(
    (activity, i) => row(i + 2, cell(`A${i + 2}`, 1), activity, cell(`C${i + 2}`, 45296.5)),
  );
  const found = await profile(HEADER + rows.join(""));
  expect(found).toMatchObject({ eventLog: { activities: 3, activityNames: ["TRUE", "FALSE", "1"] }, warnings: [] });
});

// openpyxl 3.1.5 and calamine take the text alone.
test.each([
  ["behind a number", `<c r="B2" t="inlineStr"><v>1.0</v><is><t>Reg</t></is></c>`],
  ["before a number", `<c r="B2" t="inlineStr"><is><r><t>R</t></r><r><t>eg</t></r></is><v>1.0</v></c>`],
])("reads a text of its own that stands %s", async (...[, activity]) => {
  const found = await profile(HEADER + row(2, cell("A2", 1), activity, DAY));
  expect(found).toMatchObject({ table: { rows: 1 }, eventLog: { activityNames: ["Reg"] } });
});

test("reads an inline text that LibreOffice writes as a value", async () => {
  const activity = '<c r="B2" t="inlineStr"><f>B1</f><v t="inlineStr">Reg</v></c>';
  const found = await profile(HEADER + row(2, cell("A2", 1), activity, DAY));
  expect(found).toMatchObject({ eventLog: { activityNames: ["Reg"] } });
});

test("finds the columns of cells whose names are in lower case and leave columns out", async () => {
  const lower = (rows: string) => rows.replaceAll(/r="[A-Z]\d"/g, (name) => name.toLowerCase());
  const found = await profile(lower(HEADER + row(2, cell("A2", 1), DAY) + NEXT));
  expect(found).toMatchObject({ table: { rows: 2, columns: COLUMNS }, eventLog: { activityNames: ["Pay"] } });
  expect(found.warnings).toEqual([says.rowsWithout(1, "activity", 2, "row")]);
});

test("takes a time of day without its date for no time", async () => {
  const found = await profile(HEADER + row(2, cell("A2", 1), cell("B2", "Reg", "str"), cell("C2", 0.5)) + NEXT);
  expect(found.eventLog).toMatchObject({ firstEvent: "2024-01-06T06:00:00Z", lastEvent: "2024-01-06T06:00:00Z" });
  expect(found.warnings).toEqual([says.unreadTimes(1, "row", 2)]);
});

describe("a row in parts", () => {
  const parts = (rows: string) =>
    rows.replaceAll(/(<row r="\d">)(<c r="A.*?<\/c>)(<c r="B.*?<\/c>)/g, "$1$2</row>$1</row>$1$3");

  test("is one row when its number repeats and its cells follow", async () => {
    const whole = await profile(HEADER + BODY + NEXT);
    const found = await profile(parts(HEADER + BODY + NEXT));
    const { contentSha256: _, sizeBytes: __, ...rest } = whole;
    expect(found).toMatchObject(rest);
    expect(found.sketch).toEqual(whole.sketch);
  });

  test("is another row when its cells begin again", async () => {
    const found = await profile(HEADER + BODY + NEXT.replaceAll('3"', '2"'));
    expect(found).toMatchObject({ table: { rows: 2 }, eventLog: { activities: 2 } });
  });
});

test("leaves out what has rows and values behind the cells", async () => {
  const control =
    '<controls><from><row>3</row></from></controls><extLst><ext><row r="9"><c r="Z9"><v>9</v></c></row></ext></extLst>';
  expect(await profile(HEADER + BODY + NEXT, control)).toMatchObject({ table: { rows: 2, columns: COLUMNS } });
});

test("rejects a header that stands behind its rows, with or without a log", async () => {
  const content = sheet(NEXT + HEADER + BODY);
  expect(await refusalOf(content, "xlsx", LOG)).toBe(says.rowsOutOfOrder(1, 3).message);
  expect(await refusalOf(content, "xlsx")).toBe(says.rowsOutOfOrder(1, 3).message);
});

test.each([
  ["a merged cell", '<mergeCells><mergeCell ref="C1:D1"/></mergeCells>'],
  ["nothing", ""],
])("warns of a column whose name is %s", async (...[, behind]) => {
  const found = await profile(HEADER + BODY.replace("</row>", `${cell("D2", 7)}</row>`) + NEXT, behind);
  // pandas 3.1.1 names it "Unnamed: 3".
  expect(found).toMatchObject({ table: { rows: 2, columns: [...COLUMNS, ""] }, eventLog: { activities: 2 } });
  expect(found.warnings).toEqual([says.columnsWithoutName(says.headerOfSheet(), [4], "between")]);
});

test("reads days of ISO 8601 in cells of strict Open XML", async () => {
  const found = await profile(
    HEADER +
      row(2, cell("A2", 1), cell("B2", "Reg", "str"), cell("C2", "2024-01-05T12:00:00", "d")) +
      row(3, cell("A3", 1), cell("B3", "Reg", "str"), cell("C3", "2024-01-06", "d")),
  );
  expect(found.eventLog).toMatchObject({ firstEvent: "2024-01-05T12:00:00Z", lastEvent: "2024-01-06T00:00:00Z" });
});
