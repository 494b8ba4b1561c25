// `npm run test:cli`: the engine scenarios with Pulumi's own CLI, where there is one.
const { spawnSync } = require("node:child_process");
const path = require("node:path");
require("../../scripts/typescript.js");
const { findCli } = require("../../scripts/start/engine.ts");

const cli = findCli(process.env);
if (!cli) {
  console.log("Skipped: no Pulumi CLI on PATH, in $PULUMI_HOME or in ~/.pulumi. `npm test` runs the same scenarios.");
  process.exit(0);
}
console.log(`The engine scenarios, with ${cli}`);
const root = path.join(__dirname, "..", "..");
// The suites of the plugin install what a release offers.
const made = run("-r", path.join(root, "scripts", "typescript.js"), path.join(root, "scripts", "plugin", "main.ts"));
const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
// The CLI takes several times as long as the local engine, and minutes where a program throws on a busy machine.
const limits = ["--testTimeout=1200000", "--runInBand"];
const suites = ["test/end-to-end/", "test/examples/", "test/plugin/cli/", "--testPathIgnorePatterns=start.test.ts"];
process.exitCode = made === 0 ? run(jest, ...suites, ...limits, ...process.argv.slice(2)) : made;

/** Runs Node in the repository. @returns the exit code. */
function run(...args) {
  const env = { ...process.env, ENGINE_DRIVER: "cli" };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
}
