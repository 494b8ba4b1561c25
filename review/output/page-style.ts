/** The page's only style: no fonts, pictures or scripts, so nothing is fetched. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1c2430; --quiet: #5b6675; --line: #dfe3e8; --code: #eef1f4;
  --old: #9aa7b5; --new: #2670d8; --error: #b3261e; --error-back: #fdecea; --warning: #7a5200; --warning-back: #fdf3dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e4e9ef; --quiet: #9aa6b4; --line: #313a46; --code: #262e39;
    --old: #75828f; --new: #5b9dff; --error: #ffb4ab; --error-back: #3a1f1e; --warning: #f2cd7c; --warning-back: #33290f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; margin-top: 1.25rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .875rem; max-width: 48rem; }
code { background: var(--code); border-radius: 4px; padding: .08em .35em; font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
ul { margin: .75rem 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
ul.error, ul.warning { list-style: none; padding: .6rem .9rem; border-radius: 6px; }
ul.error { background: var(--error-back); color: var(--error); }
ul.warning { background: var(--warning-back); color: var(--warning); }
ul.error li + li, ul.warning li + li { margin-top: .35rem; }
ul.error code, ul.warning code { background: none; padding: 0; font-weight: 600; }
.wide { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; min-width: 50%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 500; font-size: .875rem; white-space: nowrap; }
td { overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; }
details { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .6rem; }
details + details { margin-top: .6rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
figure { margin: 1.5rem 0 .5rem; }
figcaption { font-weight: 600; }
figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }
@media (max-width: 44rem) { table.many { min-width: 36rem; } }
@media print { body { background: none; } section { break-inside: avoid; } }
`;
