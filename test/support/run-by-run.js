/**
 * Loaded into provider processes that serve one run after another. Pulumi starts one for each run, so what a run remembers
 * ends with it; starting one is most of what a short run costs. So the provider's modules are loaded anew when the
 * project's file `run-number` holds another number.
 */
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const file = path.join(process.cwd(), "run-number");
if (existsSync(file) && process.argv.some((argument) => argument.includes("dynamic-provider"))) {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest);
    return request === "require-from-string" ? (text) => ({ handler: () => followRuns(loaded, text) }) : loaded;
  };
}

let run;

/** A provider that is that of the current run in each call. */
function followRuns(requireFromString, text) {
  let configured;
  let loadedIn;
  let provider;
  const current = () => {
    forgetEarlierRun();
    if (loadedIn !== run) {
      loadedIn = run;
      provider = requireFromString(text).handler();
      if (configured) void provider.configure?.(configured);
    }
    return provider;
  };
  const configure = (request) => {
    configured = request;
    return current().configure?.(request);
  };
  return new Proxy({}, { get: (_, name) => (name === "configure" ? configure : current()[name]) });
}

function forgetEarlierRun() {
  const now = readFileSync(file, "utf8");
  if (now === run) return;
  run = now;
  for (const name of Object.keys(require.cache)) {
    if (/[\\/]dist[\\/]provider[\\/]/.test(name)) delete require.cache[name];
  }
}
