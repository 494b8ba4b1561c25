import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { generate } from "selfsigned";
import { putFile } from "../../provider/api/upload";
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
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
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
  expect(String(error)).toMatch(
    /the API's certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\) \(\w+ \/tenant.*\)\. If your network inspects TLS, point NODE_EXTRA_CA_CERTS/,
  );
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
      message:
        'uploading "a.csv": storage\'s certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT) (PUT /b). ' +
        "If your network inspects TLS, point NODE_EXTRA_CA_CERTS at its certificate.",
    },
  });
  expect([handshakes, requests]).toEqual([1, 0]);
  await file.close();
  await fs.rm(folder, { recursive: true });
});
