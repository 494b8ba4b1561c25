import { type Emulator, startEmulator } from "processmind-emulator";
import { api, makeTable, presign, RawConnection, send, upload } from "./client";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ behaviour: { createStatus: 201 } });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A call of the control endpoint: no key, any body. */
function control(method: string, path: string, body?: unknown) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return send(method, `${emulator.controlUrl}${path}`, { body: text });
}

test("lists what there is, without a key", async () => {
  const { status, headers, json } = await control("GET", "");
  expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
  expect(json).toEqual({ tenantId: emulator.tenantId, controls: expect.arrayContaining(["POST reset", "GET state"]) });
  expect(json.controls).toHaveLength(17);
});

test("reset brings back the empty tenant, the first behaviour and the real time, and keeps tenant and key", async () => {
  const table = await makeTable(emulator);
  await upload(emulator, table, "a\n1\n");
  const url = await presign(emulator, table);
  await control("PATCH", "/behaviour", { createStatus: 200, missingStatus: 403 });
  await control("POST", "/faults", { kind: "reset", times: "always" });
  await control("POST", "/clock", { advanceSeconds: 3601 });
  const { tenantId } = emulator;
  expect((await control("POST", "/reset")).json).toEqual({ ok: true });
  expect(emulator.state()).toMatchObject({ tenant: { id: tenantId }, datasets: [], datatables: [], uploads: [] });
  expect(emulator.journal()).toEqual([]);
  expect((await api(emulator, "POST", "/datasets", { displayName: "Sales" })).status).toBe(201);
  expect((await api(emulator, "GET", "/datasets/nowhere")).status).toBe(404);
  const createdAt = Date.parse(emulator.state().datasets[0]?.createdAt ?? "");
  expect(createdAt).toBeLessThanOrEqual(Date.now());
  expect((await send("PUT", url, { body: "a\n1\n" })).status).toBe(403);
});

test("the journal holds every request whole, the key masked, and not the control calls", async () => {
  await api(emulator, "POST", "/datasets?note=a%20b+c", { displayName: "Sales" });
  const { json } = await control("GET", "/journal");
  expect(json).toEqual([
    {
      number: 1,
      at: expect.any(String),
      server: "api",
      route: "datasets.create",
      method: "POST",
      path: `/tenant/${emulator.tenantId}/datasets`,
      query: { note: "a b c" },
      headers: expect.objectContaining({ "x-api-key": "[given]", "content-length": "23" }),
      body: { displayName: "Sales" },
      status: 201,
      ending: "answered",
      durationMs: expect.any(Number),
      receivedBytes: 23,
      sentBytes: expect.any(Number),
      committed: true,
    },
  ]);
  expect((await control("DELETE", "/journal")).json).toEqual({ ok: true });
  expect(emulator.journal()).toEqual([]);
});

test("faults: added, replaced, taken away", async () => {
  await control("POST", "/faults", { kind: "reply", status: 503 });
  await control("POST", "/faults", { kind: "reply", status: 504 });
  expect((await api(emulator, "GET", "/datasets")).status).toBe(503);
  await control("PUT", "/faults", [{ kind: "reply", status: 429, times: "always" }]);
  expect((await api(emulator, "GET", "/datasets")).status).toBe(429);
  await control("DELETE", "/faults");
  expect((await api(emulator, "GET", "/datasets")).status).toBe(200);
});

test("behaviour: shown, changed in part", async () => {
  const before = (await control("GET", "/behaviour")).json;
  expect(before).toEqual(emulator.behaviour());
  const after = (await control("PATCH", "/behaviour", { uniqueNames: true, hiddenFields: ["rowCount"] })).json;
  expect(after).toEqual({ ...before, uniqueNames: true, hiddenFields: ["rowCount"] });
});

test("the state, without the secret that signs URLs, and the bytes of an upload by id or key", async () => {
  await upload(emulator, await makeTable(emulator), "a\nÄ\n");
  const { json } = await control("GET", "/state");
  const { signingSecret, ...shown } = emulator.state();
  expect(json).toEqual(shown);
  expect(JSON.stringify(json)).not.toContain(signingSecret);
  const { id, key } = json.uploads[0];
  for (const name of [id, encodeURIComponent(key)]) {
    const bytes = await control("GET", `/objects/${name}`);
    expect([bytes.headers["content-type"], bytes.text]).toEqual(["application/octet-stream", "a\nÄ\n"]);
  }
});

