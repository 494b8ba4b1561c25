import { type DescribedFile, number, shareOf } from "../../provider/lifecycles/data-change";
import { type Block, code, Importance, type Inline, type Line } from "../document";

/** What is known of a file; a preview may know less of it than a read of it does. */
export type Facts = Partial<DescribedFile> & { fileName?: string };

const SHOWN_HASH = 12;

interface Fact {
  label: string;
  text: (facts: Facts) => Inline | undefined;
}

const FACTS: Fact[] = [
  { label: "file", text: ({ fileName }) => (fileName === undefined ? undefined : code(fileName)) },
  { label: "rows", text: ({ rows }) => amount(rows) },
  { label: "columns", text: (facts) => amount(columnCount(facts)) },
  { label: "size", text: ({ sizeBytes }) => amount(sizeBytes, " bytes") },
  { label: "SHA-256", text: ({ contentSha256 }) => shortHash(contentSha256) },
  { label: "delimiter", text: ({ delimiter }) => delimiter },
  { label: "encoding", text: ({ encoding }) => encoding },
  { label: "line ends", text: ({ lineEnding }) => lineEnding },
  { label: "cases", text: ({ cases }) => amount(cases) },
  { label: "activities", text: ({ activities }) => amount(activities) },
  { label: "first event", text: ({ firstEvent }) => firstEvent },
  { label: "last event", text: ({ lastEvent }) => lastEvent },
];

/** Everything that is known, old beside new; what changed stands out. */
export function factsTable(old: Facts | undefined, now: Facts | undefined, importance: number): Block {
  const sides = [...(old ? [{ name: "old", facts: old }] : []), ...(now ? [{ name: "new", facts: now }] : [])];
  const rows = FACTS.flatMap(({ label, text }): Line[][] => {
    const values = sides.map(({ facts }) => text(facts));
    if (values.every((value) => value === undefined)) return [];
    const changed = values.length === 2 && JSON.stringify(values[0]) !== JSON.stringify(values[1]);
    return [
      [
        [changed ? { strong: label } : label],
        ...values.map((value): Line => [value ?? "–"]),
        ...(sides.length === 2 ? [[changed ? difference(label, old, now) : "same"]] : []),
      ],
    ];
  });
  return {
    kind: "table",
    head: ["", ...sides.map(({ name }) => name), ...(sides.length === 2 ? ["change"] : [])],
    numeric: [],
    rows,
    importance,
  };
}

function difference(label: string, old: Facts | undefined, now: Facts | undefined): Inline {
  const numbers: { [label: string]: (facts?: Facts) => unknown } = {
    rows: (facts) => facts?.rows,
    columns: (facts) => facts && columnCount(facts),
    size: (facts) => facts?.sizeBytes,
    cases: (facts) => facts?.cases,
    activities: (facts) => facts?.activities,
  };
  const [before, after] = [numbers[label]?.(old), numbers[label]?.(now)];
  if (typeof before !== "number" || typeof after !== "number") return { strong: "changed" };
  return { strong: delta(before, after) };
}

/** `+320 (+2.1 %)` */
function delta(before: number, after: number): string {
  const sign = after > before ? "+" : "-";
  return `${sign}${number(Math.abs(after - before))}${shareOf(before, after)}`;
}

/** Of the whole list; where only its short form is known, the number it starts with. */
function columnCount({ __columns, columns }: Facts): number | undefined {
  if (Array.isArray(__columns)) return __columns.length;
  const digits = /^([\d,]+):/.exec(columns ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}

/** What became of the cases of the file before. */
export function caseBlocks({ casesAdded, casesRemoved, casesChanged }: Facts, importance: number): Block[] {
  const changes = [
    [casesAdded, "added"],
    [casesRemoved, "removed"],
    [casesChanged, "changed"],
  ] as const;
  const shown = changes.flatMap(([count, what]) => (count === undefined ? [] : [`${amount(count)} ${what}`]));
  return shown.length === 0 ? [] : [paragraph([`Cases: ${shown.join(", ")}`], importance)];
}

export function amount(value: number | string | undefined, unit = ""): string | undefined {
  return typeof value === "number" ? number(value) + unit : value;
}

function shortHash(hash: string | undefined): Inline | undefined {
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? { code: hash.slice(0, SHOWN_HASH) } : hash;
}

/** A heading of a part. */
export function heading(level: 1 | 2 | 3, line: Line, importance: number = Importance.verdict): Block {
  return { kind: "heading", level, line, importance };
}

export function paragraph(line: Line, importance: number): Block {
  return { kind: "paragraph", line, importance };
}

export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}
