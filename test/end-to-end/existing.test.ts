import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { describeEngine, openStack, type TestStack, wantsCli } from "../support/engine-driver";
import { newTestKey } from "../support/secret-scan";
import { entry } from "./engine-scenario";

/** A program that builds on what exists: static `get`, functions and a FileAsset, through an engine. */

const KEY = newTestKey();
const HEAD = `
  const { asset } = require("@pulumi/pulumi");
  const pm = require("pulumi-processmind");`;
const PROGRAM = `${HEAD}
  module.exports = async () => {
    const sales = pm.Dataset.get("sales", "set-1");
    const orders = new pm.Datatable("orders", { datasetId: sales.id, displayName: "Orders", forceDestroy: true });
    const source = new asset.FileAsset("orders.csv");
    const upload = new pm.DatatableUpload("orders", { datasetId: sales.id, datatableId: orders.id, source });
    const plain = await pm.getDataset({ displayName: "Sales" });
    const later = pm.getDatatableOutput({ id: orders.id });
    return { name: sales.displayName, plain: plain.id, source: upload.source, rows: upload.loadedRowCount, later: later.id };
  };`;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: KEY, tenantId: "tenant-1" });
});

beforeEach(async () => {
  await emulator.reset();
  await emulator.change((state) => {
    const place = { treeNodeType: "Dataset" as const, treeParentId: null, createdAt: "2025-01-01T00:00:00.000Z" };
    state.datasets.push({ id: "set-1", displayName: "Sales", ...place });
  });
});

afterAll(() => emulator.close());

function writes(): string[] {
  return emulator.journal().flatMap(({ method }) => (method === "GET" ? [] : [method]));
}

async function openConfigured(program: string, newProcesses = wantsCli()): Promise<TestStack> {
  const config = { "processmind:tenantId": "tenant-1", "processmind:apiUrl": emulator.apiUrl };
  const files = { "orders.csv": "case\n1\n2\n", "Pulumi.dev.yaml": JSON.stringify({ config }) };
  const stack = await openStack(program, files, { newProcesses });
  await stack.setConfig("processmind:apiKey", KEY, { secret: true });
  return stack;
}

describeEngine("what exists already", () => {
  it("is read in previews and runs, and never changed or deleted", async () => {
    const stack = await openConfigured(PROGRAM);

    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { create: 3 } });
    expect(writes()).toEqual([]);

    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 3 } });
    expect(writes()).toEqual(["POST", "PUT"]);
    const sales = { displayName: "Sales", tenantId: "tenant-1", datatableCount: 0, adopted: false };
    expect(entry(run, "sales")).toMatchObject({ id: "set-1", external: true, outputs: sales });
    expect(entry(run, "demo-dev").outputs).toEqual({
      name: "Sales",
      plain: "set-1",
      source: "orders.csv",
      rows: 2,
      later: emulator.state().datatables[0]?.id,
    });
    expect(JSON.stringify(run.state)).not.toContain(stack.folder.directory);
    expect(JSON.stringify(run.state)).not.toContain(KEY);

    await emulator.change(({ datasets: [dataset] }) => Object.assign(dataset ?? {}, { displayName: "Renamed" }));
    const refreshed = await stack.refresh();
    expect(entry(refreshed, "sales")).toMatchObject({ external: true, outputs: { displayName: "Renamed" } });
    emulator.clearJournal();
    expect(await stack.destroy()).toMatchObject({ ok: true });
    expect(emulator.journal().flatMap(({ method, route }) => (method === "GET" ? [] : [route]))).toEqual([
      "datatables.delete",
    ]);
    expect(emulator.state().datasets.map(({ id }) => id)).toEqual(["set-1"]);
  });

  it("stays while the program keeps either of two entries for it, whichever took it over", async () => {
    const table = (name: string, more = "") =>
      `new pm.Datatable("${name}", { datasetId: "set-1", displayName: "Orders", forceDestroy: true${more} });`;
    const stack = await openConfigured(HEAD + table("orders"));
    await stack.up();
    const id = emulator.state().datatables[0]?.id;
    emulator.setBehaviour({ datatableDelete: "works" });
    const adopting = table("sales-orders", `, existingId: "${id}"`);
    await stack.program(HEAD + table("orders") + adopting);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 1 } });

    await stack.program(HEAD + table("orders"));
    const told = `(${id}) stays in ProcessMind, as another resource of the program declares it too`;
    expect((await stack.up({ refresh: true })).text).toContain(told);
    await stack.program(HEAD + table("orders") + adopting);
    await stack.up();
    await stack.program(HEAD + adopting);
    expect((await stack.up()).text).toContain(told);
    expect(emulator.state().datatables.map((object) => object.id)).toEqual([id]);
  });

  it("is uploaded once and never again where all changes are ignored", async () => {
    const stack = await openConfigured(`${HEAD}
      const orders = new pm.Datatable("orders", { datasetId: "set-1", displayName: "Orders" });
      const ids = { datasetId: "set-1", datatableId: orders.id };
      new pm.DatatableUpload("orders", { ...ids, source: "orders.csv" }, { ignoreChanges: ["*"] });`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 3 } });
    await stack.folder.write({ "orders.csv": "case\n1\n2\n3\n" });
    emulator.clearJournal();
    expect(await stack.up()).toMatchObject({ ok: true, changes: { unchanged: 3 } });
    expect(writes()).toEqual([]);
  });

  it("fails the preview when it is not there", async () => {
    // A promise that nobody waits for fails the program when its process has nothing left to do.
    const stack = await openConfigured(`${HEAD} pm.Dataset.get("sales", "set-2");`, true);
    const missing = await stack.previewText();
    expect(missing.ok).toBe(false);
    expect(missing.text).toContain(
      'reading Dataset "set-2": the API rejected the request: "no dataset has the id set-2"',
    );
    expect(missing.text).toContain("  - check the id and the tenant: tenantId");

    await stack.program(`${HEAD} pm.getDataset({ displayName: "Sale" });`);
    const unnamed = await stack.previewText();
    expect(unnamed.ok).toBe(false);
    expect(unnamed.text).toContain('looking up Dataset "Sale" in tenant "tenant-1": ');
    expect(unnamed.text).toContain('  - use the name of "Sales" (set-1)');
    expect(unnamed.text + missing.text).not.toContain(KEY);
    // Neither a stack nor the error's fields.
    expect(unnamed.text).not.toMatch(/^ +at |mayHaveHappened/m);
  });
});

test("a program that looks nothing up loads no HTTP client", () => {
  const script = `require(${JSON.stringify(path.resolve(__dirname, "../../dist/provider/index.js"))});
    console.log(Object.keys(require.cache).filter((file) => /[\\\\/](axios|provider[\\\\/]api)[\\\\/]/.test(file)).length);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
});
