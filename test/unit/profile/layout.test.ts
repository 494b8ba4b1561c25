import * as says from "../../../provider/messages/files";
import { profileOf, refusalOf } from "./profiled";

/** Files as tools write them that are laid out for readers, joined, or written with another grammar. */

test.each([
  ["mysql", "+------+------+\n| case | time |\n+------+------+\n| 1    | 2    |\n+------+------+\n", 1],
  ["an ABAP list", "05.01.2024  Display  1\r\n---------------\r\n|Case|Time|\r\n|---------|\r\n|1   |2   |\r\n", 2],
  ["a text report", "case   time\n===========\n1      2\n", 2],
])("rejects a table laid out by %s and names its ruled line", async (_tool, content, line) => {
  expect(await refusalOf(content)).toBe(says.ruledLine(line).message);
});

test.each([
  ["sqlcmd", "case,time\r\n----,----\r\n1,2\r\n"],
  ["Markdown", "| case | time |\n|:-----|-----:|\n| 1 | 2 |\n"],
])("warns of the line of dashes that %s writes below the header", async (_tool, content) => {
  const { table, warnings } = await profileOf(content);
  expect(table?.rows).toBe(2);
  expect(warnings).toContain(says.underline(2));
});

test.each(["case,time\n-,-\n", "case,time\n--,1\n", 'case,note\n1,"a\n--------\nb"\n', "case\n1\n---\n"])(
  "reads dashes in %j as values",
  async (content) => {
    const { warnings } = await profileOf(content);
    expect(warnings.filter((warning) => /dashes|ruled/.test(warning))).toEqual([]);
  },
);

test("rejects values in quotes with spaces between them", async () => {
  expect(await refusalOf('"case" "time"\n"1" "2"\n')).toBe(says.separatedBySpaces().message);
  expect(await refusalOf('"case time"\n"1 2"\n')).toBe("accepted");
});

test.each(["|~|", ",;,", "|#|"])("asks for one character when the delimiter is %s", async (delimiter) => {
  const fault = says.fillerColumns(says.headerOnLine(1), delimiter[1] as string);
  expect(await refusalOf(`a${delimiter}b${delimiter}c\n1${delimiter}2${delimiter}3\n`)).toBe(fault.message);
});

test("names the cause of columns without a name", async () => {
  const causes = {
    "a||b||c\n1||2||3\n": /is the delimiter written twice\?/,
    "|a|b|c|\n|1|2|3|\n": /does each line begin and end with a delimiter\?$/,
    ",a,b\n0,1,2\n": /is it an index of pandas \(index=False\) or R \(row.names = FALSE\)\?$/,
    "a,b,\n1,2,\n": /does each line end in a delimiter\?$/,
  };
  for (const [content, cause] of Object.entries(causes))
    expect((await profileOf(content)).warnings).toEqual([expect.stringMatching(cause)]);
});

test("warns of names that hold quotes or a mark", async () => {
  expect((await profileOf("'a','b'\n'1','2'\n")).warnings).toEqual([
    expect.stringContaining("in quotes that begin with '"),
  ]);
  expect((await profileOf("\ufeff\ufeffa,b\n1,2\n")).warnings).toEqual([
    expect.stringContaining("second byte order mark"),
  ]);
});

test.each(["\n", "\r\n"])("counts headers repeated after a byte order mark, with line end %j", async (end) => {
  const whole = ["\ufeffcase,time", "1,2", ""].join(end);
  expect((await profileOf(whole.repeat(3))).warnings).toEqual([says.repeatedHeader(2, 3)]);
  expect((await profileOf(`\ufeffcase,time${end}1,2${end}case,tim${end}`)).warnings).toEqual([]);
});

test.each([
  ["xls", "<html><table></table></html>", says.otherThanNamed(says.isMarkup("xls"))],
  ["xls", '\ufeff<?xml version="1.0"?><Workbook/>', says.otherThanNamed(says.isMarkup("xls"))],
  ["xls", "PK\x03\x04", says.otherThanNamed(says.NEWER_WORKBOOK)],
  ["xls", "case\ttime\n1\t2\n", says.otherThanNamed(says.isNoWorkbook("xls"))],
  ["xlsb", "case,time\n", says.otherThanNamed(says.isNoWorkbook("xlsb"))],
] as const)("warns of a .%s that is none: %j", async (format, content, warning) => {
  const { warnings } = await profileOf(content, format);
  expect(warnings).toContain(warning);
});

test.each([
  ["xls", [0xd0, 0xcf, 0x11, 0xe0]],
  ["xls", [0x09, 0x08]],
  ["xlsb", [0x50, 0x4b, 3, 4]],
  ["xlsb", [0xd0, 0xcf, 0x11, 0xe0]],
] as const)("says nothing more of a .%s that begins with %j", async (format, bytes) => {
  expect((await profileOf(Buffer.from([...bytes, 0, 0]), format)).warnings).toHaveLength(1);
});
