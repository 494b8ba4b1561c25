import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { journalled } from "../emulator/client";
import { describeEngine, type EngineDriver, openEngine } from "../support/engine-driver";
import { secretsUnder } from "../support/secret-scan";
import { SharedHosts } from "../support/shared-hosts";
import { openWorkbench, type Workbench } from "./generated";

const REPOSITORY = path.resolve(__dirname, "../..");
const ORDERS = "order,activity,timestamp\nO-1,Placed,2025-01-01T08:00:00Z\nO-1,Paid,2025-01-02T08:00:00Z\n";

const BIN = path.join(REPOSITORY, "dist/provider/generate/bin.js");

/** As its user runs it: the built command, then the project it wrote. */
async function runBin(bench: Workbench, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, ...bench.emulator.environment };
  return promisify(execFile)(process.execPath, [BIN, "generate", ...args], { cwd: bench.folder, env });
}

function open({ out, emulator }: Workbench, hosts: SharedHosts): Promise<EngineDriver> {
  fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(out, "node_modules"), "junction");
  const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...emulator.environment };
  return openEngine(out, "demo", { env, hosts: (each) => hosts.forNextRun(each) });
}

describeEngine("a generated project", () => {
  let bench: Workbench;
  let hosts: SharedHosts;
  beforeEach(async () => {
    bench = await openWorkbench();
    hosts = new SharedHosts(bench.out);
  });
  afterEach(async () => {
    await hosts.close();
    await bench.close();
  });

  it("adopts all with the first up, changes nothing, and shows an appended row in the preview after it", async () => {
    const finance = await bench.makeDataset("Finance", { isFolder: true });
    const sales = await bench.makeDataset("Sales", { folder: finance });
    await bench.makeTable(sales, "Orders", ORDERS);
    await bench.makeTable(sales, "Invoices");
    fs.mkdirSync(path.join(bench.folder, "data"));
    const file = path.join(bench.folder, "data", "orders.csv");
    fs.writeFileSync(file, ORDERS);
    const before = bench.emulator.state();
    bench.requests();

    const { stderr } = await runBin(bench, "--out", "demo", "--data", "data");
    expect(stderr).toContain("Wrote demo: 1 folder, 1 dataset, 2 datatables, 1 upload.\n");
    expect(bench.requests().sort()).toEqual(["datasets.get", "datasets.list", "datatables.get", "datatables.list"]);
    expect(await secretsUnder(bench.out)).toEqual([]);

    const engine = await open(bench, hosts);
    expect(await engine.preview()).toMatchObject({ ok: true, changeSummary: { create: 6 } });
    expect(bench.requests()).toEqual([]);
    expect(await engine.up()).toMatchObject({ ok: true, changes: { created: 6 } });
    expect(new Set(bench.requests())).toEqual(new Set(["datasets.get", "datatables.get"]));
    expect(bench.emulator.state()).toEqual(before);

    expect(await engine.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 6 } });
    expect(await engine.refresh({ expectNoChanges: true })).toMatchObject({ ok: true });

    fs.appendFileSync(file, "O-2,Placed,2025-01-03T08:00:00Z\n");
    const appended = await engine.preview();
    expect(appended).toMatchObject({ ok: true, changeSummary: { same: 5, update: 1 } });
    expect(appended.steps.find(({ op }) => op === "update")?.newState?.inputs).toMatchObject({
      change: "appended 1 row, all earlier bytes unchanged",
    });
    expect(await engine.destroy()).toMatchObject({ ok: true });
    expect(bench.emulator.state()).toEqual(before);
  });

  it("adopts what has no name, lies in a ring of folders or in a dataset that is not listed", async () => {
    const ring = await bench.makeDataset("Outer", { isFolder: true });
    const inner = await bench.makeDataset("Inner", { isFolder: true, folder: ring });
    const nameless = await bench.makeDataset("later empty", { folder: inner });
    await bench.makeTable(nameless, "Orders");
    await bench.emulator.change(({ datasets }) => {
      for (const dataset of datasets) {
        if (dataset.id === ring) dataset.treeParentId = inner;
        if (dataset.id === nameless) dataset.displayName = "  ";
      }
      datasets.push({
        id: "orphan",
        displayName: "Orphan",
        treeNodeType: "Dataset",
        treeParentId: "a-folder-nobody-lists",
        createdAt: "2025-01-01T00:00:00.000Z",
      });
    });
    const before = bench.emulator.state();
    const program = await bench.program();
    expect(program).toContain(`= Dataset.get("dataset-${nameless.slice(0, 8)}", "${nameless}");`);
    expect(program).toContain("// ProcessMind does not list its folder; hence the folder's id.");
    expect(program).toContain("// ProcessMind reports folders that hold each other; hence its folder's id.");

    const engine = await open(bench, hosts);
    bench.requests();
    expect(await engine.up()).toMatchObject({ ok: true });
    expect(bench.emulator.state()).toEqual(before);
    expect(bench.requests().filter((route) => !route.endsWith(".get"))).toEqual([]);
    expect(await engine.preview({ expectNoChanges: true })).toMatchObject({ ok: true });
  });
});

test("a run that is killed while it reads leaves nothing behind", async () => {
  const bench = await openWorkbench();
  try {
    await bench.makeDataset("Sales");
    bench.emulator.setFaults([{ kind: "delay", ms: 60_000, match: { route: "datasets.get" }, times: "always" }]);
    const env = { ...process.env, ...bench.emulator.environment };
    const child = spawn(process.execPath, [BIN, "generate", "--out", "demo"], { cwd: bench.folder, env });
    const ended = once(child, "close");
    await journalled(bench.emulator, ({ route }) => route === "datasets.get");
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(fs.readdirSync(bench.folder)).toEqual([]);
  } finally {
    await bench.close();
  }
});
