import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { describeInBrowser, openBrowser } from "../support/browser";
import { digest, file, step } from "./digest";
import { csv, EVENT_LOG, events, HEADER, newFolder, run } from "./event-log";

const EVIL = "<script>document.title='owned'</script><img src='http://127.0.0.1:9/x'>";
const LONG = "order_number.of-the/customerInTheNorthRegion_and_of_the_fifth_floor";

describeInBrowser("the page", () => {
  const folder = newFolder();
  const page = path.join(folder, "review.html");
  let browser: Browser;

  beforeAll(async () => {
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at("old.csv"), csv([HEADER, ...events(960)]));
    fs.writeFileSync(
      at("new.csv"),
      csv([[...HEADER, EVIL, LONG], ...events(1280).map((row, i) => [...row, i % 50 ? "" : "x", "y"])]).replaceAll(
        "Paid",
        EVIL,
      ),
    );
    const steps = [
      step("update", "DatatableUpload", EVIL, { old: file(1), now: file(2) }),
      step("delete", "Dataset", "deleted", { old: {} }),
      step("delete", "Dataset", LONG, { old: { forceDestroy: true } }),
    ];
    fs.writeFileSync(at("preview.json"), digest({ steps, changeSummary: { update: 1, delete: 1 } }));
    const inputs = ["--from", at("old.csv"), "--to", at("new.csv"), "--preview", at("preview.json")];
    const ran = await run([
      ...inputs,
      ...EVENT_LOG,
      "--html",
      page,
      "--markdown",
      at("review.md"),
      "--title",
      "Claims",
    ]);
    expect(ran).toEqual({ code: 0, stdout: "", stderr: "" });
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Opens the page, looks at it, and expects that nothing is fetched, logged or blocked meanwhile. */
  async function look<T>(options: Parameters<Browser["newContext"]>[0], see: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(0);
    const tab = await context.newPage();
    const [requests, messages]: [string[], string[]] = [[], []];
    tab.on("request", (request) => requests.push(request.url()));
    tab.on("console", (message) => messages.push(message.text()));
    tab.on("pageerror", (error) => messages.push(error.message));
    await tab.goto(pathToFileURL(page).href, { waitUntil: "load" });
    const seen = await see(tab);
    await context.close();
    expect({ requests, messages }).toEqual({ requests: [pathToFileURL(page).href], messages: [] });
    return seen;
  }

  test("shows text, tables and charts, and no element of a name", async () => {
    const seen = await look({}, async (tab) => ({
      title: await tab.title(),
      headings: await tab.locator("h1, h2, h3").allTextContents(),
      foreign: await tab.locator("script, img, link, iframe, object, [src], [href], [onload]").count(),
      verdict: await tab.locator("h1 + .verdict").textContent(),
      charts: await tab
        .locator("svg[role=img]:not(.map):visible")
        .evaluateAll((charts) => charts.map((chart) => chart.getAttribute("aria-label"))),
      bars: await tab.locator("svg:visible path[fill='var(--new)']").count(),
      labels: (await tab.locator("svg:not(.map):visible text").allTextContents()).filter((text) =>
        /^[A-Z<]/.test(text),
      ),
      map: await tab.locator("svg.map:visible").getAttribute("aria-label"),
      open: await tab.locator("details[open]").count(),
    }));
    expect(seen).toEqual({
      title: "Claims",
      headings: ["Claims", "Preview: 1 to update, 1 to delete", "Deleted or replaced", "Data", "new.csv", "Process"],
      verdict: "!2 tables change: 1 rewritten, 1 new; 1 resource deleted with data; 1 deletion may be rejected",
      foreign: 0,
      charts: ["Events per month", "Events per activity"],
      // 11 months and 5 activities, one of them only in the old file; and two legends.
      bars: 18,
      labels: ["Approved", "Assessed", "Registered", "<script>document.title='owned'</s…", "Paid"],
      map: "Process map: 5 activities and 15 edges; new: 1 activity and 3 edges; removed: 1 activity and 3 edges",
      open: 0,
    });
  });

  test.each([1200, 390])(
    "draws every label of a chart inside it, in letters of a readable size, %d pixels wide",
    async (width) => {
      const labels = await look({ viewport: { width, height: 800 } }, (tab) => tab.evaluate<Label[]>(LABELS));
      expect(labels.filter(({ isInside }) => !isInside)).toEqual([]);
      expect(Math.min(...labels.map(({ height }) => height))).toBeGreaterThan(11);
      expect(labels.length).toBeGreaterThan(15);
    },
  );

  test("opens folded parts without a script", async () => {
    const text = await look({ javaScriptEnabled: false }, async (tab) => {
      await tab.locator("summary", { hasText: "All columns" }).click();
      return tab.locator("details[open] td").first().textContent();
    });
    expect(text).toBe("case_id");
  });

  test.each([1200, 700, 390, 320])("fits a screen %d pixels wide, with all parts open", async (width) => {
    const seen = await look({ viewport: { width, height: 800 } }, (tab) => tab.evaluate<Fit>(FIT));
    expect(seen).toEqual({ overflow: 0, cut: [], broken: [] });
  });

  test("shows each cell with its column's name on a phone", async () => {
    const text = await look({ viewport: { width: 390, height: 800 } }, (tab) =>
      tab.evaluate<string>(`(() => {
        const cell = [...document.querySelectorAll("td")].find((each) => each.textContent.startsWith("+320"));
        return getComputedStyle(cell, "::before").content + cell.textContent;
      })()`),
    );
    expect(text).toBe('"change "+320 (+33\u00a0%)');
  });

  test.each(["light", "dark"] as const)("is readable on a %s screen", async (colorScheme) => {
    const { text, label, old, now, good, notice, bad } = await look({ colorScheme }, contrastsOf);
    expect(Math.min(text, label)).toBeGreaterThan(7);
    expect(Math.min(good, notice, bad)).toBeGreaterThan(4.5);
    expect(Math.min(old, now)).toBeGreaterThan(2);
  });
});

interface Label {
  text: string;
  height: number;
  isInside: boolean;
}

/** Of the charts that are shown at this width. */
const LABELS = `
  [...document.querySelectorAll("svg text")].filter((text) => text.closest("svg").checkVisibility()).map((text) => {
    const [own, all] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
    const isInside = own.left >= all.left && own.right <= all.right && own.top >= all.top && own.bottom <= all.bottom;
    return { text: text.textContent, height: own.height, isInside };
  })`;

interface Fit {
  /** Pixels that one would have to scroll sideways. */
  overflow: number;
  /** Cells that reach out of what is visible. */
  cut: string[];
  /** Words of names that go on in the next line. */
  broken: string[];
}

const FIT = `(() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  const width = document.documentElement.clientWidth;
  const isCut = (cell) => cell.getBoundingClientRect().right > width;
  const words = [...document.querySelectorAll("code")].flatMap((code) => [...code.childNodes].filter((node) => node.data));
  const lines = (node) => {
    const range = document.createRange();
    return [...node.data.matchAll(/[\\p{L}\\p{N}]+/gu)].filter(({ 0: word, index }) => {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    }).map(([word]) => word);
  };
  return {
    overflow: document.documentElement.scrollWidth - width,
    cut: [...document.querySelectorAll("td")].filter(isCut).map((cell) => cell.textContent),
    broken: words.flatMap(lines),
  };
})()`;

const COLORS = `(() => {
  const of = (selector, property) => getComputedStyle(document.querySelector(selector)).getPropertyValue(property);
  return {
    ground: of("section", "background-color"),
    text: of("td", "color"),
    label: of("svg text", "fill"),
    old: of("svg path[fill='var(--old)']", "fill"),
    now: of("svg path[fill='var(--new)']", "fill"),
    good: of("strong.good", "color"),
    notice: of("strong.notice", "color"),
    bad: of("strong.bad", "color"),
  };
})()`;

/** As WCAG counts them, against the card that everything is on. */
async function contrastsOf(tab: Page) {
  const { ground = "", ...colors } = await tab.evaluate<{ [of: string]: string }>(COLORS);
  const back = luminance(ground);
  const contrast = (color = "") => {
    const [dark = 0, light = 0] = [luminance(color), back].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const { text, label, old, now, good, notice, bad } = colors;
  return {
    text: contrast(text),
    label: contrast(label),
    old: contrast(old),
    now: contrast(now),
    good: contrast(good),
    notice: contrast(notice),
    bad: contrast(bad),
  };
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
