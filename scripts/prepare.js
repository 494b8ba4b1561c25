/**
 * Makes a checkout ready to run: installs what package-lock.json says, and builds dist, each only if needed.
 * Plain JavaScript without dependencies, since it runs before there are any.
 */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "..");
const SOURCES = ["provider", "emulator", "engine", "review", "bench", "scripts"];
/** Other compilers read these, or none: a build leaves them out, as tsconfig.build.json says. */
const NOT_BUILT = ["provider/core", "scripts/plugin"].map((folder) => path.join(ROOT, folder) + path.sep);
const SETTINGS = ["tsconfig.json", "tsconfig.build.json"];
const OUTPUT = /\.(js|d\.ts)(\.map)?$/;

async function main() {
  checkNode();
  const missing = whyInstall();
  if (missing) await install(missing);
  const outdated = whyBuild();
  if (outdated) await build(outdated);
  removeStaleOutputs();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  // As package.json's engines say: the oldest that a dependency takes.
  if (major > 22 || (major === 22 && minor >= 9) || (major === 20 && minor >= 17)) return;
  throw new Failure(`Node ${process.versions.node} is not supported. Install Node 20.17 or later, or 22.9 or later.`);
}

// ── Installing ──────────────────────────────────────────────────────────────────────────────────────────────

/** What npm recorded of its last complete installation, compared with the lock file. */
function whyInstall() {
  const wanted = readPackages(path.join(ROOT, "package-lock.json"));
  if (!wanted) throw new Failure("package-lock.json is missing or damaged. Restore it: git checkout package-lock.json");
  const found = readPackages(path.join(ROOT, "node_modules", ".package-lock.json"));
  if (!found) return "nothing is installed yet";
  for (const [place, entry] of Object.entries(wanted)) {
    const mayBeAbsent = place === "" || entry.optional || entry.devOptional;
    if (!found[place] && mayBeAbsent) continue;
    if (!found[place] || !fs.existsSync(path.join(ROOT, place))) return `${place} is missing`;
    if (["version", "integrity", "link"].some((field) => found[place][field] !== entry[field])) {
      return `${place} is not as package-lock.json says`;
    }
  }
  const stranger = Object.keys(found).find((place) => !wanted[place]);
  return stranger && `${stranger} is not in package-lock.json`;
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

async function install(why) {
  console.log(`Installing the packages (npm ci), since ${why}.`);
  // Without dev dependencies there would be no compiler, whatever NODE_ENV says.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const cli = process.env.npm_execpath ?? "";
  const started = /npm-cli\.js$/.test(cli)
    ? spawn(process.execPath, [cli, ...args], { cwd: ROOT, stdio: "inherit" })
    : spawn("npm", args, { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
  await succeed(
    started,
    "npm ci failed; its own message is above. It needs the npm registry: check the network, the proxy variables and " +
      "`npm config get registry`, then run this again.",
  );
}

// ── Building ────────────────────────────────────────────────────────────────────────────────────────────────

/** Compares times, as make does, so that `npm run build` by hand counts too. */
function whyBuild() {
  const settings = Math.max(...SETTINGS.map((file) => modified(path.join(ROOT, file))));
  for (const source of SOURCES.flatMap((folder) => filesUnder(path.join(ROOT, folder)))) {
    if (!source.endsWith(".ts") || NOT_BUILT.some((folder) => source.startsWith(folder))) continue;
    const built = modified(outputOf(source));
    if (built === 0) return `${path.relative(ROOT, source)} has not been built`;
    if (built < modified(source)) return `${path.relative(ROOT, source)} has changed`;
    if (built < settings) return "the compiler's settings have changed";
  }
  return undefined;
}

async function build(why) {
  console.log(`Building dist, since ${why}.`);
  const compiler = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
  // Otherwise a build with type errors would count as done next time.
  const args = [compiler, "-p", "tsconfig.build.json", "--noEmitOnError"];
  await succeed(
    spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" }),
    "The build failed; the compiler's errors are above. Correct them, then run this again.",
  );
}

function outputOf(source) {
  return path.join(ROOT, "dist", path.relative(ROOT, source)).replace(/\.ts$/, ".js");
}

/** What was built from files that are gone would still be loaded and packed. */
function removeStaleOutputs() {
  const dist = path.join(ROOT, "dist");
  for (const output of filesUnder(dist)) {
    const source = path.join(ROOT, path.relative(dist, output)).replace(OUTPUT, ".ts");
    if (OUTPUT.test(output) && !fs.existsSync(source)) fs.rmSync(output, { force: true });
  }
}

function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function modified(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// ── Running other programs ──────────────────────────────────────────────────────────────────────────────────

/** Something the user can do something about: told without a stack. */
class Failure extends Error {}

/** Waits for a program; passes on what would end this process, and then ends as the shell expects. */
async function succeed(child, message) {
  let received;
  const pass = (signal) => {
    received ??= signal;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  const lookout = watchParent(() => pass("SIGTERM"));
  const code = await new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Failure(`${message} (${error.message})`)));
    child.once("exit", resolve);
  });
  clearInterval(lookout);
  for (const signal of signals) process.off(signal, pass);
  if (received) process.exit(128 + os.constants.signals[received]);
  if (code !== 0) throw new Failure(message);
}

/** npm passes a signal on to its shell alone, which dies without telling anyone. */
function watchParent(whenGone) {
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && whenGone(), 250);
}

main().catch((error) => {
  console.error(error instanceof Failure ? `\n${error.message}` : error);
  process.exitCode = 1;
});
