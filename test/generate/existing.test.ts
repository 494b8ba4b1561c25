import fs from "node:fs";
import path from "node:path";
import { openWorkbench, type Workbench } from "./generated";

let bench: Workbench;
let sales: string;
let orders: string;
beforeEach(async () => {
  bench = await openWorkbench();
  sales = await bench.makeDataset("Sales");
  orders = await bench.makeTable(sales, "Orders");
});
afterEach(() => bench.close());

function filesOf(folder: string): { [name: string]: string } {
  const names = fs.readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}

describe.each(["typescript", "yaml"])("a program in %s", (language) => {
  const isYaml = language === "yaml";

  it("is left as it is, and what it lacks is printed with references to what it has", async () => {
    await bench.program(isYaml ? "Pulumi.yaml" : "index.ts", "--language", language);
    const before = filesOf(bench.out);
    const invoices = await bench.makeTable(sales, "Invoices");
    const run = await bench.generate("--out", bench.out);
    expect(run.stdout).toBe(
      isYaml
        ? `  sales-invoices:
    type: processmind:Datatable
    properties:
      datasetId: \${sales.id}
      displayName: "Invoices"
      existingId: "${invoices}"
`
        : `new Datatable("sales-invoices", {
  datasetId: sales.id,
  displayName: "Invoices",
  existingId: "${invoices}",
});
`,
    );
    expect(run.stderr).toContain(`The program in ${bench.out} lacks 1 datatable. Nothing was written`);
    expect(filesOf(bench.out)).toEqual(before);
  });

  it("takes none of its names", async () => {
    await bench.program(isYaml ? "Pulumi.yaml" : "index.ts", "--language", language);
    await bench.emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, { displayName: "Closed" }));
    const other = await bench.makeTable(sales, "Orders");
    const { stdout } = await bench.generate("--out", bench.out);
    expect(stdout).toContain(`sales-orders-${other.slice(0, 8)}`);
    expect(stdout).not.toContain(orders);
  });

  it("lacks nothing that it adopts already", async () => {
    await bench.program(isYaml ? "Pulumi.yaml" : "index.ts", "--language", language);
    const run = await bench.generate("--out", bench.out);
    expect(run).toMatchObject({ code: 0, stdout: "" });
    expect(run.stderr).toContain("Nothing is new");
  });
});

it("stops at a program in YAML that cannot be read, and writes nothing", async () => {
  const text = "name: mine\nruntime: yaml\nresources:\n  sales: {\n";
  fs.mkdirSync(bench.out, { recursive: true });
  fs.writeFileSync(path.join(bench.out, "Pulumi.yaml"), text);
  const run = await bench.generate("--out", bench.out, "--language", "yaml");
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toMatch(/cannot read "\S*Pulumi\.yaml": unexpected end of the stream .*\(5:1\)/);
  expect(fs.readFileSync(path.join(bench.out, "Pulumi.yaml"), "utf8")).toBe(text);
});

it("counts ids in a stack's configuration, in other files and in upper case", async () => {
  fs.mkdirSync(path.join(bench.out, "tables"), { recursive: true });
  fs.writeFileSync(path.join(bench.out, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
  fs.writeFileSync(path.join(bench.out, "Pulumi.dev.yaml"), `config:\n  mine:datasetId: ${sales}\n`);
  fs.writeFileSync(path.join(bench.out, "tables", "orders.ts"), `export const id = '${orders.toUpperCase()}';\n`);
  const invoices = await bench.makeTable(sales, "Invoices");
  const { stdout } = await bench.generate("--out", bench.out);
  expect(stdout).toBe(`import { Datatable } from "pulumi-processmind";

// This program has its dataset already.
new Datatable("sales-invoices", {
  datasetId: "${sales}",
  displayName: "Invoices",
  existingId: "${invoices}",
});
`);
});
