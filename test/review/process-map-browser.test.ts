import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { pageOf } from "../../review/output/page";
import { describeInBrowser, openBrowser } from "../support/browser";
import { newFolder } from "./event-log";
import { MAP } from "./maps";

/** Names and counts that need all the room there is. */
const WIDE = {
  ...MAP,
  activities: MAP.activities.map((each, i) => (i === 0 ? { ...each, name: "MW@%".repeat(20) } : each)),
  edges: [...MAP.edges, { from: 3, to: 3, count: { old: 1, now: 4 } }, { from: 3, to: 0, count: { old: 0, now: 7e9 } }],
};

describeInBrowser("the map", () => {
  const folder = newFolder();
  const page = path.join(folder, "map.html");
  let browser: Browser;

  beforeAll(async () => {
    fs.writeFileSync(page, pageOf("Review", [], [[{ kind: "map", map: WIDE, importance: 1 }]], "", undefined));
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true });
  });

  async function look(options: BrowserContextOptions): Promise<Seen> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(0);
    const tab = await context.newPage();
    const messages: string[] = [];
    tab.on("console", (message) => messages.push(message.text()));
    await tab.goto(pathToFileURL(page).href, { waitUntil: "load" });
    const seen = await tab.evaluate<Seen>(SEE);
    await context.close();
    expect(messages).toEqual([]);
    return seen;
  }

  test.each([1200, 390])("scrolls in its own box and keeps its letters readable, %d pixels wide", async (width) => {
    const seen = await look({ viewport: { width, height: 800 } });
    expect({ overflow: seen.overflow, outside: seen.outside, overlaps: seen.overlaps }).toEqual({
      overflow: 0,
      outside: [],
      overlaps: [],
    });
    expect(seen.texts).toBeGreaterThan(15);
    expect(Math.min(...seen.heights)).toBeGreaterThanOrEqual(11);
    expect(seen.scrolls).toBe(width === 390);
  });

  test("has other colours on a dark screen, and one for each kind of line", async () => {
    const [light, dark] = [await look({ colorScheme: "light" }), await look({ colorScheme: "dark" })];
    for (const { colors } of [light, dark]) expect(new Set(Object.values(colors))).toHaveProperty("size", 4);
    expect(Object.keys(light.colors).filter((name) => light.colors[name] === dark.colors[name])).toEqual([]);
    expect(light.dashes).toEqual({ unchanged: "none", added: "none", removed: "6px, 5px" });
  });
});

interface Seen {
  /** Pixels that one would have to scroll the page sideways. */
  overflow: number;
  /** Whether the map scrolls in its box. */
  scrolls: boolean;
  texts: number;
  /** Of letters. */
  heights: number[];
  /** Texts that reach out of their box, or of the map. */
  outside: string[];
  /** Texts that another covers. */
  overlaps: string[];
  colors: { [kind: string]: string };
  dashes: { [kind: string]: string };
}

const SEE = `(() => {
  const svg = document.querySelector("svg.map");
  const all = [...svg.querySelectorAll("text")].map((text) => ({ text, at: text.getBoundingClientRect() }));
  const boxes = [...svg.querySelectorAll(".box")].map((box) => box.getBoundingClientRect());
  const isIn = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  const frame = svg.getBoundingClientRect();
  const isPlaced = ({ at }) => isIn(at, frame) && boxes.every((box) => isIn(at, box) || !touch(at, box));
  const line = (kind) => getComputedStyle(svg.querySelector(kind));
  const [unchanged, added, removed] = [line(".edge:not(.added, .removed)"), line(".edge.added"), line(".edge.removed")];
  const scroll = document.querySelector(".map .scroll");
  return {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    scrolls: scroll.scrollWidth > scroll.clientWidth,
    texts: all.length,
    heights: all.map(({ text }) => parseFloat(getComputedStyle(text).fontSize)),
    outside: all.filter((each) => !isPlaced(each)).map(({ text }) => text.textContent),
    overlaps: all.filter((a) => all.some((b) => a !== b && touch(a.at, b.at))).map(({ text }) => text.textContent),
    colors: { unchanged: unchanged.stroke, added: added.stroke, removed: removed.stroke, text: line(".name").fill },
    dashes: { unchanged: unchanged.strokeDasharray, added: added.strokeDasharray, removed: removed.strokeDasharray },
  };
})()`;
