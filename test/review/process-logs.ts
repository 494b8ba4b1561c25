import type { Process } from "../../review/input/process";

/** Event logs that are made of a seed, and the numbers of a process as pm4py gives them. */

export interface LogRow {
  caseId: string;
  activity: string;
  /** Empty: the event has none. */
  time: string;
}

export const LOG_COLUMNS = { caseId: "case:concept:name", activity: "concept:name", timestamp: "time:timestamp" };

/** mulberry32: the same numbers for the same seed, everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HOUR_MS = 3_600_000;

/** Rows of cases that overlap; many events of a case have the same time, and some lack a value. */
export function seededRows(seed: number, cases: number): LogRow[] {
  const random = generator(seed);
  const rows: LogRow[] = [];
  for (let number = 0; number < cases; number++) {
    let ms = Date.UTC(2024, 0, 1) + Math.floor(random() * 2000) * HOUR_MS;
    const length = 1 + Math.floor(random() ** 2 * 12);
    for (let i = 0; i < length; i++) {
      const isBlank = random() < 0.01;
      const activity = isBlank ? "" : `step ${Math.floor(random() ** 2 * 9)}`;
      rows.push({ caseId: `case-${number}`, activity, time: random() < 0.01 ? "" : new Date(ms).toISOString() });
      ms += Math.floor(random() * 3) * HOUR_MS;
    }
  }
  return rows.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** The rows with some removed, renamed and delayed, in another order. */
export function changedRows(rows: readonly LogRow[], seed: number): LogRow[] {
  const random = generator(seed);
  const changed = rows
    .filter(() => random() > 0.05)
    .map((row): LogRow => {
      const activity = random() < 0.04 ? `${row.activity} again` : row.activity;
      const delayMs = random() < 0.06 ? Math.floor(random() * 100) * HOUR_MS : 0;
      return { ...row, activity, time: row.time && new Date(Date.parse(row.time) + delayMs).toISOString() };
    });
  for (let i = changed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [changed[i], changed[j]] = [changed[j] as LogRow, changed[i] as LogRow];
  }
  return changed;
}

export function csvOf(rows: readonly LogRow[]): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ caseId, activity, time }) => [caseId, activity, time].map(quoted).join(","));
  return [Object.values(LOG_COLUMNS).join(","), ...lines, ""].join("\n");
}

type Counts = { [name: string]: number };

/** As test/review/pm4py-numbers.py prints them. */
export interface ProcessNumbers {
  events: number;
  cases: number;
  activities: Counts;
  edges: [from: string, to: string, count: number][];
  starts: Counts;
  ends: Counts;
  variants: number;
  /** Cases of the ten largest variants. */
  largest: number[];
  medianSeconds: number;
  p90Seconds: number;
}

export function numbersOf(process: Process): ProcessNumbers {
  const { activities, variants } = process;
  const byName = (counts: readonly number[]): Counts =>
    Object.fromEntries(activities.map((name, i) => [name, counts[i] as number] as const).filter(([, n]) => n > 0));
  const edges = process.edges.map(({ from, to, count }): [string, string, number] => [
    activities[from] as string,
    activities[to] as string,
    count,
  ]);
  return {
    events: process.events,
    cases: process.cases,
    activities: byName(process.byActivity),
    edges: sortedEdges(edges),
    starts: byName(process.starts),
    ends: byName(process.ends),
    variants: variants.count,
    largest: variants.largest.slice(0, 10).map(({ cases }) => cases),
    medianSeconds: process.medianDurationMs / 1000,
    p90Seconds: process.p90DurationMs / 1000,
  };
}

export function sortedEdges(edges: ProcessNumbers["edges"]): ProcessNumbers["edges"] {
  const key = ([from, to]: ProcessNumbers["edges"][number]) => `${from}\0${to}`;
  return [...edges].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Seconds may differ by what is lost when times are sums of floating point numbers. */
export function expectNumbers(found: ProcessNumbers, expected: ProcessNumbers): void {
  const { medianSeconds, p90Seconds } = expected;
  expect({ ...found, medianSeconds, p90Seconds }).toEqual({ ...expected, edges: sortedEdges(expected.edges) });
  expect(found.medianSeconds).toBeCloseTo(medianSeconds, 4);
  expect(found.p90Seconds).toBeCloseTo(p90Seconds, 4);
}