test("changes behind the API's back: rename, move, row count, columns, delete", async () => {
  const { datasetId, datatableId } = await makeTable(emulator);
  await control("PATCH", `/datasets/${datasetId}`, { displayName: "By hand", treeParentId: null });
  await control("PATCH", `/datatables/${datatableId}`, { displayName: "Too", rowCount: 5 });
  await control("PATCH", `/datatables/${datatableId}`, { columns: [{ name: "a", type: "integer" }] });
  expect((await api(emulator, "GET", `/datasets/${datasetId}`)).json).toMatchObject({
    displayName: "By hand",
    datatables: [{ id: datatableId, displayName: "Too", rowCount: 5 }],
  });
  expect((await api(emulator, "GET", `/datatable/${datatableId}`)).json.columns).toEqual([
    { name: "a", type: "integer" },
  ]);
  await control("DELETE", `/datatables/${datatableId}`);
  expect((await api(emulator, "GET", `/datatable/${datatableId}`)).status).toBe(404);
});

test("folders moved into each other are deleted with all they hold", async () => {
  const folders = [];
  for (const displayName of ["a", "b"]) {
    folders.push((await api(emulator, "POST", "/datasets", { displayName, treeNodeType: "TreeGroup" })).json.id);
  }
  for (const [id, treeParentId] of [folders, [...folders].reverse()]) {
    await control("PATCH", `/datasets/${id}`, { treeParentId });
  }
  expect((await api(emulator, "DELETE", `/datasets/${folders[0]}`)).json).toEqual({ success: true });
  expect(emulator.state().datasets).toEqual([]);
});

test("URLs expire at once, or as the clock moves; settled waits for rows", async () => {
  const table = await makeTable(emulator);
  const [first, second] = [await presign(emulator, table), await presign(emulator, table)];
  emulator.setBehaviour({ ingestionDelayMs: 20 });
  await send("PUT", first, { body: "a\n1\n" });
  expect((await control("POST", "/settled")).json).toEqual({ ok: true });
  expect(emulator.state().datatables[0]?.rowCount).toBe(1);
  await control("POST", "/expire-urls");
  expect((await send("PUT", first, { body: "a\n1\n" })).status).toBe(403);
  await control("POST", "/clock", { advanceSeconds: 3601 });
  expect((await send("PUT", second, { body: "a\n1\n" })).status).toBe(403);
});

