import fs from "node:fs/promises";
import path from "node:path";
import { expectRecorded } from "../support/cli-recording";
import { describeEngine } from "../support/engine-driver";
import { cut, rowsIn, updatesIn } from "../support/preview-text";
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

/** Content that was only touched is no update. */
const isUpdated = (name: string) => name !== "touched";

/** A reviewer reads it at one look, in a comment that holds several. */
function expectShort(lines: string[]): void {
  const size = { lines: lines.length < 30, bytes: Buffer.byteLength(lines.join("\n")) < 3_000 };
  expect(size).toEqual({ lines: true, bytes: true });
}

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

  /** So that tables may leave the program: nothing would be lost any more. */
  const giveUpTables = () =>
    stack.emulator.change(({ datatables }) => {
      for (const datatable of datatables) datatable.rowCount = 0;
    });

  it("in the details, which a pull request's comment holds with `diff: true`", async () => {
    const { text } = await stack.previewText({ diff: true });
    expect(text).not.toContain(MARKED);
    for (const [name, lines] of Object.entries(updatesIn(text))) {
      expectRecorded("preview-texts", `details of ${name}`, lines);
    }
    expect(Object.keys(updatesIn(text)).sort()).toEqual([...Object.keys(SOURCES), "renamed"].filter(isUpdated).sort());
  });

  it("in the rows", async () => {
    const { text } = await stack.previewText();
    expect(text).not.toContain(MARKED);
    expectRecorded("preview-texts", "rows", rowsIn(text));
  });

  it("in JSON", async () => {
    const preview = await stack.preview();
    expect(preview.stdout).not.toContain(MARKED);
    const changes = preview.steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn, newState }) => [urn.split("::").at(-1), [op, newState?.inputs?.["change"]]]);
    expectRecorded("preview-texts", "JSON", Object.fromEntries(changes));
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
    await giveUpTables();
    expect(await stack.up()).toMatchObject({ ok: true });
    await stack.folder.write({ "data/wide.csv": file("new") });
    const { text } = await stack.previewText({ diff: true });
    expect(text).not.toContain(MARKED);
    const { wide: lines = [] } = updatesIn(text);
    expectRecorded("preview-texts", "details of 500 columns", lines.map(cut));
    expectShort(lines);
    expect(JSON.stringify(await stack.exportStack())).not.toContain(MARKED);
  });

  it("shortly, with every option given", async () => {
    const all = PROGRAM.replace(
      /const eventLog.*\n.*\n/,
      `new DatatableUpload(name, { datasetId: dataset.id, datatableId: table.id, source, ...require("./options.json") });\n`,
    );
    const columns = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };
    const options = {
      fileName: "all.csv",
      triggers: ["1"],
      contentType: "text/csv",
      validForSeconds: 3_600,
      timeoutSeconds: 600,
      waitForRowsSeconds: 0,
      eventLog: columns,
      requireColumns: Object.values(columns),
      onColumnsRemoved: "show",
      maxRowDropPercent: 50,
      appendOnly: false,
      acceptSha256: "796946cd2c61",
      whenMissing: "fail",
    };
    await stack.folder.write({
      "index.js": all,
      "sources.json": JSON.stringify({ all: "data/all.csv" }),
      "options.json": JSON.stringify(options),
      "data/all.csv": log(900),
    });
    await giveUpTables();
    expect(await stack.up()).toMatchObject({ ok: true });
    await stack.folder.write({
      "data/all.csv": log(1_000, {
        header: HEADER.replace("handler", "owner"),
        delimiter: ";",
        end: "\r\n",
        year: 2025,
      }),
      "options.json": JSON.stringify({ ...options, triggers: ["2"], contentType: "text/plain", fileName: "other.csv" }),
    });
    const { all: lines = [] } = updatesIn((await stack.previewText({ diff: true })).text);
    expectRecorded("preview-texts", "details with every option", lines.map(cut));
    expectShort(lines);
  });
});
