/**
 * What `npm test` checks before it runs tests: two checks at the same time, since each keeps one core busy. A check prints
 * its output only when it fails, after the checks that ran with it; what has not begun by then does not begin.
 */
const { spawn } = require("node:child_process");
const path = require("node:path");
const pLimit = require("p-limit");
const { Failure, runMain, succeed } = require("./run-program.js");

const ROOT = path.resolve(__dirname, "..");
const AT_ONCE = 2;
/** What fails fast comes first. The compiler takes as long as all that follow it. */
const CHECKS = ["npx biome ci .", "npx tsc --noEmit", "npx knip", "npx typedoc", "npm run --silent lint:packages"];

/** Runs one check; resolves to what it printed, and whether it failed. */
async function check(name) {
  const began = Date.now();
  const child = spawn(name, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], shell: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  // What it printed is complete only then.
  const closed = new Promise((resolve) => child.once("close", resolve));
  const failed = await succeed(child, name).then(
    () => false,
    () => true,
  );
  await closed;
  console.log(`${failed ? "failed" : "passed"}: ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return { name, output, failed };
}

async function main() {
  const limit = pLimit(AT_ONCE);
  let hasFailed = false;
  const results = await Promise.all(
    CHECKS.map((name) =>
      limit(async () => {
        if (hasFailed) return undefined;
        const result = await check(name);
        hasFailed ||= result.failed;
        return result;
      }),
    ),
  );
  const failures = results.filter((result) => result?.failed);
  for (const { name, output } of failures) console.log(`\n${name}:\n${output.trimEnd()}`);
  if (failures.length > 0) throw new Failure(`Failed: ${failures.map(({ name }) => name).join(", ")}.`);
}

runMain(main);
