import * as fs from "node:fs";
import { type Browser, chromium } from "playwright-core";

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

/** Declares tests that need a browser. Where there is none, they are skipped, and their name says why. */
export function describeInBrowser(what: string, tests: () => void): void {
  if (fs.existsSync(CHROMIUM)) describe(`${what} in ${CHROMIUM}`, tests);
  else describe.skip(`${what} in ${CHROMIUM} (not there: apt-get install chromium)`, tests);
}

/** Starts the browser. The caller closes it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET, chromiumSandbox: false, timeout: 0 });
}
