/**
 * `npm run build`: compiles the packages that changed since they were built, each into a `dist` of its own. A `dist`
 * mirrors the repository: beside the package's own files it holds the few of others that they import, so each package
 * runs alone. `node scripts/build.js bench` compiles the bench too, which nothing else needs.
 */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { Failure, runMain, succeed } = require("./run-program.js");

const ROOT = path.resolve(__dirname, "..");
const MODULE_FLAGS = ["--removeComments", "--declaration", "false", "--esModuleInterop", "false"];
const PROVIDER_FLAGS = [["--emitDeclarationOnly"], MODULE_FLAGS];
/**
 * By the folder of their sources. `swept` is what of `output` the compiler alone writes. The provider's declarations
 * keep their comments, which editors show; its modules are a fifth smaller without, and without the copy of what
 * `import *` names that each would make for itself.
 */
const BUILDS = {
  provider: {
    config: "tsconfig.build.json",
    flags: PROVIDER_FLAGS,
    output: "dist",
    swept: "dist/provider",
    leftOut: ["provider/core"],
  },
  emulator: { config: "emulator/tsconfig.json", output: "emulator/dist" },
  engine: { config: "engine/tsconfig.json", output: "engine/dist" },
  review: { config: "review/tsconfig.json", output: "review/dist" },
  bench: { config: "bench/tsconfig.json", output: "bench/dist" },
};
const PACKAGES = ["provider", "emulator", "engine", "review"];
const SETTINGS = ["tsconfig.json", "tsconfig.build.json"];
const OUTPUT = /\.(js|d\.ts)(\.map)?$/;
/** Clocks of file systems lag behind that of the process. */
const CLOCK_LAG_MS = 1000;

/** Builds what is outdated of the packages, and of `more`; all at once, since each takes a core for seconds. */
async function buildOutdated(more = []) {
  const wanted = Object.entries(BUILDS).filter(([folder]) => PACKAGES.includes(folder) || more.includes(folder));
  for (const [, build] of wanted) removeOrphans(build);
  const results = await Promise.allSettled(wanted.map(([folder, build]) => buildIfOutdated(folder, build)));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
}

async function buildIfOutdated(folder, build) {
  const why = whyBuild(folder, build);
  if (!why) return;
  console.log(`Building ${build.output}, since ${why}.`);
  const compiler = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const began = Date.now() - CLOCK_LAG_MS;
  // With errors nothing is written: what was would count as built next time. Types are checked once, by `tsc --noEmit`
  // in `npm run verify`, for all packages together.
  const compile = (flags) =>
    succeed(
      spawn(process.execPath, [compiler, "-p", build.config, "--noEmitOnError", "--noCheck", ...flags], {
        cwd: ROOT,
        stdio: "inherit",
      }),
      "The build failed; the compiler's errors are above. Correct them, then run this again.",
    );
  for (const flags of build.flags ?? [[]]) await compile(flags);
  // What the compiler did not write anew, no file imports any more.
  for (const file of outputsOf(build)) if (modified(file) < began) fs.rmSync(path.join(ROOT, file));
}

/** Compares times, as make does. */
function whyBuild(folder, build) {
  const leftOut = ["dist", "node_modules"].map((name) => `${folder}/${name}`).concat(build.leftOut ?? []);
  const own = filesUnder(folder).filter((file) => file.endsWith(".ts") && !leftOut.some((each) => isUnder(each, file)));
  const unbuilt = own.find((file) => !fs.existsSync(path.join(ROOT, build.output, file.replace(/\.ts$/, ".js"))));
  if (unbuilt) return `${unbuilt} has not been built`;
  const settings = Math.max(...[...SETTINGS, build.config].map(modified));
  for (const output of outputsOf(build).filter((file) => file.endsWith(".js"))) {
    const source = sourceOf(output, build);
    if (modified(output) < modified(source)) return `${source} has changed`;
    if (modified(output) < settings) return "the compiler's settings have changed";
  }
  return undefined;
}

/** What was built from files that are gone would still be loaded and packed. */
function removeOrphans(build) {
  for (const output of outputsOf(build)) {
    if (!fs.existsSync(path.join(ROOT, sourceOf(output, build)))) fs.rmSync(path.join(ROOT, output));
  }
}

function outputsOf({ output, swept = output }) {
  return filesUnder(swept).filter((file) => OUTPUT.test(file));
}

function sourceOf(output, build) {
  return path.relative(build.output, output).replace(OUTPUT, ".ts");
}

/** All files below a folder of the repository, relative to the repository. */
function filesUnder(folder) {
  const start = path.join(ROOT, folder);
  if (!fs.existsSync(start)) return [];
  return fs
    .readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)));
}

function isUnder(folder, file) {
  return !path.relative(folder, file).startsWith("..");
}

function modified(file) {
  return fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function main() {
  const more = process.argv.slice(2);
  const unknown = more.find((name) => !BUILDS[name]);
  if (unknown) throw new Failure(`There is no "${unknown}" to build, only ${Object.keys(BUILDS).join(", ")}.`);
  await buildOutdated(more);
}

module.exports = { buildOutdated };
if (require.main === module) runMain(main);
