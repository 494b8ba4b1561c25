import { Graph, layout } from "@dagrejs/dagre";
import { shownName } from "../document";
import { countText, END, frequency, type MapActivity, type MapEdge, type MapParts, START } from "./map-parts";
import { textWidth, wrapped } from "./text-width";

/** All in pixels; of boxes and labels, the centre. */
export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
  lines: string[];
  /** None where cases start or end. */
  activity?: MapActivity;
}

export interface Line {
  edge: MapEdge;
  /** From one to the next it leads straight up or down, or turns from one vertical into another. A loop has none. */
  points: Point[];
  label: Point;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Map<number, Box>;
  lines: Line[];
}

export const NAME_HEIGHT = 17;
const [NAME_SIZE, COUNT_SIZE] = [13, 12];
const [NAME_WIDTH, NAME_LINES] = [150, 2];
const [PADDING, LEAST_WIDTH, AROUND_NAME] = [12, 84, 32];
const [LABEL_HEIGHT, AROUND_LABEL] = [18, 10];
/** Between a box and the count of its loop. */
const LOOP_WIDTH = 38;
const MARGIN = 8;
const PORT_DISTANCE = 22;
/** From here on the best order of rows takes seconds, and nobody would see it. */
const MANY_EDGES = 150;

/** Where everything is, from the start on top to the end at the bottom. */
export function layoutOf(parts: MapParts): Layout {
  const boxes = boxesOf(parts);
  const graph = new Graph({ multigraph: true });
  const ranker = parts.edges.length > MANY_EDGES ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", acyclicer: "greedy", ranker, nodesep: 30, edgesep: 16, ranksep: 52 });
  for (const [place, { width, height }] of boxes) graph.setNode(`${place}`, { width, height });
  const most = Math.max(1, ...parts.edges.map(({ count }) => frequency(count)));
  for (const edge of parts.edges) {
    const width = labelWidth(edge) + (edge.from === edge.to ? LOOP_WIDTH : 0);
    // Whole, as the library counts by it; it turns around and bends what is rare rather than what is frequent.
    const weight = 1 + Math.round(8 * shareOf(edge, most));
    graph.setEdge(`${edge.from}`, `${edge.to}`, { width, height: LABEL_HEIGHT, labelpos: "c", weight });
  }
  layout(graph);
  for (const [place, box] of boxes) Object.assign(box, pointOf(graph.node(`${place}`)));
  const placed = parts.edges.map((edge) => ({ edge, ...graph.edge(`${edge.from}`, `${edge.to}`) }));
  return inFrame(boxes, linesOf(placed, boxes));
}

/** From 0 to 1, on a logarithmic scale. */
export function shareOf({ count }: MapEdge, most: number): number {
  return Math.log1p(frequency(count)) / Math.log1p(most);
}

function boxesOf({ activities }: MapParts): Map<number, Box> {
  const mark = (line: string): Box => ({ x: 0, y: 0, width: 64, height: 28, lines: [line] });
  return new Map([
    [START, mark("Start")],
    ...[...activities].map(([place, activity]) => [place, boxOf(activity)] as const),
    [END, mark("End")],
  ]);
}

function boxOf(activity: MapActivity): Box {
  const name = activity.name === "" ? "(empty)" : shownName(activity.name);
  const lines = wrapped(name, NAME_WIDTH, NAME_SIZE, NAME_LINES);
  const widths = [...lines.map((line) => textWidth(line, NAME_SIZE)), countWidth(activity.count)];
  const width = Math.ceil(Math.max(LEAST_WIDTH, ...widths)) + 2 * PADDING;
  return { x: 0, y: 0, width, height: lines.length * NAME_HEIGHT + AROUND_NAME, lines, activity };
}

function countWidth(count: MapEdge["count"]): number {
  const { text, change } = countText(count);
  return textWidth(`${text} ${change}`, COUNT_SIZE);
}

function labelWidth({ count }: MapEdge): number {
  return Math.ceil(countWidth(count)) + AROUND_LABEL;
}

function pointOf({ x = 0, y = 0 }: Partial<Point>): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

interface Placed extends Partial<Point> {
  edge: MapEdge;
  points?: Point[];
}

