import type { Format } from "../../../provider/profile/source-file";
import { profileOf, refusalOf } from "./profiled";

const TABLE = { rows: 1, columns: ["a", "b"], delimiter: ",", encoding: "UTF-8", lineEnding: "LF" };
const HEADER_ONLY = ["it has a header and no rows"];
const ONE_COLUMN = ["it has one column only"];

test.each<[string, string, object, string[]?]>([
  ["LF", "a,b\n1,2\n", {}],
  ["no line end at the end", "a,b\n1,2", {}],
  ["CRLF", "a,b\r\n1,2\r\n", { lineEnding: "CRLF" }],
  ["a line feed inside quotes", 'a,b\n"1\n\n",2\n', {}],
  ["CRLF inside quotes of an LF file", 'a,b\n"1\r\n2",2\n', {}],
  ["CR inside quotes", 'a,b\n"1\r2",2\n', {}],
  ["a pair of quotes inside quotes", 'a,b\n"say ""hi"", then go",2\n', {}],
  ["nothing but a pair of quotes", 'a,b\n"""",""\n', {}],
  ["quoted names", '"a","b"\n1,2\n', {}],
  ["a name with delimiter, line feed and quote", '"a,\n""x""",b\n1,2\n', { columns: ['a,\n"x"', "b"] }],
  ["names in other scripts", "größe,注文\n1,2\n", { columns: ["größe", "注文"] }],
  [
    "blanks around names are theirs",
    " a , b\n1,2\n",
    { columns: [" a ", " b"] },
    ["column 1 of the header on line 1 has whitespace around its name, which is read as part of it"],
  ],
  ["a byte order mark", "\ufeffa,b\n1,2\n", { encoding: "UTF-8 with BOM" }],
  ["a byte order mark and quotes", '\ufeff"a",b\n1,2\n', { encoding: "UTF-8 with BOM" }],
  ["empty lines", "\n\na,b\n\n1,2\n\n\n", {}],
  ["empty CRLF lines", "\r\na,b\r\n\r\n1,2\r\n\r\n", { lineEnding: "CRLF" }],
  ["empty values", "a,b\n,\n", {}],
  ["semicolons", "a;b\n1,5;2\n", { delimiter: ";" }],
  ["tabs", "a\tb\n1\t2\n", { delimiter: "\t" }],
  ["pipes", "a|b\n1|2\n", { delimiter: "|" }],
  [
    "the delimiter of most fields",
    "a;b,c,d\n1;2,3,4\n",
    { columns: ["a;b", "c", "d"] },
    ['"," was taken as the delimiter; ";" would split its first lines evenly too'],
  ],
  ["one column", "a\n1\n", { columns: ["a"], delimiter: undefined }, ONE_COLUMN],
  [
    "one column with empty lines",
    "a\n1\n\n\n2\n",
    { rows: 2, columns: ["a"], delimiter: undefined },
    [...ONE_COLUMN, "2 empty lines not counted as rows"],
  ],
  ["a header", "a,b\n", { rows: 0 }, HEADER_ONLY],
  ["a header without its line end", "a,b", { rows: 0, lineEnding: "none" }, HEADER_ONLY],
  [
    "a character, and no more",
    "a",
    { rows: 0, columns: ["a"], delimiter: undefined, lineEnding: "none" },
    [...ONE_COLUMN, ...HEADER_ONLY],
  ],
  [
    "a column without a name",
    "\na,,c\n1,2,3\n",
    { columns: ["a", "", "c"] },
    ["column 2 of the header on line 2 has no name"],
  ],
  [
    "a blank name at the end",
    "a,b, \n1,2,\n",
    { columns: ["a", "b", " "] },
    ["column 3 of the header on line 1 has no name; does each line end in a delimiter?"],
  ],
  [
    "mixed line ends",
    "a,b\r\n1,2\n3,4\n",
    { rows: 2, lineEnding: "mixed" },
    ["its rows end in LF (2) and in CRLF (1); some readers accept only one kind"],
  ],
  [
    "a stray quote",
    'a,b\nx,y\n5" pipe,2\n',
    { rows: 2 },
    ["1 quote inside unquoted fields, the first on line 3; some readers fail there"],
  ],
])("csv with %s", async (...[, content, table, warnings]) => {
  const { table: found, warnings: told } = await profileOf(content);
  expect({ table: found, warnings: told }).toEqual({ table: { ...TABLE, ...table }, warnings: warnings ?? [] });
});

test.each<[Format, string, object, string[]?]>([
  ["tsv", "a\tb,c,d\n1\t2,3,4\n", { columns: ["a", "b,c,d"], delimiter: "\t" }],
  ["tsv", "a,b\n1,2\n", {}],
  ["tsv", "a\n1\n", { columns: ["a"], delimiter: undefined }, ONE_COLUMN],
  ["txt", "a|b\n1|2\n", { delimiter: "|" }],
])("%s holding %j", async (...[format, content, table, expected = []]) => {
  const { table: found, warnings } = await profileOf(content, format);
  expect({ table: found, warnings }).toEqual({ table: { ...TABLE, ...table }, warnings: expected });
});

