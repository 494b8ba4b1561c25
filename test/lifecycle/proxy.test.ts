import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, connect } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { generate } from "selfsigned";
import { proxyFor } from "../../provider/config";

/**
 * Behind a company's proxy: both the API and storage are reached through HTTPS_PROXY and nothing else, and the key does not reach the proxy or storage. Names that no resolver knows prove that the proxy was used.
 */

const API = "https://api.processmind.test";
const STORAGE = "https://storage.processmind.test";
const CONTENT = "case_id,activity\n1,start\n";

interface Seen {
  host: string;
  method: string;
  url: string;
  key: string | undefined;
  body: string;
}

let folder: string;
let server: https.Server;
let proxy: http.Server;
let seen: Seen[];
let tunnels: { target: string; headers: http.IncomingHttpHeaders }[];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "proxy-test-"));
  await fs.writeFile(path.join(folder, "orders.csv"), CONTENT);
  const names = ["api.processmind.test", "storage.processmind.test"];
  const pems = await generate([{ name: "commonName", value: "processmind.test" }], {
    extensions: [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }],
  });
  await fs.writeFile(path.join(folder, "ca.pem"), pems.cert);
  server = https.createServer({ key: pems.private, cert: pems.cert }, answer);
  proxy = http.createServer((_request, response) => response.writeHead(400).end());
  proxy.on("connect", (request: http.IncomingMessage, client) => {
    tunnels.push({ target: request.url ?? "", headers: request.headers });
    const upstream = connect((server.address() as AddressInfo).port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on("error", () => client.destroy());
  });
  for (const listener of [server, proxy]) await once(listener.listen(0, "127.0.0.1"), "listening");
});

afterAll(async () => {
  server.closeAllConnections();
  proxy.closeAllConnections();
  await Promise.all([server, proxy].map((listener) => new Promise((closed) => listener.close(closed))));
  await fs.rm(folder, { recursive: true });
});

beforeEach(() => {
  seen = [];
  tunnels = [];
});

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { host = "", "x-api-key": key } = request.headers;
    const { method = "", url = "" } = request;
    seen.push({ host, method, url, key: key as string | undefined, body: Buffer.concat(chunks).toString() });
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ id: "table-1", PreSignedUploadUrl: `${STORAGE}/bucket/key?X-Amz-Signature=secret` }));
  });
}

/** Runs one upload in a process of its own, since certificates and proxies are taken from the environment at start. */
async function upload(environment: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const inputs = {
    datatableId: "table-1",
    datasetId: "set-1",
    tenantId: "tenant-1",
    source: "orders.csv",
    fileName: "orders.csv",
    contentSha256: createHash("sha256").update(CONTENT).digest("hex"),
    sizeBytes: CONTENT.length,
    waitForRowsSeconds: 0,
    timeoutSeconds: 60,
  };
  const script = `require(process.argv[1]).datatableUpload.create(${JSON.stringify(inputs)})
    .then((made) => console.log(JSON.stringify(made)), (error) => { console.log(error.message); process.exitCode = 1; });`;
  const lifecycle = path.resolve(__dirname, "../../dist/provider/lifecycle.js");
  const child = spawn(process.execPath, ["-e", script, lifecycle], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      PROCESSMIND_API_KEY: "proxy-test-key",
      PROCESSMIND_API_URL: API,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
      ...environment,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test.each(["HTTPS_PROXY", "https_proxy"])("the API and storage are reached through %s", async (variable) => {
  const { code, output } = await upload({ [variable]: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });

  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('"id":"table-1"') });
  expect(tunnels.map(({ target }) => target)).toEqual(["api.processmind.test:443", "storage.processmind.test:443"]);
  // The table, which a first upload looks at, and the address to upload to.
  const asked = { host: "api.processmind.test", method: "GET", key: "proxy-test-key", body: "" };
  expect(seen.map(({ host, method, key, body }) => ({ host, method, key, body }))).toEqual([
    asked,
    asked,
    { host: "storage.processmind.test", method: "PUT", key: undefined, body: CONTENT },
  ]);
  expect(JSON.stringify(tunnels)).not.toContain("proxy-test-key");
});

describe("proxyFor", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test.each([
    ["https://api.processmind.com", "", "http://proxy.test:3128"],
    ["https://api.processmind.com", "other.example, .processmind.com", undefined],
    ["https://api.processmind.com", "*", undefined],
    ["https://127.0.0.1:8443", "", undefined],
    ["http://localhost:8080", "", undefined],
  ])("%s with NO_PROXY=%s", (url, noProxy, expected) => {
    process.env["HTTPS_PROXY"] = "http://proxy.test:3128";
    process.env["HTTP_PROXY"] = "http://proxy.test:3128";
    process.env["NO_PROXY"] = noProxy;
    expect(proxyFor(url)).toBe(expected);
  });
});
