import { createHash } from "node:crypto";
import { ordersCsv, ROWS } from "../../examples/quickstart/generate";
import { cannotChange } from "../../provider/messages/inputs";
import { dataWouldBeLost, holdsRows } from "../../provider/messages/objects";
import { tableHasRows } from "../../provider/messages/uploads";
import { expectRecorded } from "../support/cli-recording";
import { describeEngine, type EngineRun, type StateEntry } from "../support/engine-driver";
import { updatesIn } from "../support/preview-text";
import { openTenantStack, SHELLS, type TenantStack } from "../support/tenant-stack";

const APPENDED = 320;
const SENDS = ["uploads.presign", "storage.put"];
const CREATES = ["datasets.list", "datasets.create", "datatables.list", "datatables.create", ...SENDS];
const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const FIRST = "first upload";
const APPENDED_ROWS = `appended ${APPENDED} rows, all earlier bytes unchanged`;
const FEWER = `rewritten: ${APPENDED} rows fewer (-6.5 %), 7 columns as before`;

const committed = ordersCsv(0, ROWS);
const longer = ordersCsv(0, ROWS + APPENDED);

/** The life of examples/quickstart: each scenario goes on where the one before ended. */
describeEngine("quickstart", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "quickstart" });
  });
  afterAll(() => stack.close());

  it("previews without a request, and saves nothing", async () => {
    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(preview.steps.map(({ op, urn }) => [op, urn.split("::").slice(2).join(" ")])).toEqual([
      ["create", "pulumi:pulumi:Stack processmind-quickstart-dev"],
      ["create", "pulumi-nodejs:dynamic/processmind:Dataset sales"],
      ["create", "pulumi-nodejs:dynamic/processmind:Datatable orders"],
      ["create", "pulumi-nodejs:dynamic/processmind:DatatableUpload orders"],
    ]);
    expect(preview.steps.at(-1)?.newState?.inputs).toMatchObject(fingerprintOf(committed));
    expect(preview.state?.resources ?? []).toEqual([]);
    expect(stack.requests()).toEqual([]);
  });

  it("creates a dataset, a datatable and an upload", async () => {
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(requestsButLooks(stack)).toEqual(CREATES);
    expect(ours(run)).toEqual(stateFor(stack, committed, FIRST));
    const { dataset, datatable } = ids(run);
    expect(await stack.outputs()).toEqual({
      datasetId: dataset,
      datatableId: datatable,
      sha256: fingerprintOf(committed).contentSha256,
    });
    expect(await tables(stack)).toEqual([{ id: datatable, datasetId: dataset, displayName: "Orders", rowCount: ROWS }]);
    expect(await sent(stack)).toEqual([committed]);
  });

  it("finds nothing to do the second time", async () => {
    const before = await stack.exportStack();
    expect(await stack.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 4 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect((await stack.exportStack()).resources).toEqual(before.resources);
    expect(stack.requests()).toEqual([]);
    // The rows came after the table's own state was written, and are no drift.
    expect(await stack.refresh()).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    const { resources } = await stack.exportStack();
    expect(resources?.map(withoutDependencies)).toEqual(before.resources?.map(withoutDependencies));
    stack.requests();
  });

  it("sends nothing for a file that was touched, moved and renamed", async () => {
    await stack.folder.write({ "archive/2025.csv": committed });
    await stack.edit("index.ts", `"data/orders.csv"`, `"archive/2025.csv", fileName: "orders.csv"`);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    await stack.edit("index.ts", `"archive/2025.csv", fileName: "orders.csv"`, `"data/orders.csv"`);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(stack.requests()).toEqual([]);
  });

  it("shows appended rows as one update, and sends one file", async () => {
    await stack.folder.write({ "data/orders.csv": longer });
    const old = fingerprintOf(committed);
    const fresh = fingerprintOf(longer);
    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { update: 1, same: 3 } });
    const update = preview.steps.find(({ op }) => op === "update");
    expect(update?.urn).toMatch(/DatatableUpload::orders$/);
    expect(update?.oldState?.inputs).toMatchObject(old);
    expect(update?.newState?.inputs).toMatchObject(fresh);
    const { text } = await stack.previewText({ diff: true });
    expectRecorded("quickstart", "appended rows", updatesIn(text));
    expect(text).toMatch(/~ 1 to update\n +3 unchanged\n/);
    expect(stack.requests()).toEqual([]);

    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { updated: 1, unchanged: 3 } });
    expect(requestsButLooks(stack)).toEqual(SENDS);
    expect(ours(run)).toEqual(stateFor(stack, longer, APPENDED_ROWS));
    expect(await tables(stack)).toMatchObject([{ rowCount: ROWS + APPENDED }]);
    expect((await sent(stack)).at(-1)).toBe(longer);
  });

  it("sends the old content again when it comes back", async () => {
    await stack.folder.write({ "data/orders.csv": committed });
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { updated: 1, unchanged: 3 } });
    expect(requestsButLooks(stack)).toEqual(SENDS);
    expect(ours(run)).toEqual(stateFor(stack, committed, FEWER));
  });

  it("takes over a rename made in ProcessMind, and refuses one made in the program", async () => {
    await stack.emulator.change(({ datasets }) => {
      for (const dataset of datasets) dataset.displayName = "Sales Europe";
    });
    const refreshed = await stack.refresh();
    expect(refreshed).toMatchObject({ ok: true, changes: { updated: 1, unchanged: 3 } });
    expect(stack.requests().sort()).toEqual(["datasets.get", "datatables.get", "datatables.get"]);
    const expected = stateFor(stack, committed, FEWER);
    expected.dataset.inputs.displayName = "Sales Europe";
    Object.assign(expected.dataset.outputs, { displayName: "Sales Europe" });
    expect(ours(refreshed)).toEqual(expected);

    const refused = await stack.previewText();
    expect(refused).toMatchObject({ ok: false, exitCode: stack.failedExitCode });
    expect(refused.text).toContain(cannotChange("dataset", "displayName", "Sales Europe", "Sales").reason);
    await stack.edit("index.ts", `"Sales"`, `"Sales Europe"`);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    await stack.edit("index.ts", `"Sales Europe"`, `"Sales"`);
    expect(stack.requests()).toEqual([]);
  });

  it("makes again what vanished", async () => {
    await stack.emulator.change((tenant) => Object.assign(tenant, { datasets: [], datatables: [], uploads: [] }));
    const refreshed = await stack.refresh();
    expect(refreshed).toMatchObject({ ok: true, changes: { deleted: 3, unchanged: 1 } });
    expect(ours(refreshed)).toEqual({});
    stack.requests();
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 3, unchanged: 1 } });
    expect(requestsButLooks(stack)).toEqual(CREATES);
    expect(ours(run)).toEqual(stateFor(stack, committed, FIRST));
  });

  it("refuses to destroy rows until forceDestroy is in the state", async () => {
    const { dataset, datatable = "" } = ids(await stack.refresh());
    stack.requests();
    const refused = await stack.destroy();
    expect(refused).toMatchObject({ ok: false, exitCode: stack.failedExitCode });
    const [lost = ""] = dataWouldBeLost("Datatable", "Orders", datatable, holdsRows(4_600), []).message.split("\n");
    expect(refused.text).toContain(lost);
    expect(refused.text).toMatch(
      /\n +- keep it: declare it in the program, .*\n +- leave it in .*\n +- delete it with its data: /,
    );
    expect(Object.keys(ours(refused))).toEqual(["dataset", "datatable"]);
    expect(stack.requests()).toEqual(["datatables.get"]);

    await stack.edit("index.ts", `"Sales",`, `"Sales", forceDestroy: true,`);
    await stack.edit("index.ts", `"Orders",`, `"Orders", forceDestroy: true,`);
    const rejected = await stack.up();
    expect(rejected).toMatchObject({ ok: false });
    expect(rejected.text).toContain(tableHasRows("orders.csv", datatable, 4_600).message.split("\n")[0]);
    expect(requestsButLooks(stack)).toEqual([]);
    await stack.edit("index.ts", `"data/orders.csv",`, `"data/orders.csv", whenTableHasRows: "skip",`);
    const put = await stack.up();
    expect(put).toMatchObject({ ok: true, changes: { created: 1, unchanged: 3 } });
    expect(requestsButLooks(stack)).toEqual([]);
    expect(ours(put).datatableUpload?.outputs).toMatchObject({
      ...fingerprintOf(committed),
      change: "recorded, not sent: the table had 4,600 rows",
      loadedRowCount: ROWS,
    });
    expect(ours(put).datatableUpload?.outputs).not.toHaveProperty("uploadedAt");

    const destroyed = await stack.destroy();
    expect(destroyed).toMatchObject({ ok: true, changes: { deleted: 4 } });
    expect(destroyed.text).toContain(`ProcessMind's API cannot delete a single datatable: "Orders" (${datatable})`);
    expect(stack.emulator.journal().filter(({ method }) => method === "DELETE")).toMatchObject([
      { path: `/tenant/${stack.emulator.tenantId}/datatable/${datatable}`, status: 404 },
      { path: `/tenant/${stack.emulator.tenantId}/datasets/${dataset}`, status: 200 },
    ]);
    expect(destroyed.state?.resources ?? []).toEqual([]);
    expect(stack.emulator.state()).toMatchObject({ datasets: [], datatables: [] });
  });
});

