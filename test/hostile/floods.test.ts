import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as net from "node:net";
import { gzipSync } from "node:zlib";
import { ProcessMindError } from "../../provider/errors";
import { type Answer, type Loopback, startLoopback, testConnection } from "../support/loopback";
import { CALLS, type CallName } from "./calls";

/** Answers that never end, end too late, or are no answers: bounded in memory and time. */

const MIB = 1024 * 1024;
const BLANKS = Buffer.alloc(MIB, " ");
let server: Loopback;

beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());
beforeEach(() => {
  server.arrived.length = 0;
});

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "accepted",
    (error: unknown) => (error instanceof ProcessMindError ? `${error.code}: ${error.message}` : String(error)),
  );
}

/** Spaces without end, as fast as they are taken; `taken` counts them. */
let taken = 0;
const flood =
  (status: number): Answer =>
  (response) => {
    taken = 0;
    response.writeHead(status, { "Content-Type": "application/json" });
    const more = () => {
      while (taken < 200 * MIB && !response.destroyed) {
        taken += MIB;
        if (!response.write(BLANKS)) return void response.once("drain", more);
      }
      response.end("{}");
    };
    more();
  };

test.each([...Object.keys(CALLS).map((name) => [name, 200]), ["listDatasets", 503], ["createDataset", 400]] as [
  CallName,
  number,
][])("200 MB for %s (%i): refused at 16 MiB, and not asked for again", async (name, status) => {
  server.answer = flood(status);
  expect(await codeOf(CALLS[name](testConnection(server.url)))).toMatch(
    /^BAD_RESPONSE: .*: the response is larger than 16 MiB \(BAD_RESPONSE/,
  );
  expect(taken).toBeLessThan(50 * MIB);
  expect(server.arrived).toHaveLength(1);
});

test("200 MB in 200 kB of gzip: the same", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * MIB, " "));
  server.answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
    response.end(bomb);
  };
  expect(await codeOf(CALLS.getDataset(testConnection(server.url)))).toMatch(/^BAD_RESPONSE: .*larger than 16 MiB/);
});

/** A raw server on this machine that answers every connection so. */
async function withServer(onConnection: (socket: net.Socket) => void, use: (port: number) => Promise<void>) {
  const sockets = new Set<net.Socket>();
  const raw = net.createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onConnection(socket);
  });
  await once(raw.listen(0, "127.0.0.1"), "listening");
  try {
    await use((raw.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => raw.close(closed));
  }
}

/** Sends the text and then a little more of it, again and again. */
const dripping = (text: string, drip: string) => (socket: net.Socket) => {
  socket.once("data", () => {
    socket.write(text);
    const timer = setInterval(() => socket.write(drip), 20);
    socket.once("close", () => clearInterval(timer));
  });
};

test.each<[string, "http" | "https", (socket: net.Socket) => void]>([
  ["a byte of the body now and then", "http", dripping("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", " ")],
  ["a chunk now and then", "http", dripping("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n")],
  ["a byte of a header now and then", "http", dripping("HTTP/1.1 200 OK\r\nX-Long: ", "x")],
  ["one 100 Continue after another", "http", dripping("", "HTTP/1.1 100 Continue\r\n\r\n")],
  ["silence", "http", () => undefined],
  ["silence instead of TLS", "https", () => undefined],
])("%s: every call ends with the time limit of the operation", async (...[, scheme, onConnection]) => {
  await withServer(onConnection, async (port) => {
    const started = Date.now();
    const connection = testConnection(`${scheme}://127.0.0.1:${port}`, {
      timeoutSeconds: 0.2,
      now: () => Date.now() - started,
    });
    const ends = await Promise.all(
      Object.entries(CALLS).map(async ([name, call]) => [name, await codeOf(call(connection))]),
    );
    const limit = expect.stringMatching(/^TIMEOUT: .*(no response within [\d.]+ s|not sent, as)/);
    expect(ends).toEqual(Object.keys(CALLS).map((name) => [name, limit]));
  });
});

test.each<[string, Answer]>([
  ["gzip that is none", (response) => response.setHeader("Content-Encoding", "gzip").end("not gzip")],
  ["an unknown encoding", (response) => response.setHeader("Content-Encoding", "zstd").end("{")],
  [
    "fewer bytes than promised",
    (response) => {
      response.writeHead(200, { "Content-Length": 100 });
      response.write('{"id":"1"}', () => response.destroy());
    },
  ],
])("%s is told, and a POST is not sent twice", async (...[, answer]) => {
  server.answer = answer;
  expect(await codeOf(CALLS.createDataset(testConnection(server.url)))).toMatch(
    /^(NETWORK|BAD_RESPONSE): creating Dataset/,
  );
  expect(server.arrived).toHaveLength(1);
});

test.each<[string, string]>([
  ["what is not HTTP", "220 mail.example ESMTP\r\n"],
  ["a header of a megabyte", `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(MIB)}\r\n\r\n{}`],
  ["a header with a line break in it", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}"],
  ["nothing", ""],
])("%s is told, and a POST is not sent twice", async (...[, bytes]) => {
  let requests = 0;
  const answer = (socket: net.Socket) =>
    void socket.once("data", () => {
      requests += 1;
      socket.end(bytes);
    });
  await withServer(answer, async (port) => {
    expect(await codeOf(CALLS.createDataset(testConnection(`http://127.0.0.1:${port}`)))).toMatch(
      /^NETWORK: .*the connection was lost \(\w+/,
    );
  });
  expect(requests).toBe(1);
});
