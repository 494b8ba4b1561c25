import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as https from "node:https";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { generate } from "selfsigned";
import { putFile } from "../../provider/api/upload";
import { ProcessMindError } from "../../provider/errors";
import { untrustedCertificate } from "../../provider/messages/requests";
import { put } from "../storage/upload-file";
import { testConnection } from "../support/loopback";
import { CALLS, type CallName } from "./calls";

/** A certificate nobody vouches for: nothing is sent, neither key nor file, and it is not tried again. */

let server: https.Server;
let url: string;
let requests = 0;
let handshakes = 0;

beforeAll(async () => {
  const pems = await generate([{ name: "commonName", value: "localhost" }]);
  server = https.createServer({ key: pems.private, cert: pems.cert }, (_request, response) => {
    requests += 1;
    response.end("{}");
  });
  server.on("connection", () => {
    handshakes += 1;
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `https://localhost:${(server.address() as net.AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  requests = 0;
  handshakes = 0;
});

test.each(Object.keys(CALLS) as CallName[])("%s", async (name) => {
  const error = await CALLS[name](testConnection(url)).catch((failure: unknown) => failure);
  expect(String(error)).toContain("DEPTH_ZERO_SELF_SIGNED_CERT (NETWORK).\n  - if your network inspects TLS");
  expect([handshakes, requests]).toEqual([1, 0]);
});

test("an upload", async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "hostile-tls-"));
  await fs.writeFile(path.join(folder, "a.csv"), "a\n");
  const file = await fs.open(path.join(folder, "a.csv"));
  const sha256 = createHash("sha256").update("a\n").digest("hex");
  const request = { url: `${url}/b?X-Amz-Signature=abc`, descriptor: file.fd, sizeBytes: 2, sha256, timeoutMs: 30_000 };
  const result = await putFile({ ...request, proxyFor: () => undefined, doing: 'uploading "a.csv"' });
  expect(result).toMatchObject({
    kind: "failed",
    mayRetry: false,
    error: {
      code: "NETWORK",
      message: expect.stringContaining('uploading "a.csv": the certificate of storage is not trusted: DEPTH_ZERO_SELF'),
    },
  });
  expect([handshakes, requests]).toEqual([1, 0]);
  await file.close();
  await fs.rm(folder, { recursive: true });
});

/** Asks each address for a dataset and prints what came of it. */
const ASK = `
const { getDataset } = require(process.argv[1]);
(async () => {
  for (const apiUrl of process.argv.slice(2)) {
    const connection = { apiUrl, apiKey: "pm-test-key-tls", timeoutSeconds: 60, proxyFor: () => undefined,
      now: Date.now, sleep: async () => undefined, random: () => 0 };
    console.log(await getDataset(connection, "t", "d").then(() => "accepted", ({ message }) => message));
  }
})();`;

test("a certificate that is vouched for, but is of another name or too old", async () => {
  const day = 86_400_000;
  const name = (commonName: string) => [{ name: "commonName", value: commonName }];
  const localhost = [{ name: "subjectAltName" as const, altNames: [{ type: 2 as const, value: "localhost" }] }];
  const certificates = [
    await generate(name("localhost"), { extensions: localhost }),
    await generate(name("api.example"), {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "api.example" }] }],
    }),
    await generate(name("localhost"), {
      extensions: localhost,
      notBeforeDate: new Date(Date.now() - 9 * day),
      notAfterDate: new Date(Date.now() - 2 * day),
    }),
  ];
  const keys: unknown[] = [];
  const servers = certificates.map(({ private: key, cert }) =>
    https.createServer({ key, cert }, ({ headers }, response) => {
      keys.push(headers["x-api-key"]);
      response.end('{"id":"d"}');
    }),
  );
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "hostile-ca-"));
  const trusted = path.join(folder, "trusted.pem");
  await fs.writeFile(trusted, certificates.map(({ cert }) => cert).join("\n"));
  const urls: string[] = [];
  for (const each of servers) {
    await once(each.listen(0, "127.0.0.1"), "listening");
    urls.push(`https://localhost:${(each.address() as net.AddressInfo).port}`);
  }
  const endpoints = path.resolve(__dirname, "../../dist/provider/api/endpoints.js");
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", ASK, endpoints, ...urls], { env });
  for (const each of servers) each.close();
  await fs.rm(folder, { recursive: true });
  const rejected = (code: string) =>
    new ProcessMindError("NETWORK", { doing: 'reading Dataset "d"', ...untrustedCertificate("the API", code) }).message;
  const messages = [rejected("ERR_TLS_CERT_ALTNAME_INVALID"), rejected("CERT_HAS_EXPIRED")];
  expect(stdout.trim()).toBe(["accepted", ...messages].join("\n"));
  expect(keys).toEqual(["pm-test-key-tls"]);
});

test.each<[string, string]>([
  ["plain HTTP", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"],
  ["a TLS alert", "\x15\x03\x01\x00\x02\x02\x28"],
])("%s where TLS should be: neither key nor file is sent", async (...[, bytes]) => {
  const received: Buffer[] = [];
  const plain = net.createServer((socket) => {
    socket.on("error", () => undefined).on("data", (data) => received.push(data));
    socket.once("data", () => socket.end(bytes, "latin1"));
  });
  await once(plain.listen(0, "127.0.0.1"), "listening");
  const address = `https://127.0.0.1:${(plain.address() as net.AddressInfo).port}`;
  const whatToDo = "check the URL: the server speaks no TLS";
  for (const [name, call] of Object.entries(CALLS)) {
    const error = await call(testConnection(address)).catch((failure: unknown) => failure);
    expect([name, String(error)]).toEqual([name, expect.stringContaining("the connection was lost (E")]);
    expect(String(error)).toContain(whatToDo);
  }
  const file = path.join(await fs.mkdtemp(path.join(os.tmpdir(), "hostile-plain-")), "a.csv");
  await fs.writeFile(file, "case,activity\n");
  const result = await put(`${address}/b?X-Amz-Signature=abc`, file);
  expect(result).toMatchObject({ kind: "failed", error: { message: expect.stringContaining(whatToDo) } });
  await fs.rm(path.dirname(file), { recursive: true });
  await new Promise((closed) => plain.close(closed));
  expect(Buffer.concat(received).toString("latin1")).not.toMatch(/pm-test-key|Amz|activity|tenant/);
});
