import { type Emulator, startEmulator } from "processmind-emulator";
import { api, makeTable, presign, send, upload } from "./client";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const UUID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test("the API and the storage listen on different ports of the loopback address", () => {
  const [apiPort, storagePort] = [emulator.apiUrl, emulator.storageUrl].map((url) => new URL(url).port);
  expect(new URL(emulator.apiUrl).hostname).toBe("127.0.0.1");
  expect(apiPort).not.toBe(storagePort);
  expect(emulator.environment).toEqual({
    PROCESSMIND_API_URL: emulator.apiUrl,
    PROCESSMIND_API_KEY: emulator.apiKey,
    PROCESSMIND_TENANT_ID: emulator.tenantId,
  });
});

test("tenant", async () => {
  const { status, json } = await api(emulator, "GET", "");
  expect([status, json]).toEqual([
    200,
    { id: emulator.tenantId, displayName: "Emulated tenant", createdAt: TIME, plan: "emulator" },
  ]);
});

test("datasets: create, list, get, delete", async () => {
  const created = await api(emulator, "POST", "/datasets", { displayName: "Sales" });
  expect([created.status, created.json]).toEqual([
    200,
    { id: UUID, displayName: "Sales", treeNodeType: "Dataset", treeParentId: null, createdAt: TIME },
  ]);
  const { id, createdAt } = created.json;
  expect((await api(emulator, "GET", "/datasets")).json).toEqual([
    { id, displayName: "Sales", createdAt, datatableCount: 0 },
  ]);
  expect((await api(emulator, "GET", `/datasets/${id}`)).json).toEqual({
    id,
    displayName: "Sales",
    createdAt,
    datatables: [],
  });
  const deleted = await api(emulator, "DELETE", `/datasets/${id}`);
  expect([deleted.status, deleted.json]).toEqual([200, { success: true }]);
  expect((await api(emulator, "GET", "/datasets")).json).toEqual([]);
  expect((await api(emulator, "GET", `/datasets/${id}`)).status).toBe(404);
});

test("datasets in a folder", async () => {
  const folder = (await api(emulator, "POST", "/datasets", { displayName: "Folder", treeNodeType: "TreeGroup" })).json;
  const inside = await api(emulator, "POST", "/datasets", { displayName: "Inside", treeParentId: folder.id });
  expect(inside.json).toMatchObject({ treeNodeType: "Dataset", treeParentId: folder.id });
});

test("datatables: create, list over the whole tenant, get, in the dataset", async () => {
  const { datasetId, datatableId } = await makeTable(emulator);
  await makeTable(emulator);
  await upload(emulator, { datasetId, datatableId }, "case_id,activity,timestamp\n1,Start,2024-01-01T08:00:00Z\n");
  const list = await api(emulator, "GET", "/datatables");
  expect(list.json).toHaveLength(2);
  expect(list.json[0]).toEqual({ id: datatableId, displayName: "Orders", datasetId, rowCount: 1, createdAt: TIME });
  expect((await api(emulator, "GET", `/datatable/${datatableId}`)).json).toEqual({
    id: datatableId,
    displayName: "Orders",
    datasetId,
    rowCount: 1,
    columns: [
      { name: "case_id", type: "integer" },
      { name: "activity", type: "string" },
      { name: "timestamp", type: "datetime" },
    ],
    createdAt: TIME,
  });
  expect((await api(emulator, "GET", `/datasets/${datasetId}`)).json.datatables).toEqual([
    { id: datatableId, displayName: "Orders", rowCount: 1 },
  ]);
  expect((await api(emulator, "GET", "/datasets")).json[0].datatableCount).toBe(1);
});

test("deleting a dataset destroys its datatables and their bytes, and no other's", async () => {
  const [doomed, other] = [await makeTable(emulator), await makeTable(emulator)];
  await upload(emulator, doomed, "a\n1\n");
  await upload(emulator, other, "a\n1\n2\n");
  const uploadId = emulator.uploads(doomed.datatableId)[0]?.id ?? "";
  await api(emulator, "DELETE", `/datasets/${doomed.datasetId}`);
  expect((await api(emulator, "GET", `/datatable/${doomed.datatableId}`)).status).toBe(404);
  await expect(async () => emulator.objectBytes(uploadId)).rejects.toThrow("No bytes are kept");
  expect((await api(emulator, "GET", `/datatable/${other.datatableId}`)).json.rowCount).toBe(2);
});

