import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { version } from "../../package.json";
import { csv, EVENT_LOG, events, HEADER, newFolder, type Ran, run } from "./event-log";

const ROOT = path.resolve(__dirname, "../..");
const folder = newFolder();
const at = (name: string) => path.join(folder, name);

beforeAll(() => {
  fs.writeFileSync(at("log.csv"), csv([HEADER, ...events(8)]));
  fs.writeFileSync(at("log"), "a\n1\n");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The built command, as a process. */
function start(bin: string, args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test.each<[args: string[], code: number, message: string]>([
  [[], 2, "there is nothing to review. Give --to FILE or --preview FILE. See --help."],
  [["--from", at("log.csv")], 2, "there is nothing to review. Give --to FILE or --preview FILE. See --help."],
  [["--from", "x", "--preview", "y"], 2, "--from needs --to, the file as it will be. See --help."],
  [["--to", ""], 2, "--to is empty. Give it a value, or leave it out. See --help."],
  [["--too", "x"], 2, "Unknown option '--too'. See --help."],
  [["x"], 2, "Unexpected argument 'x'. See --help."],
  [["--to"], 2, "Option '--to <value>' argument missing. See --help."],
  [
    ["--to", at("log.csv"), "--activity", "a"],
    2,
    "--case-id, --activity and --timestamp go together. Give all three, or none. See --help.",
  ],
  [
    ["--preview", "x", ...EVENT_LOG],
    2,
    "--case-id, --activity and --timestamp name columns of --to, which is missing. See --help.",
  ],
  [["--to", at("none.csv")], 1, `--to ${at("none.csv")}: there is no such file.`],
  [
    ["--from", at("none.csv"), "--to", at("log.csv")],
    1,
    `--from ${at("none.csv")}: there is no such file. Leave --from out where there is no old file.`,
  ],
  [["--to", at("log")], 1, `--to ${at("log")}: its name must end in .csv, .tsv, .txt, .xls, .xlsx, .xlsb, .xes.`],
  [["--preview", at("none.json")], 1, `--preview ${at("none.json")}: there is no such file or folder.`],
  [["--preview", folder], 1, `--preview ${folder}: it is a folder.`],
  [
    ["--to", at("log.csv"), "--markdown", at("no/x.md")],
    1,
    `--markdown ${at("no/x.md")}: there is no such file or folder.`,
  ],
])("%j fails with %d and one line", async (...[args, code, message]) => {
  expect(await run(args)).toEqual({ code, stdout: "", stderr: `processmind-review: ${message}\n` });
});

test("the version", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("help names every option and says which values are written", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  const options = [
    "to",
    "fail-on-refusal",
    "from",
    "preview",
    "html",
    "markdown",
    "title",
    "case-id",
    "activity",
    "timestamp",
    "help",
    "version",
  ];
  expect([...new Set(stdout.match(/(?<=--)(?!json)[a-z-]+/g))].sort()).toEqual(
    [...options, "save-dev", "show-sames", "preview-only"].sort(),
  );
});

test("the same files give the same bytes, and the command ends by itself", async () => {
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

/** A copy of what is built, with all packages but echarts. */
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

test("without echarts: a warning, the page without charts, and all else as with it", async () => {
  const bin = installWithoutCharts();
  const args = (name: string, more: string[]) => {
    return ["--to", "log.csv", ...more, "--html", `${name}.html`, "--markdown", `${name}.md`];
  };
  expect(await start(bin, args("x", EVENT_LOG))).toEqual({
    code: 0,
    stdout: "",
    stderr:
      "processmind-review: warning: the page is written without charts, as the package echarts is not installed: npm install --save-dev echarts.\n",
  });
  await start(path.join(ROOT, "review/dist/review/bin.js"), args("drawn", EVENT_LOG));
  const [page, drawn] = ["x", "drawn"].map((name) => fs.readFileSync(at(`${name}.html`), "utf8"));
  const sentence = '<p class="quiet">Not drawn: <code>npm install --save-dev echarts</code> brings the charts.</p>';
  expect(drawn).toContain("<svg");
  expect(page).toBe(drawn?.replace(/<svg.*?<\/svg>/gs, sentence));
  expect(fs.readFileSync(at("x.md"))).toEqual(fs.readFileSync(at("drawn.md")));

  const quiet = { code: 0, stdout: "", stderr: "" };
  expect(await start(bin, args("plain", []))).toEqual(quiet);
  expect(fs.readFileSync(at("plain.html"), "utf8")).not.toContain("echarts");
  expect(await start(bin, ["--to", "log.csv", ...EVENT_LOG, "--markdown", "y.md"])).toEqual(quiet);
});