describe("is rejected, and changes nothing", () => {
  test.each<[string, unknown, string]>([
    ["POST /faults", undefined, "must be a JSON object"],
    ["POST /faults", "{", "JSON"],
    ["POST /faults", "null", "must be a JSON object"],
    ["POST /faults", [], "must be a JSON object"],
    ["POST /faults", { kind: "explode" }, 'Unknown fault kind "explode"'],
    ["POST /faults", {}, "Unknown fault kind"],
    ["POST /faults", { kind: "reply" }, "needs status, a whole number"],
    ["POST /faults", { kind: "reply", status: 99 }, "The status of a fault must be a whole number from 200 to 599."],
    ["POST /faults", { kind: "html", status: "502" }, "The status of a fault must be a whole number from 200 to 599."],
    ["POST /faults", { kind: "delay", ms: -1 }, "needs ms, a whole number"],
    ["POST /faults", { kind: "reset-after-bytes", bytes: 1.5 }, "needs bytes, a whole number"],
    ["POST /faults", { kind: "reset", times: "twice" }, "The field times of a fault must be a whole number"],
    ["POST /faults", { kind: "reset", after: "1" }, "The field after of a fault must be a whole number"],
    ["POST /faults", { kind: "reset", match: { route: "dataset.create" } }, 'Unknown route "dataset.create"'],
    [
      "POST /faults",
      { kind: "reset", match: { path: "(" } },
      "The field match.path of a fault is not a regular expression",
    ],
    ["POST /faults", { kind: "reset", match: null }, "The match of a fault must be an object"],
    ["POST /faults", { kind: "reset", match: { method: 5 } }, "The field match.method of a fault must be a string"],
    ["POST /faults", { kind: "reset", match: { url: "x" } }, 'has the fields method, route and path, not "url"'],
    ["POST /faults", { kind: "reply", status: 200, headers: "x" }, "The headers of a fault must be an object"],
    [
      "POST /faults",
      { kind: "reply", status: 200, headers: { a: 5 } },
      'The headers of a fault cannot hold "a": its value is not a string',
    ],
    [
      "POST /faults",
      { kind: "reply", status: 200, headers: { a: "b\r\nc: d" } },
      'The headers of a fault cannot hold "a"',
    ],
    ["POST /faults", { kind: "early-close", body: {} }, "The body of a fault of kind early-close must be a string"],
    ["POST /faults", `${"[".repeat(101)}${"]".repeat(101)}`, "nested deeper than 100 levels"],
    ["PUT /faults", { kind: "reset" }, "must be a JSON array"],
    ["PUT /faults", [{ kind: "reset" }, null], "must be a JSON object"],
    ["PATCH /behaviour", { uniqueName: true }, 'Unknown behaviour "uniqueName"'],
    ["PATCH /behaviour", { uniqueNames: "yes" }, "- use true, false"],
    ["PATCH /behaviour", { missingStatus: 410 }, "- use 404, 403"],
    ["PATCH /behaviour", { ingestionDelayMs: -1 }, "- use count"],
    ["PATCH /behaviour", { hiddenFields: "rowCount" }, "- use names"],
    ["PATCH /behaviour", { signedContentType: "" }, "- use text or null"],
    ["PATCH /datasets/nowhere", { displayName: "x" }, "No object has the id nowhere."],
    ["PATCH /datasets/{dataset}", { displayName: 5 }, "displayName cannot be 5"],
    ["PATCH /datasets/{dataset}", { treeParentId: 5 }, "treeParentId cannot be 5"],
    ["PATCH /datasets/{dataset}", { displayName: "y", id: "other" }, "The field id cannot be changed."],
    ["PATCH /datatables/{table}", { rowCount: "5" }, 'rowCount cannot be "5"'],
    ["PATCH /datatables/{table}", { columns: [{ name: "a", type: "float" }] }, "columns cannot be"],
    ["POST /clock", {}, "advanceSeconds must be a number"],
    [
      "POST /clock",
      '{"advanceSeconds": 1e300}',
      "advanceSeconds must be a number that keeps the clock within a century",
    ],
    ["GET /objects/nowhere", undefined, "No bytes are kept for the upload nowhere"],
    ["GET /objects/%zz", undefined, "URI malformed"],
  ])("%s %j: %s", async (...[call, body, message]) => {
    const { datasetId, datatableId } = await makeTable(emulator);
    const before = [emulator.state(), emulator.behaviour()];
    const [method = "", path = ""] = call.replace("{dataset}", datasetId).replace("{table}", datatableId).split(" ");
    const { status, json } = await control(method, path, body);
    expect([status, json]).toEqual([400, { message: expect.stringContaining(message) }]);
    expect([emulator.state(), emulator.behaviour()]).toEqual(before);
    expect((await api(emulator, "GET", "/datasets")).status).toBe(200);
  });

  test.each([["GET /nothing"], ["PATCH /journal"], ["DELETE /reset"], ["POST /faults/1"], ["POST /objects/x"]])(
    "%s is no control",
    async (call) => {
      const [method = "", path = ""] = call.split(" ");
      const { status, json } = await control(method, path);
      expect([status, json.message]).toEqual([404, `no such control: ${method} ${path.slice(1)}`]);
    },
  );

  test.each<Record<string, string>>([
    { Host: "evil.example" },
    { Host: "127.0.0.1.evil.example:80" },
    { Host: "localhost." },
    { Origin: "https://evil.example" },
    { Origin: "null" },
  ])("a web page that sends %j", async (headers) => {
    const answer = await send("POST", `${emulator.controlUrl}/reset`, { headers });
    expect([answer.status, answer.json.message]).toEqual([403, expect.stringContaining("loopback addresses only")]);
  });
});

test("a path no URL parser takes is answered, and journalled, on both servers", async () => {
  for (const url of [emulator.apiUrl, emulator.storageUrl]) {
    const connection = await RawConnection.open(url);
    connection.socket.write("GET // HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until("HTTP/1.1 40");
    connection.socket.destroy();
  }
  expect(emulator.journal()).toMatchObject([{ path: "//" }, { path: "//" }]);
});
