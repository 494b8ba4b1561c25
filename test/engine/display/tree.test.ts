import { paintFor, plain } from "../../../engine/display/paint";
import type { Row } from "../../../engine/display/rows";
import { plural } from "../../../engine/display/summary";
import { treeLines } from "../../../engine/display/tree";

const row = (name: string, depth: number, more: Partial<Row> = {}): Row => ({
  urn: name,
  parent: "",
  type: "t:t:T",
  name,
  op: "create",
  failed: false,
  done: true,
  seconds: 0.5,
  diff: "",
  counts: { debug: 0, info: 0, warning: 0, error: 0 },
  depth,
  ...more,
});

test("draws a line past every ancestor that has later children", () => {
  const rows = [row("s", 0), row("a", 1), row("aa", 2), row("aaa", 3), row("ab", 2), row("b", 1), row("ba", 2)];
  expect(
    treeLines(rows, true, plain)
      .slice(1)
      .map((line) => line.slice(4, 19).trimEnd()),
  ).toEqual([" t:t:T", " ├─ t:t:T", " │  ├─ t:t:T", " │  │  └─ t:t:T", " │  └─ t:t:T", " └─ t:t:T", "    └─ t:t:T"]);
});

test("makes columns as wide as their widest cell, whatever its colours", () => {
  const rows = [row("short", 0), row("a-longer-name", 0, { op: "update", diff: "diff: ~a" })];
  const coloured = treeLines(rows, true, paintFor({ isTTY: true }, {}));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken off
  const bare = coloured.map((line) => line.replace(/\u001b\[\d+m/g, ""));
  expect(bare.map((line) => line.trimEnd())).toEqual(treeLines(rows, true, plain));
  expect(treeLines(rows, true, plain)).toEqual([
    "     Type   Name           Plan    Info",
    " +   t:t:T  short          create",
    " ~   t:t:T  a-longer-name  update  [diff: ~a]",
  ]);
});

/** What Pulumi's CLI 3.260 printed last on a terminal of 160 columns; how wide it pads depends on its earlier frames. */
const FRAMES: readonly [what: string, dryRun: boolean, rows: Row[], printed: string[]][] = [
  [
    "a preview in which no row has anything in the last column",
    true,
    [
      row("shop-dev", 0, { type: "pulumi:pulumi:Stack" }),
      row("sales", 1, { type: "pulumi-nodejs:dynamic/processmind:Dataset" }),
      row("orders", 1, { type: "pulumi-nodejs:dynamic/processmind:Datatable" }),
      row("orders", 1, { type: "pulumi-nodejs:dynamic/processmind:DatatableUpload" }),
    ],
    [
      "     Type                                                  Name      Plan",
      " +   pulumi:pulumi:Stack                                   shop-dev  create",
      " +   ├─ pulumi-nodejs:dynamic/processmind:Dataset          sales     create",
      " +   ├─ pulumi-nodejs:dynamic/processmind:Datatable        orders    create",
      " +   └─ pulumi-nodejs:dynamic/processmind:DatatableUpload  orders    create",
    ],
  ],
  [
    "a run in which a resource fails",
    false,
    [
      row("shop-dev", 0, { type: "pulumi:pulumi:Stack", counts: { debug: 0, info: 0, warning: 0, error: 1 } }),
      row("sales", 1, {
        type: "pulumi-nodejs:dynamic/processmind:Dataset",
        counts: { debug: 0, info: 0, warning: 0, error: 1 },
      }),
    ],
    [
      "     Type                                          Name      Status                  Info",
      " +   pulumi:pulumi:Stack                           shop-dev  **creating failed**     1 error",
      " +   └─ pulumi-nodejs:dynamic/processmind:Dataset  sales     **creating failed**     1 error",
    ],
  ],
];

test.each(FRAMES)("prints what Pulumi's CLI prints of %s", (_what, dryRun, rows, printed) => {
  const cells = (lines: string[]) => lines.map((line) => line.replace(/ +/g, " "));
  expect(cells(treeLines(rows, dryRun, plain))).toEqual(cells(printed));
});

test.each<[string, Partial<Row>, string]>([
  ["done", {}, "created (0.50s)"],
  ["done after long", { seconds: 75.4 }, "created (75s)"],
  ["failed", { failed: true }, "**creating failed**"],
  [
    "failed by an error that was reported for it",
    { counts: { debug: 0, info: 0, warning: 0, error: 2 } },
    "**creating failed**  2 errors",
  ],
  ["cut short", { done: false }, "**create not finished**"],
  [
    "unchanged with a word",
    { op: "same", counts: { debug: 3, info: 1, warning: 2, error: 0 } },
    "2 warnings; 1 message",
  ],
])("status: %s", (_name, more, text) => {
  expect(treeLines([row("a", 0, more)], false, plain)[1]).toMatch(
    new RegExp(`  ${text.replace(/[*()[\]]/g, "\\$&")}$`),
  );
});

test("plurals", () => {
  expect([0, 1, 2].map((count) => plural("change", count))).toEqual(["changes", "change", "changes"]);
});

describe("colour", () => {
  const red = (stream: { isTTY?: boolean }, env: Record<string, string>) => paintFor(stream, env)("red", "x");
  test.each<[{ isTTY?: boolean }, Record<string, string>, boolean]>([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { CI: "true" }, true],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: true }, { TERM: "dumb" }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: "1", CI: "true" }, false],
  ])("%j %j: %s", (stream, env, coloured) => {
    expect(red(stream, env)).toBe(coloured ? "\u001b[31mx\u001b[39m" : "x");
  });

  test("nothing stays nothing", () => {
    expect(paintFor({ isTTY: true }, {})("red", "")).toBe("");
  });
});
