/**
 * Makes a checkout ready to run: installs what package-lock.json says, and builds the packages, each only if needed.
 * `node scripts/prepare.js bench` builds the bench too.
 * Plain JavaScript without dependencies, since it runs before there are any.
 */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { buildOutdated } = require("./build.js");
const { Failure, runMain, succeed } = require("./run-program.js");

const ROOT = path.resolve(__dirname, "..");

async function main() {
  checkNode();
  const missing = whyInstall();
  if (missing) await install(missing);
  await buildOutdated(process.argv.slice(2));
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  // As package.json's engines say: the oldest that a dependency takes.
  if (major > 22 || (major === 22 && minor >= 9) || (major === 20 && minor >= 17)) return;
  throw new Failure(`Node ${process.versions.node} is not supported. Install Node 20.17 or later, or 22.9 or later.`);
}

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

runMain(main);
