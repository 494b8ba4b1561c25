import * as fs from "node:fs";
import * as path from "node:path";
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
  "a third of the rows gone": { now: csv([HEADER, ...events(640)]) },
  "time span moved a year": { now: csv([HEADER, ...events(960, 2026)]) },
  "file renamed only": { now: csv(BEFORE), name: "claims-2.csv" },
  "nothing changed": { now: csv(BEFORE) },
};

/** Up to what is folded, and without the lines that say `same`. */
function visiblePart(markdown: string): string {
  return (markdown.split("\n\n<details>")[0] as string).replace(/^\|.*\| same \|\n?/gm, "");
}

test.each(Object.entries(PAIRS))("%s", async (...[change, { now, name = "claims.csv" }]) => {
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

test("a new file, whole", async () => {
  const file = path.join(folder, "claims.csv");
  fs.writeFileSync(file, csv([HEADER, ...events(200)]));
  const { code, stdout } = await run(["--to", file, ...EVENT_LOG]);
  expect(code).toBe(0);
  expect(stdout).toMatchSnapshot();
});

test("a file that cannot be used is told in the review, which is written all the same", async () => {
  const [from, to] = [path.join(folder, "good.csv"), path.join(folder, "ragged.csv")];
  fs.writeFileSync(from, "a,b\n1,2\n");
  fs.writeFileSync(to, "a,b\n1,2\n3\n");
  const reason =
    "line 3 has 1 field and the header has 2. Delete it if it is a note; else give all rows the same number, and put values that hold the delimiter in quotes";
  const ran = await run(["--from", from, "--to", to]);
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({
    code: 1,
    stderr: `processmind-review: ragged.csv: ${reason}.\n`,
  });
  expect(ran.stdout).toContain(`- ❌ \`ragged.csv\`: ${reason}.\n`);
  expect(ran.stdout).toContain("| rows | 1 |\n");
});

test("an old file that cannot be used leaves the new one told", async () => {
  const [from, to] = [path.join(folder, "empty.csv"), path.join(folder, "good.csv")];
  fs.writeFileSync(from, "");
  fs.writeFileSync(to, "a,b\n1,2\n");
  const ran = await run(["--from", from, "--to", to]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain("**Not compared: the old file cannot be read**");
  expect(ran.stdout).toContain("| rows | 1 |\n");
});

test.each<[from: string, to: string, code: number]>([
  ["old.csv", "renamed.csv", 1],
  ["renamed.csv", "old.csv", 0],
])(
  "from %s to %s: a column of the event log that one of them lacks costs only its events",
  async (...[from, to, code]) => {
    const renamed = ["case_id", "step", "timestamp", "amount"];
    fs.writeFileSync(path.join(folder, "old.csv"), csv(BEFORE));
    fs.writeFileSync(path.join(folder, "renamed.csv"), csv([renamed, ...BEFORE.slice(1)]));
    const ran = await run(["--from", path.join(folder, from), "--to", path.join(folder, to), ...EVENT_LOG]);
    const problem = 'it has no column "activity", which --activity names';
    expect({
      code: ran.code,
      isToldAsError: ran.stderr.startsWith(`processmind-review: renamed.csv: ${problem}`),
    }).toEqual({
      code,
      isToldAsError: code === 1,
    });
    expect(ran.stdout).toContain(`- ${code === 1 ? "❌" : "⚠️"} \`renamed.csv\`: ${problem}`);
    expect(ran.stdout).toContain("**Rewritten: same rows, other columns**");
    expect(ran.stdout).toContain("| **cases** |");
    expect(ran.stdout.includes("Events per month")).toBe(to === "old.csv");
  },
);
