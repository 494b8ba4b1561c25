import * as fs from "node:fs";
import * as path from "node:path";
import { type Inline, shownName } from "../../review/document";
import { htmlLine, plainHtmlLine } from "../../review/output/html-text";
import { htmlInMarkdown, markdownLine } from "../../review/output/markdown-text";
import { digest, file, step, urn } from "./digest";
import { EVENT_LOG, newFolder, run } from "./event-log";

test.each<[Inline, string, string]>([
  [{ code: "case_id" }, "`case_id`", "<code>case_id</code>"],
  [{ code: "a|b" }, "<code>a&#124;b</code>", "<code>a|b</code>"],
  [{ code: "a`b" }, "<code>a&#96;b</code>", "<code>a`b</code>"],
  [{ code: "*a*_b_" }, "<code>&#42;a&#42;&#95;b&#95;</code>", "<code>*a*_b_</code>"],
  [{ code: "a\\" }, "<code>a&#92;</code>", "<code>a\\</code>"],
  [{ code: "<script>" }, "<code>&#60;script&#62;</code>", "<code>&lt;script&gt;</code>"],
  [{ code: "@team" }, "<code>&#64;team</code>", "<code>@team</code>"],
  [{ code: "$x$" }, "<code>&#36;x&#36;</code>", "<code>$x$</code>"],
  [{ code: " a" }, "<code> a</code>", "<code> a</code>"],
  [{ code: "naïve 名前" }, "`naïve 名前`", "<code>naïve 名前</code>"],
  ["a|b*c_d`e[f](g)~h\\", "a&#124;b\\*c\\_d\\`e\\[f\\](g)\\~h\\\\", "a|b*c_d`e[f](g)~h\\"],
  ["<img src=x onerror=a&b>", "&lt;img src=x onerror=a&amp;b&gt;", "&lt;img src=x onerror=a&amp;b&gt;"],
  [`"'`, `"'`, "&quot;&#39;"],
  ["@team #12 http://a www.a", "@\u2060team #\u206012 http:\u2060//a www\u2060.a", "@team #12 http://a www.a"],
  [{ strong: "a*b" }, "**a\\*b**", "<strong>a*b</strong>"],
])("escapes %j", (inline, markdown, html) => {
  expect({ markdown: markdownLine([inline]), html: plainHtmlLine([inline]) }).toEqual({ markdown, html });
});

test.each<[Inline, string]>([
  [{ code: "<b>" }, '<code class="unbroken">&lt;b&gt;</code>'],
  [{ code: "orderNumber_of-the.customer" }, "<code>order<wbr>Number_<wbr>of-<wbr>the.<wbr>customer</code>"],
  [{ code: `${"<".repeat(24)}_<` }, `<code>${"&lt;".repeat(24)}_<wbr>&lt;</code>`],
  [{ strong: "-5 (-39 %)", tone: "bad" }, '<strong class="bad">-5 (-39\u00a0%)</strong>'],
  ["from 2025-01-02T10:00:00Z on", 'from <span class="unbroken">2025-01-02T10:00:00Z</span> on'],
])("breaks %j on the page at its own separators only", (inline, html) => {
  expect(htmlLine([inline])).toBe(html);
});

test.each<[Inline, string]>([
  [{ strong: "+5", tone: "good" }, "🟢 **+5**"],
  [{ strong: "changed", tone: "notice" }, "🟡 **changed**"],
  [{ strong: "-5", tone: "bad" }, "🔴 **-5**"],
])("marks %j in Markdown with a colour", (inline, markdown) => {
  expect(markdownLine([inline])).toBe(markdown);
});

test.each([
  ["two\r\nlines\nand\rmore\u2028here", "two⏎lines⏎and⏎more⏎here"],
  ["tab\there", "tab⇥here"],
  ["\u0000\u001b[31m", "\\u{0}\\u{1b}[31m"],
  ["evil\u202etxt.csv", "evil\\u{202e}txt.csv"],
  ["zero\u200bwidth", "zero\\u{200b}width"],
  ["half \ud800", "half \\u{d800}"],
  ["x".repeat(81), `${"x".repeat(79)}…`],
])("shows the name %j as %j", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

test("keeps a name in a folded part's title from becoming a mention", () => {
  expect(htmlInMarkdown("<code>@team</code> &#39;#1")).toBe("<code>@\u2060team</code> &#39;#\u20601");
});

const EVIL = "x|y`z`\n\n<script>alert(1)</script><!-- @team --> ](http://a) \"'&";

test("keeps evil names in files and previews from adding elements, cells or lines", async () => {
  const folder = newFolder();
  const [from, to, preview] = ["old.csv", "new <b>|`.csv", "p.json"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const [html, markdown] = [path.join(folder, "r.html"), path.join(folder, "r.md")];
  const quoted = `"${EVIL.replaceAll('"', '""')}"`;
  fs.writeFileSync(from, "case_id,activity,timestamp,a\nc,x,2025-01-01,1\n");
  fs.writeFileSync(to, `case_id,activity,timestamp,${quoted}\nc,${quoted},2025-01-01,1\n`);
  const steps = [
    step("update", "DatatableUpload", EVIL, {
      old: file(1),
      now: file(2, { change: EVIL, columns: `1: ${EVIL}`, columnsAdded: `1: ${EVIL}`, fileName: EVIL }),
    }),
    step("delete", EVIL, EVIL, { old: {} }),
    step("create", "Dataset", EVIL, { now: {} }),
  ];
  const diagnostics = [{ urn: urn("Dataset", EVIL), severity: "error", message: `${EVIL}. ${EVIL}` }];
  fs.writeFileSync(preview, digest({ steps, diagnostics, changeSummary: { [EVIL]: 1 } }));

  const ran = await run([
    "--from",
    from,
    "--to",
    to,
    "--preview",
    preview,
    "--html",
    html,
    "--markdown",
    markdown,
    "--title",
    EVIL,
    ...EVENT_LOG,
  ]);

  expect(ran).toEqual({ code: 0, stdout: "", stderr: "" });
  const page = fs.readFileSync(html, "utf8");
  const text = fs.readFileSync(markdown, "utf8");
  fs.rmSync(folder, { recursive: true });
  expect(page).not.toMatch(/<script|<!--|<b>/);
  expect(text.replace(/<\/?(code|details|summary)>/g, "")).not.toMatch(/[<>]/);
  expect(text.replace(/<summary>.*<\/summary>/g, (html) => html.replaceAll("](", ""))).not.toMatch(
    /@team|(?<!\\)\]\(|:\/\//,
  );
  // Only a table's own pipes are left, so that all of its rows have as many.
  const rows = text.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("|---"));
  const tables = text.split("\n\n").filter((block) => block.startsWith("|"));
  for (const table of tables) expect(new Set(table.split("\n").map((row) => row.split("|").length)).size).toBe(1);
  expect(rows.length).toBeGreaterThan(10);
});
