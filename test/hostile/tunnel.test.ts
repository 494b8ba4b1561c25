import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { put } from "../storage/upload-file";
import { testConnection } from "../support/loopback";
import { CALLS, type CallName } from "./calls";

/** A proxy that answers CONNECT with something else than a tunnel: its plain words are not those of API or storage. */

const PASSWORD = "hunter2-of-the-proxy";

let proxy: http.Server;
let host: string;
let file: string;
let answer: string;
let tunnels: number;

beforeAll(async () => {
  file = path.join(await fs.mkdtemp(path.join(os.tmpdir(), "tunnel-")), "small.csv");
  await fs.writeFile(file, "case,activity\n");
  proxy = http.createServer().on("connect", (_request, socket) => {
    tunnels += 1;
    socket.on("error", () => undefined).end(answer);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((closed) => proxy.close(closed));
  await fs.rm(path.dirname(file), { recursive: true });
});
beforeEach(() => {
  tunnels = 0;
});

const proxyFor = () => `http://me:${PASSWORD}@${host}`;
const said = (status: string, tried = "") =>
  `the proxy ${host} rejected the tunnel: ${status} (NETWORK${tried}).\n  - check HTTPS_PROXY`;
const list = (status: string) => `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]`;

const ANSWERS: [string, string, number][] = [
  ["status 201", list("201 Created"), 1],
  ["status 204", "HTTP/1.1 204 No Content\r\n\r\n", 1],
  ["status 302", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", 1],
  ["status 404", list("404 Not Found"), 1],
  ["status 407", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 1],
  ["status 502", list("502 Bad Gateway"), 4],
  ["no status", "hello\r\n\r\n", 1],
];

describe.each(ANSWERS)("%s", (status, text, attempts) => {
  const tried = attempts > 1 ? `, ${attempts} attempts` : "";

  test.each<CallName>(["listDatasets", "createDataset", "deleteDatatable"])("%s", async (name) => {
    answer = text;
    const connection = testConnection("https://api.test", { proxyFor });
    const error: unknown = await CALLS[name](connection).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "NETWORK", mayHaveHappened: false });
    expect(String(error)).toContain(said(status, tried));
    expect(String(error)).not.toContain(PASSWORD);
    expect(tunnels).toBe(attempts);
  });

  test("a small PUT", async () => {
    answer = text;
    const result = await put("https://s3.test/b?X-Amz-Signature=abc", file, { proxyFor, doing: "uploading" });
    expect(result).toMatchObject({
      kind: "failed",
      mayRetry: attempts > 1,
      error: { code: "NETWORK", message: expect.stringContaining(`uploading: ${said(status)}`) },
    });
  });
});
