// Runs the program of the working directory again and again in this process: starting one for each run is most of what a
// short run costs. One line of JSON on standard input for each run; one line back when it has ended.
const path = require("node:path");
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");

const folder = process.cwd();
const load = createRequire(path.join(folder, "package.json"));
const home = path.dirname(load.resolve("@pulumi/pulumi/package.json"));
const settings = load(path.join(home, "runtime/settings.js"));
const stack = load(path.join(home, "runtime/stack.js"));
const config = load(path.join(home, "runtime/config.js"));
const log = load(path.join(home, "log/index.js"));
const { withLocalStorage } = load(path.join(home, "runtime/state.js"));

// A program's error is in more than one promise; the run reports it once.
process.on("unhandledRejection", () => undefined);

createInterface({ input: process.stdin }).on("line", (line) => {
  const run = JSON.parse(line);
  void withLocalStorage(async () => {
    settings.resetOptions(run.project, run.stack, run.parallel, run.address, run.address, run.dryRun, run.organization);
    config.setAllConfig(run.config, run.secretKeys);
    let ok = true;
    try {
      await stack.runInPulumiStack(runProgram);
    } catch (error) {
      ok = false;
      log.error(error.message);
    }
    await settings.disconnect(ok);
    process.stdout.write(`${JSON.stringify({ ok })}\n`);
  });
});

/** As Pulumi's runner: what the program exports, or what the function it exports returns. */
function runProgram() {
  // As it is now.
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder + path.sep)) delete require.cache[file];
  }
  const exported = load(path.join(folder, "index.js"));
  return exported instanceof Function ? exported() : exported;
}
