import * as fs from "node:fs";
import * as path from "node:path";
import { digest, file, step, urn } from "./digest";
import { EVENT_LOG, newFolder, run } from "./event-log";

const folder = newFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

const CUT =
  /\*\*Cut to 60,000 characters:\*\* [\d,]+ lines are left out\. The page that --html writes has all of them\.\n$/;

test("keeps errors and deletions when 2,000 uploads are cut", async () => {
  const steps = Array.from({ length: 2000 }, (_, i) =>
    step("update", "DatatableUpload", `upload-${i}`, { old: file(i + 100), now: file(i + 99) }),
  );
  const diagnostics = Array.from({ length: 20 }, (_, i) => ({
    urn: urn("DatatableUpload", `rejected-${i}`),
    severity: "error",
    message: `reason ${i}. And more.`,
  }));
  const json = digest({
    steps: [...steps, step("delete", "Dataset", "deleted", { old: {} })],
    diagnostics,
    changeSummary: { update: 2000, delete: 1 },
  });
  fs.writeFileSync(at("preview.json"), json);
  const { stdout, code } = await run(["--preview", at("preview.json"), "--html", at("uploads.html")]);
  expect(code).toBe(0);
  expect(stdout.length).toBeLessThanOrEqual(60_000);
  expect(stdout.length).toBeGreaterThan(55_000);
  expect(stdout.match(/- ❌ DatatableUpload `rejected-\d+`: reason \d+\.\n/g)).toHaveLength(20);
  expect(stdout).toContain("| `deleted` | Dataset | **delete** |");
  expect(stdout).toContain("### Preview: failed with 20 errors, 2,000 to update, 1 to delete\n");
  expect(stdout).toMatch(CUT);
  expect(fs.readFileSync(at("uploads.html"), "utf8").match(/<code class="unbroken">upload-\d+<\/code>/g)).toHaveLength(
    4000,
  );
});

test("cuts 20,000 errors", async () => {
  const diagnostics = Array.from({ length: 20_000 }, (_, i) => ({ severity: "error", message: `reason ${i}.` }));
  fs.writeFileSync(at("errors.json"), digest({ diagnostics }));
  const { stdout } = await run(["--preview", at("errors.json")]);
  expect(stdout.length).toBeLessThanOrEqual(60_000);
  expect(stdout).toContain("### Preview: failed with 20,000 errors\n");
  expect(stdout).toMatch(CUT);
});

test("folds names beyond thirty when all of 500 columns change", async () => {
  const names = (prefix: string) => Array.from({ length: 500 }, (_, i) => `${prefix}_${i}`).join(",");
  fs.writeFileSync(at("old.csv"), `${names("old")}\n${",".repeat(499)}\n`);
  fs.writeFileSync(at("new.csv"), `${names("new")}\n${",".repeat(499)}\n`);
  const { stdout } = await run(["--from", at("old.csv"), "--to", at("new.csv")]);
  const [visible = "", folded = ""] = stdout.split("<details>");
  expect(visible.length).toBeLessThan(3000);
  expect(visible).toContain("`new_29` and 470 more\n");
  expect(folded).toContain("| `new_499` | – | 500 |\n| `old_0` | 1 | – |");
  expect(stdout).not.toMatch(CUT);
});

test("cuts 16,000 columns with long names", async () => {
  const names = Array.from({ length: 16_000 }, (_, i) => `column number ${i} with a long name`).join(",");
  fs.writeFileSync(at("wide.csv"), `${names}\n${",".repeat(15_999)}\n`);
  const { stdout } = await run(["--to", at("wide.csv")]);
  expect(stdout.length).toBeLessThanOrEqual(60_000);
  expect(stdout).toMatch(CUT);
});

test("holds no cell value but activities and the two times", async () => {
  const row = (i: number) =>
    `MARK-case-${i},MARK-act-${i % 3},2025-01-0${(i % 9) + 1}T10:00:00Z,MARK-value-${i},"MARK ""quoted"" ${i}"\n`;
  const rows = (count: number) => Array.from({ length: count }, (_, i) => row(i)).join("");
  const header = "case_id,activity,timestamp,value,more\n";
  fs.writeFileSync(at("marked-old.csv"), header + rows(300));
  fs.writeFileSync(at("marked-new.csv"), `${header}${rows(200)}MARK-soon,MARK-act-0,MARK-no-time,MARK,MARK\n`);
  const files = ["--from", at("marked-old.csv"), "--to", at("marked-new.csv"), "--html", at("marked.html")];

  const plain = await run(files);
  const plainPage = fs.readFileSync(at("marked.html"), "utf8");
  expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 0, stderr: "" });
  expect(plain.stdout + plainPage).not.toMatch(/MARK|2025-01/);

  const asLog = await run([...files, ...EVENT_LOG]);
  const both = asLog.stdout + fs.readFileSync(at("marked.html"), "utf8");
  expect([...new Set(both.match(/MARK[\w-]*/g))].sort()).toEqual(["MARK-act-0", "MARK-act-1", "MARK-act-2"]);
  expect([...new Set(both.match(/2025-01-[\w:-]+/g))].sort()).toEqual(["2025-01-01T10:00:00Z", "2025-01-09T10:00:00Z"]);
});

test("quotes no value in the message of a bad file", async () => {
  fs.writeFileSync(at("bad.csv"), 'a,b\n1,2\nMARK,"MARK" MARK\n');
  const ran = await run(["--to", at("bad.csv"), "--html", at("bad.html")]);
  expect(ran.code).toBe(1);
  expect(ran.stdout + ran.stderr + fs.readFileSync(at("bad.html"), "utf8")).not.toContain("MARK");
});