describe("requests that are refused", () => {
  test.each<[string, number, string, unknown?]>([
    ["POST /datasets", 400, "displayName is required", {}],
    ["POST /datasets", 400, "displayName is required", { displayName: "" }],
    ["POST /datasets", 400, "displayName is required", { displayName: "  " }],
    ["POST /datasets", 400, "displayName is required", { displayName: 7 }],
    ["POST /datasets", 400, "must be a JSON object", ["Sales"]],
    ["POST /datasets", 400, "treeNodeType must be", { displayName: "x", treeNodeType: "Folder" }],
    ["POST /datasets", 400, "is not the id of a TreeGroup", { displayName: "x", treeParentId: "nowhere" }],
    ["POST /datasets", 400, "is not the id of a TreeGroup", { displayName: "x", treeParentId: "{dataset}" }],
    ["POST /datasets", 400, "treeParentId must be", { displayName: "x", treeParentId: 7 }],
    ["POST /datasets/{dataset}/datatables", 400, "displayName is required", { displayName: "" }],
    ["POST /datasets/{folder}/datatables", 400, "is a TreeGroup", { displayName: "x" }],
    ["POST /datasets/nowhere/datatables", 404, "no dataset has the id nowhere", { displayName: "x" }],
    ["GET /datasets/nowhere", 404, "no dataset has the id nowhere"],
    ["DELETE /datasets/nowhere", 404, "no dataset has the id nowhere"],
    ["GET /datatable/nowhere", 404, "no datatable has the id nowhere"],
    ["GET /datatable/%zz", 404, "no such route"],
    ["GET /datatables/{table}", 404, "no such route"],
    ["PUT /datasets/{dataset}", 404, "no such route"],
    ["DELETE /datatable/{table}", 404, "no such route"],
    ["GET /processes", 404, "no such route"],
    ["GET /datatable/{table}/uploads/presignedurl", 400, "datasetid is required"],
  ])("%s: %i %s %j", async (...[call, status, message, body]) => {
    const { datasetId, datatableId } = await makeTable(emulator);
    const folder = await api(emulator, "POST", "/datasets", { displayName: "F", treeNodeType: "TreeGroup" });
    const filled = (text: string) =>
      text.replace("{dataset}", datasetId).replace("{table}", datatableId).replace("{folder}", folder.json.id);
    const [method = "", path = ""] = filled(call).split(" ");
    const sent = body === undefined ? undefined : JSON.parse(filled(JSON.stringify(body)));
    const answer = await api(emulator, method, path, sent);
    expect([answer.status, answer.json.message]).toEqual([status, expect.stringContaining(message)]);
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  test("a body that is no JSON, and one that is too large", async () => {
    const url = `${emulator.apiUrl}/tenant/${emulator.tenantId}/datasets`;
    const headers = { "x-api-key": emulator.apiKey };
    const broken = await send("POST", url, { headers, body: '{"displayName": ' });
    expect([broken.status, broken.json]).toEqual([400, { message: "the request body is not valid JSON" }]);
    const large = await send("POST", url, { headers, body: JSON.stringify({ displayName: "x".repeat(1_100_000) }) });
    expect([large.status, large.json.message]).toEqual([413, expect.stringContaining("larger than")]);
    expect(emulator.state().datasets).toEqual([]);
  });

  test.each([[undefined], ["wrong"], [""], ["emulator-api-key "]])("key %j", async (key) => {
    const headers = key === undefined ? undefined : { "x-api-key": encodeURI(key) };
    const answer = await send("GET", `${emulator.apiUrl}/tenant/${emulator.tenantId}/datasets`, { headers });
    expect([answer.status, answer.json]).toEqual([401, { message: "Unauthorized" }]);
  });

  test("a tenant that is not this one", async () => {
    const headers = { "x-api-key": emulator.apiKey };
    const answer = await send("GET", `${emulator.apiUrl}/tenant/another/datasets`, { headers });
    expect([answer.status, answer.json]).toEqual([404, { message: "no tenant has the id another" }]);
  });
});

describe("the request for an upload URL", () => {
  const GOOD = { filename: "a.csv", filesize: "10", filelastmodified: "1704067200000.25", validforseconds: "60" };

  async function ask(changes: Record<string, string | undefined>) {
    const { datasetId, datatableId } = await makeTable(emulator);
    const all = Object.entries({ datasetid: datasetId, ...GOOD, ...changes });
    const query = new URLSearchParams();
    for (const [name, value] of all) if (value !== undefined) query.append(name, value);
    return api(emulator, "GET", `/datatable/${datatableId}/uploads/presignedurl?${query}`);
  }

  test.each<[string, Record<string, string | undefined>, string]>([
    ["no datasetid", { datasetid: undefined }, "datasetid is required"],
    ["another dataset's id", { datasetid: "nowhere" }, "does not belong to dataset nowhere"],
    ["no filename", { filename: undefined }, "filename is required"],
    ["mis-cased", { filename: undefined, fileName: "a.csv" }, "names are case-sensitive: fileName"],
    ["a folder in the name", { filename: "../a.csv" }, "plain file name"],
    ["dots for a name", { filename: ".." }, "plain file name"],
    ["a name that is too long", { filename: "x".repeat(701) }, "plain file name"],
    ["no filesize", { filesize: undefined }, "filesize is required"],
    ["a fraction of a byte", { filesize: "1.5" }, "filesize must be a whole number"],
    ["no filelastmodified", { filelastmodified: undefined }, "filelastmodified is required"],
    ["a date in words", { filelastmodified: "today" }, "filelastmodified must be a number"],
    ["no life", { validforseconds: "0" }, "between 1 and 604800"],
    ["too long a life", { validforseconds: "604801" }, "between 1 and 604800"],
  ])("%s", async (_name, changes, message) => {
    const { status, json } = await ask(changes);
    expect([status, json.message]).toEqual([400, expect.stringContaining(message)]);
  });

  test.each([
    [undefined, "3600"],
    ["1", "1"],
    ["604800", "604800"],
  ])("validforseconds %s", async (given, expires) => {
    const { json } = await ask({ validforseconds: given });
    expect(Object.keys(json)).toEqual(["PreSignedUploadUrl"]);
    expect(new URL(json.PreSignedUploadUrl).searchParams.get("X-Amz-Expires")).toBe(expires);
  });

  test("a table that does not exist", async () => {
    const { datasetId } = await makeTable(emulator);
    expect(await presign(emulator, { datasetId, datatableId: "nowhere" })).toBe("undefined");
    expect(emulator.journal().at(-1)?.status).toBe(404);
  });
});
