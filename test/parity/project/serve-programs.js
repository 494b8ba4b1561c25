// Plays one program after the other in this process: starting one for each is most of what a short run costs.
// One line of JSON on standard input for each run; one line back when it has ended.
const path = require("node:path");
const { createInterface } = require("node:readline");
const home = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
const settings = require(path.join(home, "runtime/settings.js"));
const stack = require(path.join(home, "runtime/stack.js"));
const config = require(path.join(home, "runtime/config.js"));
const log = require(path.join(home, "log/index.js"));
const { withLocalStorage } = require(path.join(home, "runtime/state.js"));
const play = require("./play.js");

// A program's error is in more than one promise; the run reports it once.
process.on("unhandledRejection", () => undefined);

createInterface({ input: process.stdin }).on("line", (line) => {
  const run = JSON.parse(line);
  void withLocalStorage(async () => {
    settings.resetOptions(run.project, run.stack, run.parallel, run.address, run.address, run.dryRun, run.organization);
    config.setAllConfig(run.config, run.secretKeys);
    let ok = true;
    try {
      await stack.runInPulumiStack(() => play(run.program));
    } catch (error) {
      ok = false;
      log.error(error.message);
    }
    await settings.disconnect(ok);
    process.stdout.write(`${JSON.stringify({ ok })}\n`);
  });
});
