import { type Emulator, startEmulator } from "processmind-emulator";
import { api, makeTable, presign, send, upload } from "./client";

let emulator: Emulator;
let table: { datasetId: string; datatableId: string };
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(async () => {
  await emulator.reset();
  table = await makeTable(emulator);
});
afterAll(() => emulator.close());

/** Row count and columns (`name: type`) of the table. */
async function shown(): Promise<[number, string[]]> {
  const { rowCount, columns } = (await api(emulator, "GET", `/datatable/${table.datatableId}`)).json;
  return [rowCount, columns.map(({ name, type }: { name: string; type: string }) => `${name}: ${type}`)];
}

const TWO = "case,activity\n1,Start\n2,End\n";
const long = (line: string) => line.repeat(20_000);

test.each<[name: string, content: string, rows: number, columns: string[], fileName?: string]>([
  ["commas", TWO, 2, ["case: integer", "activity: string"]],
  ["semicolons", TWO.replaceAll(",", ";"), 2, ["case: integer", "activity: string"]],
  ["tabs in a csv", TWO.replaceAll(",", "\t"), 2, ["case: integer", "activity: string"]],
  ["bars", TWO.replaceAll(",", "|"), 2, ["case: integer", "activity: string"]],
  ["semicolons with decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", 2, ["a: string", "b: string"]],
  ["commas in quotes", 'a;b\n"x, y, z";1\n"p, q, r";2\n', 2, ["a: string", "b: integer"]],
  ["one column", "a\n1\n2\n", 2, ["a: integer"]],
  ["one column of a tsv", "a,b\n1,2\n", 1, ["a: integer", "b: integer"], "orders.tsv"],
  ["a txt", TWO, 2, ["case: integer", "activity: string"], "ORDERS.TXT"],
  ["line breaks in quotes", 'a,b\n"one\ntwo\r\nthree",1\n"four",2\n', 2, ["a: string", "b: integer"]],
  ["doubled quotes", 'a,b\n"say ""hi""",1\n', 1, ["a: string", "b: integer"]],
  ["stray quotes", 'a,b\n5" pipe,1\n', 1, ["a: string", "b: integer"]],
  ["a byte order mark", `\uFEFF${TWO}`, 2, ["case: integer", "activity: string"]],
  ["a byte order mark before quotes", '\uFEFF"case";"b"\n1;2\n', 1, ["case: integer", "b: integer"]],
  ["Windows line ends", TWO.replaceAll("\n", "\r\n"), 2, ["case: integer", "activity: string"]],
  ["no final line end", "a,b\n1,2", 1, ["a: integer", "b: integer"]],
  ["empty lines", "a,b\n\n1,2\n\n\n3,4\n\n", 2, ["a: integer", "b: integer"]],
  ["a header alone", "a,b\n", 0, ["a: string", "b: string"]],
  ["nothing", "", 0, []],
  ["rows that are too short and too long", "a,b,c\n1\n2,3\n4,5,6,7\n", 3, ["a: integer", "b: integer", "c: integer"]],
  ["ragged semicolons", "a;b;c\n1;2;3\n4;5\n", 2, ["a: integer", "b: integer", "c: integer"]],
  [
    "non-ASCII names",
    "Fall,Aktivität,時間\n1,Prüfung,2024-01-31\n",
    1,
    ["Fall: integer", "Aktivität: string", "時間: datetime"],
  ],
  ["more than the first pieces", `a,b\n${long("1,x\n")}2.5,y\n`, 20_001, ["a: number", "b: string"]],
  ["records that are longer than the sample", `a;b\n"${"x, ".repeat(50_000)}";1\n`, 1, ["a: string", "b: integer"]],
])("%s", async (...[, content, rows, columns, fileName]) => {
  await upload(emulator, table, content, fileName ?? "orders.csv");
  expect(emulator.uploads()[0]?.ingestion).toBe("done");
  expect(await shown()).toEqual([rows, columns]);
});

test.each<[type: string, values: string[]]>([
  ["integer", ["0", "-5", "+7", "900719925474099"]],
  ["integer", ["1", "", " 2 "]],
  ["number", ["1", "2.5", "-0.5", "1e3", ".5"]],
  ["string", ["007"]],
  ["string", ["1", "two"]],
  ["string", ["1.000,50"]],
  ["string", ["", ""]],
  ["string", ["NaN"]],
  ["datetime", ["2024-01-31"]],
  ["datetime", ["2024-01-31T08:00:00.5Z", "2024-01-31 08:00", "2024-01-31T08:00:00+02:00"]],
  ["datetime", ["31-01-2024 08:00", "01/31/2024", "31.01.2024"]],
  ["string", ["2024-01-31", "5"]],
  ["string", ["5", "2024-01-31"]],
  ["string", ["08:00"]],
])("a column is %s: %j", async (type, values) => {
  await upload(emulator, table, `v;w\n${values.map((value) => `${value};x\n`).join("")}`);
  expect(await shown()).toEqual([values.length, [`v: ${type}`, "w: string"]]);
});

test.each([
  ["a quote that never ends", 'a,b\n1,2\n"three,4\n', "Quote Not Closed"],
  ["a record without end", `a,b\n"${"x".repeat(5 * 1024 * 1024)}",1\n`, "Max Record Size"],
])("%s fails, says why, and leaves the rows as they were", async (_name, content, why) => {
  await upload(emulator, table, TWO);
  await upload(emulator, table, content);
  expect(emulator.uploads().map(({ ingestion }) => ingestion)).toEqual(["done", "failed"]);
  expect(emulator.uploads()[1]?.ingestionNote).toContain(why);
  expect(await shown()).toEqual([2, ["case: integer", "activity: string"]]);
});

test.each(["orders.xlsx", "orders.xes", "orders"])("%s is stored and not parsed", async (fileName) => {
  await upload(emulator, table, TWO, fileName);
  const [upload1] = emulator.uploads();
  expect([upload1?.ingestion, upload1?.ingestionNote]).toEqual(["skipped", expect.stringContaining("not parsed")]);
  expect(String(await emulator.objectBytes(upload1?.id ?? ""))).toBe(TWO);
  expect(await shown()).toEqual([0, []]);
});

test("the last of two uploads in a row wins, in the order the bytes arrived", async () => {
  emulator.setBehaviour({ ingestionDelayMs: 30 });
  const [first, second] = [await presign(emulator, table), await presign(emulator, table)];
  await send("PUT", second, { body: "a\n1\n2\n" });
  emulator.setBehaviour({ ingestionDelayMs: 0 });
  await send("PUT", first, { body: "b\n1\n" });
  await emulator.settled();
  expect(await shown()).toEqual([1, ["b: integer"]]);
});
