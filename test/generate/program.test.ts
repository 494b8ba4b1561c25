import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { namesById, openWorkbench, type Workbench } from "./generated";

const REPOSITORY = path.resolve(__dirname, "../..");
const COMPILER = path.join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
const FORMATTER = path.join(REPOSITORY, "node_modules", "@biomejs", "biome", "bin", "biome");
const HARD_NAMES = [
  "Order to Cash",
  "order to cash",
  "受注 データ",
  "2024",
  "class",
  "exports",
  "yes",
  "pulumi",
  `It's "quoted" \\ and\nbroken`,
  "both ' and \" quotes, and $$ and $",
  "—",
  "...",
  "Übergrößen\u202e\u200b\u0007\u2028",
  "x".repeat(300),
  "受注データ".repeat(12),
  "Order to Cash, Plant 0042, Region North, Status of the Year 2024 ".repeat(4),
  "👩‍🏭 Werk",
];

let bench: Workbench;
beforeEach(async () => {
  bench = await openWorkbench();
});
afterEach(() => bench.close());

async function fill(): Promise<void> {
  const folder = await bench.makeDataset("Order to Cash", { isFolder: true });
  for (const name of HARD_NAMES) {
    const dataset = await bench.makeDataset(name, { folder });
    for (const table of ["Orders", "ORDERS", name]) await bench.makeTable(dataset, table);
  }
}

async function run(script: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: bench.out }).catch(
    (error) => error,
  );
  return stdout + stderr;
}

it("compiles under strict and is formatted, whatever the names are", async () => {
  await fill();
  await bench.program();
  fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(bench.out, "node_modules"), "junction");
  expect(await run(COMPILER, "-p", ".", "--noUnusedLocals")).toBe("");
  fs.copyFileSync(path.join(REPOSITORY, "biome.json"), path.join(bench.out, "biome.json"));
  const files = ["index.ts", "package.json", "tsconfig.json"];
  expect(await run(FORMATTER, "ci", "--error-on-warnings", "--colors=off", ...files)).toMatch(
    /^Checked 3 files in .*\n$/,
  );
});

it("reads as a person would have written it", async () => {
  const finance = await bench.makeDataset("Finance", { isFolder: true });
  const sales = await bench.makeDataset("Sales", { folder: finance });
  const orders = await bench.makeTable(sales, "Orders", "order\n1\n");
  const empty = await bench.makeTable(sales, "Sales invoices");
  fs.mkdirSync(path.join(bench.folder, "data"));
  fs.writeFileSync(path.join(bench.folder, "data", "orders.csv"), "order\n1\n2\n");
  fs.writeFileSync(path.join(bench.folder, "data", "sales_invoices.csv"), "invoice\n1\n");
  expect(await bench.program("index.ts", "--data", path.join(bench.folder, "data"))).toBe(
    `import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

// existingId adopts what ProcessMind has: \`pulumi up\` creates and changes nothing there.
// whenTableHasRows: "skip" records a file as the one its table holds, and sends nothing. ProcessMind reports
// the number of rows and the columns, but not whether the rows are those of the file.

const finance = new Dataset("finance", {
  displayName: "Finance",
  treeNodeType: "TreeGroup",
  existingId: "${finance}",
});

const sales = new Dataset("sales", {
  displayName: "Sales",
  treeParentId: finance.id,
  existingId: "${sales}",
});

const salesOrders = new Datatable("sales-orders", {
  datasetId: sales.id,
  displayName: "Orders",
  existingId: "${orders}",
});

// The file has 2 rows and the datatable 1: \`pulumi up\` records the file and sends nothing.
new DatatableUpload("sales-orders", {
  datasetId: sales.id,
  datatableId: salesOrders.id,
  source: "../data/orders.csv",
  whenTableHasRows: "skip",
});

// "../data/sales_invoices.csv" is not declared: the datatable is empty, and an upload would send the file.
new Datatable("sales-invoices", {
  datasetId: sales.id,
  displayName: "Sales invoices",
  existingId: "${empty}",
});
`,
  );
});