const COLUMNS = [
  { name: "case_id", type: "string" },
  { name: "activity", type: "string" },
  { name: "timestamp", type: "datetime" },
  { name: "resource", type: "string" },
  { name: "customer", type: "string" },
  { name: "country", type: "string" },
  { name: "amount", type: "number" },
];

/** How often the datatable is looked at, before an upload and until its rows show, is a matter of time. */
function requestsButLooks(stack: TenantStack): string[] {
  return stack.requests().filter((route) => route !== "datatables.get");
}

type Kind = keyof typeof SHELLS;
type OurState = { inputs: { [name: string]: unknown }; outputs: { [name: string]: unknown } };

/** What the state holds of our resources, whole. */
function ours(run: EngineRun): { [kind in Kind]?: OurState } {
  const entries = (run.state?.resources ?? []).filter(({ type }) => type.includes("/processmind:"));
  return Object.fromEntries(entries.map(({ type, inputs, outputs }) => [kindOf(type), { inputs, outputs }]));
}

function kindOf(type: string): string {
  const kind = type.slice(type.lastIndexOf(":") + 1);
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}

/** What it must hold after an upload of `content`, which was that `change`. */
function stateFor({ emulator }: TenantStack, content: string, change: string): { [kind in Kind]: OurState } {
  const { datasets, datatables } = emulator.state();
  const { tenantId } = emulator;
  const datasetId = datasets[0]?.id;
  const dataset = { __provider: SHELLS.dataset, displayName: "Sales", tenantId, treeNodeType: "Dataset" };
  const datatable = { __provider: SHELLS.datatable, datasetId, displayName: "Orders", tenantId };
  const upload = {
    __provider: SHELLS.datatableUpload,
    datasetId,
    datatableId: datatables[0]?.id,
    tenantId,
    source: "data/orders.csv",
    fileName: "orders.csv",
    ...fingerprintOf(content),
    change,
    rows: rowsOf(content),
    columns: `7: ${COLUMNS.map(({ name }) => name).join(", ")}`,
    delimiter: "comma",
    encoding: "UTF-8",
    lineEnding: "LF",
    __columns: COLUMNS.map(({ name }) => name),
    __profileVersion: 1,
    __rowSketch: expect.stringMatching(/^[A-Za-z0-9+/=]{1,4096}$/),
  };
  return {
    dataset: { inputs: dataset, outputs: { ...dataset, adopted: false, createdAt: ISO_TIME } },
    datatable: {
      inputs: datatable,
      outputs: { ...datatable, adopted: false, createdAt: ISO_TIME, rowCount: 0, columns: [] },
    },
    datatableUpload: { inputs: upload, outputs: { ...upload, uploadedAt: ISO_TIME, loadedRowCount: rowsOf(content) } },
  };
}

