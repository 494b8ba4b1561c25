import type { MapData, Occurrences } from "../../review/document";
import { mapNotes } from "../../review/output/map-text";
import { markdownOf } from "../../review/output/markdown";
import { pageOf } from "../../review/output/page";
import { drawMap } from "../../review/output/process-map";
import { MAP, mapOf } from "./maps";

const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text = ""]) => text.replace(/<[^>]*>/g, ""));
const classesOf = (svg: string, of: string) =>
  [...svg.matchAll(/class="([^"]*)"/g)].map(([, name = ""]) => name).filter((name) => name.split(" ").includes(of));
const page = (map: MapData) => pageOf("Review", [], [[{ kind: "map", map, importance: 1 }]], "", undefined);

test("shows each activity with its events, and their change", () => {
  const shown = texts(drawMap(MAP));
  for (const text of ["Start", "End", "Register", "1,280 +320", "Pay", "990 −10"]) expect(shown).toContain(text);
});

test("marks what is new or removed by sign, word and line, not only by colour", () => {
  const svg = drawMap(MAP);
  const shown = texts(svg);
  for (const text of ["+310 new", "+280 new", "−52 removed", "−40 removed"]) expect(shown).toContain(text);
  expect(classesOf(svg, "box").sort()).toEqual(["box", "box", "box added", "box removed"]);
  expect(classesOf(svg, "edge").filter((name) => name === "edge added")).toHaveLength(2);
  expect(classesOf(svg, "edge").filter((name) => name === "edge removed")).toHaveLength(2);
  expect(svg).toContain('class="name removed"');
  expect(page(MAP)).toMatch(/\.edge\.removed \{[^}]*stroke-dasharray/);
});

test("marks nothing when there is no old file", () => {
  const svg = drawMap(mapOf(["A", "B"], [[0, 1, { now: 5 }]], { now: 5 }));
  expect(
    classesOf(svg, "added").concat(classesOf(svg, "removed"), classesOf(svg, "more"), classesOf(svg, "less")),
  ).toEqual([]);
  expect(texts(svg)).toEqual(["5", "5", "5", "5", "5", "Start", "A", "5", "B", "5", "End"]);
  expect(page(mapOf(["A"], [], { now: 5 }))).not.toContain("only in the old file");
});

test("draws a new line thicker than one as frequent that was there before", () => {
  const widthOf = (count: Occurrences) => {
    const svg = drawMap(mapOf(["A", "B"], [[0, 1, count]], { old: 9, now: 9 }));
    return Math.max(...[...svg.matchAll(/stroke-width="([\d.]+)"/g)].map(([, width]) => Number(width)));
  };
  expect(widthOf({ old: 0, now: 9 })).toBeGreaterThan(widthOf({ old: 9, now: 9 }));
});

test("shows names with markup and control characters as text, on the page too", () => {
  const evil = '<script>alert("1")</script>\n\u202e&';
  for (const html of [
    drawMap(mapOf([evil, "B"], [[0, 1, { now: 1 }]], { now: 1 })),
    page(mapOf([evil], [[0, 0, { now: 1 }]], { now: 1 })),
  ]) {
    expect(html).not.toMatch(/<script|\u202e|alert\("/);
    expect(html).toContain("&lt;script&gt;");
  }
});

test("cuts a long name after two lines", () => {
  const shown = texts(
    drawMap(mapOf(["Request the missing documents from the customer in writing", "W".repeat(90)], [], { now: 1 })),
  );
  const names = shown.filter((text) => /[a-zW]{4}/.test(text) && text !== "Start");
  expect(names).toHaveLength(4);
  expect(names.filter((text) => text.endsWith("…"))).toHaveLength(2);
});

test("draws a loop and two lines in opposite directions apart from each other", () => {
  const svg = drawMap(
    mapOf(
      ["A", "B"],
      [
        [0, 0, { now: 3 }],
        [0, 1, { now: 4 }],
        [1, 0, { now: 2 }],
      ],
      { now: 5 },
    ),
  );
  const lines = [...svg.matchAll(/class="edge"[^>]* d="(M[^"]*)"/g)].map(([, line]) => line);
  // The two of start and end, and those three.
  expect(new Set(lines)).toHaveProperty("size", 7);
  const labels = [...svg.matchAll(/<text[^>]*x="([\d.]+)" y="([\d.]+)">([234])<\/text>/g)];
  expect(labels.map(([, , , text]) => text).sort()).toEqual(["2", "3", "4"]);
  expect(new Set(labels.map(([, x]) => x))).toHaveProperty("size", 3);
});

test("draws equal maps alike", () => {
  expect(drawMap(structuredClone(MAP))).toBe(drawMap(MAP));
});

test("draws the most frequent and the new, and reports the rest, when there is more than can be drawn", () => {
  const names = Array.from({ length: 63 }, (_, i) => `Activity ${i}`);
  const edges = names.flatMap((_, from) => {
    const count = { old: 1000 - from, now: 1000 - from };
    return Array.from({ length: 8 }, (_, i): [number, number, Occurrences] => [from, (from + i) % 63, count]);
  });
  const map = mapOf(names, edges, { old: 5, now: 5 });
  map.activities.forEach((each, i) => {
    each.events = { old: i === 62 ? 0 : 900 - i, now: 900 - i };
  });
  const svg = drawMap(map);
  const shown = texts(svg).filter((text) => text.startsWith("Activity"));
  expect(shown).toHaveLength(60);
  expect(shown).toContain("Activity 62");
  expect(shown).not.toContain("Activity 60");
  expect(classesOf(svg, "edge")).toHaveLength(180);
  expect(Buffer.byteLength(svg)).toBeLessThan(300_000);
  expect(mapNotes(map)).toContain("3 activities and 450 edges with the lowest counts are not shown.");
});

test("draws an empty map", () => {
  expect(texts(drawMap({ title: "Nothing", activities: [], edges: [] }))).toEqual(["Start", "End"]);
});

test("draws a picture of its own in both schemes, without variables of a page", () => {
  const svg = drawMap(MAP, { standalone: true });
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).toContain("prefers-color-scheme: dark");
  expect(svg).not.toContain("var(");
  expect(texts(svg)).toContain(MAP.title);
  expect(svg.length).toBeLessThan(60_000);
});

test("leaves the map out of Markdown", () => {
  expect(markdownOf([{ kind: "map", map: MAP, importance: 1 }])).toBe("\n");
});

test("says in words what the map shows", () => {
  const label = /aria-label="([^"]*)"/.exec(drawMap(MAP))?.[1];
  expect(label).toBe("Process: 4 activities and 6 edges; new: 1 activity and 2 edges; removed: 1 activity and 2 edges");
  expect(page(MAP)).toContain("The map as a table");
});
