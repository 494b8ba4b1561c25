// `npm run test:cli`: the engine scenarios with Pulumi's own CLI, where there is one.
const { spawnSync } = require("node:child_process");
const path = require("node:path");
require("ts-node/register/transpile-only");
const { findCli } = require("../../scripts/start/engine.ts");

const cli = findCli(process.env);
if (!cli) {
  console.log("Skipped: no Pulumi CLI on PATH, in $PULUMI_HOME or in ~/.pulumi. `npm test` runs the same scenarios.");
  process.exit(0);
}
console.log(`The engine scenarios, with ${cli}`);
const jest = path.join(__dirname, "..", "..", "node_modules", "jest", "bin", "jest.js");
// The CLI takes several times as long as the local engine, and minutes where a program throws on a busy machine.
const limits = ["--testTimeout=1200000", "--runInBand"];
const suites = ["test/end-to-end/", "test/examples/", "--testPathIgnorePatterns=start.test.ts", ...limits];
const { status } = spawnSync(process.execPath, [jest, ...suites, ...process.argv.slice(2)], {
  cwd: path.join(__dirname, "..", ".."),
  env: { ...process.env, ENGINE_DRIVER: "cli" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
