import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { digest, file, step } from "./digest";
import { csv, EVENT_LOG, events, HEADER, newFolder, run } from "./event-log";

/** Debian's; others have theirs elsewhere, and say so with CHROMIUM. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const EVIL = "<script>document.title='owned'</script><img src='http://127.0.0.1:9/x'>";
const inBrowser = fs.existsSync(CHROMIUM) ? describe : describe.skip;
const hint = fs.existsSync(CHROMIUM) ? "" : " (not there: apt-get install chromium)";

inBrowser(`the page in ${CHROMIUM}${hint}`, () => {
  const folder = newFolder();
  const page = path.join(folder, "review.html");
  let browser: Browser;

  beforeAll(async () => {
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at("old.csv"), csv([HEADER, ...events(960)]));
    fs.writeFileSync(
      at("new.csv"),
      csv([[...HEADER, EVIL], ...events(1280).map((row, i) => [...row, i % 50 ? "" : "x"])]).replaceAll("Paid", EVIL),
    );
    const steps = [
      step("update", "DatatableUpload", EVIL, { old: file(1), now: file(2) }),
      step("delete", "Dataset", "gone", { old: {} }),
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
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET, chromiumSandbox: false, timeout: 0 });
  });

  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Opens the page, does something with it, and expects that nothing was fetched, logged or refused meanwhile. */
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

  test("shows text, tables and charts, and nothing that a name brings", async () => {
    const seen = await look({}, async (tab) => ({
      title: await tab.title(),
      headings: await tab.locator("h1, h2, h3").allTextContents(),
      foreign: await tab.locator("script, img, link, iframe, object, [src], [href], [onload]").count(),
      charts: await tab
        .locator("svg[role=img]")
        .evaluateAll((charts) => charts.map((chart) => chart.getAttribute("aria-label"))),
      bars: await tab.locator("svg path[fill='var(--new)']").count(),
      labels: (await tab.locator("svg text").allTextContents()).filter((text) => /^[A-Z<]/.test(text)),
      open: await tab.locator("details[open]").count(),
    }));
    expect(seen).toEqual({
      title: "Claims",
      headings: [
        "Claims",
        "Preview: 1 to update, 1 to delete",
        "Deleted or replaced",
        "Data",
        "Data: old.csv ⇒ new.csv",
      ],
      foreign: 0,
      charts: ["Events per month", "Events per activity"],
      // 11 months and 5 activities, one of them only in the old file; and two legends.
      bars: 18,
      labels: ["Approved", "Assessed", "Registered", "<script>document.title='owned'</s…", "Paid"],
      open: 0,
    });
  });

  test("every label of a chart is inside it", async () => {
    const outside = await look({}, (tab) => tab.evaluate<string[]>(LABELS_OUTSIDE));
    expect(outside).toEqual([]);
  });

  test("what is folded opens without a script", async () => {
    const text = await look({ javaScriptEnabled: false }, async (tab) => {
      await tab.locator("summary", { hasText: "All columns" }).click();
      return tab.locator("details[open] td").first().textContent();
    });
    expect(text).toBe("case_id");
  });

  test.each([1200, 390, 320])("%d pixels wide, it does not scroll sideways", async (width) => {
    const overflow = await look({ viewport: { width, height: 800 } }, (tab) =>
      tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
    );
    expect(overflow).toBe(0);
  });

  test("text, bars and ground are told apart, in light and dark", async () => {
    const contrasts = await Promise.all(
      (["light", "dark"] as const).map((colorScheme) => look({ colorScheme }, contrastsOf)),
    );
    for (const { text, label, old, now } of contrasts) {
      expect(Math.min(text, label)).toBeGreaterThan(7);
      expect(Math.min(old, now)).toBeGreaterThan(2);
    }
  });
});

const LABELS_OUTSIDE = `
  [...document.querySelectorAll("svg text")].filter((text) => {
    const [own, all] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
    return own.left < all.left || own.right > all.right || own.top < all.top || own.bottom > all.bottom;
  }).map((text) => text.textContent)`;

const COLORS = `(() => {
  const of = (selector, property) => getComputedStyle(document.querySelector(selector)).getPropertyValue(property);
  return {
    ground: of("section", "background-color"),
    text: of("td", "color"),
    label: of("svg text", "fill"),
    old: of("svg path[fill='var(--old)']", "fill"),
    now: of("svg path[fill='var(--new)']", "fill"),
  };
})()`;

/** As WCAG counts them, against the card that everything is on. */
async function contrastsOf(tab: Page) {
  const colors = await tab.evaluate<{ [of: string]: string }>(COLORS);
  const { ground = "", text = "", label = "", old = "", now = "" } = colors;
  const back = luminance(ground);
  const contrast = (color: string) => {
    const [dark = 0, light = 0] = [luminance(color), back].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  return {
    text: contrast(text),
    label: contrast(label),
    old: contrast(old),
    now: contrast(now),
  };
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
