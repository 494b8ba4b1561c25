import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profileFile } from "../../provider/profile/profile-file";
import { formatOf, SourceFile } from "../../provider/profile/source-file";
import { caseChanges } from "../../review/input/case-changes";
import { EventList } from "../../review/input/event-list";
import { type NoProcess, type Process, processOf } from "../../review/input/process";
import {
  changedRows,
  csvOf,
  expectNumbers,
  generator,
  LOG_COLUMNS,
  type LogRow,
  numbersOf,
  type ProcessNumbers,
  seededRows,
  sortedEdges,
} from "./process-logs";

const folder = mkdtempSync(join(tmpdir(), "process-numbers-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string): Promise<Process | NoProcess> {
  writeFileSync(join(folder, name), content);
  const events = new EventList();
  const source = new SourceFile(folder, name);
  const { eventLog } = await profileFile({ source, format: formatOf(name), eventLog: LOG_COLUMNS, events });
  return processOf(events, eventLog?.activityNames);
}

async function processIn(content: string, name = "log.csv"): Promise<Process> {
  const found = await read(name, content);
  if (typeof found === "string") throw new Error(found);
  return found;
}

/** As plain as can be: what the process must be. */
function slowly(rows: readonly LogRow[]): ProcessNumbers {
  const cases = new Map<string, { activity: string; ms: number; place: number }[]>();
  for (const [place, { caseId, activity, time }] of rows.entries()) {
    const ms = Date.parse(time);
    if (caseId.trim() === "" || activity.trim() === "" || Number.isNaN(ms)) continue;
    cases.set(caseId, [...(cases.get(caseId) ?? []), { activity, ms, place }]);
  }
  const numbers: ProcessNumbers = {
    events: 0,
    cases: cases.size,
    activities: {},
    edges: [],
    starts: {},
    ends: {},
    variants: 0,
    largest: [],
    medianSeconds: 0,
    p90Seconds: 0,
  };
  const [edges, variants, durations] = [new Map<string, number>(), new Map<string, number>(), [] as number[]];
  const count = (counts: { [name: string]: number }, name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  for (const events of cases.values()) {
    events.sort((a, b) => a.ms - b.ms || a.place - b.place);
    const names = events.map(({ activity }) => activity);
    numbers.events += names.length;
    count(numbers.starts, names[0] as string);
    count(numbers.ends, names.at(-1) as string);
    for (const name of names) count(numbers.activities, name);
    for (const [i, to] of names.slice(1).entries()) {
      const key = JSON.stringify([names[i], to]);
      edges.set(key, (edges.get(key) ?? 0) + 1);
    }
    const variant = JSON.stringify(names);
    variants.set(variant, (variants.get(variant) ?? 0) + 1);
    durations.push(((events.at(-1)?.ms ?? 0) - (events[0]?.ms ?? 0)) / 1000);
  }
  durations.sort((a, b) => a - b);
  numbers.edges = sortedEdges([...edges].map(([key, n]) => [...(JSON.parse(key) as [string, string]), n]));
  numbers.variants = variants.size;
  numbers.largest = [...variants.values()].sort((a, b) => b - a).slice(0, 10);
  const at = (share: number) => {
    const place = share * (durations.length - 1);
    const [one, next] = [durations[Math.floor(place)] as number, durations[Math.ceil(place)] as number];
    return one + (next - one) * (place % 1);
  };
  numbers.medianSeconds = at(0.5);
  numbers.p90Seconds = at(0.9);
  return numbers;
}

const row = (caseId: string, activity: string, time: string): LogRow => ({ caseId, activity, time });

test("counts a log whose answers are known", async () => {
  const process = await processIn(
    csvOf([
      row("1", "a", "2025-01-01"),
      row("2", "a", "2025-01-01"),
      row("1", "c", "2025-01-03"),
      row("1", "b", "2025-01-02"),
      row("2", "c", "2025-01-01"),
    ]),
  );
  expect(numbersOf(process)).toEqual({
    events: 5,
    cases: 2,
    activities: { a: 2, b: 1, c: 2 },
    edges: [
      ["a", "b", 1],
      ["a", "c", 1],
      ["b", "c", 1],
    ],
    starts: { a: 2 },
    ends: { c: 2 },
    variants: 2,
    largest: [1, 1],
    medianSeconds: 86_400,
    p90Seconds: 155_520,
  });
});

/** Names, ids and times of all kinds that are one of few, so that they meet. */
function oddRows(seed: number): LogRow[] {
  const random = generator(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  const ids = ["1", " 1", "", " ", 'say "7"', "a,b", "zwei\nZeilen", "ÄÖ", "x".repeat(300)];
  const names = ["Start", "", "  ", 'the "end"', "a,b", "Prüfen", "検査", "two\nlines", "start", "n".repeat(200)];
  const times = ["2024-01-15T13:00:00Z", "2024-01-15 13:00", "2024-01-15T14:00:00+01:00", "", "soon", "2024-02-29"];
  const zoned = (time: string) =>
    /[+-]\d\d:\d\d$|Z$/.test(time) || !/:/.test(time) ? time : `${time.replace(" ", "T")}Z`;
  return Array.from({ length: 1 + Math.floor(random() * 60) }, () => row(pick(ids), pick(names), zoned(pick(times))));
}

test("agrees with a plain count on 300 logs of odd ids, activities and times", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const rows = oddRows(seed);
    const expected = slowly(rows);
    const found = await read("odd.csv", csvOf(rows));
    if (expected.events === 0) expect([seed, found]).toEqual([seed, "noEvents"]);
    else if (typeof found === "string") expect([seed, found]).toEqual([seed, expected]);
    else expectNumbers(numbersOf(found), expected);
  }
});

test("agrees with a plain count on larger logs, in any order of rows", async () => {
  for (let seed = 10; seed < 16; seed++) {
    const rows = seededRows(seed, 3000);
    for (const each of [rows, changedRows(rows, seed)])
      expectNumbers(numbersOf(await processIn(csvOf(each))), slowly(each));
  }
});

/** Writes a time in a form that the scanning core leaves to JavaScript. */
const FORMS: { [form: string]: (date: Date) => string } = {
  "15.01.2024 13:00": (date) => `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${clock(date)}`,
  "15/01/2024 13:00": (date) => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${clock(date)}`,
  "01/15/2024 13:00": (date) => `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${clock(date)}`,
  "milliseconds since 1970": (date) => String(date.getTime()),
};

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function clock(date: Date): string {
  return `${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

test.each(Object.keys(FORMS))("orders events by times such as %s", async (form) => {
  const write = FORMS[form] as (date: Date) => string;
  // More than a list of unread times and a block of events hold.
  const rows = changedRows(seededRows(20, 6000), 20);
  expect(rows.length).toBeGreaterThan(20_000);
  const written = rows.map((each) => ({ ...each, time: each.time && write(new Date(each.time)) }));
  expectNumbers(numbersOf(await processIn(csvOf(written))), slowly(rows));
});

test("orders events whose times are in several forms", async () => {
  const rows = changedRows(seededRows(21, 2000), 21);
  const [write] = Object.values(FORMS) as [(date: Date) => string];
  const written = rows.map((each, i) => (i % 3 || !each.time ? each : { ...each, time: write(new Date(each.time)) }));
  expectNumbers(numbersOf(await processIn(csvOf(written))), slowly(rows));
});

test("finds no process when nothing decides which number is the day", async () => {
  const rows = [row("1", "a", "01/02/2024"), row("1", "b", "03/04/2024")];
  expect(await read("open.csv", csvOf(rows))).toBe("openDates");
});

test("finds no process in a column of 1,001 different activities", async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => row("1", `a${i}`, "2024-01-01"));
  expect(await read("many.csv", csvOf(rows(1001)))).toBe("manyActivities");
  expect((await processIn(csvOf(rows(1000)))).edges).toHaveLength(999);
});

test("finds no process in a column of a million activities", async () => {
  const lines = Array.from({ length: 1_000_000 }, (_, i) => `${i % 1000},a${i},2024-01-01`);
  expect(await read("million.csv", [Object.values(LOG_COLUMNS).join(","), ...lines, ""].join("\n"))).toBe(
    "manyActivities",
  );
});

test("orders a case of a million events that stand backwards", async () => {
  const count = 1_000_000;
  const lines = Array.from({ length: count }, (_, i) => {
    return `one,${"abc"[i % 3]},${new Date(Date.UTC(2024, 0, 1) + (count - 1 - i) * 1000).toISOString()}`;
  });
  const numbers = numbersOf(await processIn([Object.values(LOG_COLUMNS).join(","), ...lines, ""].join("\n")));
  expect(numbers).toEqual({
    events: count,
    cases: 1,
    activities: { a: 333_334, b: 333_333, c: 333_333 },
    edges: [
      ["a", "c", 333_333],
      ["b", "a", 333_333],
      ["c", "b", 333_333],
    ],
    starts: { a: 1 },
    ends: { a: 1 },
    variants: 1,
    largest: [1],
    medianSeconds: 999_999,
    p90Seconds: 999_999,
  });
});

test("compares cases by their ids, activities and times", async () => {
  const before = seededRows(30, 500).filter(({ activity, time }) => activity && time);
  const now = before
    .filter(({ caseId }) => caseId !== "case-7")
    .map((each) => (each.caseId === "case-9" ? { ...each, activity: `${each.activity}!` } : each))
    .map((each) => (each.caseId === "case-11" ? { ...each, time: each.time.replace(".000Z", ".001Z") } : each));
  const added = row("case-new", "step 1", "2024-05-01T00:00:00Z");
  const [old, next] = [await processIn(csvOf(before)), await processIn(csvOf([added, ...now]))];
  expect(caseChanges(old.contents, next.contents)).toEqual({ added: 1, removed: 1, changed: 2 });
  expect(caseChanges(old.contents, old.contents)).toEqual({ added: 0, removed: 0, changed: 0 });
});

function xes(...traces: string[]): string {
  return `<?xml version="1.0"?><log>${traces.join("")}</log>`;
}
function trace(name: string | undefined, ...events: [activity: string, time: string][]): string {
  const list = events.map(([activity, time]) => {
    const date = time && `<date key="time:timestamp" value="${time}"/>`;
    return `<event><string key="concept:name" value="${activity}"/>${date}</event>`;
  });
  return `<trace>${name === undefined ? "" : `<string key="concept:name" value="${name}"/>`}${list.join("")}</trace>`;
}

test("takes traces of XES without names for cases of their own, and those of one name for one", async () => {
  const process = await processIn(
    xes(
      trace(undefined, ["a", "2024-01-01T00:00:00Z"], ["b", "2024-01-02T00:00:00Z"]),
      trace(undefined, ["b", "2024-01-01T00:00:00Z"]),
      trace("x", ["a", "2024-01-03T00:00:00Z"]),
      trace("x", ["b", "2024-01-01T00:00:00Z"], ["c", ""]),
    ),
    "log.xes",
  );
  const { events, cases, edges, starts } = numbersOf(process);
  expect({ events, cases, edges, starts, leftOut: process.eventsLeftOut }).toEqual({
    events: 5,
    cases: 3,
    edges: [
      ["a", "b", 1],
      ["b", "a", 1],
    ],
    starts: { a: 1, b: 2 },
    leftOut: 1,
  });
});

test("interpolates the durations between two cases", async () => {
  const lasting = (id: string, seconds: number) => [
    row(id, "a", "2024-01-01T00:00:00Z"),
    row(id, "b", new Date(Date.UTC(2024, 0, 1) + seconds * 1000).toISOString()),
  ];
  const of = async (...seconds: number[]) => {
    const found = await processIn(csvOf(seconds.flatMap((each, i) => lasting(`${i}`, each))));
    return [found.medianDurationMs / 1000, found.p90DurationMs / 1000];
  };
  expect(await of(4, 1, 3, 2)).toEqual([2.5, expect.closeTo(3.7)]);
  expect(await of(0, 10)).toEqual([5, 9]);
  expect(await of(7)).toEqual([7, 7]);
});
