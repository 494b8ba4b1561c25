import * as endpoints from "../../../provider/api/endpoints";
import type { Connection } from "../../../provider/api/http";
import { inTurn, json, type Loopback, startLoopback, testConnection } from "../../support/loopback";

let server: Loopback;

beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());
beforeEach(() => {
  server.arrived.length = 0;
});

const UPLOAD = {
  datasetId: "d/1",
  datatableId: "t 1",
  fileName: "žluť & co.csv",
  sizeBytes: 12,
  lastModifiedMs: 1704067200000,
};

/** Every call of the vendor's reference: what is sent, and what is made of the answer. */
const CALLS: [
  name: string,
  call: (to: Connection) => Promise<unknown>,
  sent: string,
  body: unknown,
  answer: unknown,
  result: unknown,
][] = [
  [
    "listDatasets",
    (to) => endpoints.listDatasets(to, "a/b"),
    "GET /tenant/a%2Fb/datasets",
    undefined,
    [{ id: 1 }],
    [{ id: "1" }],
  ],
  [
    "createDataset",
    (to) => endpoints.createDataset(to, "t", { displayName: "Žluť", treeNodeType: "TreeGroup", treeParentId: null }),
    "POST /tenant/t/datasets",
    { displayName: "Žluť", treeNodeType: "TreeGroup", treeParentId: null },
    { id: "d" },
    { id: "d" },
  ],
  [
    "getDataset",
    (to) => endpoints.getDataset(to, "t", "d?x"),
    "GET /tenant/t/datasets/d%3Fx",
    undefined,
    { id: "D?x" },
    { id: "D?x" },
  ],
  [
    "deleteDataset",
    (to) => endpoints.deleteDataset(to, "t", "d#x"),
    "DELETE /tenant/t/datasets/d%23x",
    undefined,
    { success: true },
    true,
  ],
  ["listDatatables", (to) => endpoints.listDatatables(to, "t"), "GET /tenant/t/datatables", undefined, [], []],
  [
    "createDatatable",
    (to) => endpoints.createDatatable(to, "t", "d 1", { displayName: "Orders" }),
    "POST /tenant/t/datasets/d%201/datatables",
    { displayName: "Orders" },
    { id: "t" },
    { id: "t" },
  ],
  [
    "getDatatable",
    (to) => endpoints.getDatatable(to, "t", "é"),
    "GET /tenant/t/datatable/%C3%A9",
    undefined,
    { id: "é" },
    { id: "é" },
  ],
  [
    "deleteDatatable",
    (to) => endpoints.deleteDatatable(to, "t", "x"),
    "DELETE /tenant/t/datatable/x",
    undefined,
    { success: false },
    false,
  ],
  [
    "presignUpload",
    (to) => endpoints.presignUpload(to, "t", UPLOAD),
    "GET /tenant/t/datatable/t%201/uploads/presignedurl?datasetid=d%2F1&filename=%C5%BElu%C5%A5%20%26%20co.csv&filesize=12&filelastmodified=1704067200000",
    undefined,
    { PreSignedUploadUrl: "https://s3.test/k?s=1" },
    "https://s3.test/k?s=1",
  ],
  [
    "presignUpload, for longer",
    (to) => endpoints.presignUpload(to, "t", { ...UPLOAD, fileName: "a.csv", validForSeconds: 7200 }),
    "GET /tenant/t/datatable/t%201/uploads/presignedurl?datasetid=d%2F1&filename=a.csv&filesize=12&filelastmodified=1704067200000&validforseconds=7200",
    undefined,
    { PreSignedUploadUrl: "https://s3.test/k" },
    "https://s3.test/k",
  ],
];

test.each(CALLS)("%s", async (...[, call, sent, body, answer, result]) => {
  server.answer = json(200, answer);
  const received = await call(testConnection(server.url));
  const made =
    received instanceof Object && "details" in received ? (received as endpoints.Created<unknown>).details() : received;
  expect(made).toEqual(result);
  expect(server.arrived.map((arrived) => `${arrived.method} ${arrived.url}`)).toEqual([sent]);
  expect(server.arrived.map((arrived) => (arrived.body === "" ? undefined : JSON.parse(arrived.body)))).toEqual([body]);
});

test("a create whose reply has an id and nonsense has an id; the nonsense is told when it is asked for", async () => {
  server.answer = json(201, { id: "d", displayName: 5 });
  const created = await endpoints.createDataset(testConnection(server.url), "t", {
    displayName: "Sales",
    treeNodeType: "Dataset",
    treeParentId: null,
  });
  expect(created.id).toBe("d");
  expect(() => created.details()).toThrow(
    expect.objectContaining({ code: "BAD_RESPONSE", path: "/tenant/t/datasets", mayHaveHappened: true }),
  );
});

test.each<[string, (to: Connection) => Promise<unknown>, unknown]>([
  [
    "a table in a dataset just made",
    (to) => endpoints.createDatatable(to, "t", "d", { displayName: "x" }),
    { id: "x" },
  ],
  [
    "an upload to a table just made",
    (to) => endpoints.presignUpload(to, "t", UPLOAD),
    { PreSignedUploadUrl: "https://s3.test/k" },
  ],
])("%s is asked for again while the service does not know it yet", async (_what, call, answer) => {
  server.answer = inTurn(json(404, {}), json(404, {}), json(200, answer));
  const connection = testConnection(server.url);
  await call(connection);
  expect([server.arrived.length, connection.sleeps]).toEqual([3, [500, 500]]);
});

test.each<[string, (to: Connection) => Promise<unknown>]>([
  ["a dataset", (to) => endpoints.getDataset(to, "t", "d")],
  ["a datatable", (to) => endpoints.getDatatable(to, "t", "x")],
])("%s that is not there is told at once", async (_what, call) => {
  server.answer = json(404, {});
  await expect(call(testConnection(server.url))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(server.arrived).toHaveLength(1);
});
