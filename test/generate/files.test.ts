import fs from "node:fs";
import path from "node:path";
import { openWorkbench, type Run, type Workbench } from "./generated";

const ORDERS = "order,activity\nO-1,Placed\nO-1,Paid\n";

let bench: Workbench;
let sales: string;
beforeEach(async () => {
  bench = await openWorkbench();
  sales = await bench.makeDataset("Sales");
});
afterEach(() => bench.close());

function generate(files: { [name: string]: string }, ...args: string[]): Promise<Run> {
  const folder = path.join(bench.folder, "data");
  fs.mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return bench.generate("--dry-run", "--out", bench.out, "--data", folder, ...args);
}

function sourcesIn({ stdout }: Run): string[] {
  return [...stdout.matchAll(/^ {2}source: "(.*)",$/gm)].map(([, source = ""]) => source);
}

it("declares a file with the name and the columns of a table, in whatever case and order", async () => {
  await bench.makeTable(sales, "Open orders", ORDERS);
  const run = await generate({ "open_ORDERS.csv": "activity,order\nPlaced,O-1\nPaid,O-1\n" });
  expect(sourcesIn(run)).toEqual(["../data/open_ORDERS.csv"]);
  expect(run.stdout).toContain('  whenTableHasRows: "skip",\n');
  expect(run.stdout).not.toContain("The file has");
});

it("reads the details of tables only that a file may belong to", async () => {
  for (const name of ["A", "B", "C", "Orders"]) await bench.makeTable(sales, name, ORDERS);
  bench.requests();
  await generate({ "orders.csv": ORDERS });
  // The other one shows that the key may read.
  expect(bench.requests().filter((route) => route === "datatables.get")).toHaveLength(2);
});

it("tells tables of one name apart by their columns, or by the dataset in the file's name", async () => {
  const other = await bench.makeDataset("Returns");
  for (const dataset of [sales, other]) await bench.makeTable(dataset, "Orders", ORDERS);
  await bench.makeTable(sales, "Items", ORDERS);
  await bench.makeTable(other, "Items", "item,price\n1,2\n");
  const run = await generate({ "returns-orders.csv": ORDERS, "items.csv": "item,price\n1,2\n", "orders.csv": ORDERS });
  expect(sourcesIn(run)).toEqual(["../data/items.csv", "../data/returns-orders.csv"]);
  expect(run.stderr).toContain(
    'note: "../data/orders.csv" is not declared: 2 datatables have its name and its columns.',
  );
});

it.each([
  ["no datatable has its name", "invoices.csv", ORDERS],
  ["its columns are not those of the datatable", "orders.csv", "order,price\n1,2\n"],
  ["the columns of .xes files are not compared", "orders.xes", '<log xmlns="http://www.xes-standard.org/"></log>'],
  ["it is empty", "orders.csv", ""],
])("reports that %s and declares nothing", async (reason, name, text) => {
  await bench.makeTable(sales, "Orders", ORDERS);
  const run = await generate({ [name]: text, "notes.md": "no data", ".hidden.csv": ORDERS });
  expect(sourcesIn(run)).toEqual([]);
  expect(run.stderr).toContain(`note: "../data/${name}" is not declared: ${reason}.\n`);
  expect(run.stderr.match(/^note: /gm)).toHaveLength(1);
});

it("does not declare two files for one table", async () => {
  await bench.makeTable(sales, "Orders", ORDERS);
  const run = await generate({ "orders.csv": ORDERS, "orders.txt": ORDERS });
  expect(sourcesIn(run)).toEqual([]);
  expect(run.stdout.match(/is not declared: 2 files have its name and its columns\./g)).toHaveLength(2);
});

it.each([
  ["ProcessMind does not report the columns of the datatable", ["columns"]],
  ["ProcessMind does not report the rows of the datatable, and an upload would send the file", ["rowCount"]],
])("reports that %s", async (reason, hiddenFields) => {
  await bench.makeTable(sales, "Orders", ORDERS);
  bench.emulator.setBehaviour({ hiddenFields });
  const run = await generate({ "orders.csv": ORDERS });
  expect(sourcesIn(run)).toEqual([]);
  expect(run.stdout).toContain(`// "../data/orders.csv" is not declared: ${reason}.\n`);
});

it("rejects a folder that is not there", async () => {
  const run = await bench.generate("--out", bench.out, "--data", path.join(bench.folder, "nowhere"));
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toContain("which is not a folder.");
});
