import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { PutResult } from "../../provider/api/storage-answer";
import * as says from "../../provider/messages/requests";
import { put as putWhole } from "../storage/upload-file";
import { type Answer, type Loopback, startLoopback } from "../support/loopback";

/** Upload addresses and storage answers that would send the file, or the user, astray. */

let folder: string;
let server: Loopback;
let elsewhere: Loopback;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "hostile-"));
  await fs.writeFile(path.join(folder, "small.csv"), "case,activity\n");
  await fs.writeFile(path.join(folder, "large.csv"), Buffer.alloc(3 * 1024 * 1024, "case,activity\n"));
  server = await startLoopback();
  elsewhere = await startLoopback();
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
  await fs.rm(folder, { recursive: true });
});
beforeEach(() => {
  server.arrived.length = 0;
  elsewhere.arrived.length = 0;
  server.answer = (response) => response.end();
});

function put(url: string, name = "small.csv"): Promise<PutResult> {
  // Only the machine's pace would decide which comes first, an answer or the end of the wait for it.
  const plain = { timeoutMs: 30_000, continueLimitMs: 60_000, doing: 'uploading "orders.csv"' };
  return putWhole(url, path.join(folder, name), plain);
}

async function refusal(url: string, name?: string): Promise<string> {
  const result = await put(url, name).catch((error: unknown) => error);
  if (result instanceof Error) return result.message;
  const { kind, ...failed } = result as PutResult;
  return "error" in failed ? `${failed.error.message}${failed.mayRetry ? " (retried)" : ""}` : kind;
}

test.each([
  ["file:///etc/passwd?X-Amz-Signature=1", "file://"],
  ["ftp://127.0.0.1/a?X-Amz-Signature=1", "ftp://127.0.0.1"],
  ["data:text/plain,a", "data://"],
  ["http://10.0.0.1/a", "http://10.0.0.1"],
  ["http://169.254.169.254/latest/meta-data", "http://169.254.169.254"],
  ["http://127.0.0.1.example.com/a", "http://127.0.0.1.example.com"],
  ["http://127.0.0.1@10.0.0.1/a", "http://10.0.0.1"],
  ["http://0.0.0.0/a", "http://0.0.0.0"],
  ["http://[::ffff:7f00:1]/a", "http://[::ffff:7f00:1]"],
  ["http://localhost.example/a", "http://localhost.example"],
])("%s is no address for a file", async (url, shown) => {
  const { happened } = says.unsafeUploadUrl(shown, false);
  expect(await refusal(url)).toContain(`uploading "orders.csv": ${happened}: ${shown} (BAD_RESPONSE).`);
});

test("an address with a user is refused, and the user is not told", async () => {
  const url = server.url.replace("//", "//user:hunter2@");
  const message = await refusal(`${url}/a`);
  expect(message).toContain(`${says.unsafeUploadUrl("", true).happened}: http://127`);
  expect(message).not.toContain("hunter2");
  expect(server.arrived).toEqual([]);
});

test.each<[string, (base: string) => string, string]>([
  ["as it was signed", (base) => `${base}/b/k%20%7e?X=a%2Fb&Y=%7E+`, "/b/k%20%7e?X=a%2Fb&Y=%7E+"],
  ["a host in capitals", (base) => `${base.replace("127.0.0.1", "LOCALHOST")}/b?X=1`, "/b?X=1"],
  ["a host in a short form", (base) => `${base.replace("127.0.0.1", "127.1")}/b?X=1`, "/b?X=1"],
  ["a scheme in capitals", (base) => `${base.replace("http", "HTTP")}/b?X=1`, "/b?X=1"],
  ["no path", (base) => `${base}?X=1`, "/?X=1"],
  ["a fragment", (base) => `${base}/b?X=1#there`, "/b?X=1"],
  ["blanks around it", (base) => ` ${base}/b?X=1\n`, "/b?X=1"],
  ["a line break in it", (base) => `${base}/b\r\nX-Evil: 1`, "/bX-Evil:%201"],
  ["letters outside ASCII", (base) => `${base}/é`, "/%C3%A9"],
  ["the host again in the query", (base) => `${base}/b?next=${base}/c`, "/b?next=HERE/c"],
])("%s: what is sent", async (...[, address, expected]) => {
  expect(await put(address(server.url))).toEqual({ kind: "stored" });
  expect(server.arrived.map(({ url, headers }) => [url, headers["x-evil"]])).toEqual([
    [expected.replace("HERE", server.url), undefined],
  ]);
});

const xml = (code: string, message: string) => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const answer =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status).end(body);

