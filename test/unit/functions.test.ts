import * as pulumi from "@pulumi/pulumi";
import { type Emulator, startEmulator } from "processmind-emulator";
import {
  type GetDatasetArgs,
  type GetDatatableArgs,
  getDataset,
  getDatasetOutput,
  getDatasets,
  getDatasetsOutput,
  getDatatable,
  getDatatableOutput,
  getDatatables,
  getDatatablesOutput,
  type ProcessMindError,
} from "../../provider/index";
import * as says from "../../provider/messages/program";

/** The functions, as a program calls them, against the emulator. */

const CREATED = "2025-01-01T00:00:00.000Z";
const SALES = { id: "set-1", displayName: "Sales", createdAt: CREATED };
const ORDERS = { id: "table-1", displayName: "Orders", createdAt: CREATED, datasetId: "set-1", rowCount: 3 };
const COLUMNS = [{ name: "case", type: "string" as const }];
const KEY = "functions-test-key";

let emulator: Emulator;
const before = { ...process.env };

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: KEY, tenantId: "tenant-1" });
});

afterAll(() => emulator.close());

beforeEach(async () => {
  process.env = { ...before, ...emulator.environment };
  pulumi.runtime.setAllConfig({});
  await emulator.reset();
  await emulator.change((state) => {
    const treeParentId = null;
    state.datasets.push(
      { ...SALES, treeNodeType: "Dataset", treeParentId },
      { id: "set-2", displayName: "Twice", treeNodeType: "Dataset", treeParentId, createdAt: CREATED },
      { id: "set-3", displayName: "Twice", treeNodeType: "TreeGroup", treeParentId, createdAt: CREATED },
    );
    state.datatables.push(
      { ...ORDERS, columns: COLUMNS },
      { id: "table-2", displayName: "Orders", datasetId: "set-2", createdAt: CREATED },
    );
  });
});

afterAll(() => {
  process.env = before;
});

function routes(): string[] {
  return emulator.journal().map(({ route }) => route);
}

/** What an Output holds; "unknown" where Pulumi would not say in a preview. */
async function settled<T>(output: pulumi.Output<T>): Promise<T | "unknown"> {
  const inside = output as unknown as { isKnown: Promise<boolean>; promise(): Promise<T> }; // Internal, as tests of Pulumi use it.
  return (await inside.isKnown) ? inside.promise() : "unknown";
}

const SALES_READ = { ...SALES, datatables: [{ id: "table-1", displayName: "Orders", rowCount: 3 }] };
const ORDERS_READ = { ...ORDERS, columns: COLUMNS };
const TABLE_2 = { id: "table-2", displayName: "Orders", datasetId: "set-2", createdAt: CREATED, rowCount: 0 };

test("getDatasets lists them", async () => {
  const rest = { displayName: "Twice", createdAt: CREATED };
  const all = [
    { ...SALES, datatableCount: 1 },
    { id: "set-2", datatableCount: 1, ...rest },
    { id: "set-3", datatableCount: 0, ...rest },
  ];
  expect(await getDatasets()).toEqual(all);
  expect(await settled(getDatasetsOutput())).toEqual(all);
});

test.each<[string, GetDatasetArgs, string[]]>([
  ["by its id", { id: "set-1" }, ["datasets.get"]],
  ["by its name", { displayName: "Sales" }, ["datasets.list", "datasets.get"]],
  ["by its name with blanks", { displayName: " Sales " }, ["datasets.list", "datasets.get"]],
])("getDataset %s", async (...[, args, requests]) => {
  expect(await getDataset(args)).toEqual(SALES_READ);
  expect(routes()).toEqual(requests);
  expect(await settled(getDatasetOutput(args))).toEqual(SALES_READ);
});

test.each<[string, string | undefined, object[]]>([
  ["all", undefined, [ORDERS, TABLE_2]],
  ["those of a dataset", "set-2", [TABLE_2]],
  ["none of a dataset that is not there", "set-9", []],
])("getDatatables lists %s", async (...[, datasetId, expected]) => {
  expect(await getDatatables({ datasetId })).toEqual(expected);
  expect(await settled(getDatatablesOutput({ datasetId: pulumi.output(datasetId) }))).toEqual(expected);
});

test.each<[string, GetDatatableArgs, string[]]>([
  ["by its id", { id: "table-1" }, ["datatables.get"]],
  ["by name and dataset", { displayName: "Orders", datasetId: "set-1" }, ["datatables.list", "datatables.get"]],
])("getDatatable %s", async (...[, args, requests]) => {
  expect(await getDatatable(args)).toEqual(ORDERS_READ);
  expect(routes()).toEqual(requests);
  expect(await settled(getDatatableOutput(args))).toEqual(ORDERS_READ);
});

test("what the API does not tell is absent, and null stays null", async () => {
  emulator.setBehaviour({ hiddenFields: ["createdAt", "displayName"], rowCountBeforeUpload: "null" });
  expect(await getDatatable({ id: "table-2" })).toStrictEqual({ id: "table-2", datasetId: "set-2", rowCount: null });
});

