import type { Block, Line, MapData, Tone } from "../document";
import type { Draw } from "./charts";
import { escaped, htmlLine } from "./html-text";
import { mapAsTable, mapNotes } from "./map-text";
import { PAGE_STYLE } from "./page-style";
import { drawMap } from "./process-map";

/** Nothing may be fetched or run, whatever a name holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** In the place of each chart where nothing can draw it. */
const NOT_DRAWN = '<p class="quiet">Not drawn: <code>npm install --save-dev echarts</code> brings the charts.</p>';

const SIGNS: { [tone in Tone]: string } = { good: "✓", notice: "!", bad: "✕" };

/**
 * The whole as one HTML page.
 *
 * @param head - what stands above the parts.
 * @param draw - undefined: the page says how to get charts.
 */
export function pageOf(
  title: string,
  head: Block[],
  parts: Block[][],
  privacy: string,
  draw: Draw | undefined,
): string {
  const toHtml = (blocks: Block[]) => blocks.map((block) => html(block, draw)).join("\n");
  const sections = parts.map((blocks) => `<section>\n${toHtml(blocks)}\n</section>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${toHtml(head)}
${sections.join("\n")}
<p class="quiet">${escaped(privacy)}</p>
</main>
</body>
</html>
`;
}

function html(block: Block, draw: Draw | undefined): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${htmlLine(block.line)}</h${block.level}>`;
    case "verdict":
      return `<p class="verdict ${block.tone}"><b aria-hidden="true">${SIGNS[block.tone]}</b><span>${htmlLine(block.line)}</span></p>`;
    case "paragraph":
      return `<p>${htmlLine(block.line)}</p>`;
    case "list":
      return list(block.tone, block.items);
    case "table":
      return table(block.head, block.numeric, block.rows);
    case "details":
      return `<details><summary>${htmlLine(block.summary)}</summary>\n${block.blocks.map((inner) => html(inner, draw)).join("\n")}\n</details>`;
    case "chart":
      return `<figure><figcaption>${escaped(block.chart.title)}</figcaption>${drawings(block.chart, draw)}</figure>`;
    case "map":
      return mapFigure(block.map);
  }
}

/** One for each width of screen: a chart that is scaled down has letters that nobody can read. */
function drawings(chart: Parameters<Draw>[0], draw: Draw | undefined): string {
  if (!draw) return NOT_DRAWN;
  return (["wide", "narrow"] as const).map((size) => `<div class="${size}">${draw(chart, size)}</div>`).join("");
}

/** It scrolls in a box of its own, since a map that is scaled down has letters that nobody can read. */
function mapFigure(map: MapData): string {
  const notes = mapNotes(map).map((note) => `<p class="quiet">${escaped(note)}</p>`);
  const label = `aria-label="${escaped(map.title)}"`;
  return `<figure class="map"><figcaption>${escaped(map.title)}</figcaption>
<div class="scroll" role="group" tabindex="0" ${label}>${drawMap(map)}</div>${notes.join("")}</figure>
${html(mapAsTable(map), undefined)}`;
}

function list(tone: Tone | undefined, items: Line[]): string {
  const lines = items.map((item) => `<li>${htmlLine(item)}</li>`).join("");
  return `<ul${tone ? ` class="${tone}"` : ""}>${lines}</ul>`;
}

/** On a phone each row becomes a card, whose cells carry their column's name. */
function table(head: string[], numeric: number[], rows: Line[][]): string {
  const align = (i: number) => (numeric.includes(i) ? ' class="number"' : "");
  const label = (i: number) => (i > 0 && head[i] ? ` data-label="${escaped(head[i])}"` : "");
  const headCells = head.map((text, i) => `<th${align(i)}>${escaped(text)}</th>`).join("");
  const lines = rows.map((cells) => {
    return `<tr>${cells.map((cell, i) => `<td${align(i)}${label(i)}>${htmlLine(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${headCells}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table></div>`;
}