test.each<[string, Answer, string]>([
  ["escape codes in the message", answer(400, xml("Bad", "\u001b[2J&#27;[31mred")), 'storage rejected it: "Bad:'],
  [
    "entities that grow",
    answer(400, `<!DOCTYPE x [<!ENTITY a "${"a".repeat(99)}"><!ENTITY b "${"&a;".repeat(99)}">]>${xml("&b;", "&b;")}`),
    "storage",
  ],
  [
    "a file as entity",
    answer(400, `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xml("Bad", "&a;")}`),
    "storage",
  ],
  ["nesting without end", answer(400, "<a>".repeat(20_000)), "storage rejected it"],
  ["JSON", answer(400, '{"message":"no"}'), "storage rejected it"],
  ["a redirect", (response) => response.writeHead(307, { Location: elsewhere.url }).end(), "storage rejected it"],
])("%s: told, not followed, not retried", async (...[, given, expected]) => {
  server.answer = given;
  const message = await refusal(`${server.url}/b?X-Amz-Signature=abc`);
  expect(message).toContain(`uploading "orders.csv": ${expected}`);
  expect(message).not.toMatch(/[^\P{Cc}\n]|abc|root:|\(retried\)/u);
  expect(message.length).toBeLessThan(1_000);
  expect([server.arrived.length, elsewhere.arrived.length]).toEqual([1, 0]);
});

test("a refusal without end is read to 64 kB", async () => {
  let taken = 0;
  server.answer = (response) => {
    response.writeHead(400);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, " "))) taken += 65_536;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  expect(await refusal(`${server.url}/b`)).toContain("storage rejected it");
  expect(taken).toBeLessThan(32 * 1024 * 1024);
});

const dripping = (text: string, drip: string) => (socket: net.Socket) => {
  socket.once("data", () => {
    socket.write(text);
    const timer = setInterval(() => socket.write(drip), 20);
    socket.once("close", () => clearInterval(timer));
  });
};

test.each<[string, string, (socket: net.Socket) => void, string]>([
  ["a byte of a header now and then", "small.csv", dripping("HTTP/1.1 403 No\r\nX-Long: ", "x"), "not finished within"],
  ["a byte of a refusal now and then", "small.csv", dripping("HTTP/1.1 403 No\r\n\r\n", "x"), "not finished within"],
  ["one 100 Continue after another", "large.csv", dripping("", "HTTP/1.1 100 Continue\r\n\r\n"), "not finished within"],
  ["a body that is never taken", "large.csv", (socket) => void socket.pause(), "not finished within"],
])("%s: ends with the time limit", async (...[, name, onConnection, expected]) => {
  const sockets: net.Socket[] = [];
  const slow = net.createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    onConnection(socket);
  });
  await once(slow.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(slow.address() as net.AddressInfo).port}/b?X-Amz-Signature=abc`;
  const result = await putWhole(url, path.join(folder, name), { timeoutMs: 200, doing: 'uploading "orders.csv"' });
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => slow.close(closed));
  expect(result).toMatchObject({
    kind: "failed",
    error: { code: "TIMEOUT", message: expect.stringContaining(expected) },
  });
});

test("headers of thousands of characters, and with a terminal's escape codes, do not flood what is told", async () => {
  const long = `\u009b31m${"x".repeat(3_000)}`;
  server.answer = (response) => response.writeHead(400, { "x-amz-request-id": long, "Retry-After": long }).end();
  const message = await refusal(`${server.url}/b`);
  expect(message).toContain("storage rejected it");
  expect([message.length < 1_000, /[^\P{Cc}\n]/u.test(message)]).toEqual([true, false]);
});

test("a yes before all bytes were sent is none", async () => {
  const early = net.createServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      });
  });
  await new Promise<void>((listening) => early.listen(0, "127.0.0.1", listening));
  const { port } = early.address() as net.AddressInfo;
  const said = await refusal(`http://127.0.0.1:${port}/b`, "large.csv");
  await new Promise((closed) => early.close(closed));
  expect(said).toBe(`${says.notByStorage('uploading "orders.csv"', true, { status: 200 }).message} (retried)`);
});

test.each([
  "<!DOCTYPE html><title>Welcome to our network</title>",
  '<?xml version="1.0"?><!-- x --><html lang="en"></html>',
  "  <script>location = '/login'</script>",
])("a web page that says yes is none, and nothing is sent again: %s", async (page) => {
  server.answer = (response) => response.writeHead(200, { "Content-Type": "text/html" }).end(page);
  const { message } = says.notByStorage('uploading "orders.csv"', false, { status: 200 });
  expect(await refusal(`${server.url}/b`)).toBe(message);
});
