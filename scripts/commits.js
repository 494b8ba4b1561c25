/**
 * Checks the subjects of the commits that main does not have yet, by the rules of CONTRIBUTING. In a checkout without
 * git or without main there is nothing to compare with, and nothing is checked.
 */
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { Failure, runMain } = require("./run-program.js");

const LIMIT = 72;
const BASES = ["origin/main", "main"];
/** Those that end in "ed" without being in the past tense, such as Need, Speed and Embed. */
const PRESENT = /(eed|embed|shed)$/i;

/** What is wrong with a subject; empty where nothing is. */
function faultsOf(subject) {
  const { length } = [...subject];
  const [first = ""] = subject.split(" ");
  return [
    ...(length === 0 ? ["it is empty"] : []),
    ...(length > LIMIT ? [`it has ${length} characters, more than ${LIMIT}`] : []),
    ...(/^\p{Ll}/u.test(subject) ? ["it begins with a small letter"] : []),
    ...(subject.endsWith(".") ? ["it ends with a full stop"] : []),
    ...(/^\p{L}+ed$/u.test(first) && !PRESENT.test(first) ? [`"${first}" is not imperative`] : []),
  ];
}

function git(folder, ...args) {
  const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Where this branch left main; undefined where that cannot be said, or nothing came after. */
function baseOf(folder) {
  const head = git(folder, "rev-parse", "HEAD");
  for (const branch of BASES) {
    const base = git(folder, "merge-base", "HEAD", branch);
    if (base !== undefined) return base === head ? undefined : base;
  }
  return undefined;
}

async function main() {
  const folder = process.argv[2] ?? path.resolve(__dirname, "..");
  const base = baseOf(folder);
  if (base === undefined) {
    console.log("No commits beyond main: no subjects to check.");
    return;
  }
  const commits = (git(folder, "log", "--no-merges", "--format=%h %s", `${base}..HEAD`) ?? "").split("\n");
  const lines = commits.filter(Boolean).flatMap((commit) => {
    const [hash = "", ...words] = commit.split(" ");
    const subject = words.join(" ");
    return faultsOf(subject).map((fault) => `  - ${hash} "${subject}": ${fault}`);
  });
  if (lines.length > 0) {
    throw new Failure(`Some subjects of commits are not as CONTRIBUTING asks:\n${lines.join("\n")}`);
  }
}

runMain(main);
