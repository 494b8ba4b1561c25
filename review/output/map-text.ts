import { number } from "../../provider/lifecycles/shown";
import { type Block, code, Importance, type Line, type MapData } from "../document";
import { countText, END, type MapParts, markOf, partsOf, START } from "./map-parts";

const READING =
  "Boxes are activities with their events. Lines show what directly follows, and how often; thicker lines are more frequent.";
const CHANGES =
  "Thick with + and “new”: only in the new file. Dashed with − and “removed”: only in the old file. " +
  "+ or − after a count: the change from the old file.";

/** What stands under a map: how to read it, and what it does not show. */
export function mapNotes(map: MapData): string[] {
  const hasOld = map.activities.some(({ events }) => events.old !== undefined);
  const leftOut = leftOutText(partsOf(map).leftOut);
  return [hasOld ? `${READING} ${CHANGES}` : READING, ...(leftOut === undefined ? [] : [leftOut])];
}

function leftOutText(leftOut: MapParts["leftOut"]): string | undefined {
  const parts = countedParts(leftOut.activities, leftOut.edges);
  if (parts.length === 0) return undefined;
  const isOne = leftOut.activities + leftOut.edges === 1;
  return `${parts.join(" and ")} with the lowest ${isOne ? "count is" : "counts are"} not shown.`;
}

function countedParts(activities: number, edges: number): string[] {
  return [
    ...(activities > 0 ? [`${number(activities)} ${activities === 1 ? "activity" : "activities"}`] : []),
    ...(edges > 0 ? [`${number(edges)} ${edges === 1 ? "edge" : "edges"}`] : []),
  ];
}

/** For who does not see it: how large it is, and how much is new and removed. */
export function mapSummary(title: string, { activities, edges }: MapParts): string {
  const [boxes, lines] = [[...activities.values()], edges];
  const marked = (["added", "removed"] as const).flatMap((mark) => {
    const counts = [boxes, lines].map((all) => all.filter(({ count }) => markOf(count) === mark).length);
    const parts = countedParts(counts[0] as number, counts[1] as number);
    return parts.length > 0 ? [`${mark === "added" ? "new" : mark}: ${parts.join(" and ")}`] : [];
  });
  const size = countedParts(boxes.length, lines.length).join(" and ") || "empty";
  return `${title}: ${[size, ...marked].join("; ")}`;
}

/** What the lines of a map say, folded. */
export function mapAsTable(map: MapData): Block {
  const { activities, edges } = partsOf(map);
  const nameOf = (place: number): Line => {
    if (place === START || place === END) return [place === START ? "start" : "end"];
    return [code(activities.get(place)?.name || "(empty)")];
  };
  const rows = edges.map(({ from, to, count }): Line[] => {
    const { text, change } = countText(count);
    return [nameOf(from), nameOf(to), [text], [change]];
  });
  const table: Block = {
    kind: "table",
    head: ["from", "directly to", "times", "change"],
    numeric: [2, 3],
    rows,
    importance: Importance.events,
  };
  return { kind: "details", summary: ["The map as a table"], blocks: [table], importance: Importance.events };
}
