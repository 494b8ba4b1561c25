import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { version } from "../../package.json";
import { MESSAGES, type Message, rendered } from "../../review/messages";
import { csv, EVENT_LOG, events, HEADER, newFolder, type Ran, run } from "./event-log";

const ROOT = path.resolve(__dirname, "../..");
const folder = newFolder();
const at = (name: string) => path.join(folder, name);

beforeAll(() => {
  fs.writeFileSync(at("log.csv"), csv([HEADER, ...events(8)]));
  fs.writeFileSync(at("log"), "a\n1\n");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const EXTENSIONS_SHOWN = [".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsb", ".xes"];
const NOT_THERE = "the file or its folder does not exist";
/** Of a commit, whose date is that of another zone. */
const AUTHOR = {
  ...process.env,
  ...Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((who) => [
      [`GIT_${who}_NAME`, "a"],
      [`GIT_${who}_EMAIL`, "a@example.com"],
      [`GIT_${who}_DATE`, "2026-11-28T03:10:00+01:00"],
    ]),
  ),
};

/** The built command, as a process. */
function start(bin: string, args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test.each<[args: string[], code: number, message: Message]>([
  [[], 2, MESSAGES.nothingToReview()],
  [["--from", "x"], 2, MESSAGES.fromWithoutTo("x")],
  [["--from", "x", "--preview", "y"], 2, MESSAGES.fromWithoutTo("x")],
  [["--from", "x", "--from", "y", "--to", "z"], 2, MESSAGES.fromWithoutTo("x")],
  [["--from", "x", "--to", "y", "--from", "z"], 2, MESSAGES.fromWithoutTo("z")],
  [["--to", "y", "--to", "y", "--from", "z"], 2, MESSAGES.fromWithoutTo("z")],
  [["--to", ""], 2, MESSAGES.noValue("--to")],
  [["--to", "--html", "x"], 2, MESSAGES.noValue("--to")],
  [["--html", "x", "--html", "y"], 2, MESSAGES.repeated("--html")],
  [["--too", "x"], 2, MESSAGES.wrongOption(["unknown option '--too'", "Did you mean --to?"])],
  [["--preveiw", "x"], 2, MESSAGES.wrongOption(["unknown option '--preveiw'", "Did you mean --preview?"])],
  [["--xyzxyz"], 2, MESSAGES.wrongOption(["unknown option '--xyzxyz'"])],
  [["x"], 2, MESSAGES.unexpectedArgument("x")],
  [["--to"], 2, MESSAGES.wrongOption(["option '--to <file>' argument missing"])],
  [["--to", at("log.csv"), "--activity", "a"], 2, MESSAGES.incompleteEventLog("--activity", "--timestamp")],
  [
    ["--to", at("log.csv"), ...EVENT_LOG, "--case-id", "x", "--timestamp", "y"],
    2,
    MESSAGES.incompleteEventLog("--case-id", "--activity"),
  ],
  [["--preview", "x", ...EVENT_LOG], 2, MESSAGES.eventLogWithoutFile()],
  [["--to", "x", "--fail-on-refusal"], 2, MESSAGES.failOnRefusalWithoutPreview()],
  [["--to", at("none.csv")], 1, MESSAGES.noSuchFile("--to", at("none.csv"))],
  [["--from", at("none.csv"), "--to", at("log.csv")], 1, MESSAGES.noSuchFile("--from", at("none.csv"))],
  [["--to", at("log")], 1, MESSAGES.unknownExtension("--to", at("log"), EXTENSIONS_SHOWN)],
  [["--preview", at("none.json")], 1, MESSAGES.fileAccess("--preview", at("none.json"), NOT_THERE)],
  [["--preview", folder], 1, MESSAGES.fileAccess("--preview", folder, "this is a folder")],
  [
    ["--to", at("log.csv"), "--markdown", at("no/x.md")],
    1,
    MESSAGES.fileAccess("--markdown", at("no/x.md"), NOT_THERE),
  ],
])("rejects %j with exit code %d", async (...[args, code, message]) => {
  expect(await run(args)).toEqual({ code, stdout: "", stderr: rendered(message) });
});

test("names every path that is wrong", async () => {
  const { code, stderr } = await run(["--from", at("a.csv"), "--to", at("log.csv"), "--to", at("log")]);
  const messages = [
    MESSAGES.noSuchFile("--from", at("a.csv")),
    MESSAGES.unknownExtension("--to", at("log"), EXTENSIONS_SHOWN),
  ];
  expect({ code, stderr }).toEqual({ code: 1, stderr: messages.map(rendered).join("") });
});

test("takes --from after --to when there is one file", async () => {
  fs.writeFileSync(at("before.csv"), csv([HEADER, ...events(4)]));
  const { code, stdout } = await run(["--to", at("log.csv"), "--from", at("before.csv")]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("1 appended") });
});

test("shows the commit that git finds, with its date in UTC, and other text as it is", async () => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8", env: AUTHOR });
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "data");
  const bin = path.join(ROOT, "review/dist/review/bin.js");
  const contextOf = async (...args: string[]) => (await start(bin, ["--to", "log.csv", ...args])).stdout.split("\n")[4];
  const id = git("rev-parse", "HEAD").slice(0, 12);
  expect(await contextOf("--commit", "HEAD")).toBe(`commit \`${id}\` · 2026-11-28 02:10 UTC`);
  expect(await contextOf("--commit", "HEAD", "--date", "today")).toBe(`commit \`${id}\` · today`);
  expect(await contextOf("--commit", "build 7")).toBe("commit `build 7`");
  expect(await contextOf()).toBe("### `log.csv`");
});

