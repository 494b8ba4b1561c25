/** How a map looks, by the page's variables. Letters have 12 and 13 pixels: the layout counts on it. */
export const MAP_STYLE = `
.map text { fill: var(--text); font-size: 12px; text-anchor: middle; font-variant-numeric: tabular-nums; }
.map .name { font-size: 13px; }
.map .edge { fill: none; stroke: var(--quiet); stroke-linecap: round; }
.map .head { fill: var(--quiet); }
.map .box { fill: var(--code); stroke: var(--quiet); }
.map .mark { fill: var(--text); }
.map .mark-name { fill: var(--card); }
.map .ground { fill: var(--card); }
.map .beside { text-anchor: start; }
.map .edge.added { stroke: var(--good); }
.map .head.added, .map text.added, .map .more { fill: var(--good); }
.map .box.added { fill: var(--good-back); stroke: var(--good); stroke-width: 3px; }
.map .edge.removed { stroke: var(--bad); stroke-dasharray: 6 5; stroke-linecap: butt; }
.map .head.removed, .map text.removed, .map .less { fill: var(--bad); }
.map .box.removed { fill: none; stroke: var(--bad); stroke-width: 1.5px; stroke-dasharray: 6 5; }
.map .name.removed { fill: var(--quiet); text-decoration: line-through; }
`.trim();
