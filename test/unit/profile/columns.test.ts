import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnsOf } from "../../../provider/profile/columns";
import { formatOf, SourceFile } from "../../../provider/profile/source-file";
import { workbookOf } from "./workbook-of";

const folder = mkdtempSync(join(tmpdir(), "columns-"));
afterAll(() => rmSync(folder, { recursive: true }));

function columnsIn(name: string, content: string | Uint8Array) {
  writeFileSync(join(folder, name), content);
  return columnsOf({ source: new SourceFile(folder, name), format: formatOf(name) });
}

const WIDE = Array.from({ length: 9000 }, (_, i) => `column number ${i}`);

test.each<[string, string, string | Uint8Array, string[] | undefined]>([
  ["csv", "a.csv", "case,activity\n1,x\n", ["case", "activity"]],
  [
    "csv with a byte order mark and quotes",
    "a.csv",
    '\ufeff"case, id";"say ""no"""\r\n1;x\r\n',
    ["case, id", 'say "no"'],
  ],
  ["csv without a line end", "a.csv", "case,activity", ["case", "activity"]],
  ["csv whose header is longer than what is read at once", "a.csv", `${WIDE.join(",")}\n`, WIDE],
  ["tsv", "a.tsv", "case\tactivity\n1\tx\n", ["case", "activity"]],
  [
    "xlsx",
    "a.xlsx",
    workbookOf([
      ["case", "activity"],
      ["1", "x"],
    ]),
    ["case", "activity"],
  ],
  ["XES, which has none", "a.xes", "<log></log>", undefined],
])("reads the columns of %s", async (_, name, content, expected) => {
  expect(await columnsIn(name, content)).toEqual(expected);
});

test("reads no further than the beginning when a later row is broken", async () => {
  const rows = `${"1,x\n".repeat(100_000)}1,2,3\n`;
  expect(await columnsIn("broken.csv", `case,activity\n${rows}`)).toEqual(["case", "activity"]);
});

test("rejects a file whose beginning is not text", async () => {
  await expect(columnsIn("zip.csv", workbookOf([["case"]]))).rejects.toThrow("workbook");
});
