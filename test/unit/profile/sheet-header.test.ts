import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import * as says from "../../../provider/messages/files";
import { profileOf, refusalOf } from "./profiled";
import { workbookOf } from "./workbook-of";

/** Headers as programs show them: cells that hold no text, or an empty one. */

const header = (...cells: string[]) => cells.map((cell, i) => cell.replace("<c", `<c r="${"ABCDE"[i]}1"`)).join("");
const text = (value: string) => `<c t="str"><v>${value}</v></c>`;
const BELOW = '<row r="2"><c r="A2"><v>1</v></c></row>';

const columnsOf = async (cells: string, is1904 = false) => {
  const part = `<worksheet><sheetData><row r="1">${cells}</row>${BELOW}</sheetData></worksheet>`;
  const found = await profileOf(workbookOf([], { is1904, parts: { "xl/worksheets/sheet1.xml": part } }), "xlsx");
  return { columns: found.table?.columns, warnings: found.warnings };
};

// openpyxl 3.1.5, calamine and pandas 3.1.1 read these values.
test.each([
  ["a number", "<c><v>0.10299999999999999</v></c>", "0.103"],
  ["a number with a needless point", "<c><v>2020.0</v></c>", "2020"],
  ["a boolean", '<c t="b"><v>1</v></c>', "TRUE"],
  ["a date", '<c s="1"><v>45296</v></c>', "2024-01-05"],
  ["a date with its time", '<c s="1"><v>45296.5</v></c>', "2024-01-05 12:00:00"],
  ["a time of day", '<c s="1"><v>0.5</v></c>', "12:00:00"],
  ["a number with a date's format that is no date", '<c s="1"><v>9E+9</v></c>', "9000000000"],
  ["an error", '<c t="e"><v>#REF!</v></c>', ""],
])("names a column by %s", async (...[, cell, name]) => {
  expect((await columnsOf(header(text("id"), cell))).columns).toEqual(["id", name]);
});

test("names a column by a date of a workbook that counts from 1904", async () => {
  const found = await columnsOf(header(text("id"), '<c s="1"><v>43834</v></c>'), true);
  expect(found.columns).toEqual(["id", "2024-01-05"]);
});

test("warns of a column whose name is an error", async () => {
  const found = await columnsOf(header(text("id"), '<c t="e"><v>#REF!</v></c>', text("x")));
  expect(found.warnings).toEqual([says.columnsWithoutName(says.headerOfSheet(), [2], "between")]);
});

describe("cells that refer to an empty shared text", () => {
  const EMPTY = ["", "", ""];

  test.each<[string, string[][], number]>([
    ["in rows of their own", [["id", "note"], EMPTY, ["1", "a"], ["", ""], ["2", "b"]], 2],
    [
      "behind the header",
      [
        ["id", "note", ""],
        ["1", "a", ""],
      ],
      1,
    ],
    ["above the header", [EMPTY, EMPTY, ["id", "note"], ["1", "a"]], 1],
  ])("count as empty %s", async (...[, cells, rows]) => {
    const found = await profileOf(workbookOf(cells), "xlsx");
    expect(found).toMatchObject({ table: { rows, columns: ["id", "note"] }, warnings: [] });
    const filled = cells.filter((row) => row.join("") !== "").map((row) => row.filter((value) => value !== ""));
    expect(found.sketch).toEqual((await profileOf(workbookOf(filled), "xlsx")).sketch);
  });

  test("leave a sheet empty", async () => {
    expect(await refusalOf(workbookOf([EMPTY, EMPTY]), "xlsx")).toBe(says.sheetIsEmpty().message);
  });
});

test.each([
  [
    "a title that stands away from the edge",
    [
      ["", "Report"],
      ["id", "note", "time"],
      ["1", "a", "x"],
    ],
    says.sheetTitle(2, 3),
  ],
  [
    "a title in two cells",
    [
      ["Report", "2024"],
      ["id", "note", "time", "user", "cost"],
      ["1", "a", "x", "y", "z"],
    ],
    says.unnamedColumn(2, 5, 2),
  ],
])("rejects %s", async (...[, cells, fault]) => {
  expect(await refusalOf(workbookOf(cells), "xlsx")).toBe(fault.message);
});

// LibreOffice up to 4.1 writes the attributes of a format in this order.
test("reads the formats of dates whose code stands before its id", async () => {
  const log = { caseId: "case", activity: "activity", timestamp: "time" };
  const parts = unzipSync(
    workbookOf([Object.values({ ...log, timestamp: "time" }), ["C1", "Pay", new Date("2024-01-05")]]),
  );
  const styles = strFromU8(parts["xl/styles.xml"] as Uint8Array).replace(
    /<numFmts>.*<\/numFmts>/,
    '<numFmts><numFmt formatCode="GENERAL" numFmtId="163"/><numFmt formatCode="YYYY\\-MM\\-DD" numFmtId="164"/><numFmt formatCode="0.00" numFmtId="165"/></numFmts>',
  );
  const found = await profileOf(zipSync({ ...parts, "xl/styles.xml": strToU8(styles) }), "xlsx", log);
  expect(found).toMatchObject({ eventLog: { firstEvent: "2024-01-05T00:00:00Z" }, warnings: [] });
  const plain = styles.replace('<xf numFmtId="164"/></cellXfs>', '<xf numFmtId="163"/></cellXfs>');
  const other = await profileOf(zipSync({ ...parts, "xl/styles.xml": strToU8(plain) }), "xlsx", log);
  expect(other.warnings).toEqual([says.serialTimes(1)]);
});

test("says that a lock file of Excel is no workbook", async () => {
  const lock = Buffer.alloc(165, " ");
  const name = "Ann O'Neill";
  lock.writeUInt8(name.length, 0);
  lock.write(name, 1, "latin1");
  lock.writeUInt16LE(name.length, 55);
  lock.write(name, 57, "utf16le");
  expect(await refusalOf(lock, "xlsx")).toBe(says.isOwnerFile().message);
  expect(await refusalOf(Buffer.alloc(165, " "), "xlsx")).toBe(says.notAWorkbook().message);
});
