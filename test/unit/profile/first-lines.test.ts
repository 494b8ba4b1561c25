import * as says from "../../../provider/messages/files";
import { profileOf } from "./profiled";

/** Text whose first lines are not the header they seem to be, and what is said of them. */

const LOG = { caseId: "case", activity: "activity", timestamp: "timestamp" };
const HEADER = "on line 1";

const profile = (lines: string[], isLog = false) =>
  profileOf(lines.map((line) => `${line}\r\n`).join(""), "csv", isLog ? LOG : undefined);

const refusal = (lines: string[], isLog = false) =>
  profile(lines, isLog).then(
    () => "accepted",
    (error) => error.inOneLine(),
  );

const SEMICOLONS = ["case;activity;timestamp", "C1;Register;2024-01-05 13:04:05", "C2;Pay;2024-01-06 13:04:05"];

test.each([
  "sep =;",
  "sep= ;",
  " sep=;",
  'sep=";"',
  '"sep="";"""',
  "sep=';'",
  "sep=; ",
  "sep=;;;",
  "sep=;\t\t",
  '"sep=;",,',
  "sep=\\t",
  "sep=tab",
  "sep=",
  "\ufeff\ufeffsep=;",
])("rejects the delimiter of %j by name", async (line) => {
  expect(await refusal([line, ...SEMICOLONS])).toMatch(/^line 1 names its delimiter \(sep=\) in a form/);
});

test.each(["sep=a;b;c", "sep;=;x", "separator;a;b"])("takes %j for a header", async (line) => {
  expect(await profile([line, "1;2;3"])).toMatchObject({ table: { rows: 1, columns: line.split(";") } });
});

test("rejects a title below the line that names the delimiter", async () => {
  const message = "lines 1 to 2 are not a header: the lines below have 3 fields";
  expect(await refusal(["sep=;", "Report 2024", ...SEMICOLONS], true)).toMatch(message);
});

test.each([
  [["Report, 2024", "a,b,c,d", "1,2,3,4"], 'line 1 is not a header: the lines below have 4 fields, separated by ","'],
  [["a,b", "1,2,,", "3,4,,"], 'the rows end in ",": line 2 has 4 fields, and the header has 2'],
  [["a;b;", "1;2", "3;4"], 'the header on line 1 ends in ";" and has 3 fields, and the rows have 2'],
  [["", "a;b; ;", "1;2"], 'the header on line 2 ends in ";" and has 4 fields, and the rows have 2'],
  [["a,b", "1,2, ", "3,4, "], 'the rows end in ",": line 2 has 3 fields, and the header has 2'],
  [["a,b,c", "1,2", "3,4"], "line 2 has 2 fields, and the header has 3"],
  [["case,n", '"C1,1"', '"C2,2"'], "line 2 and all below are in quotes as a whole, so that each is one value"],
  [["case,n", '"C1,""a"""', '"C2,""b"""'], "line 2 and all below are in quotes as a whole"],
  [["Betrag", "3,5", "4,0"], "line 2 has 2 fields, and the header has 1; give all rows the same number"],
  [["#TYPE System.Data.DataRow", '"case","n"', '"C1","1"'], "line 1 names a type of PowerShell (#TYPE)"],
  [["#TYPE System.Data.DataRow", '"case","n"'], "line 1 names a type of PowerShell (#TYPE)"],
  [["case activity   n ", "---- ---------- -", "C1   a          5"], says.ruledLine(2).message],
  [[" case | n ", "------+---", " C1   | 5 ", "(1 row)"], says.ruledLine(2).message],
  [["|case|n|", "|C1|5|", "--------"], says.ruledLine(3).message],
  [["Fall;Betrag, EUR", "1;3,5;", "2;4,0;"], 'the rows end in ";": line 2 has 3 fields, and the header has 2'],
  [["Fall;Betrag, EUR;Ort", "1;3,5;Ulm", "2;4,0;Ulm;Bonn"], "line 3 has 4 fields, and the header has 3"],
])("says of %j what is wrong", async (lines, message) => {
  expect(await refusal(lines)).toContain(message);
});