test.each<[string, () => Promise<unknown>, string, string[]]>([
  [
    "no dataset of the name",
    () => getDataset({ displayName: "Sale" }),
    "NOT_FOUND",
    ['looking up Dataset "Sale" in tenant "tenant-1"', '"Sales" (set-1)'],
  ],
  [
    "two datasets of the name",
    () => getDataset({ displayName: "Twice" }),
    "AMBIGUOUS_NAME",
    ['looking up Dataset "Twice" in tenant "tenant-1"', '"set-2", "set-3"'],
  ],
  ["no dataset of the id", () => getDataset({ id: "set-9" }), "NOT_FOUND", ['reading Dataset "set-9"', "status 404"]],
  [
    "no datatable of the name",
    () => getDatatable({ displayName: "Order", datasetId: "set-3" }),
    "NOT_FOUND",
    ['looking up Datatable "Order" in Dataset "set-3"'],
  ],
  ["no datatable of the id", () => getDatatable({ id: "x" }), "NOT_FOUND", ['reading Datatable "x"', "status 404"]],
  ["a wrong tenant", () => getDatasets({ tenantId: "other" }), "NOT_FOUND", ['listing the datasets of tenant "other"']],
  ["a limit that is none", () => getDatasets({ timeoutSeconds: 0 }), "CONFIG_INVALID", ['timeoutSeconds is "0"']],
])("%s is an error that names what was found", async (...[, call, code, parts]) => {
  const error = (await call().catch((thrown: unknown) => thrown)) as Error & { code: string };
  expect(error).toMatchObject({ name: "ProcessMindError", code });
  for (const part of parts) expect(error.message).toContain(part);
  expect(error.message).not.toContain(KEY);
});

test("of many names the error shows the two nearest, and has all of them as candidates", async () => {
  await emulator.change((state) => {
    for (let n = 4; n <= 15; n++) {
      const place = { treeNodeType: "Dataset" as const, treeParentId: null, createdAt: CREATED };
      state.datasets.push({ id: `set-${n}`, displayName: `N${n}`, ...place });
    }
  });
  const error = (await getDataset({ displayName: "N1" }).catch((thrown: unknown) => thrown)) as ProcessMindError;
  expect(error.candidates?.map(({ displayName }) => displayName).slice(0, 2)).toEqual(["N4", "N5"]);
  expect([error.candidates?.length, error.options.length]).toEqual([15, 3]);
});

test("a list that does not tell the dataset cannot be narrowed", async () => {
  emulator.setBehaviour({ hiddenFields: ["datasetId"] });
  await expect(getDatatables({ datasetId: "set-1" })).rejects.toMatchObject({
    code: "BAD_RESPONSE",
    message: says.datasetNotReported("set-1", "Orders").message,
  });
  expect(await getDatatables()).toHaveLength(2);
});

// What JavaScript, or an output, may pass whatever the types say.
test.each<[object | null, string]>([
  [null, says.noKey()],
  [{}, says.noKey()],
  [{ id: "set-1", displayName: "Sales" }, says.bothKeys()],
  [{ id: "" }, says.keyIsNotText()],
  [{ displayName: 5 }, says.keyIsNotText()],
])("%j names no dataset and no datatable", async (args, why) => {
  const error = { code: "INVALID_REQUEST", message: expect.stringContaining(why) };
  await expect(getDataset(args as GetDatasetArgs)).rejects.toMatchObject(error);
  await expect(getDatatable(args as GetDatatableArgs)).rejects.toMatchObject(error);
  expect(routes()).toEqual([]);
});

test("a name without its dataset names no datatable", async () => {
  await expect(getDatatable({ displayName: "Orders" } as GetDatatableArgs)).rejects.toThrow(
    says.badArguments("Datatable", says.noDatasetId()).message,
  );
});

test.each([
  ["PROCESSMIND_API_KEY", "apiKey"],
  ["PROCESSMIND_TENANT_ID", "tenantId"],
])("without %s nothing is sent", async (variable, property) => {
  delete process.env[variable];
  await expect(getDatasets()).rejects.toMatchObject({ code: "CONFIG_MISSING", property });
  expect(routes()).toEqual([]);
});

test("stack configuration wins over the environment, an argument over both", async () => {
  const { apiUrl } = emulator;
  process.env = {
    ...before,
    PROCESSMIND_API_KEY: "wrong",
    PROCESSMIND_TENANT_ID: "wrong",
    PROCESSMIND_API_URL: "wrong",
  };
  const config = { "processmind:apiKey": KEY, "processmind:tenantId": "tenant-1", "processmind:apiUrl": apiUrl };
  pulumi.runtime.setAllConfig(config, ["processmind:apiKey"]);
  expect(await getDatasets()).toHaveLength(3);
  pulumi.runtime.setAllConfig({ ...config, "processmind:tenantId": "wrong" });
  expect(await getDatasets({ tenantId: "tenant-1" })).toHaveLength(3);
});
