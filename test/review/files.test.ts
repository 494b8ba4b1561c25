import * as fs from "node:fs";
import * as path from "node:path";
import { raggedLine } from "../../provider/messages/files";
import { MESSAGES, rendered } from "../../review/messages";
import { csv, EVENT_LOG, events, HEADER, newFolder, run } from "./event-log";

const folder = newFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

const BEFORE = [HEADER, ...events(960)];

function withColumns(pick: (row: string[]) => string[], header: string[]): string {
  return csv([header, ...BEFORE.slice(1).map(pick)]);
}

const PAIRS: { [change: string]: { now: string; name?: string } } = {
  "320 rows appended": { now: csv([HEADER, ...events(1280)]) },
  "one value edited": { now: csv(BEFORE).replace(",35\n", ",36\n") },
  "column renamed": { now: csv([["case_id", "activity", "timestamp", "cost"], ...BEFORE.slice(1)]) },
  "column dropped": { now: withColumns((row) => row.slice(0, 3), HEADER.slice(0, 3)) },
  "columns reordered": {
    now: withColumns(
      ([a = "", b = "", c = "", d = ""]) => [d, a, b, c],
      ["amount", "case_id", "activity", "timestamp"],
    ),
  },
  "delimiter changed": { now: csv(BEFORE, ";") },
  "LF to CRLF only": { now: csv(BEFORE, ",", "\r\n") },
  "BOM added": { now: `\uFEFF${csv(BEFORE)}` },
  "a third of the rows removed": { now: csv([HEADER, ...events(640)]) },
  "time span moved a year": { now: csv([HEADER, ...events(960, 2026)]) },
  "file renamed only": { now: csv(BEFORE), name: "claims-2.csv" },
  "nothing changed": { now: csv(BEFORE) },
};

/** Up to what is folded. */
function visiblePart(markdown: string): string {
  return markdown.split("\n\n<details>")[0] as string;
}

test.each(Object.entries(PAIRS))("reports the change: %s", async (...[change, { now, name = "claims.csv" }]) => {
  const [oldFolder, newFolder] = [path.join(folder, change, "old"), path.join(folder, change, "new")];
  for (const side of [oldFolder, newFolder]) fs.mkdirSync(side, { recursive: true });
  fs.writeFileSync(path.join(oldFolder, "claims.csv"), csv(BEFORE));
  fs.writeFileSync(path.join(newFolder, name), now);

  const ran = await run([
    "--from",
    path.join(oldFolder, "claims.csv"),
    "--to",
    path.join(newFolder, name),
    ...EVENT_LOG,
  ]);

  expect({ ...ran, stdout: visiblePart(ran.stdout) }).toEqual({ code: 0, stdout: expect.any(String), stderr: "" });
  expect(visiblePart(ran.stdout)).toMatchSnapshot();
});

test("describes a new file", async () => {
  const file = path.join(folder, "claims.csv");
  fs.writeFileSync(file, csv([HEADER, ...events(200)]));
  const { code, stdout } = await run(["--to", file, ...EVENT_LOG]);
  expect(code).toBe(0);
  expect(stdout).toMatchSnapshot();
});

const FAULT = raggedLine(3, 1, 2, undefined);
const RAGGED = [`${FAULT.message}.`, ...FAULT.options];

test("writes the review and names the file when a file cannot be used", async () => {
  const [from, to] = [path.join(folder, "good.csv"), path.join(folder, "ragged.csv")];
  fs.writeFileSync(from, "a,b\n1,2\n");
  fs.writeFileSync(to, "a,b\n1,2\n3\n");
  const ran = await run(["--from", from, "--to", to]);
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({
    code: 1,
    stderr: rendered(MESSAGES.unusableFile("ragged.csv", RAGGED)),
  });
  expect(ran.stdout).toContain("❌ **1 file cannot be used**");
  expect(ran.stdout).toContain(`- ❌ \`ragged.csv\`: ${FAULT.inOneLine()}.\n`);
  expect(ran.stdout).not.toContain("| rows |");
});

test("names every file that cannot be used", async () => {
  const names = ["one.csv", "two.csv", "three.csv"];
  for (const name of names) fs.writeFileSync(path.join(folder, name), name === "two.csv" ? "a\n1\n" : "a,b\n1,2\n3\n");
  const { code, stdout, stderr } = await run(names.flatMap((name) => ["--to", path.join(folder, name)]));
  expect(code).toBe(1);
  expect(stderr.match(/(?<=^processmind-review: )[^:]+/gm)).toEqual(["one.csv", "three.csv"]);
  expect(stdout.match(/(?<=^- ❌ `)[^`]+/gm)).toEqual(["one.csv", "three.csv"]);
  expect(stdout).toContain("❌ **1 file changes: 1 new; 2 files cannot be used**");
});