/** A refresh leaves out what each property depends on; the next `up` writes it again. */
function withoutDependencies({ propertyDependencies, ...entry }: StateEntry & { propertyDependencies?: unknown }) {
  return entry;
}

function ids(run: EngineRun): { dataset: string | undefined; datatable: string | undefined } {
  const idOf = (type: RegExp) => run.state?.resources?.find((entry: StateEntry) => type.test(entry.type))?.id;
  return { dataset: idOf(/:Dataset$/), datatable: idOf(/:Datatable$/) };
}

function rowsOf(content: string): number {
  return content.trimEnd().split("\n").length - 1;
}

function fingerprintOf(content: string): { contentSha256: string; sizeBytes: number } {
  return { contentSha256: createHash("sha256").update(content).digest("hex"), sizeBytes: Buffer.byteLength(content) };
}

async function tables({ emulator }: TenantStack): Promise<unknown[]> {
  await emulator.settled();
  return emulator.state().datatables.map(({ id, datasetId, displayName, rowCount }) => {
    return { id, datasetId, displayName, rowCount };
  });
}

/** The contents that are in storage, oldest first. */
async function sent({ emulator }: TenantStack): Promise<string[]> {
  const bodies = await Promise.all(emulator.uploads().map(({ id }) => emulator.objectBytes(id)));
  return bodies.map((body) => body.toString("utf8"));
}
