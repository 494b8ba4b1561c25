import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { describeInBrowser, openBrowser } from "../support/browser";
import { ROOT } from "./markdown";

const HOST = "http://docs.test";

describeInBrowser("the site", () => {
  let folder: string;
  let browser: Browser;
  let pages: string[];

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "site-"));
    const vitepress = path.join(ROOT, "node_modules", "vitepress", "bin", "vitepress.js");
    await promisify(execFile)(process.execPath, [vitepress, "build", "docs", "--outDir", folder], { cwd: ROOT });
    pages = fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".html") && name !== "404.html")
      .map((name) => `/${name.split(path.sep).join("/")}`);
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Opens a page of the built files, without a server: what is not among them is refused, and reported. */
  async function open<T>(
    page: string,
    options: Parameters<Browser["newContext"]>[0],
    see: (tab: Page) => Promise<T>,
  ): Promise<T> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(0);
    const missing: string[] = [];
    await serve(context, missing);
    const tab = await context.newPage();
    tab.on("pageerror", (error) => missing.push(error.message));
    await tab.goto(HOST + page);
    const seen = await see(tab);
    await context.close();
    expect(missing).toEqual([]);
    return seen;
  }

  async function serve(context: BrowserContext, missing: string[]): Promise<void> {
    await context.route("**", (route) => {
      const { origin, pathname } = new URL(route.request().url());
      const file = path.join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
      if (origin === HOST && fs.existsSync(file)) return route.fulfill({ path: file });
      missing.push(route.request().url());
      return route.abort();
    });
  }

  test("has a page for each room", () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        "/index.html",
        "/docs/errors.html",
        "/docs/reference/classes/Dataset.html",
        "/emulator/index.html",
        "/review/index.html",
      ]),
    );
  });

  test("every link of every page leads to a page and, with an anchor, to an element", async () => {
    const { links, broken } = await open("/index.html", {}, (tab) =>
      tab.evaluate<{ links: number; broken: string[] }>(`(${LINKS})(${JSON.stringify(pages)})`),
    );
    expect(broken).toEqual([]);
    expect(links).toBeGreaterThan(500);
  });

  test("search finds forceDestroy, and its first result shows it", async () => {
    const text = await open("/index.html", {}, async (tab) => {
      await tab.locator("#local-search button").first().click();
      await tab.locator("#localsearch-input").fill("forceDestroy");
      await tab.locator(".results .result").first().click();
      await tab.waitForURL(/\/docs\//);
      return tab.locator("main").textContent();
    });
    expect(text).toContain("forceDestroy");
  });

  test("a phone shows every page without scrolling sideways", async () => {
    // The layout is that of the built HTML; without scripts 90 pages are opened in half the time.
    const phone = { viewport: { width: 390, height: 844 }, javaScriptEnabled: false };
    const wide = await open("/index.html", phone, async (tab) => {
      const found: string[] = [];
      for (const page of pages) {
        await tab.goto(HOST + page);
        const overflow = await tab.evaluate<number>(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        if (overflow > 0) found.push(`${page}: ${overflow} px`);
      }
      return found;
    });
    expect(wide).toEqual([]);
  });

  test.each(["light", "dark"] as const)("text is readable in %s", async (colorScheme) => {
    const contrasts = await open("/docs/errors.html", { colorScheme }, (tab) =>
      tab.evaluate<{ ground: string; contrasts: number[] }>(`(${CONTRASTS})()`),
    );
    const [red = 0] = contrasts.ground.match(/\d+/g)?.map(Number) ?? [];
    expect(red > 128).toBe(colorScheme === "light");
    expect(contrasts.contrasts.length).toBeGreaterThan(3);
    expect(Math.min(...contrasts.contrasts)).toBeGreaterThan(4.5);
  });
});

/** In the browser: all links of all pages, and those that lead nowhere. */
const LINKS = `async (pages) => {
  const documents = new Map();
  for (const page of pages) {
    documents.set(page, new DOMParser().parseFromString(await (await fetch(page)).text(), "text/html"));
  }
  let links = 0;
  const broken = new Set();
  for (const [page, parsed] of documents) {
    for (const link of parsed.querySelectorAll("a[href]")) {
      const { origin, pathname, hash } = new URL(link.getAttribute("href"), location.origin + page);
      if (origin !== location.origin) continue;
      links += 1;
      const file = pathname.endsWith("/") ? pathname + "index.html" : pathname;
      const target = documents.get(/\\.html$/.test(file) ? file : file + ".html");
      const anchor = decodeURIComponent(hash.slice(1));
      if (!target || (anchor && !target.getElementById(anchor))) broken.add(page + " -> " + pathname + hash);
    }
  }
  return { links, broken: [...broken] };
}`;

/** In the browser: the ground, and contrasts of text with it, as WCAG counts them. */
const CONTRASTS = `() => {
  const luminance = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  const texts = [".vp-doc h1", ".vp-doc p", ".vp-doc li", ".vp-doc td", ".vp-doc a", ".VPSidebar a"];
  const contrasts = texts
    .map((selector) => document.querySelector(selector))
    .filter((element) => element !== null)
    .map((element) => {
      const pair = [luminance(getComputedStyle(element).color), luminance(ground)].sort((a, b) => a - b);
      return (pair[1] + 0.05) / (pair[0] + 0.05);
    });
  return { ground, contrasts };
}`;
