import type { Block, Line } from "../document";
import type { Draw } from "./charts";
import { escaped, htmlLine } from "./html-text";
import { PAGE_STYLE } from "./page-style";

/** Nothing may be fetched or run, whatever a name holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** In the place of each chart where nothing can draw it. */
const NOT_DRAWN: Draw = () =>
  '<p class="quiet">Not drawn: <code>npm install --save-dev echarts</code> brings the charts.</p>';

/** The whole as one HTML page; without `draw` it says how charts come into it. */
export function pageOf(title: string, privacy: string, parts: Block[][], draw: Draw = NOT_DRAWN): string {
  const sections = parts.map(
    (blocks) => `<section>\n${blocks.map((block) => html(block, draw)).join("\n")}\n</section>`,
  );
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
<p class="quiet">${escaped(privacy)}</p>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

function html(block: Block, draw: Draw): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${htmlLine(block.line)}</h${block.level}>`;
    case "paragraph":
      return `<p>${htmlLine(block.line)}</p>`;
    case "list":
      return `<ul${block.tone ? ` class="${block.tone}"` : ""}>${block.items.map((item) => `<li>${htmlLine(item)}</li>`).join("")}</ul>`;
    case "table":
      return table(block.head, block.numeric, block.rows);
    case "details":
      return `<details><summary>${htmlLine(block.summary)}</summary>\n${block.blocks.map((inner) => html(inner, draw)).join("\n")}\n</details>`;
    case "chart":
      return `<figure><figcaption>${escaped(block.chart.title)}</figcaption><div class="wide">${draw(block.chart)}</div></figure>`;
  }
}

function table(head: string[], numeric: number[], rows: Line[][]): string {
  const align = (i: number) => (numeric.includes(i) ? ' class="number"' : "");
  const headCells = head.map((text, i) => `<th${align(i)}>${escaped(text)}</th>`).join("");
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell, i) => `<td${align(i)}>${htmlLine(cell)}</td>`).join("")}</tr>`,
  );
  return `<div class="wide"><table${head.length > 3 ? ' class="many"' : ""}><thead><tr>${headCells}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table></div>`;
}
