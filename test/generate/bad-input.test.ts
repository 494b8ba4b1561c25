import fs from "node:fs";
import path from "node:path";
import { openWorkbench, runIn, type Workbench } from "./generated";

let bench: Workbench;
beforeEach(async () => {
  bench = await openWorkbench();
});
afterEach(() => bench.close());

/** The first line at most 160 characters, the options at most 120. */
function expectBrief(stderr: string): void {
  const [first = "", ...options] = stderr.trimEnd().split("\n");
  expect(first.length).toBeLessThanOrEqual(160);
  for (const option of options) expect(option.length).toBeLessThanOrEqual(120);
}

describe("of the command line", () => {
  it.each([
    [[], "no command is set; the only one is generate. See --help."],
    [["genrate"], 'unknown command "genrate"; did you mean generate? See --help.'],
    [["generate", "now"], 'unexpected argument "now". See --help.'],
    [["generate", "--dri-run"], "unknown option --dri-run; did you mean --dry-run? See --help."],
    [["generate", "--out="], "--out is empty. See --help."],
    [["generate", "--language", "yml"], '--language is "yml"; did you mean yaml? See --help.'],
    [["generate", "--language", "cobol"], '--language is "cobol", expected typescript or yaml. See --help.'],
    [["generate", "--out"], "Option '--out <value>' argument missing. See --help."],
  ])("rejects %j with exit code 2", async (args, message) => {
    expect(await runIn(args)).toEqual({ code: 2, stdout: "", stderr: `pulumi-processmind: ${message}\n` });
  });

  it("prints its help and its version", async () => {
    expect((await runIn(["--help"])).stdout).toContain("Usage: pulumi-processmind generate [options]");
    expect((await runIn(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(["PROCESSMIND_API_KEY", "PROCESSMIND_TENANT_ID"])("says how to set %s when it is not set", async (name) => {
    Object.assign(process.env, bench.emulator.environment);
    delete process.env[name];
    const run = await runIn(["generate", "--out", bench.out]);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain(`  - set the environment variable ${name}`);
    expectBrief(run.stderr);
  });
});

describe("of the tenant", () => {
  it("reports a tenant without datasets in one sentence and writes nothing", async () => {
    const run = await bench.generate("--out", bench.out);
    const happened = `the tenant "${bench.emulator.tenantId}" has no datasets, so there is nothing to declare.`;
    expect(run).toEqual({ code: 1, stdout: "", stderr: `pulumi-processmind: ${happened}\n` });
    expect(fs.readdirSync(bench.folder)).toEqual([]);
  });

  it.each([
    ["a dataset", "datasets.get"],
    ["a datatable", "datatables.get"],
  ])("fails and writes nothing when the key may list but not read %s", async (noun, route) => {
    const dataset = await bench.makeDataset("Sales, ".repeat(40));
    await bench.makeTable(dataset, "Orders, ".repeat(40));
    bench.emulator.addFault({ kind: "reply", status: 403, match: { route }, times: "always" });
    const run = await bench.generate("--out", bench.out);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain(`may list, but not read, the ${noun.slice(2)} "`);
    expectBrief(run.stderr);
    expect(fs.readdirSync(bench.folder)).toEqual([]);
  });

  it("leaves out and reports what is listed but cannot be found", async () => {
    const dataset = await bench.makeDataset("Sales");
    const table = await bench.makeTable(dataset, "Orders");
    bench.emulator.addFault({ kind: "reply", status: 404, match: { route: "datatables.get" } });
    const run = await bench.generate("--out", bench.out, "--dry-run");
    expect(run.stderr).toContain(`note: the datatable "Orders" (${table}) is listed, but a GET returns 404.\n`);
    expect(run.stdout).toContain(dataset);
    expect(run.stdout).not.toContain(table);
  });

  it("passes on an error of the API and writes nothing", async () => {
    bench.emulator.addFault({ kind: "reply", status: 401, match: { route: "datatables.list" }, times: "always" });
    await bench.makeDataset("Sales");
    const run = await bench.generate("--out", bench.out);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("listing the datatables of tenant");
    expect(fs.readdirSync(bench.folder)).toEqual([]);
  });

  it("says what it leaves open when ProcessMind reports no types and no folders", async () => {
    bench.emulator.setBehaviour({ treeFieldsInList: false, treeFieldsOnRead: false });
    await bench.makeDataset("Finance", { isFolder: true });
    await bench.makeTable(await bench.makeDataset("Sales"), "Orders");
    const run = await bench.generate("--out", bench.out, "--dry-run");
    expect(run.stderr).toContain("note: ProcessMind does not report the folders of the datasets, so");
    const doubts = "// ProcessMind does not report whether this is a dataset or a folder (TreeGroup).\n";
    expect(run.stdout).toContain(`${doubts}new Dataset("finance", {`);
    expect(run.stdout).toContain('\nconst sales = new Dataset("sales", {');
    expect(run.stdout).not.toContain("treeParentId");
  });

  it("declares a table whose dataset is not listed with the dataset's id", async () => {
    const dataset = await bench.makeDataset("Sales");
    await bench.makeTable(dataset, "Orders");
    const list = await fetch(`${bench.emulator.apiUrl}/tenant/${bench.emulator.tenantId}/datasets`, {
      headers: { "x-api-key": bench.emulator.apiKey },
    });
    expect(await list.json()).toHaveLength(1);
    bench.emulator.addFault({ kind: "reply", status: 200, body: [], match: { route: "datasets.list" } });
    const { stdout } = await bench.generate("--out", bench.out, "--dry-run");
    expect(stdout).toContain("// ProcessMind does not list its dataset; hence the dataset's id.\n");
    expect(stdout).toContain(`  datasetId: "${dataset}",\n`);
  });
});

describe("of the folder", () => {
  it.each([
    ["has files and no program", (out: string) => fs.mkdirSync(path.join(out, "data"), { recursive: true })],
    ["is a file", (out: string) => fs.writeFileSync(out, "mine")],
  ])("rejects one that %s, before any request", async (_why, make) => {
    make(bench.out);
    await bench.makeDataset("Sales");
    bench.requests();
    const run = await bench.generate("--out", bench.out);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("  - name a folder that does not exist: --out FOLDER\n");
    expect(bench.requests()).toEqual([]);
  });

  it("writes into an empty one", async () => {
    fs.mkdirSync(bench.out);
    await bench.makeDataset("Sales");
    expect(await bench.program()).toContain('new Dataset("sales", {');
    expect(fs.readdirSync(bench.folder)).toEqual(["demo"]);
  });

  it("rejects the current folder", async () => {
    await bench.makeDataset("Sales");
    const before = process.cwd();
    fs.mkdirSync(bench.out);
    process.chdir(bench.out);
    try {
      const run = await bench.generate("--out", ".");
      expect(run.stderr).toContain("the current folder cannot be replaced by the project's.");
      expect(fs.readdirSync(bench.folder)).toEqual(["demo"]);
    } finally {
      process.chdir(before);
    }
  });

  it("reports a folder that cannot be made", async () => {
    await bench.makeDataset("Sales");
    fs.writeFileSync(bench.out, "mine");
    const run = await bench.generate("--out", path.join(bench.out, "project"));
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("Nothing was written.");
    expect(fs.readdirSync(bench.folder)).toEqual(["demo"]);
  });

  it("leaves nothing when the project cannot be put in place", async () => {
    await bench.makeDataset("Sales");
    // Someone else writes there while the tenant is read.
    bench.emulator.addFault({ kind: "delay", ms: 200, match: { route: "datasets.get" } });
    const running = bench.generate("--out", bench.out);
    fs.mkdirSync(path.join(bench.out, "mine"), { recursive: true });
    const run = await running;
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("Nothing was written.");
    expect(fs.readdirSync(bench.folder)).toEqual(["demo"]);
    expect(fs.readdirSync(bench.out)).toEqual(["mine"]);
  });
});