it("says the same in YAML, which reads back as it was named", async () => {
  await fill();
  const { datasets, datatables } = bench.emulator.state();
  const text = await bench.program("Pulumi.yaml", "--language", "yaml");
  expect(fs.readdirSync(bench.out).sort()).toEqual([".gitignore", "Pulumi.yaml"]);
  // Of a resource's name, quoted or not, and of its text Pulumi takes $$ for a dollar sign.
  const { resources, runtime } = parse(text, { schema: "yaml-1.1" });
  expect(runtime).toBe("yaml");
  const declared = Object.values(resources as object).map(({ properties }) => properties);
  const names = new Map(declared.map((each) => [each.existingId, each.displayName.replaceAll("$$", "$")]));
  for (const { id, displayName } of [...datasets, ...datatables]) expect(names.get(id)).toBe(displayName);
  for (const { datasetId, treeParentId } of declared) {
    const [, name] = /^\$\{(.+)\.id\}$/.exec(datasetId ?? treeParentId ?? "") ?? [];
    if (datasetId ?? treeParentId) expect(Object.keys(resources)).toContain(name);
  }
});

it("is the same text for the same tenant, whatever order it is listed in", async () => {
  await fill();
  const first = await bench.generate("--dry-run", "--out", bench.out);
  await bench.emulator.change((state) => {
    state.datasets.reverse();
    state.datatables.reverse();
  });
  expect((await bench.generate("--dry-run", "--out", bench.out)).stdout).toBe(first.stdout);
});

it("renames nothing when datasets and tables with the same names are added", async () => {
  await fill();
  const before = namesById((await bench.generate("--dry-run", "--out", bench.out)).stdout);
  await new Promise((resolve) => setTimeout(resolve, 2)); // Another millisecond: creation times tell the older.
  await fill();
  const after = namesById((await bench.generate("--dry-run", "--out", bench.out)).stdout);
  expect(Object.keys(before).length).toBeGreaterThan(60);
  expect(after).toMatchObject(before);
  expect(new Set(Object.values(after)).size).toBe(Object.keys(after).length);
});

describe("--dataset", () => {
  it("declares a dataset, its tables and the folders above it only", async () => {
    const [outer, other] = [await bench.makeDataset("Outer", { isFolder: true }), await bench.makeDataset("Other")];
    const sales = await bench.makeDataset("Sales", { folder: outer });
    const orders = await bench.makeTable(sales, "Orders");
    await bench.makeTable(other, "Invoices");
    const { stdout } = await bench.generate("--dry-run", "--out", bench.out, "--dataset", "Sales");
    expect(Object.keys(namesById(stdout)).sort()).toEqual([outer, sales, orders].sort());
  });

  it("declares all that lies in a folder, where only a GET reports what lies where", async () => {
    bench.emulator.setBehaviour({ treeFieldsInList: false });
    const outer = await bench.makeDataset("Outer", { isFolder: true });
    const inner = await bench.makeDataset("Inner", { folder: outer, isFolder: true });
    const sales = await bench.makeDataset("Sales", { folder: inner });
    await bench.makeDataset("Other");
    const { stdout } = await bench.generate("--dry-run", "--out", bench.out, "--dataset", outer);
    expect(Object.values(namesById(stdout))).toEqual(["outer", "inner", "sales"]);
    expect(stdout).toContain(sales);
  });

  it("names the nearest one when there is none of that name", async () => {
    await bench.makeDataset("Sales");
    const run = await bench.generate("--out", bench.out, "--dataset", "Sale");
    const message = 'the tenant has no dataset or folder "Sale"; did you mean "Sales"?';
    expect(run).toEqual({ code: 1, stdout: "", stderr: `pulumi-processmind: ${message}\n` });
  });
});
