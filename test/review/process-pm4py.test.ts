import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { profileFile } from "../../provider/profile/profile-file";
import { formatOf, SourceFile } from "../../provider/profile/source-file";
import { EventList } from "../../review/input/event-list";
import { processOf } from "../../review/input/process";
import profiles from "../unit/profile/pm4py-numbers.json";
import { workbookOf } from "../unit/profile/workbook-of";
import {
  changedRows,
  csvOf,
  expectNumbers,
  LOG_COLUMNS,
  type LogRow,
  numbersOf,
  type ProcessNumbers,
  seededRows,
  sortedEdges,
} from "./process-logs";

/**
 * pm4py 2.7.23 is the judge of the process. Its numbers of logs that are made here are committed, and those of its own logs,
 * which are not part of this repository: PM4PY_LOGS names the folder `tests/input_data` of pm4py's repository.
 * PM4PY_PYTHON names a Python that has pm4py: then the committed numbers are compared with those that it gives now, and
 * with PM4PY_RECORD=1 they are written.
 */

const { PM4PY_LOGS: logs, PM4PY_PYTHON: python, PM4PY_RECORD: isRecording } = process.env;
const NUMBERS = join(__dirname, "pm4py-numbers.json");
const SCRIPT = join(__dirname, "pm4py-numbers.py");
const OWN_LOGS = profiles.map(({ log }) => log);

const folder = mkdtempSync(join(tmpdir(), "process-pm4py-"));
afterAll(() => rmSync(folder, { recursive: true }));

const committed = (): { [log: string]: ProcessNumbers } => JSON.parse(readFileSync(NUMBERS, "utf8"));

/** Of logs that are made here: their rows. */
const SEEDED: { [log: string]: () => LogRow[] } = Object.fromEntries(
  [1, 2, 3].flatMap((seed): [string, () => LogRow[]][] => [
    [`seed-${seed}`, () => seededRows(seed, 300)],
    [`seed-${seed}-changed`, () => changedRows(seededRows(seed, 300), seed)],
  ]),
);

function ownRows(log: string): LogRow[] {
  const text = readFileSync(join(logs ?? "", `${log}.csv`));
  const records: { [column: string]: string }[] = parse(text, { columns: true });
  return records.map((record) => ({
    caseId: record[LOG_COLUMNS.caseId] as string,
    activity: record[LOG_COLUMNS.activity] as string,
    time: new Date((record[LOG_COLUMNS.timestamp] as string).replace(" ", "T")).toISOString(),
  }));
}

function sheetOf(rows: LogRow[]): Uint8Array {
  return workbookOf([
    Object.values(LOG_COLUMNS),
    ...rows.map(({ caseId, activity, time }) => [caseId, activity, time && new Date(time)]),
  ]);
}

async function numbersIn(name: string, content: string | Uint8Array): Promise<ProcessNumbers> {
  writeFileSync(join(folder, name), content);
  const events = new EventList();
  const source = new SourceFile(folder, name);
  const { eventLog } = await profileFile({ source, format: formatOf(name), eventLog: LOG_COLUMNS, events });
  const found = processOf(events, eventLog?.activityNames);
  if (typeof found === "string") throw new Error(found);
  return numbersOf(found);
}

function numbersOfLog(log: string): ProcessNumbers {
  const numbers = committed()[log];
  if (!numbers) throw new Error(`no numbers of ${log} are committed`);
  return numbers;
}

describe("a log that is made of a seed", () => {
  test.each(Object.keys(SEEDED))("has the process that pm4py finds: %s", async (log) => {
    const rows = (SEEDED[log] as () => LogRow[])();
    expectNumbers(await numbersIn(`${log}.csv`, csvOf(rows)), numbersOfLog(log));
    expectNumbers(await numbersIn(`${log}.xlsx`, sheetOf(rows)), numbersOfLog(log));
  });
});

const what = logs === undefined ? "a log of pm4py (PM4PY_LOGS is not set)" : "a log of pm4py";
(logs === undefined ? describe.skip : describe).each(OWN_LOGS)(`${what}: %s`, (log) => {
  test.each(["csv", "xes", "xlsx"])("has the process that pm4py finds, in %s", async (format) => {
    const content = format === "xlsx" ? sheetOf(ownRows(log)) : readFileSync(join(logs ?? "", `${log}.${format}`));
    expectNumbers(await numbersIn(`${log}.${format}`, content), numbersOfLog(log));
  });

  test("has the process that pm4py finds, when it is changed", async () => {
    const content = csvOf(changedRows(ownRows(log), 1));
    expectNumbers(await numbersIn(`${log}-changed.csv`, content), numbersOfLog(`${log}-changed`));
  });
});

const asked = python === undefined ? "pm4py (PM4PY_PYTHON is not set)" : "pm4py";
(python === undefined ? describe.skip : describe)(asked, () => {
  test("still gives the numbers that are committed", () => {
    const files: { [log: string]: string } = Object.fromEntries(
      Object.entries(SEEDED).map(([log, rows]) => [log, csvOf(rows())]),
    );
    for (const log of logs === undefined ? [] : OWN_LOGS) {
      files[log] = csvOf(ownRows(log));
      files[`${log}-changed`] = csvOf(changedRows(ownRows(log), 1));
    }
    const names = Object.keys(files).map((log) => join(folder, `${log}.csv`));
    for (const [log, text] of Object.entries(files)) writeFileSync(join(folder, `${log}.csv`), text);
    const output = execFileSync(python as string, [SCRIPT, ...names], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const found: { [file: string]: ProcessNumbers } = JSON.parse(output);
    const byLog = Object.fromEntries(
      Object.keys(files).map((log) => [log, sorted(found[`${log}.csv`] as ProcessNumbers)]),
    );
    if (isRecording) writeFileSync(NUMBERS, recorded({ ...committed(), ...byLog }));
    for (const [log, numbers] of Object.entries(byLog)) expectNumbers(numbers, numbersOfLog(log));
  }, 300_000);
});

function sorted(numbers: ProcessNumbers): ProcessNumbers {
  return { ...numbers, edges: sortedEdges(numbers.edges) };
}

/** A line for each log. */
function recorded(numbers: { [log: string]: ProcessNumbers }): string {
  const lines = Object.entries(numbers).map(([log, each]) => `${JSON.stringify(log)}: ${JSON.stringify(each)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}