test("says which side cannot be used when both files have one name", async () => {
  const [from, to] = [path.join(folder, "before", "same.csv"), path.join(folder, "same.csv")];
  fs.mkdirSync(path.dirname(from));
  fs.writeFileSync(from, "a,b\n1,2\n3\n");
  fs.writeFileSync(to, "a,b\n1,2\n");
  expect((await run(["--from", from, "--to", to])).stderr).toContain(`same.csv (old): ${RAGGED[0]}`);
});

test("describes the new file when the old one cannot be used", async () => {
  const [from, to] = [path.join(folder, "empty.csv"), path.join(folder, "good.csv")];
  fs.writeFileSync(from, "");
  fs.writeFileSync(to, "a,b\n1,2\n");
  const ran = await run(["--from", from, "--to", to]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain("**Not compared: the old file cannot be read**");
  expect(ran.stdout).toContain("| rows | 1 |\n");
});

/** Two logs with other columns, and a table that is no log. */
const SEVERAL = {
  "claims.csv": [csv(BEFORE), csv([HEADER, ...events(1280)])],
  "orders.csv": [
    csv([["order", "step", "at", "x"], ...events(40)]),
    csv([["order", "step", "at", "x"], ...events(20)]),
  ],
  "prices.csv": [undefined, "article,price\n1,2\n"],
} as const;

test("reviews several files, each with the event log columns that it has", async () => {
  const args = Object.entries(SEVERAL).flatMap(([name, [old, now]]) => {
    const [from, to] = [path.join(folder, "several/old", name), path.join(folder, "several", name)];
    fs.mkdirSync(path.dirname(from), { recursive: true });
    if (old !== undefined) fs.writeFileSync(from, old);
    fs.writeFileSync(to, now);
    return [...(old === undefined ? [] : ["--from", from]), "--to", to];
  });
  const other = ["--case-id", "order", "--activity", "step", "--timestamp", "at"];
  const { code, stdout, stderr } = await run([...args, ...EVENT_LOG, ...other]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("⚠️ **3 files change: 1 appended, 1 rewritten, 1 new; 1 with fewer rows or columns**");
  const [, ...parts] = stdout.split(/^### /m);
  expect(parts.map((part) => ({ name: part.split("\n")[0], hasEvents: part.includes("Events per month") }))).toEqual([
    { name: "`claims.csv`", hasEvents: true },
    { name: "`orders.csv`", hasEvents: true },
    { name: "`prices.csv`", hasEvents: false },
  ]);
  expect(parts[0]).toContain("| 2025-08 | 112 | 124 | 🟢 **+12 (+11 %)** |");
  expect(parts[1]).toContain("| `Paid` | 10 | 5 | 🔴 **-5 (-50 %)** |");
});

test("names a file of several that loses a column of its event log", async () => {
  fs.mkdirSync(path.join(folder, "two"));
  const at = (name: string) => path.join(folder, "two", name);
  fs.writeFileSync(at("log.csv"), csv(BEFORE));
  fs.writeFileSync(at("renamed.csv"), csv([["case_id", "step", "timestamp", "amount"], ...BEFORE.slice(1)]));
  fs.writeFileSync(at("prices.csv"), "article,price\n1,2\n");
  const files = ["--from", at("log.csv"), "--to", at("renamed.csv"), "--to", at("prices.csv")];
  const { code, stderr } = await run([...files, ...EVENT_LOG]);
  expect({ code, named: stderr.match(/(?<=^processmind-review: )[^:]+/gm) }).toEqual({
    code: 1,
    named: ["renamed.csv"],
  });
});

test.each<[from: string, to: string, code: number]>([
  ["old.csv", "renamed.csv", 1],
  ["renamed.csv", "old.csv", 0],
])(
  "leaves out only the events when a column of the event log is missing, from %s to %s",
  async (...[from, to, code]) => {
    const renamed = ["case_id", "step", "timestamp", "amount"];
    fs.writeFileSync(path.join(folder, "old.csv"), csv(BEFORE));
    fs.writeFileSync(path.join(folder, "renamed.csv"), csv([renamed, ...BEFORE.slice(1)]));
    const ran = await run(["--from", path.join(folder, from), "--to", path.join(folder, to), ...EVENT_LOG]);
    const problem = 'it has no column "activity" (--activity)';
    expect({
      code: ran.code,
      isError: ran.stderr.startsWith(`processmind-review: renamed.csv: ${problem}`),
    }).toEqual({
      code,
      isError: code === 1,
    });
    expect(ran.stdout).toContain(`- ${code === 1 ? "❌" : "⚠️"} \`renamed.csv\`: ${problem}`);
    expect(ran.stdout).toContain("**Rewritten: same rows, other columns**");
    expect(ran.stdout).toContain("| **cases** | ");
    expect(ran.stdout.includes("Events per month")).toBe(to === "old.csv");
  },
);
