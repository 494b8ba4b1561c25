import { number } from "../../provider/lifecycles/shown";
import { type Block, code, Importance, type Inline, type Line, namesLine, type Tone } from "../document";
import { caseChanges } from "../input/case-changes";
import { type NoProcess, type Process, SHOWN_VARIANTS } from "../input/process";
import { counted, heading, paragraph } from "./facts";
import { mapOf } from "./process-map";

const SHOWN_NAMES = 20;
const SHOWN_EDGES = 20;
const SHOWN_ENDS = 10;
const SHOWN_STEPS = 12;

/** What the process is, and what became of it: in words, in tables and as a map. */
export function processBlocks(old: Process | NoProcess | undefined, now: Process | NoProcess): Block[] {
  const title = heading(3, ["Process"], Importance.process);
  if (typeof now === "string") return [title, paragraph([`Not shown: ${REASONS[now]}`], Importance.process)];
  const isOldUnknown = typeof old === "string";
  const before = isOldUnknown ? undefined : old;
  return [
    title,
    ...(isOldUnknown ? [paragraph([`Not compared, old file: ${REASONS[old]}`], Importance.process)] : []),
    ...leftOut(before, now),
    ...changedActivities(before, now),
    ...(before ? caseLine(before, now) : []),
    measures(before, now),
    ...edgeBlocks(before, now),
    { kind: "map", map: mapOf(before, now), importance: Importance.process },
    ...variantBlocks(before, now),
    ...endBlocks("Start activities", before, now, ({ starts }) => starts),
    ...endBlocks("End activities", before, now, ({ ends }) => ends),
  ];
}

const REASONS: { [reason in NoProcess]: string } = {
  noEvents: "no event has a case id, an activity and a time.",
  manyActivities: "the activity column has more than 1,000 different values, or one of more than 200 bytes.",
  manyEvents: "the log has more than 10,000,000 events.",
  openDates: "the times leave open which number is the day and which the month.",
};

function leftOut(old: Process | undefined, now: Process): Block[] {
  const items = [
    ["old file", old],
    ["new file", now],
  ] as const;
  const texts = items.flatMap(([name, process]) => {
    if (!process?.eventsLeftOut) return [];
    return [`${name}: ${counted(process.eventsLeftOut, "event")} without a case id, an activity or a time left out`];
  });
  return texts.length > 0 ? [paragraph([`${texts.join("; ")}.`], Importance.process)] : [];
}

function changedActivities(old: Process | undefined, now: Process): Block[] {
  if (!old) return [];
  const [before, after] = [occurring(old), occurring(now)];
  const items = [
    ...namedLine(
      "added",
      after.filter((name) => !before.includes(name)),
      "notice",
    ),
    ...namedLine(
      "removed",
      before.filter((name) => !after.includes(name)),
      "bad",
    ),
  ];
  return items.length > 0 ? [{ kind: "list", items, importance: Importance.columns }] : [];
}

function occurring({ activities, byActivity }: Process): string[] {
  return activities.filter((_, number) => (byActivity[number] as number) > 0).sort();
}

function namedLine(what: string, names: string[], tone: Tone): Line[] {
  if (names.length === 0) return [];
  const count = counted(names.length, "activity", "activities");
  return [[{ strong: `${count} ${what}`, tone }, ": ", ...namesLine(names, SHOWN_NAMES)]];
}

function caseLine(old: Process, now: Process): Block[] {
  const { added, removed, changed } = caseChanges(old.contents, now.contents);
  const parts: Inline[] = [
    toned(added, "added", "good"),
    toned(removed, "removed", "bad"),
    toned(changed, "changed", "notice"),
  ];
  const line = parts.flatMap((part, i): Line => (i === 0 ? [part] : [", ", part]));
  return [paragraph(["Cases by id: ", ...line, "."], Importance.process)];
}

function toned(count: number, what: string, tone: Tone): Inline {
  return { strong: `${number(count)} ${what}`, ...(count > 0 && { tone }) };
}

