import { type Emulator, startEmulator } from "processmind-emulator";
import type { Properties } from "../../engine/model";
import { otherRows } from "../../provider/messages/uploads";
import { type DynamicHost, type Kind, startDynamicHost } from "../support/dynamic-host";

/** Reading for a static `get` and for a refresh, and the row count after an upload, in Pulumi's provider process. */

const CREATED = "2025-01-01T00:00:00.000Z";
const TENANT = "tenant-1";

let emulator: Emulator;
let host: DynamicHost;

beforeAll(async () => {
  emulator = await startEmulator({ tenantId: TENANT });
  host = await startDynamicHost({ env: emulator.environment, files: { "orders.csv": "case,step\n1,a\n2,b\n" } });
});

afterAll(async () => {
  await host.close();
  await emulator.close();
});

beforeEach(async () => {
  host.logs.length = 0;
  await emulator.reset();
  await emulator.change((state) => {
    const place = { treeNodeType: "Dataset" as const, treeParentId: null, createdAt: CREATED };
    state.datasets.push({ id: "set-1", displayName: "Sales", ...place });
    state.datatables.push({ id: "table-1", datasetId: "set-1", displayName: "Orders", createdAt: CREATED });
  });
});

const SALES = { displayName: "Sales", createdAt: CREATED, datatableCount: 1 };
const ORDERS = { displayName: "Orders", datasetId: "set-1", createdAt: CREATED, rowCount: 0, columns: [] };

test.each<[Kind, string, Properties]>([
  ["dataset", "set-1", SALES],
  ["datatable", "table-1", ORDERS],
])("%s: what a get finds is all there is, and not adopted", async (...[kind, id, found]) => {
  const given = { tenantId: TENANT, timeoutSeconds: 60 };
  const { outputs } = await host.read(kind, id, given);
  expect({ id, outputs }).toEqual({ id, outputs: { ...given, ...found, adopted: false } });
});

test.each<[Kind, string]>([
  ["dataset", 'reading Dataset "gone": the API rejected the request: "no dataset has the id gone" (NOT_FOUND'],
  ["datatable", 'reading Datatable "gone": the API rejected the request: "no datatable has the id gone" (NOT_FOUND'],
])("%s: a get of what is not there fails; a refresh finds it gone", async (...[kind, message]) => {
  await expect(host.read(kind, "gone", { tenantId: TENANT })).rejects.toThrow(message);
  const refreshed = await host.read(kind, "gone", { tenantId: TENANT, adopted: false });
  expect({ id: refreshed.id, outputs: refreshed.outputs }).toEqual({ id: "", outputs: {} });
});

test.each<[Kind]>([["dataset"], ["datatable"]])("%s: a get without a tenant asks nobody", async (kind) => {
  await expect(host.read(kind, "set-1", {})).rejects.toThrow("(CONFIG_MISSING)");
  expect(emulator.journal()).toEqual([]);
});

/** What came over the engine's log; lines on stderr may arrive later than the answer of their call. */
function warnings(): string[] {
  return host.logs.flatMap(({ severity, message }) => (severity === "warning" ? [message] : []));
}

const UPLOAD = { datatableId: "table-1", datasetId: "set-1", tenantId: TENANT, source: "orders.csv" };

test("an upload records the rows that ProcessMind shows; a refresh tells and records others", async () => {
  const { inputs, failures } = await host.check("datatableUpload", {}, UPLOAD);
  expect(failures).toEqual([]);
  const { id, outputs } = await host.create("datatableUpload", inputs);
  expect(outputs).toEqual({ ...inputs, uploadedAt: expect.any(String), loadedRowCount: 2 });
  expect(warnings()).toEqual([]);

  await emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, { rowCount: 9 }));
  const refreshed = await host.read("datatableUpload", id, outputs);
  expect(refreshed.outputs).toEqual({ ...outputs, loadedRowCount: 9 });
  expect(warnings()).toEqual([otherRows("orders.csv", "table-1", 9, 2).toString()]);
  const { changes } = await host.diff("datatableUpload", id, refreshed.outputs, inputs);
  expect(changes).toBe(false);
});

test.each<[unknown, number]>([
  [0, 0],
  [0.5, 0],
  [3_600, 0],
  [3_601, 1],
  [-1, 1],
  ["30", 1],
])("waitForRowsSeconds %p", async (...[waitForRowsSeconds, refused]) => {
  const { failures } = await host.check("datatableUpload", {}, { ...UPLOAD, waitForRowsSeconds } as Properties);
  expect(failures.map(({ property }) => property)).toEqual(Array(refused).fill("waitForRowsSeconds"));
});
