import fs from "node:fs/promises";
import path from "node:path";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

/** What a reviewer reads for every kind of data change, in each form Pulumi shows it. */

const MARKED = "secret-cell";
const HEADER = "case_id,activity,timestamp,handler,amount";

/** An event log; every value but the times is marked, so that one in a preview is found. */
function log(rows: number, { header = HEADER, year = 2024, delimiter = ",", end = "\n" } = {}): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const day = String(1 + (index % 28)).padStart(2, "0");
    const values = [`${MARKED}-${Math.floor(index / 3)}`, `${MARKED}-${index % 3}`, `${year}-03-${day}T08:00:00Z`];
    return [...values, `${MARKED}-h`, `${MARKED}-${index}`].join(delimiter);
  });
  return [header.replaceAll(",", delimiter), ...lines].map((line) => line + end).join("");
}

const OLD = log(900);
const rename = (from: string, to: string) => log(900, { header: HEADER.replace(from, to) });

/** From {@link OLD} to another file, by the name of the upload. */
const CHANGES: { [name: string]: string } = {
  "rows-appended": log(1_220),
  "value-edited": OLD.replace(`${MARKED}-899`, `${MARKED}-xyz`),
  "column-renamed": rename("handler", "owner"),
  "column-dropped": OLD.replaceAll(/,[^,\n]*\n/g, "\n"),
  "columns-reordered": OLD.replaceAll(/([^,\n]*),([^,\n]*)\n/g, "$2,$1\n"),
  delimiter: log(900, { delimiter: ";" }),
  "line-endings": log(900, { end: "\r\n" }),
  "byte-order-mark": `\ufeff${OLD}`,
  "third-gone": log(600),
  "a-year-later": log(900, { year: 2025 }),
  touched: OLD,
};

const PROGRAM = `
const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const sources = require("./sources.json");
const dataset = new Dataset("set", { displayName: "Set" });
for (const [name, source] of Object.entries(sources)) {
  const table = new Datatable(name, { datasetId: dataset.id, displayName: name });
  const eventLog = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };
  new DatatableUpload(name, { datasetId: dataset.id, datatableId: table.id, source, eventLog, waitForRowsSeconds: 0 });
}
`;

const plain = (name: string) => [name, `data/${name}.csv`];
const SOURCES = Object.fromEntries([...Object.keys(CHANGES), "swapped-a", "swapped-b"].map(plain));

describeEngine("what a preview tells of the data", () => {
  let stack: TenantStack;
  const before = { "swapped-a": log(30), "swapped-b": log(40, { header: "case_id,activity,timestamp,a,b" }) };

  beforeAll(async () => {
    const olds = { ...Object.fromEntries(Object.keys(CHANGES).map((name) => [name, OLD])), renamed: OLD, ...before };
    stack = await openTenantStack({
      files: {
        "index.js": PROGRAM,
        "sources.json": JSON.stringify({ ...SOURCES, renamed: "data/renamed.csv" }),
        ...Object.fromEntries(Object.entries(olds).map(([name, content]) => [`data/${name}.csv`, content])),
      },
    });
    const { ok, text } = await stack.up();
    expect({ ok, told: text.includes(MARKED) }).toEqual({ ok: true, told: false });
    // The bytes of the uploads are no part of the journal; everything else of every request is.
    expect(JSON.stringify(stack.emulator.journal())).not.toContain(MARKED);
    const news = { ...CHANGES, "swapped-a": before["swapped-b"], "swapped-b": before["swapped-a"] };
    for (const [name, content] of Object.entries(news)) await stack.folder.write({ [`data/${name}.csv`]: content });
    const { directory } = stack.folder;
    await fs.rename(path.join(directory, "data/renamed.csv"), path.join(directory, "data/another-name.csv"));
    await stack.folder.write({ "sources.json": JSON.stringify({ ...SOURCES, renamed: "data/another-name.csv" }) });
    stack.requests();
  });
  afterAll(() => stack.close());

  /** Printed every ten seconds, which a preview takes on a busy machine. */
  const PROGRESS = /^@ .*\n/gm;

  /** Without what differs from run to run. */
  const stable = (text: string) =>
    text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>").replaceAll(PROGRESS, "");

  it("in the details, which a pull request's comment holds with `diff: true`", async () => {
    const { text } = await stack.previewText({ diff: true });
    expect(text).not.toContain(MARKED);
    expect(stable(text)).toMatchSnapshot();
  });

  it("in the rows", async () => {
    const { text } = await stack.previewText();
    expect(text).not.toContain(MARKED);
    expect(stable(text)).toMatchSnapshot();
  });

  it("in JSON", async () => {
    const preview = await stack.preview();
    expect(preview.stdout).not.toContain(MARKED);
    expect(preview.stdout).not.toContain("__");
    const changes = preview.steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn, newState }) => [urn.split("::").at(-1), op, newState?.inputs?.["change"]]);
    expect(changes).toMatchSnapshot();
    expect(stack.requests()).toEqual([]);
  });

  it("shortly, with 500 columns", async () => {
    const wide = (mark: string) => Array.from({ length: 500 }, (_, index) => `${mark}_${index}_with_a_long_name`);
    const file = (mark: string) => `${wide(mark).join(",")}\n${wide(MARKED).join(",")}\n`;
    await stack.folder.write({ "index.js": PROGRAM.replace(/const eventLog.*\n/, "const eventLog = undefined;\n") });
    await stack.folder.write({
      "sources.json": JSON.stringify({ wide: "data/wide.csv" }),
      "data/wide.csv": file("old"),
    });
    // The other tables are given up: nothing would be lost any more.
    await stack.emulator.change(({ datatables }) => {
      for (const datatable of datatables) datatable.rowCount = 0;
    });
    expect(await stack.up()).toMatchObject({ ok: true });
    await stack.folder.write({ "data/wide.csv": file("new") });
    const { text } = await stack.previewText({ diff: true });
    expect(text).not.toContain(MARKED);
    const [, upload = ""] = text.split("DatatableUpload: (update)\n");
    const [lines = ""] = upload.split("\n\n");
    expect(stable(lines)).toMatchSnapshot();
    expect({ lines: lines.split("\n").length < 30, bytes: lines.length < 3_000 }).toEqual({ lines: true, bytes: true });
    expect(JSON.stringify(await stack.exportStack())).not.toContain(MARKED);
  });
});
