import { isDeepStrictEqual } from "node:util";
import type { DescribedFile } from "../../provider/lifecycles/data-change";
import { number, shareOf } from "../../provider/lifecycles/shown";
import { type Block, code, Importance, type Inline, type Line, type Tone } from "../document";

/** What is known of a file; a preview may know less of it than a read of it does. */
export type Facts = Partial<DescribedFile> & { fileName?: string };

const SHOWN_HASH = 12;

interface Fact {
  label: string;
  text: (facts: Facts) => Inline | undefined;
  /** Of amounts: what their difference is counted from. */
  count?: (facts: Facts) => number | string | undefined;
  /** How a change of other facts is marked. */
  tone?: Tone;
  /** What makes two of them the same; by default, that they read the same. */
  identity?: (facts: Facts) => unknown;
  /** Where neither fits. */
  difference?: (old: Facts, now: Facts) => Inline | undefined;
}

/** An amount, whose growth is good and whose loss is bad. */
function amountOf(label: string, count: Required<Fact>["count"]): Fact {
  return { label, count, text: (facts) => amount(count(facts)) };
}

const FACTS: Fact[] = [
  { label: "file", text: ({ fileName }) => (fileName === undefined ? undefined : code(fileName)), tone: "notice" },
  amountOf("rows", ({ rows }) => rows),
  {
    ...amountOf("columns", columnCount),
    identity: ({ __columns, columns }) => __columns ?? columns,
    tone: "notice",
  },
  { label: "size", text: ({ sizeBytes }) => amount(sizeBytes, " bytes"), difference: sizeDifference },
  amountOf("cases", ({ cases }) => cases),
  amountOf("activities", ({ activities }) => activities),
  { label: "first event", text: ({ firstEvent }) => firstEvent },
  { label: "last event", text: ({ lastEvent }) => lastEvent },
  { label: "delimiter", text: ({ delimiter }) => delimiter, tone: "notice" },
  { label: "encoding", text: ({ encoding }) => encoding, tone: "notice" },
  { label: "line ends", text: ({ lineEnding }) => lineEnding, tone: "notice" },
  { label: "SHA-256", text: ({ contentSha256 }) => shortHash(contentSha256) },
];

/** Everything that is known: what changed as a table, the rest in one line. */
export function factsBlocks(old: Facts | undefined, now: Facts | undefined, importance: number): Block[] {
  const known = FACTS.map((fact) => ({ fact, old: old && fact.text(old), now: now && fact.text(now) })).filter(
    (each) => each.old !== undefined || each.now !== undefined,
  );
  if (!old || !now) return oneSide(old ? "old" : "new", known, importance);
  const isSame = ({ fact: { text, identity = text } }: KnownFact) => isDeepStrictEqual(identity(old), identity(now));
  const changed = known.filter((each) => !isSame(each));
  const rows = changed.map((each): Line[] => [
    [{ strong: each.fact.label }],
    [each.old ?? "–"],
    [each.now ?? "–"],
    [difference(each.fact, old, now)],
  ]);
  const table: Block = { kind: "table", head: ["", "old", "new", "change"], numeric: [], rows, importance };
  return [...(rows.length > 0 ? [table] : []), ...unchanged(known.filter(isSame), importance)];
}

interface KnownFact {
  fact: Fact;
  old: Inline | undefined;
  now: Inline | undefined;
}

function oneSide(name: "old" | "new", known: KnownFact[], importance: number): Block[] {
  const rows = known.map(({ fact, old, now }): Line[] => [[fact.label], [old ?? now ?? "–"]]);
  return [{ kind: "table", head: ["", name], numeric: [], rows, importance }];
}

function unchanged(same: KnownFact[], importance: number): Block[] {
  if (same.length === 0) return [];
  const items = same.flatMap(({ fact, now }, i): Line => [`${i === 0 ? "" : ", "}${fact.label} `, now ?? "–"]);
  return [paragraph(["Unchanged: ", ...items, "."], importance)];
}

function difference({ count, tone, difference }: Fact, old: Facts, now: Facts): Inline {
  const [before, after] = [count?.(old), count?.(now)];
  if (typeof before === "number" && typeof after === "number" && before !== after) return delta(before, after);
  return difference?.(old, now) ?? { strong: "changed", ...(tone && { tone }) };
}

/** A file is neither better nor worse for its size. */
function sizeDifference({ sizeBytes: before }: Facts, { sizeBytes: after }: Facts): Inline | undefined {
  return before === undefined || after === undefined ? undefined : { strong: signed(before, after) };
}

/** `+320 (+2.1 %)`, good when more and bad when fewer; `–` when neither. */
export function delta(before: number, after: number): Inline {
  if (before === after) return "–";
  return { strong: signed(before, after), tone: after > before ? "good" : "bad" };
}

function signed(before: number, after: number): string {
  return `${after > before ? "+" : "-"}${number(Math.abs(after - before))}${shareOf(before, after)}`;
}

/** Of the whole list; where only its short form is known, the number it starts with. */
function columnCount({ __columns, columns }: Facts): number | undefined {
  if (Array.isArray(__columns)) return __columns.length;
  const digits = /^([\d,]+):/.exec(columns ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}

/** What became of the cases of the file before. */
export function caseBlocks({ casesAdded, casesRemoved, casesChanged }: Facts, importance: number): Block[] {
  const changes: [count: number | string | undefined, what: string, tone: Tone | undefined][] = [
    [casesAdded, "added", "good"],
    [casesRemoved, "removed", "bad"],
    [casesChanged, "changed", undefined],
  ];
  const shown = changes.flatMap(([count, what, tone]): Inline[] => {
    return count === undefined ? [] : [{ strong: `${amount(count)} ${what}`, ...(tone && { tone }) }];
  });
  if (shown.length === 0) return [];
  return [paragraph(["Cases: ", ...shown.flatMap((each, i) => (i === 0 ? [each] : [", ", each]))], importance)];
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

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : plural}`;
}

/**
 * A message as its first sentence and what follows it, each on a line of its own. Messages of the provider have one
 * sentence, then options as lines.
 */
export function messageParts(message: string): { first: string; rest: string[] } {
  const [line = "", ...more] = message.split("\n").map((text) => text.replace(/\s+/g, " ").trim());
  const [first = "", ...others] = [...sentences.segment(line)].map(({ segment }) => segment.trim());
  const options = more.map((text) => text.replace(/^- /, "")).filter((text) => text !== "");
  return { first, rest: [...(others.length > 0 ? [others.join(" ")] : []), ...options] };
}

/** Prose whose commands and values stand between backticks. */
export function prose(text: string): Line {
  return text.split(/`([^`]+)`/).map((part, i): Inline => (i % 2 === 1 ? { code: part } : part));
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