const LONE_CR = "holds a carriage return (CR) without a line feed";

test.each<[string, string | Buffer, string]>([
  ["empty lines only", "\n\r\n", "it holds only empty lines"],
  ["a byte order mark only", "\ufeff", "it holds only empty lines"],
  ["a short row", "a,b\n1,2\n3\n4\n", `line 3 has 1 field, and the header has 2`],
  ["a long row", "a,b\n1,2,3\n", `line 2 has 3 fields, and the header has 2`],
  ["a short last row", "a,b\n1,2\n3", `line 3 has 1 field, and the header has 2`],
  ["a line of blanks", "a,b\n  \n1,2\n", `line 2 has 1 field, and the header has 2`],
  ["a short row after a field of three lines", 'a,b\n"1\n2\n3",4\n5\n', `line 5 has 1 field, and the header has 2`],
  ["a delimiter in one column", "a\nx, y\n", `line 2 has 2 fields, and the header has 1`],
  ["a blank before a quote", 'a,b\n1, "2, 3"\n', `line 2 has 3 fields, and the header has 2`],
  ["an open quote", 'a,b\n1,2\n"3,4\n5,6\n', "the quote that opens on line 3 is never closed"],
  ["a single quote character", '"', "the quote that opens on line 1 is never closed"],
  ["text after a quote", 'a,b\n"1"x,2\n', `line 2 has text after a closing quote`],
  ["a quote not doubled", 'a,b\n"say "hi" now",2\n', `line 2 has text after a closing quote`],
  ["CR alone", "a,b\r1,2\r", `line 1 ${LONE_CR}`],
  ["a CR at its end", "a,b\n1,2\r", `line 2 ${LONE_CR}`],
  ["CR CR LF", "a,b\r\r\n1,2\r\r\n", `line 1 ${LONE_CR}`],
  ["a NUL", "a,b\n1,\0\n", "line 2 holds a NUL byte, which is not text"],
  ["Latin-1", Buffer.from("a,b\n1,2\ncafé,3\n", "latin1"), "line 3 is not valid UTF-8"],
  ["half a character at its end", Buffer.from("a,b\n1,é").subarray(0, -1), "line 2 is not valid UTF-8"],
  ["UTF-16", Buffer.from("a,b\n1,2\n", "utf16le"), "it is UTF-16 text"],
  ["UTF-16 with a mark", Buffer.from("\ufeffa,b\n", "utf16le"), "it is UTF-16 text"],
  ["UTF-16, big end first", Buffer.from("\ufeffa,b\n", "utf16le").swap16(), "it is UTF-16 text"],
  ["UTF-32", Buffer.from("\ufeff\0a\0,\0b\0", "utf16le"), "it is UTF-32 text"],
  ["UTF-32 without a mark", Buffer.from("a\0,\0b\0\n\0", "utf16le"), "it is UTF-32 text"],
  ["a zip archive", Buffer.from("PK\x03\x04rest"), "it is a zip archive or an Excel workbook"],
  ["gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0]), "it is compressed with gzip"],
  [
    "an old workbook",
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
    "it is an old or a password-protected Excel workbook",
  ],
  [
    "a title in the first of its columns",
    "Report,,\na,b,c\n1,2,3\n",
    "the header on line 1 names 1 of 3 columns, so it is a title or empty",
  ],
  [
    "100,000 columns",
    `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join()}\n`,
    "the header on line 1 has 100000 columns, and the limit is 16384",
  ],
  ["a header without end", `a,"${"x".repeat(1_100_000)}",b\n`, "its header row is longer than 1 MiB"],
])("csv with %s is refused", async (...[, content, refusal]) => {
  expect(await refusalOf(content)).toBe(refusal);
});

test("a fault far inside a large file is told with its line", async () => {
  const rows = '"a ""quoted"" value",plain,2024-01-01\r\n'.repeat(100_000);
  const header = "a,b,c\r\n";
  const [short, latin1, open] = await Promise.all(
    ["short,row\r\n", Buffer.from("é,b,c\r\n", "latin1"), '"open,b,c\r\n'].map((line) =>
      refusalOf(Buffer.concat([Buffer.from(header + rows), Buffer.from(line), Buffer.from(rows)])),
    ),
  );
  expect([short, latin1, open]).toEqual([
    `line 100002 has 2 fields, and the header has 3`,
    "line 100002 is not valid UTF-8",
    // The open quote takes everything up to the next one into its value.
    `line 100003 has text after a closing quote; its value opens on line 100002`,
  ]);
});
