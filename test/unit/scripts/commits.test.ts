import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** scripts/commits.js, on a repository of its own. */

const SCRIPT = path.resolve(__dirname, "../../../scripts/commits.js");
/** Neither a repository above the folder nor the one of a git hook is looked at. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))),
  GIT_CEILING_DIRECTORIES: fs.realpathSync(os.tmpdir()),
};
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "commits-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function git(...args: string[]): void {
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  const { status, stderr } = spawnSync("git", [...author, ...args], {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

function commit(subject: string): void {
  git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", subject);
}

/** A repository whose main has a commit against every rule, which its branch `topic` did not make. */
function branchOff(...subjects: string[]): void {
  git("init", "--quiet", "--initial-branch=main");
  commit("added something.");
  git("switch", "--quiet", "-c", "topic");
  for (const subject of subjects) commit(subject);
}

function check(): { code: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, folder], {
    env: ENVIRONMENT,
    encoding: "utf8",
  });
  return { code: status, printed: `${stdout}${stderr}`.replace(/[0-9a-f]{7,40} "/g, 'HASH "') };
}

const NOTHING = { code: 0, printed: "No commits beyond main: no subjects to check.\n" };

it("passes subjects of up to 72 characters", () => {
  branchOff("Add a check", "Docs: name the check", "Speed up the tests", "Ü".repeat(72));
  expect(check()).toEqual({ code: 0, printed: "" });
});

it.each([
  ["too long", "A".repeat(73), "it has 73 characters, more than 72"],
  ["empty", "", "it is empty"],
  ["in small letters", "add a check", "it begins with a small letter"],
  ["a sentence", "Add a check.", "it ends with a full stop"],
  ["in the past tense", "Added a check", '"Added" is not imperative'],
])("fails when a subject is %s", (_what, subject, fault) => {
  branchOff("Add a check", subject);
  const lines = `\nSome subjects of commits are not as CONTRIBUTING asks:\n  - HASH "${subject}": ${fault}\n`;
  expect(check()).toEqual({ code: 1, printed: lines });
});

it("compares with main of the origin where that is known", () => {
  branchOff("Added a check");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  commit("Add a test");
  expect(check()).toEqual({ code: 0, printed: "" });
});

it("checks nothing on main itself, and where there is no main", () => {
  branchOff();
  expect(check()).toEqual(NOTHING);
  git("branch", "--quiet", "-D", "main");
  commit("added something else.");
  expect(check()).toEqual(NOTHING);
});

it("checks nothing outside of a repository", () => {
  expect(check()).toEqual(NOTHING);
});
