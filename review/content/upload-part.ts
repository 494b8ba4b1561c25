import { shareOf } from "../../provider/lifecycles/shown";
import { type Block, code, Importance, type Inline, type Line, type Tone } from "../document";
import type { PreviewStep } from "../input/preview";
import { amount, caseBlocks, type Facts, factsBlocks, heading, paragraph } from "./facts";

/** What happens to the data of each table; those that lose something first. */
export function uploadBlocks(steps: PreviewStep[]): Block[] {
  if (steps.length === 0) return [];
  const sorted = [...steps].sort((a, b) => lossOf(b) - lossOf(a));
  return [
    heading(3, ["Data"], Importance.uploads),
    {
      kind: "table",
      head: ["upload", "change", "rows", "columns"],
      numeric: [],
      rows: sorted.map(uploadRow),
      importance: Importance.uploads,
    },
    ...sorted.map(uploadDetails),
  ];
}

function uploadDetails({ name, old, now }: PreviewStep): Block {
  const importance = Importance.uploadDetails;
  return {
    kind: "details",
    summary: [code(name), `: ${now?.file.change ?? "change not known"}`],
    blocks: [
      ...(now ? caseBlocks(now.file, importance) : []),
      ...namesBlocks("activities added", now?.file.activitiesAdded, "notice"),
      ...namesBlocks("activities removed", amount(now?.file.activitiesRemoved), "bad"),
      ...namesBlocks("columns added", now?.file.columnsAdded, "good"),
      ...namesBlocks("columns removed", now?.file.columnsRemoved, "bad"),
      ...namesBlocks("columns", now?.file.columns),
      ...factsBlocks(old?.file, now?.file, importance),
    ],
    importance,
  };
}

/** Above 0 where columns or rows are lost. Those uploads go first: a table may be cut. */
export function lossOf({ old, now }: PreviewStep): number {
  const [before, after] = [old?.file.rows, now?.file.rows];
  const rows = typeof before === "number" && typeof after === "number" && before > 0 ? 1 - after / before : 0;
  return (now?.file.columnsRemoved === undefined ? 0 : 1) + Math.max(0, rows);
}

function uploadRow({ name, old, now }: PreviewStep): Line[] {
  const file: Facts = now?.file ?? {};
  return [[code(name)], [file.change ?? "–"], [rowsChange(old?.file.rows, file.rows)], columnsChange(file)];
}

function rowsChange(before: number | undefined, after: number | undefined): Inline {
  const [old, now] = [amount(before), amount(after)];
  if (now === undefined || old === undefined || old === now) return now ?? "–";
  if (typeof before !== "number" || typeof after !== "number") return { strong: `${old} ⇒ ${now}` };
  return { strong: `${old} ⇒ ${now}${shareOf(before, after)}`, tone: after > before ? "good" : "bad" };
}

function columnsChange(file: Facts): Line {
  const [added, removed] = [countOf(file.columnsAdded), countOf(file.columnsRemoved)];
  const parts: Inline[] = [
    ...(added ? [{ strong: `+${added}`, tone: "good" } as const] : []),
    ...(removed ? [{ strong: `-${removed}`, tone: "bad" } as const] : []),
  ];
  return parts.length > 0
    ? parts.flatMap((part, i) => (i === 0 ? [part] : [" ", part]))
    : [countOf(file.columns) ?? "–"];
}

/** The count of `3: a, b, c`, as a preview lists columns. */
function countOf(names: string | undefined): string | undefined {
  return names === undefined ? undefined : (/^([\d,]+): /.exec(names)?.[1] ?? "?");
}

function namesBlocks(what: string, names: string | undefined, tone?: Tone): Block[] {
  if (names === undefined) return [];
  return [paragraph([{ strong: what, ...(tone && { tone }) }, " ", { code: names }], Importance.uploadDetails)];
}
