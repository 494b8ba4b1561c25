import { COLORS } from "./colors";
import { MAP_STYLE } from "./map-style";

/** The page's only style: no fonts, pictures or scripts, so nothing is fetched. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; ${declared(COLORS.light)} }
@media (prefers-color-scheme: dark) { :root { ${declared(COLORS.dark)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; margin-top: 1.25rem; }
p { margin: .5rem 0; }
.unbroken { white-space: nowrap; }
.quiet { color: var(--quiet); font-size: .875rem; margin-top: 1.25rem; }
.verdict { display: flex; gap: .7rem; padding: .75rem 1rem; border-radius: 8px; font-size: 1.1rem; font-weight: 600; }
.verdict span { min-width: 0; }
.verdict span::first-letter { text-transform: uppercase; }
.verdict, ul.good, ul.notice, ul.bad { background: var(--back); color: var(--fore); }
.good { --fore: var(--good); --back: var(--good-back); }
.notice { --fore: var(--notice); --back: var(--notice-back); }
.bad { --fore: var(--bad); --back: var(--bad-back); }
strong.good, strong.notice, strong.bad { color: var(--fore); }
code { background: var(--code); border-radius: 4px; padding: .08em .35em; font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
ul { margin: .75rem 0; padding-left: 1.25rem; }
ul.good, ul.notice, ul.bad { list-style: none; padding: .6rem .9rem; border-radius: 6px; }
ul.good li + li, ul.notice li + li, ul.bad li + li { margin-top: .35rem; }
ul.good code, ul.notice code, ul.bad code { background: none; padding: 0; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: 50%; margin: .75rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 500; font-size: .875rem; white-space: nowrap; }
td.number, th.number { text-align: right; }
details { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .6rem; }
details + details { margin-top: .6rem; }
summary { cursor: pointer; }
figure { margin: 1.5rem 0 .5rem; }
figcaption { font-weight: 600; }
.wide svg, .narrow svg { display: block; width: 100%; height: auto; }
.map .scroll { margin-top: .5rem; }
.map svg { display: block; margin: 0 auto; }
.map .quiet { margin-top: .5rem; }
${MAP_STYLE}
.narrow { display: none; }
@media screen and (max-width: 40rem) {
  main { padding: 1rem .5rem 2rem; }
  h1, .quiet, main > p { margin-left: .4rem; margin-right: .4rem; }
  section { padding: .9rem; }
  .wide { display: none; }
  .narrow { display: block; }
  table, tbody { display: block; min-width: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: flex; flex-wrap: wrap; gap: 0 1.1rem; padding: .45rem 0; border-bottom: 1px solid var(--line); }
  td, td.number { display: block; text-align: left; padding: 0; border: 0; min-width: 0; max-width: 100%; }
  td:first-child { flex: 0 0 100%; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--quiet); font-size: .875em; }
}
@media print { body { background: none; } section { break-inside: avoid; } .map svg { max-width: 100%; height: auto; } }
`;

function declared(colors: { [name: string]: string }): string {
  return Object.entries(colors)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");
}