test("prints the version", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("lists every option in --help", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  const listed = [...stdout.matchAll(/^ {2}(?:-h, )?--([a-z-]+)/gm)].map(([, name]) => name);
  const options = ["to", "from", "preview", "fail-on-refusal", "case-id", "activity", "timestamp", "html", "markdown"];
  expect(listed).toEqual([...options, "title", "commit", "date", "version", "help"]);
  expect(stdout).toMatchSnapshot();
});

test("writes the same bytes for the same files", async () => {
  const bin = path.join(ROOT, "review/dist/review/bin.js");
  const args = (name: string) => [
    "--to",
    "log.csv",
    ...EVENT_LOG,
    "--html",
    `${name}.html`,
    "--markdown",
    `${name}.md`,
  ];
  for (const name of ["one", "two"]) expect(await start(bin, args(name))).toEqual({ code: 0, stdout: "", stderr: "" });
  for (const kind of ["html", "md"])
    expect(fs.readFileSync(at(`one.${kind}`))).toEqual(fs.readFileSync(at(`two.${kind}`)));
});

/** A copy of what is built, with all packages except echarts. */
function installWithoutCharts(): string {
  const home = at("installed");
  fs.mkdirSync(path.join(home, "node_modules"), { recursive: true });
  for (const each of ["dist", "package.json"]) {
    fs.cpSync(path.join(ROOT, "review", each), path.join(home, each), { recursive: true });
  }
  for (const name of fs.readdirSync(path.join(ROOT, "node_modules"))) {
    if (name === "echarts") continue;
    fs.symlinkSync(path.join(ROOT, "node_modules", name), path.join(home, "node_modules", name));
  }
  return path.join(home, "dist/review/bin.js");
}

test("writes the page without charts, and a warning, when echarts is not installed", async () => {
  const bin = installWithoutCharts();
  const args = (name: string, more: string[]) => {
    return ["--to", "log.csv", ...more, "--html", `${name}.html`, "--markdown", `${name}.md`];
  };
  expect(await start(bin, args("x", EVENT_LOG))).toEqual({
    code: 0,
    stdout: "",
    stderr: rendered(MESSAGES.noCharts()),
  });
  await start(path.join(ROOT, "review/dist/review/bin.js"), args("drawn", EVENT_LOG));
  const [page, drawn] = ["x", "drawn"].map((name) => fs.readFileSync(at(`${name}.html`), "utf8"));
  const sentence = '<p class="quiet">Not drawn: <code>npm install --save-dev echarts</code> brings the charts.</p>';
  expect(drawn).toContain("<svg");
  expect(page).toBe(drawn?.replace(/<div class="wide">.*?<\/div><div class="narrow">.*?<\/div>/gs, sentence));
  expect(fs.readFileSync(at("x.md"))).toEqual(fs.readFileSync(at("drawn.md")));

  const quiet = { code: 0, stdout: "", stderr: "" };
  expect(await start(bin, args("plain", []))).toEqual(quiet);
  expect(fs.readFileSync(at("plain.html"), "utf8")).not.toContain("echarts");
  expect(await start(bin, ["--to", "log.csv", ...EVENT_LOG, "--markdown", "y.md"])).toEqual(quiet);
});