test("does not take the line of a value for a rule", async () => {
  expect(await profile(["a,b", '1,"x', '--- -----"', "2,3"])).toMatchObject({ table: { rows: 2 }, warnings: [] });
});

test.each([
  [["", "CASE|N", "----|-", "C1|5"], says.underline(3)],
  [['"case,n"', '"C1,1"'], says.quotedLines()],
  [["`a`,`b`", "`1`,`2`"], says.otherQuotes(`the header ${HEADER}`, "`")],
  [["“a”,“b”", "“1”,“2”"], says.otherQuotes(`the header ${HEADER}`, "“")],
  [['="a",="b"', '="1",="2"'], says.otherQuotes(`the header ${HEADER}`, '="')],
  [["a, b", "1, 2"], says.spaceAroundName(`the header ${HEADER}`, 2)],
  [["a,\u200bb", "1,2"], says.spaceAroundName(`the header ${HEADER}`, 2)],
  [["a,b\u00a0", "1,2"], says.spaceAroundName(`the header ${HEADER}`, 2)],
  [["a^|^b^|^c", "1^|^2^|^3"], says.longDelimiter(`the header ${HEADER}`, "^")],
  [["# made by a tool,v1", "a,b", "1,2"], says.headerIsComment(`the header ${HEADER}`)],
  [["C1,1.234,50-", "C2,1,2"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
  [["C1;1.234,50-", "C2;1"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
  [["C1;12 %", "C2;1"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
  [["C1;$5.00", "C2;$6.00"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
  [["C1;5,00 €", "C2;6,00 €"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
  [["C1;13:04:05", "C2;14:04:05"], says.headerIsRow(`the header ${HEADER}`, says.timeIn(2))],
  [["C1;1.5e-7", "C2;1"], says.headerIsRow(`the header ${HEADER}`, says.numberIn(2))],
])("accepts %j with a warning", async (lines, warning) => {
  expect((await profile(lines)).warnings).toContain(warning);
});

test.each(["a^b,c", "(a),(b)", "x.,.y,z", "#,name", "#case,n", "$,€", "5:1,n", "'a','b", "5G,n", "1st,2nd"])(
  "accepts the header %j without a warning",
  async (header) => {
    const row = header.replace(/[^,]+/g, "v");
    expect((await profile([header, row])).warnings).toEqual([]);
  },
);

test.each([
  [["Fall;Betrag, EUR, netto", "1;3,5, bar", "2;4,0, bar"], ";", 2],
  [["Fall|Betrag, EUR, netto", "1|3,5, bar", "2|4,0, bar"], "|", 2],
  [["case,activity,tags|labels", "C1,a,x|y", "C2,b,z|w"], ",", 3],
  [["id,n,a|b", "1,2,3|4", "5,6,7|8"], ",", 3],
  [["name, tags;labels", "x, y;z", "u, v"], ",", 2],
])("takes the delimiter of %j that is not inside its values", async (lines, delimiter, width) => {
  const { table } = await profile(lines);
  expect(table).toMatchObject({ delimiter, columns: { length: width } });
});

test.each([
  [["case~activity~timestamp", "C1~a~2024"], 'is "~" the delimiter?'],
  [['"case,activity,timestamp"', '"C1,a,2024"'], "each line is in quotes as a whole"],
  [["'case','activity','timestamp'", "'C1','a','2024'"], "in quotes that begin with '"],
  [["case, activity, timestamp", "C1, a, 2024"], "column 2 of the header on line 1 has whitespace around its name"],
  [["\ufeff\ufeffcase,activity,timestamp", "C1,a,2024"], "second byte order mark"],
  [["|case |activity |timestamp |", "|-----|-----|-----|", "|C1|a|2024|"], "line 2 underlines the header"],
])("says what may hide the column of an event log in %j", async (lines, cause) => {
  const message = await refusal(lines, true);
  expect(message).toMatch(/^it has no column "\w+" \(eventLog\.\w+\); name one of its columns/);
  expect(message).toContain(cause);
});

test("reads a name of a million spaces, which a pattern could take hours for", async () => {
  const { table } = await profile([`${" ".repeat(1_000_000)}x,b`, "1,2"]);
  expect(table).toMatchObject({ rows: 1, columns: { length: 2 } });
});