/** The figures of the whole. */
function measures(old: Process | undefined, now: Process): Block {
  const rows: [label: string, of: (process: Process) => number, text: (value: number) => string][] = [
    ["cases", ({ cases }) => cases, number],
    ["directly-follows pairs", ({ edges }) => edges.length, number],
    ["variants", ({ variants }) => variants.count, number],
    ["events per case, mean", ({ events, cases }) => events / cases, oneDecimal],
    ["case duration, median", ({ medianDurationMs }) => medianDurationMs, durationText],
    ["case duration, 90th percentile", ({ p90DurationMs }) => p90DurationMs, durationText],
  ];
  return {
    kind: "table",
    head: ["", ...(old ? ["old"] : []), "new", ...(old ? ["change"] : [])],
    numeric: [],
    importance: Importance.process,
    rows: rows.map(([label, of, text]): Line[] => {
      const after = of(now);
      if (!old) return [[label], [text(after)]];
      const before = of(old);
      const isSame = text(before) === text(after);
      return [[label], [text(before)], [text(after)], [isSame ? "–" : changeText(before, after, text)]];
    }),
  };
}

function changeText(before: number, after: number, text: (value: number) => string): Inline {
  const sign = after > before ? "+" : "-";
  return { strong: `${sign}${text(Math.abs(after - before))}` };
}

function oneDecimal(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

const UNITS: [ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
];

/** `3.2 d`, `5.0 h`, `12.5 min`, `8.2 s`. */
function durationText(ms: number): string {
  const [unit, name] = UNITS.find(([unit]) => ms >= unit) ?? [1000, "s"];
  return `${oneDecimal(ms / unit)} ${name}`;
}

interface EdgeChange {
  from: string;
  to: string;
  before: number;
  after: number;
}

/** What follows what more or less often than before; of a new file what follows what most often. */
function edgeBlocks(old: Process | undefined, now: Process): Block[] {
  const edges = edgeChanges(old, now);
  const changed = old ? edges.filter(({ before, after }) => before !== after) : edges;
  if (changed.length === 0) return old ? [paragraph(["No directly-follows pair changed."], Importance.process)] : [];
  const weight = ({ before, after }: EdgeChange) => (old ? Math.abs(after - before) : after);
  const shown = changed
    .sort((a, b) => rank(a, old) - rank(b, old) || weight(b) - weight(a) || byName(a, b))
    .slice(0, SHOWN_EDGES);
  const rows = shown.map(({ from, to, before, after }): Line[] => [
    [code(from), " → ", code(to)],
    ...(old ? [[number(before)]] : []),
    [number(after)],
    ...(old ? [[edgeMark(before, after)]] : []),
  ]);
  const [added, removed] = [edges.filter(isAdded), edges.filter(isRemoved)].map(({ length }) => length);
  const more = changed.length - shown.length;
  const summary = old
    ? `Directly-follows pairs: ${counted(changed.length, "change")}, ${added} added, ${removed} removed`
    : `Directly-follows pairs (${number(changed.length)})`;
  return [
    {
      kind: "details",
      summary: [summary],
      importance: Importance.process,
      blocks: [
        {
          kind: "table",
          head: ["pair", ...(old ? ["old"] : []), "new", ...(old ? ["change"] : [])],
          numeric: [1, 2, 3],
          rows,
          importance: Importance.process,
        },
        ...(more > 0 ? [paragraph([`${counted(more, "more pair")}.`], Importance.process)] : []),
      ],
    },
  ];
}

/** Added and removed ones first. */
function rank(edge: EdgeChange, old: Process | undefined): number {
  return old && (isAdded(edge) || isRemoved(edge)) ? 0 : 1;
}

const isAdded = ({ before, after }: EdgeChange) => before === 0 && after > 0;
const isRemoved = ({ before, after }: EdgeChange) => before > 0 && after === 0;

function edgeMark(before: number, after: number): Inline {
  if (before === after) return "–";
  if (before === 0) return { strong: "added", tone: "notice" };
  if (after === 0) return { strong: "removed", tone: "bad" };
  return changeText(before, after, number);
}

function byName(a: EdgeChange, b: EdgeChange): number {
  return a.from < b.from || (a.from === b.from && a.to < b.to) ? -1 : 1;
}

function edgeChanges(old: Process | undefined, now: Process): EdgeChange[] {
  const edges = new Map<string, EdgeChange>();
  const take = ({ activities, edges: list }: Process, side: "before" | "after") => {
    for (const { from, to, count } of list) {
      const names = { from: activities[from] as string, to: activities[to] as string };
      const key = JSON.stringify([names.from, names.to]);
      const edge = edges.get(key) ?? { ...names, before: 0, after: 0 };
      edge[side] = count;
      edges.set(key, edge);
    }
  };
  if (old) take(old, "before");
  take(now, "after");
  return [...edges.values()];
}

/** The largest of both files, by their cases in the new one. */
function variantBlocks(old: Process | undefined, now: Process): Block[] {
  const found = new Map<number, { steps: string[]; before: number; after: number }>();
  for (const process of [now, ...(old ? [old] : [])]) {
    for (const { key, activities } of process.variants.largest) {
      if (found.has(key)) continue;
      const steps = activities.map((activity) => process.activities[activity] as string);
      found.set(key, { steps, before: old?.variants.cases.get(key) ?? 0, after: now.variants.cases.get(key) ?? 0 });
    }
  }
  const shown = [...found.values()]
    .sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after) || (`${a.steps}` < `${b.steps}` ? -1 : 1))
    .slice(0, SHOWN_VARIANTS);
  const rows = shown.map(({ steps, before, after }): Line[] => [
    stepsLine(steps),
    ...(old ? [[number(before)]] : []),
    [number(after)],
    ...(old ? [[edgeMark(before, after)]] : []),
  ]);
  const head = ["variant", ...(old ? ["old"] : []), "new", ...(old ? ["change"] : [])];
  return folded(`Largest variants (${shown.length})`, head, rows);
}

