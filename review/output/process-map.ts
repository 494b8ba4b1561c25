import type { MapData } from "../document";
import { COLORS } from "./colors";
import { escaped } from "./html-text";
import { type Box, type Layout, type Line, layoutOf, NAME_HEIGHT, type Point, shareOf } from "./map-layout";
import { countText, frequency, type MapEdge, markOf, partsOf } from "./map-parts";
import { MAP_STYLE } from "./map-style";
import { mapNotes, mapSummary } from "./map-text";
import { wrapped } from "./text-width";

/** Of lines, in pixels, from the rarest to the most frequent. */
const [LEAST_STROKE, MORE_STROKE, ADDED_STROKE] = [1, 4, 1.5];
const NOTE_HEIGHT = 18;
const LEAST_NOTE_WIDTH = 440;
const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/**
 * Draws a map as an SVG element.
 *
 * @param options.standalone - with its own colours, title and notes, for a file of its own; the page has them otherwise.
 */
export function drawMap(map: MapData, { standalone = false } = {}): string {
  const parts = partsOf(map);
  const layout = layoutOf(parts);
  const most = Math.max(1, ...parts.edges.map(({ count }) => frequency(count)));
  const drawing = [
    ...layout.lines.map((line) => lineSvg(line, layout, most)),
    ...layout.lines.map(labelSvg),
    ...[...layout.boxes.values()].map(boxSvg),
  ].join("\n");
  const label = `role="img" aria-label="${escaped(mapSummary(map.title, parts))}"`;
  return standalone ? framed(map, layout, drawing, label) : svg(layout.width, layout.height, label, drawing);
}

function svg(width: number, height: number, attributes: string, content: string): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="map" ${size} ${attributes}>\n${content}\n</svg>`;
}

function lineSvg({ edge, points, label }: Line, { boxes }: Layout, most: number): string {
  const mark = markOf(edge.count);
  const stroke = LEAST_STROKE + MORE_STROKE * shareOf(edge, most) + (mark === "added" ? ADDED_STROKE : 0);
  const box = boxes.get(edge.from) as Box;
  const { line, head } = points.length > 0 ? pathOf(points, stroke) : loopOf(box, label, stroke);
  const marked = mark === "" ? "" : ` ${mark}`;
  return `<path class="edge${marked}" stroke-width="${stroke.toFixed(1)}" d="${line}"/><path class="head${marked}" d="${head}"/>`;
}

interface PathTexts {
  line: string;
  head: string;
}

/** Half as wide as it is long. */
function headLength(stroke: number): number {
  return Math.round(6 + stroke);
}

function pathOf(points: Point[], stroke: number): PathTexts {
  const [tip, before] = [points.at(-1), points.at(-2)] as [Point, Point];
  const direction = Math.sign(tip.y - before.y);
  const length = headLength(stroke) * direction;
  const half = Math.round(headLength(stroke) / 2);
  // A thick line would show on both sides of the tip.
  const ends = [...points.slice(0, -1), { x: tip.x, y: tip.y - length + direction }];
  const steps = ends.slice(1).map((point, i) => step(ends[i] as Point, point));
  return {
    line: `M${ends[0]?.x} ${ends[0]?.y}${steps.join("")}`,
    head: `M${tip.x} ${tip.y}l${-half} ${-length}h${2 * half}z`,
  };
}

/** From one vertical into another. */
function step(from: Point, to: Point): string {
  const [x, y] = [to.x - from.x, to.y - from.y];
  if (x === 0) return `v${y}`;
  return `c0 ${y / 2} ${x} ${y / 2} ${x} ${y}`;
}

/** At the right of its box. */
function loopOf({ x, y, width }: Box, label: Point, stroke: number): PathTexts {
  const right = x + Math.round(width / 2);
  const [length, half] = [headLength(stroke), Math.round(headLength(stroke) / 2)];
  return {
    line: `M${right} ${label.y - 9}c38 -14 ${38 + length} 32 ${length - 1} 18`,
    head: `M${right} ${y + 9}l${length} ${-half}v${2 * half}z`,
  };
}

/** On a ground of its own, which breaks the line behind it. */
function labelSvg({ edge, points, label: { x, y, width, height } }: Line): string {
  if (points.length === 0) return countSvg(edge.count, x - width / 2, y + 4, "beside");
  // Smaller than its row, so that it covers no line that turns next to it.
  const ground = `x="${x - width / 2 + 3}" y="${y - height / 2 + 2}" width="${width - 6}" height="${height - 4}"`;
  return `<rect class="ground" ${ground}/>${countSvg(edge.count, x, y + 4, "")}`;
}

function boxSvg(box: Box): string {
  const { x, y, width, height, lines, activity } = box;
  const [left, top] = [x - Math.round(width / 2), y - Math.round(height / 2)];
  const place = `x="${left}" y="${top}" width="${width}" height="${height}"`;
  if (!activity) {
    return `<rect class="mark" ${place} rx="${height / 2}"/><text class="name mark-name" x="${x}" y="${y + 5}">${lines[0]}</text>`;
  }
  const mark = markOf(activity.count);
  const marked = mark === "" ? "" : ` ${mark}`;
  const names = lines.map((line, i) => {
    const base = top + 21 + i * NAME_HEIGHT;
    return `<text class="name${marked}" x="${x}" y="${base}">${escaped(line)}</text>`;
  });
  const count = countSvg(activity.count, x, top + height - 10, "");
  return `<rect class="box${marked}" ${place} rx="8"/>${names.join("")}${count}`;
}

function countSvg(count: MapEdge["count"], x: number, y: number, extra: string): string {
  const { text, change } = countText(count);
  const classes = [markOf(count), extra].filter((name) => name !== "").join(" ");
  const changed = change && ` <tspan class="${change.startsWith("+") ? "more" : "less"}">${change}</tspan>`;
  return `<text${classes && ` class="${classes}"`} x="${x}" y="${y}">${text}${changed}</text>`;
}

/** With a title above, notes below and the ground it is on. */
function framed(map: MapData, layout: Layout, drawing: string, label: string): string {
  const width = Math.max(layout.width, LEAST_NOTE_WIDTH);
  const title = escaped(map.title);
  const notes = mapNotes(map).flatMap((note) => wrapped(note, width - 32, 12));
  const height = layout.height + 40 + notes.length * NOTE_HEIGHT + 16;
  const noteLines = notes.map((note, i) => {
    return `<text class="note" x="16" y="${layout.height + 56 + i * NOTE_HEIGHT}">${escaped(note)}</text>`;
  });
  const content = `<style>${standaloneStyle()}</style>
<rect class="ground" width="${width}" height="${height}" rx="10"/>
<text class="title" x="16" y="28">${title}</text>
<g transform="translate(${Math.round((width - layout.width) / 2)} 40)">
${drawing}
</g>
${noteLines.join("\n")}`;
  return svg(width, height, label, content);
}

/** The page's, with the colours in place of their names: not every program that shows pictures knows variables. */
function standaloneStyle(): string {
  const style = `.map { font-family: ${FONT}; }
${MAP_STYLE}
.map .title { font-size: 15px; font-weight: 600; text-anchor: start; }
.map .note { fill: var(--quiet); text-anchor: start; }`;
  const colored = (colors: { [name: string]: string }) =>
    style.replace(/var\(--([\w-]+)\)/g, (_, name) => colors[name] as string);
  return `${colored(COLORS.light)}\n@media (prefers-color-scheme: dark) {\n${colored(COLORS.dark)}\n}`;
}
