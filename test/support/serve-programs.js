// Runs the program of the working directory again and again in this process: starting one for each run is most of what a
// short run costs. One line of JSON on standard input for each run; one line back when it has ended.
const fs = require("node:fs");
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
/** What a program keeps from call to call ends with the run. */
const renewed = [folder, path.dirname(load.resolve("pulumi-processmind"))];

/** A program's error is in more than one promise; the run reports the first. */
let rejected;
process.on("unhandledRejection", (error) => {
  rejected ??= error;
});

/** The run that has not answered yet. */
let running;

createInterface({ input: process.stdin }).on("line", (line) => {
  const run = JSON.parse(line);
  running = run;
  process.stdin.unref();
  if (run.env) setEnvironment(run.env);
  void withLocalStorage(async () => {
    settings.resetOptions(run.project, run.stack, run.parallel, run.address, run.address, run.dryRun, run.organization);
    config.setAllConfig(run.config, run.secretKeys);
    let ok = true;
    rejected = undefined;
    try {
      await stack.runInPulumiStack(runProgram);
      // Node reports a rejection that nobody handles after the promises of the same turn.
      await new Promise(setImmediate);
      if (rejected !== undefined) throw rejected;
    } catch (error) {
      ok = false;
      log.error(error.message);
    }
    await settings.disconnect(ok);
    answer(run, ok);
  });
});

/** Nothing is left that could go on. Pulumi's runner ends here; so does a run whose engine has closed its connection. */
process.on("beforeExit", () => answer(running, false));

function answer(run, ok) {
  if (run === undefined || run !== running) return;
  running = undefined;
  process.stdin.ref();
  process.stdout.write(`${JSON.stringify({ ok })}\n`);
}

/** As Pulumi's runner: what the program exports, or what the function it exports returns. */
function runProgram() {
  // As it is now.
  for (const file of Object.keys(require.cache)) {
    if (renewed.some((each) => file.startsWith(each + path.sep))) delete require.cache[file];
  }
  const inTypeScript = path.join(folder, "index.ts");
  if (fs.existsSync(inTypeScript)) readTypeScript();
  const exported = load(fs.existsSync(inTypeScript) ? inTypeScript : path.join(folder, "index.js"));
  return exported instanceof Function ? exported() : exported;
}

let readsTypeScript = false;

/** As Pulumi's runner does. */
function readTypeScript() {
  if (!readsTypeScript) load("ts-node").register({ transpileOnly: true });
  readsTypeScript = true;
}

function setEnvironment(env) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}