function stepsLine(steps: string[]): Line {
  const shown = steps.slice(0, SHOWN_STEPS).flatMap((name, i): Line => (i === 0 ? [code(name)] : [" → ", code(name)]));
  return steps.length > SHOWN_STEPS ? [...shown, " → …"] : shown;
}

function endBlocks(title: string, old: Process | undefined, now: Process, of: (process: Process) => number[]): Block[] {
  const counts = new Map<string, { before: number; after: number }>();
  for (const [process, side] of [
    [old, "before"],
    [now, "after"],
  ] as const) {
    for (const [i, cases] of process ? of(process).entries() : []) {
      const name = process?.activities[i] as string;
      const both = counts.get(name) ?? { before: 0, after: 0 };
      both[side] = cases;
      counts.set(name, both);
    }
  }
  const all = [...counts].filter(([, { before, after }]) => before + after > 0);
  all.sort(([a, one], [b, other]) => other.after - one.after || other.before - one.before || (a < b ? -1 : 1));
  const rows = all
    .slice(0, SHOWN_ENDS)
    .map(([name, { before, after }]): Line[] => [
      [code(name)],
      ...(old ? [[number(before)]] : []),
      [number(after)],
      ...(old ? [[edgeMark(before, after)]] : []),
    ]);
  const head = ["activity", ...(old ? ["old"] : []), "new", ...(old ? ["change"] : [])];
  return folded(`${title} (${all.length})`, head, rows);
}

function folded(title: string, head: string[], rows: Line[][]): Block[] {
  const importance = Importance.events;
  return [
    {
      kind: "details",
      summary: [title],
      blocks: [{ kind: "table", head, numeric: [1, 2, 3], rows, importance }],
      importance,
    },
  ];
}
