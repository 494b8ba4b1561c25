import * as fs from "node:fs";
import * as path from "node:path";
import { csv, EVENT_LOG, newFolder, run } from "./event-log";

const folder = newFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The rows of the folded table with this title. */
async function tableOf(title: string, rows: string[][]): Promise<string[] | undefined> {
  const file = path.join(folder, "log.csv");
  fs.writeFileSync(file, csv([["case_id", "activity", "timestamp"], ...rows]));
  const { code, stdout } = await run(["--to", file, ...EVENT_LOG]);
  expect(code).toBe(0);
  const table = new RegExp(`<summary>${title} \\(\\d+\\)</summary>\\n\\n.*\\n.*\\n((?:\\|.*\\n)+)`).exec(stdout)?.[1];
  return table?.trim().split("\n");
}

function times(...list: string[]): string[][] {
  return list.map((time, i) => [`C${i}`, "a", time]);
}

test.each<[string, string[], string[] | undefined]>([
  ["with gaps", ["2025-01-31T23:59:59Z", "2025-03-01"], ["| 2025-01 | 1 |", "| 2025-02 | 0 |", "| 2025-03 | 1 |"]],
  ["in UTC, of times with a zone", ["2025-01-31T23:30:00-01:00"], ["| 2025-02 | 1 |"]],
  ["day first, when one number is above 12", ["13/02/2025 10:00", "01/02/2025 11:00"], ["| 2025-02 | 2 |"]],
  ["month first, when one number cannot be a month", ["02/13/2025", "02/01/2025"], ["| 2025-02 | 2 |"]],
  ["not at all, when day and month could be either", ["01/02/2025", "03/04/2025"], undefined],
  ["without values that are not times", ["2025-01-01", "soon", ""], ["| 2025-01 | 1 |"]],
  ["not at all, without any time", ["soon", "later"], undefined],
  ["of seconds since 1970", ["1735689600", "1735689600000"], ["| 2025-01 | 2 |"]],
])("counts events per month %s", async (...[, list, expected]) => {
  expect(await tableOf("Events per month", times(...list))).toEqual(expected);
});

test("counts events per year when they span more than ten years", async () => {
  const rows = await tableOf("Events per year", times("2010-05-01", "2010-06-01", "2012-01-01", "2021-01-01"));
  expect(rows?.slice(0, 4)).toEqual(["| 2010 | 2 |", "| 2011 | 0 |", "| 2012 | 1 |", "| 2013 | 0 |"]);
  expect(rows?.length).toBe(12);
});

test("shows only the years that occur when a year is mistyped", async () => {
  const rows = await tableOf("Events per year", times("0225-05-01", "2025-05-01", "9999-01-01"));
  expect(rows).toEqual(["| 0225 | 1 |", "| 2025 | 1 |", "| 9999 | 1 |"]);
});

test("lists twenty activities, and all others as one", async () => {
  const rows = Array.from({ length: 23 }, (_, i) =>
    Array.from({ length: i + 1 }, () => ["c", `act ${i + 1}`, "2025-01-01"]),
  );
  const table = await tableOf("Events per activity", rows.flat());
  expect(table?.slice(0, 2)).toEqual(["| `act 23` | 23 |", "| `act 22` | 22 |"]);
  expect(table?.slice(-2)).toEqual(["| `act 4` | 4 |", "| `other (3)` | 6 |"]);
  expect(table?.length).toBe(21);
});

test("reads activities with quotes, delimiters and line ends, and empty ones", async () => {
  const table = await tableOf("Events per activity", [
    ['"a,b"', '"say ""no"", twice"', "2025-01-01"],
    ["c", 'size 5"', "2025-01-01"],
    ["c", '"two\nlines"', "2025-01-01"],
    ["c", "", "2025-01-01"],
  ]);
  expect(table).toEqual([
    "| `(empty)` | 1 |",
    "| <code>say &#34;no&#34;, twice</code> | 1 |",
    "| <code>size 5&#34;</code> | 1 |",
    "| `two⏎lines` | 1 |",
  ]);
});
