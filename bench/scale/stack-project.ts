import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(__dirname, "../..");
const FILE_BYTES = 2048;

/** A project outside the repository: some datasets, and as many uploads as tables. */
export function writeProject(wanted: number): { folder: string; resources: number; remove(): void } {
  const datasets = Math.max(1, Math.round(wanted / 50));
  const tables = Math.floor((wanted - datasets) / 2);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "processmind-scale-")));
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "scale" }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: scale\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), program(datasets, tables));
  mkdirSync(join(folder, "logs"));
  for (let i = 0; i < tables; i++) writeFileSync(join(folder, "logs", `${i}.csv`), eventLog(i));
  return {
    folder,
    resources: datasets + 2 * tables,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const program = (datasets: number, tables: number) => `
const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const sets = Array.from({ length: ${datasets} }, (_, i) =>
  new Dataset("set-" + i, { displayName: "Set " + i, forceDestroy: true }));
for (let i = 0; i < ${tables}; i++) {
  const datasetId = sets[i % sets.length].id;
  const table = new Datatable("table-" + i, { datasetId, displayName: "Table " + i, forceDestroy: true });
  new DatatableUpload("log-" + i, { datasetId, datatableId: table.id, source: "logs/" + i + ".csv" });
}
`;

function eventLog(seed: number): string {
  const rows = ["case_id,activity,timestamp"];
  let bytes = 0;
  for (let row = 0; bytes < FILE_BYTES; row++) {
    const text = `case-${seed}-${row >> 2},Step ${row % 4},2025-01-01T00:${String(row % 60).padStart(2, "0")}:00Z`;
    rows.push(text);
    bytes += text.length + 1;
  }
  return `${rows.join("\n")}\n`;
}
