import { number } from "../../provider/lifecycles/shown";
import type { MapData, Occurrences } from "../document";

/** Above these, a map is not readable any more: with more lines than three to each box it becomes many screens wide. */
const [MAX_ACTIVITIES, EDGES_EACH, FEW_EDGES] = [60, 3, 30];

export const [START, END] = [-1, -2];

export interface MapActivity {
  name: string;
  count: Occurrences;
}

/** Between activities, or between one and where cases start and end. */
export interface MapEdge {
  from: number;
  to: number;
  count: Occurrences;
}

/** What is drawn of a map. */
export interface MapParts {
  /** By their place in the whole map; the most frequent first. */
  activities: Map<number, MapActivity>;
  /** The most frequent first. */
  edges: MapEdge[];
  leftOut: { activities: number; edges: number };
}

/** Within what can be drawn: first what is added or removed, in up to half of the places, then the most frequent. */
export function partsOf(map: MapData): MapParts {
  const all = map.activities.map(({ name, events }, place) => ({ place, name, count: events }));
  const occurring = all.filter(({ count }) => frequency(count) > 0);
  const activities = new Map(mostImportant(occurring, MAX_ACTIVITIES).map(({ place, ...rest }) => [place, rest]));
  const allEdges = edgesOf(map).filter(({ count }) => frequency(count) > 0);
  const isDrawn = (place: number) => place < 0 || activities.has(place);
  const edges = mostImportant(
    allEdges.filter(({ from, to }) => isDrawn(from) && isDrawn(to)),
    Math.max(FEW_EDGES, EDGES_EACH * activities.size),
  );
  const leftOut = { activities: occurring.length - activities.size, edges: allEdges.length - edges.length };
  return { activities, edges, leftOut };
}

function edgesOf({ activities, edges }: MapData): MapEdge[] {
  return [
    ...activities.map(({ starts }, to) => ({ from: START, to, count: starts })),
    ...edges,
    ...activities.map(({ ends }, from) => ({ from, to: END, count: ends })),
  ];
}

function mostImportant<T extends { count: Occurrences }>(all: T[], limit: number): T[] {
  const sorted = all.toSorted((a, b) => frequency(b.count) - frequency(a.count));
  const changed = sorted.filter(({ count }) => isNewOrRemoved(count)).slice(0, limit / 2);
  const isChanged = new Set(changed);
  const chosen = new Set([
    ...changed,
    ...sorted.filter((each) => !isChanged.has(each)).slice(0, limit - changed.length),
  ]);
  return sorted.filter((each) => chosen.has(each));
}

/** In the file that has more. */
export function frequency({ old = 0, now }: Occurrences): number {
  return Math.max(old, now);
}

export type Mark = "added" | "removed" | "";

export function markOf({ old, now }: Occurrences): Mark {
  if (old === undefined || (old > 0 && now > 0)) return "";
  return now > 0 ? "added" : "removed";
}

function isNewOrRemoved(count: Occurrences): boolean {
  return markOf(count) !== "";
}

/** A count and what changes in it: "1,280", "1,280 +12", "+12 new", "−12 removed". */
export function countText(count: Occurrences): { text: string; change: string } {
  const { old, now } = count;
  const mark = markOf(count);
  if (mark === "added") return { text: `+${number(now)} new`, change: "" };
  if (mark === "removed") return { text: `−${number(old ?? 0)} removed`, change: "" };
  const difference = now - (old ?? now);
  const sign = difference > 0 ? "+" : "−";
  return { text: number(now), change: difference === 0 ? "" : `${sign}${number(Math.abs(difference))}` };
}
