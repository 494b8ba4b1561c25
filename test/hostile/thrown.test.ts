import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { inspect } from "node:util";
import { put } from "../storage/upload-file";
import { type Answer, json, type Loopback, startLoopback, testConnection } from "../support/loopback";
import { newTestKey, secretsIn } from "../support/secret-scan";
import { CALLS } from "./calls";

/**
 * What the API and storage throw, to its last hidden property: an HTTP client's own errors carry the request with its
 * headers, and so the key. The key is not made known to the errors here: nothing of it may get into one.
 */

const KEY = newTestKey();
/** Found by its value, should its name be lost. */
const SIGNED = `X-Amz-Credential=${newTestKey()}&X-Amz-Signature=${newTestKey()}`;

let server: Loopback;
let folder: string;

beforeAll(async () => {
  server = await startLoopback();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "thrown-"));
});
afterAll(async () => {
  await server.close();
  await fs.rm(folder, { recursive: true });
});

/** Every way an error is printed or kept; `showHidden` reaches symbols and what does not enumerate. */
function everythingOf(error: unknown): string {
  expect(error).toBeInstanceOf(Error);
  const { message, stack, cause } = error as Error;
  const whole = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  return [whole, JSON.stringify(error), String(error), message, stack, inspect(cause)].join("\n");
}

const hangUp: Answer = (response) => response.destroy();
const cut: Answer = (response) =>
  response.writeHead(200, { "Content-Length": 9 }).write("{", () => hangUp(response, {} as never));

test.each<[string, Answer, { timeoutSeconds?: number }]>([
  ["a refusal", json(400, { message: "no" }), {}],
  ["a fault of the server", json(503, { message: "later" }), {}],
  ["a redirect", (response) => response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end(), {}],
  ["a lost connection", hangUp, {}],
  ["half an answer", cut, {}],
  ["no answer in time", () => undefined, { timeoutSeconds: 0.2 }],
  ["no JSON", (response) => response.end("<html>"), {}],
  ["gzip that is none", (response) => response.setHeader("Content-Encoding", "gzip").end("x"), {}],
  ["a presigned address where none was expected", json(200, [{ [`https://s3.test/a?${SIGNED}`]: 1 }]), {}],
  ["a presigned address that cannot be used", json(200, { PreSignedUploadUrl: `s3.test/a?${SIGNED}` }), {}],
  ["a presigned address in a refusal", json(409, { message: `exists: https://s3.test/a?${SIGNED}` }), {}],
])("by the API, after %s", async (...[, answer, settings]) => {
  server.answer = answer;
  const calls =
    settings.timeoutSeconds === undefined ? Object.values(CALLS) : [CALLS.listDatasets, CALLS.createDataset];
  for (const call of calls) {
    const connection = testConnection(server.url, { apiKey: KEY, ...settings });
    const thrown = await call(connection).catch((error: unknown) => error);
    // After a DELETE, any object is an answer.
    if (thrown !== undefined) expect(secretsIn(everythingOf(thrown))).toEqual([]);
  }
});

test("by the API, where nobody listens", async () => {
  const connection = testConnection("http://127.0.0.1:1", { apiKey: KEY });
  const thrown = await CALLS.listDatasets(connection).catch((error: unknown) => error);
  expect(secretsIn(everythingOf(thrown))).toEqual([]);
});

test("by a proxy that wants another password", async () => {
  const proxy = http.createServer().on("connect", (_request, socket) => {
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const { port } = proxy.address() as import("node:net").AddressInfo;
  const proxyFor = () => `http://me:${newTestKey()}@127.0.0.1:${port}`;
  const connection = testConnection("https://api.test", { apiKey: KEY, proxyFor });
  const thrown = await CALLS.listDatasets(connection).catch((error: unknown) => error);
  await new Promise((closed) => proxy.close(closed));
  expect(secretsIn(everythingOf(thrown))).toEqual([]);
});

test.each<[string, Answer]>([
  ["a refusal", (response) => response.writeHead(400).end()],
  ["a refusal that repeats the address", (response, { url }) => response.writeHead(403).end(s3Error(server.url + url))],
  ["a redirect", (response) => response.writeHead(307, { Location: `${server.url}/c?${SIGNED}` }).end()],
  ["a lost connection", hangUp],
  ["no answer in time", () => undefined],
])("by storage, after %s", async (...[, answer]) => {
  server.answer = answer;
  expect(secretsIn(everythingOf(await failureOfPut(`${server.url}/b?${SIGNED}`)))).toEqual([]);
});

test.each<[string, string]>([
  ["that is not https", "http://10.0.0.1/b"],
  ["with a user", `https://me:${newTestKey()}@s3.test/b`],
  ["where nobody listens", "http://127.0.0.1:1/b"],
])("by an upload to an address %s", async (...[, address]) => {
  expect(secretsIn(everythingOf(await failureOfPut(`${address}?${SIGNED}`)))).toEqual([]);
});

const s3Error = (message: string) =>
  `<Error><Code>No</Code><Message>${message.replaceAll("&", "&amp;")}</Message></Error>`;

async function failureOfPut(url: string): Promise<unknown> {
  const file = path.join(folder, "orders.csv");
  await fs.writeFile(file, "a\n1\n");
  const result = await put(url, file, { timeoutMs: 500, doing: 'uploading "orders.csv"' }).catch(
    (error: unknown) => error,
  );
  return result instanceof Error || result === undefined ? result : (result as { error?: unknown }).error;
}