function linesOf(placed: Placed[], boxes: Map<number, Box>): Line[] {
  const heights = rowHeights(placed, boxes);
  const lines = placed.map(({ edge, points = [], ...label }) => {
    if (edge.from === edge.to) return { edge, points: [], label: besideLoop(edge, boxes.get(edge.from) as Box) };
    // Its ends are where it would meet the boxes if it were straight.
    const turns = points.slice(1, -1).map(pointOf);
    return { edge, points: aroundRows(turns, heights), label: pointOf(label) };
  });
  addEnds(lines, boxes);
  return lines;
}

function besideLoop(edge: MapEdge, box: Box): Point {
  return { x: box.x + Math.round((box.width + labelWidth(edge)) / 2) + LOOP_WIDTH, y: box.y };
}

/** By where their middle is: boxes and labels stand in rows. */
function rowHeights(placed: Placed[], boxes: Map<number, Box>): Map<number, number> {
  const heights = new Map<number, number>();
  const add = (y: number, height: number) => heights.set(y, Math.max(height, heights.get(y) ?? 0));
  for (const { y, height } of boxes.values()) add(y, height);
  for (const { edge, y = 0 } of placed) if (edge.from !== edge.to) add(Math.round(y), LABEL_HEIGHT);
  return heights;
}

/** Lines cross rows straight and turn only between them, so that none crosses a box or a label. */
function aroundRows(turns: Point[], heights: Map<number, number>): Point[] {
  const direction = Math.sign((turns.at(-1)?.y ?? 0) - (turns[0]?.y ?? 0));
  return turns.flatMap(({ x, y }) => {
    const half = Math.round((heights.get(y) ?? 0) / 2);
    return direction === 0 ? [{ x, y }] : [-half, half].map((by) => ({ x, y: y + direction * by }));
  });
}

/** Where several lines meet a side of a box, they do so next to each other, in the order in which they come. */
function addEnds(lines: Line[], boxes: Map<number, Box>): void {
  const sides = new Map<string, { line: Line; isStart: boolean; next: Point }[]>();
  for (const line of lines.filter(({ points }) => points.length > 0)) {
    for (const isStart of [true, false]) {
      const place = isStart ? line.edge.from : line.edge.to;
      const next = line.points.at(isStart ? 0 : -1) as Point;
      const side = `${place} ${next.y > (boxes.get(place) as Box).y ? 1 : -1}`;
      sides.set(side, [...(sides.get(side) ?? []), { line, isStart, next }]);
    }
  }
  for (const [side, ends] of sides) {
    const [place, direction] = side.split(" ").map(Number) as [number, number];
    const { x, y, width, height } = boxes.get(place) as Box;
    const distance = Math.min(PORT_DISTANCE, (width - 2 * PADDING) / ends.length);
    ends.sort((a, b) => a.next.x - b.next.x);
    ends.forEach(({ line, isStart }, i) => {
      const end = pointOf({ x: x + (i - (ends.length - 1) / 2) * distance, y: y + (direction * height) / 2 });
      if (isStart) line.points.unshift(end);
      else line.points.push(end);
    });
  }
}

/** Moves all to where the picture begins. */
function inFrame(boxes: Map<number, Box>, lines: Line[]): Layout {
  const labels = lines.map(({ edge, label }) => ({ ...label, width: labelWidth(edge), height: LABEL_HEIGHT }));
  const turns = lines.flatMap(({ points }) => points.map((point) => ({ ...point, width: 0, height: 0 })));
  const all = [...boxes.values(), ...labels, ...turns];
  const left = Math.min(...all.map(({ x, width }) => x - width / 2)) - MARGIN;
  const top = Math.min(...all.map(({ y, height }) => y - height / 2)) - MARGIN;
  const width = Math.ceil(Math.max(...all.map((each) => each.x + each.width / 2)) - left + MARGIN);
  const height = Math.ceil(Math.max(...all.map((each) => each.y + each.height / 2)) - top + MARGIN);
  for (const point of [...boxes.values(), ...lines.flatMap((line) => [line.label, ...line.points])]) {
    point.x -= Math.floor(left);
    point.y -= Math.floor(top);
  }
  return { width, height, boxes, lines };
}
