import { missingFrom } from "../../provider/lifecycles/shown";
import { type Block, code, Importance, type Line, namesLine, type Tone } from "../document";
import { counted } from "./facts";

const SHOWN_NAMES = 30;

/** What happened to the columns, and below, folded, all of them with their places. */
export function columnBlocks(old: readonly string[] | undefined, now: readonly string[]): Block[] {
  const items = old ? columnChanges(old, now) : [];
  return [
    ...(items.length > 0 ? [{ kind: "list", items, importance: Importance.columns } as const] : []),
    allColumns(old, now),
  ];
}

function columnChanges(old: readonly string[], now: readonly string[]): Line[] {
  const [added, removed] = [missingFrom(old, now), missingFrom(now, old)];
  const renamed = removed.flatMap((name) => {
    const other = now[old.indexOf(name)];
    return other !== undefined && added.includes(other) ? [{ name, other }] : [];
  });
  const kept = { old: old.filter((name) => !removed.includes(name)), now: now.filter((name) => !added.includes(name)) };
  const isReordered = kept.old.some((name, i) => name !== kept.now[i]);
  const pairs = renamed
    .slice(0, SHOWN_NAMES)
    .flatMap(({ name, other }, i): Line => [i === 0 ? "" : ", ", code(name), " ⇒ ", code(other)]);
  return [
    ...named("added", added, "good"),
    ...named("removed", removed, "bad"),
    ...(renamed.length > 0
      ? [[{ strong: "same place, another name", tone: "notice" }, ": ", ...pairs, more(renamed.length)] satisfies Line]
      : []),
    ...(isReordered
      ? [[{ strong: "another order", tone: "notice" }, ": the list of all columns shows the places"] satisfies Line]
      : []),
  ];
}

function named(what: string, names: string[], tone: Tone): Line[] {
  if (names.length === 0) return [];
  return [[{ strong: `${counted(names.length, "column")} ${what}`, tone }, ": ", ...namesLine(names, SHOWN_NAMES)]];
}

function more(count: number): string {
  return count > SHOWN_NAMES ? ` and ${count - SHOWN_NAMES} more` : "";
}

function allColumns(old: readonly string[] | undefined, now: readonly string[]): Block {
  const placesBefore = new Map(old?.map((name, i) => [name, i + 1]));
  const removed = old ? missingFrom(now, old) : [];
  const rows = [
    ...now.map((name, i): Line[] => [
      [code(name)],
      ...(old ? [[placeText(placesBefore.get(name))]] : []),
      [String(i + 1)],
    ]),
    ...removed.map((name): Line[] => [[code(name)], [placeText(placesBefore.get(name))], ["–"]]),
  ];
  const head = ["column", ...(old ? ["old place"] : []), old ? "new place" : "place"];
  return {
    kind: "details",
    summary: [`All columns (${now.length.toLocaleString("en-US")})`],
    blocks: [{ kind: "table", head, numeric: old ? [1, 2] : [1], rows, importance: Importance.allColumns }],
    importance: Importance.allColumns,
  };
}

function placeText(place: number | undefined): string {
  return place === undefined ? "–" : String(place);
}
