import * as fs from "node:fs";
import * as path from "node:path";
import { workbookOf } from "../unit/profile/workbook-of";
import { csv, EVENT_LOG, newFolder, run } from "./event-log";

const folder = newFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

type Row = [caseId: string, activity: string, time: string];
const COLUMNS = ["case_id", "activity", "timestamp"];

/** Cases of these activities, a day apart each. */
function cases(...list: [id: string, ...activities: string[]][]): Row[] {
  return list.flatMap(([id, ...activities]) =>
    activities.map((activity, day): Row => [id, activity, `2025-01-${String(day + 1).padStart(2, "0")}T10:00:00Z`]),
  );
}

const OLD = cases(["1", "Register", "Check", "Pay"], ["2", "Register", "Check", "Pay"], ["3", "Register", "Reject"]);
const NOW = cases(
  ["1", "Register", "Check", "Pay"],
  ["2", "Register", "Recheck", "Check", "Pay"],
  ["4", "Check", "Pay"],
);

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

const textOf = (rows: Row[]) => csv([COLUMNS, ...rows]);

/** The part about the process, of a review of these rows. */
async function processPart(now: string, old?: string): Promise<string> {
  const { code, stdout } = await run([...(old === undefined ? [] : ["--from", old]), "--to", now, ...EVENT_LOG]);
  expect(code).toBe(0);
  return (
    /#### Process\n([\s\S]*?)(?=\n<details><summary>Events per|\nEvents per month|\nThis review)/.exec(stdout)?.[1] ??
    ""
  );
}

test("compares the processes of both files", async () => {
  const part = await processPart(write("now.csv", textOf(NOW)), write("old.csv", textOf(OLD)));
  expect(part).toMatchSnapshot();
  expect(part).toContain("**1 activity added**: `Recheck`");
  expect(part).toContain("**1 activity removed**: `Reject`");
  expect(part).toContain("Cases by id: 🟢 **1 added**, 🔴 **1 removed**, 🟡 **1 changed**.");
  expect(part).toContain("| `Register` → `Recheck` | 0 | 1 | 🟡 **added** |");
  expect(part).toContain("| `Register` → `Reject` | 1 | 0 | 🔴 **removed** |");
  expect(part).toContain("| `Register` → `Check` | 2 | 1 | **-1** |");
});

const FORMATS: { [format: string]: (rows: Row[]) => string | Uint8Array } = {
  xlsx: (rows) => workbookOf([COLUMNS, ...rows.map(([id, name, time]) => [id, name, new Date(time)])]),
  xes: xesOf,
};

test.each(Object.keys(FORMATS))("reads the same process from %s as from csv", async (format) => {
  const make = FORMATS[format] as (rows: Row[]) => string | Uint8Array;
  const other = await processPart(write(`now.${format}`, make(NOW)), write(`old.${format}`, make(OLD)));
  expect(other).toBe(await processPart(write("now.csv", textOf(NOW)), write("old.csv", textOf(OLD))));
});

test("orders the events of a case by their times, and those of one time as the file does", async () => {
  const shuffled = [...NOW].reverse();
  expect(await processPart(write("now.csv", textOf(shuffled)))).toBe(
    await processPart(write("other.csv", textOf(NOW))),
  );
  const sameTime: Row[] = [
    ["1", "B", "2025-01-01"],
    ["1", "A", "2025-01-01"],
  ];
  expect(await processPart(write("same.csv", textOf(sameTime)))).toContain("| `B` → `A` | 1 |");
});

test.each<[string, Row[], string]>([
  ["no event is complete", [["", "a", "2025-01-01"]], "no event has a case id, an activity and a time."],
  [
    "day and month cannot be distinguished",
    [["1", "a", "01/02/2025"]],
    "the times leave open which number is the day and which the month.",
  ],
  [
    "the activity column has too many values",
    Array.from({ length: 1001 }, (_, i): Row => ["1", `a${i}`, "2025-01-01"]),
    "the activity column has more than 1,000 different values, or one of more than 200 bytes.",
  ],
])("says why there is no process when %s", async (_name, rows, reason) => {
  expect(await processPart(write("none.csv", textOf(rows)))).toBe(`\nNot shown: ${reason}\n`);
});

test("counts the events that it leaves out", async () => {
  const rows: Row[] = [...NOW, ["", "Check", "2025-01-01"], ["5", "Check", "soon"], ["5", "", "2025-01-01"]];
  const part = await processPart(write("now.csv", textOf(rows)));
  expect(part).toContain("new file: 3 events without a case id, an activity or a time left out.");
  expect(part).toContain("| cases | 3 |");
});

function xesOf(rows: Row[]): string {
  const ids = [...new Set(rows.map(([id]) => id))];
  const event = ([, name, time]: Row) =>
    `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${time}"/></event>`;
  const traces = ids.map((id) => {
    const events = rows.filter((row) => row[0] === id).map(event);
    return `<trace><string key="concept:name" value="${id}"/>${events.join("")}</trace>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><log>${traces.join("")}</log>`;
}
