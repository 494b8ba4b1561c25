import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Properties } from "../../engine/model";
import { type DynamicHost, startDynamicHost } from "../support/dynamic-host";
import { inTurn, json, type Loopback, startLoopback } from "../support/loopback";
import { newTestKey, secretsIn } from "../support/secret-scan";

/** The same through Pulumi's provider process: what its errors, its output and its end give away. */

const SIGNATURE = "X-Amz-Signature=0123456789abcdef";
let server: Loopback;
let elsewhere: Loopback;
let host: DynamicHost;
let folder: string;

/** An error nobody caught, with all that an HTTP client hangs on it, while an operation is under way. */
const CRASH = `
if (process.argv.some((argument) => argument.includes("dynamic-provider"))) {
  require("node:diagnostics_channel").subscribe("http.client.request.start", ({ request }) => {
    if (!request.path.includes("crash")) return;
    const key = request.getHeader("x-api-key");
    const error = Object.assign(new Error("nobody caught this"), { config: { headers: { "x-api-key": key } }, request });
    setImmediate(() => { throw error; });
    Promise.reject(error);
  });
}
`;

beforeAll(async () => {
  server = await startLoopback();
  elsewhere = await startLoopback();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "crash-"));
  const crash = path.join(folder, "crash.js");
  await fs.writeFile(crash, CRASH);
  host = await startDynamicHost({
    env: {
      PROCESSMIND_API_URL: server.url,
      PROCESSMIND_API_KEY: newTestKey(),
      NODE_OPTIONS: `--require ${JSON.stringify(crash)}`,
    },
    files: { "orders.csv": "case,activity\n1,start\n" },
  });
});
afterAll(async () => {
  await host.close();
  await server.close();
  await elsewhere.close();
  await fs.rm(folder, { recursive: true });
});
beforeEach(() => {
  host.logs.length = 0;
  server.arrived.length = 0;
  elsewhere.arrived.length = 0;
});

async function everythingTold(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((failure: unknown) => failure);
  const about = error instanceof Error ? [error.message, error.stack, JSON.stringify(error), String(error)] : [error];
  return [...about, ...host.logs.map(({ message }) => message)].join("\n");
}

const SALES: Properties = { displayName: "Sales", treeNodeType: "Dataset", tenantId: "t" };

async function uploadInputs(): Promise<Properties> {
  const given = { datatableId: "dt", datasetId: "d", tenantId: "t", source: "orders.csv", waitForRowsSeconds: 0 };
  const { inputs, failures } = await host.check("datatableUpload", {}, given);
  expect(failures).toEqual([]);
  return inputs;
}

test("a redirect to another host", async () => {
  server.answer = (response) => response.writeHead(302, { Location: elsewhere.url }).end();
  const told = await everythingTold(host.create("dataset", SALES));
  expect(told).toContain("redirects are not followed, since the key must not leave the API");
  expect([secretsIn(told), elsewhere.arrived]).toEqual([[], []]);
});

test.each(["http://10.255.255.1/b", "file:///etc/passwd"])("an upload address like %s", async (address) => {
  const inputs = await uploadInputs();
  server.answer = json(200, { id: "dt", PreSignedUploadUrl: `${address}?${SIGNATURE}` });
  const told = await everythingTold(host.create("datatableUpload", inputs));
  expect(told).toContain("not sent, as the upload URL is not https");
  expect(secretsIn(told)).toEqual([]);
});

test("storage that repeats the address and asks for the key", async () => {
  const inputs = await uploadInputs();
  server.answer = json(200, { id: "dt", PreSignedUploadUrl: `${elsewhere.url}/b?${SIGNATURE}` });
  elsewhere.answer = (response, { url }) => {
    response.writeHead(401, { "WWW-Authenticate": "Basic" });
    response.end(`<Error><Code>No</Code><Message>${elsewhere.url}${url}</Message></Error>`);
  };
  const told = await everythingTold(host.create("datatableUpload", inputs));
  expect(told).toContain('storage rejected it: "No:');
  expect(secretsIn(told)).toEqual([]);
  expect(elsewhere.arrived.map(({ headers }) => [headers["x-api-key"], headers.authorization])).toEqual([
    [undefined, undefined],
  ]);
});

test("a create whose answer has an id and nothing else of use is in the state", async () => {
  server.answer = inTurn(json(200, []), json(200, { id: 7, createdAt: ["never"], treeParentId: {} }));
  await expect(host.create("dataset", SALES)).rejects.toMatchObject({ name: "InitError", id: "7" });
});

test("names from the API that steer a terminal: in no warning and in no refusal", async () => {
  const name = "Sales\u001b[2J\u009b31m\u0007";
  server.answer = json(200, { id: "d", displayName: name, treeParentId: name, datatables: [] });
  const { inputs, outputs } = await host.read("dataset", "d", { ...SALES, adopted: true });
  await host.delete("dataset", "d", outputs);
  const { failures } = await host.check("dataset", inputs ?? {}, SALES);
  const told = [...host.logs.map(({ message }) => message), ...failures.map(({ reason }) => reason)];
  expect(told).toEqual([
    expect.stringContaining('Dataset "Sales [2J 31m " (d) stays in ProcessMind'),
    expect.stringContaining("cannot change displayName from"),
    expect.stringContaining("cannot change treeParentId from"),
  ]);
  expect(told.join("")).not.toMatch(/[^\P{Cc}\n]/u);
});

test("an error nobody caught prints no key", async () => {
  server.answer = json(404, {});
  const told = await everythingTold(
    host.read("datatable", "crash", { datasetId: "d", displayName: "a", tenantId: "t" }),
  );
  expect(told).toContain("nobody caught this");
  expect(secretsIn(told)).toEqual([]);
});
