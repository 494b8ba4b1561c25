import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as net from "node:net";
import { gzipSync } from "node:zlib";
import { ProcessMindError } from "../../provider/errors";
import { type Answer, type Loopback, startLoopback, testConnection } from "../support/loopback";
import { CALLS } from "./calls";

/** Answers that never end, end too late, or are no answers: bounded in memory and time. */

const MIB = 1024 * 1024;
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

test("200 MB: refused at 64 MiB, and not asked for again", async () => {
  let taken = 0;
  server.answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    const more = () => {
      while (taken < 200 * MIB && !response.destroyed) {
        taken += MIB;
        if (!response.write(Buffer.alloc(MIB, " "))) return void response.once("drain", more);
      }
      response.end("{}");
    };
    more();
  };
  expect(await codeOf(CALLS.listDatasets(testConnection(server.url)))).toBe(
    'BAD_RESPONSE: listing the datasets of tenant "t": the answer is larger than 64 MiB (GET /tenant/t/datasets). Check the API address.',
  );
  expect(taken).toBeLessThan(100 * MIB);
  expect(server.arrived).toHaveLength(1);
});

test("200 MB in 200 kB of gzip: the same", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * MIB, " "));
  server.answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
    response.end(bomb);
  };
  expect(await codeOf(CALLS.getDataset(testConnection(server.url)))).toMatch(/^BAD_RESPONSE: .*larger than 64 MiB/);
});

test("a byte now and then: ends with the time limit of the operation", async () => {
  const drips: NodeJS.Timeout[] = [];
  server.answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1_000_000 });
    drips.push(setInterval(() => response.write(" "), 20));
  };
  const started = Date.now();
  const connection = testConnection(server.url, { timeoutSeconds: 0.6, now: () => Date.now() - started });
  expect(await codeOf(CALLS.createDataset(connection))).toMatch(/^TIMEOUT: .*no answer within 0.3 s/);
  for (const drip of drips) clearInterval(drip);
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
  const raw = net.createServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        requests += 1;
        socket.end(bytes);
      });
  });
  await once(raw.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  expect(await codeOf(CALLS.createDataset(testConnection(url)))).toMatch(/^NETWORK: .*the connection was lost \(\w+/);
  expect(requests).toBe(1);
  await new Promise((closed) => raw.close(closed));
});
