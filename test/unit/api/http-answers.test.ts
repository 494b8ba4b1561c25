import type * as http from "node:http";
import { gzipSync } from "node:zlib";
import { requestJson } from "../../../provider/api/http";
import {
  type ErrorCode,
  type ErrorDetails,
  type ErrorText,
  keepOutOfErrors,
  ProcessMindError,
} from "../../../provider/errors";
import * as says from "../../../provider/messages/requests";
import { type Answer, json, type Loopback, startLoopback, testConnection } from "../../support/loopback";
import { failureOf, GET, POST, rejection } from "./asking";

const rejected = (status: number, said?: string): [Omit<ErrorText, "doing">, ErrorDetails] => [
  says.rejected(status, said, false),
  { status },
];

let server: Loopback;

beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());
beforeEach(() => {
  server.arrived.length = 0;
  server.answer = json(200, { ok: true });
});

describe("what comes back", () => {
  test.each<[string, unknown]>([
    ["an object", { id: "x" }],
    ["a list", [1, 2]],
    ["null", null],
    ["text", "žluť"],
  ])("JSON: %s", async (_what, value) => {
    server.answer = json(201, value);
    expect(await requestJson(testConnection(server.url), GET)).toEqual(value);
  });

  test("a list of several megabytes, in pieces", async () => {
    const items = Array.from({ length: 50_000 }, (_, index) => ({
      id: `dataset-${index}`,
      displayName: "Žluť".repeat(10),
    }));
    server.answer = json(200, items);
    expect(await requestJson(testConnection(server.url), GET)).toEqual(items);
  });

  const whole =
    (status: number, type: string, body: string | Buffer, headers: http.OutgoingHttpHeaders = {}): Answer =>
    (response) =>
      response.writeHead(status, { "Content-Type": type, ...headers }).end(body);
  test.each<[string, Answer, number, ErrorCode, Omit<ErrorText, "doing">, ErrorDetails?]>([
    ["204", (response) => response.writeHead(204).end(), 4, "BAD_RESPONSE", says.emptyResponse(), { status: 204 }],
    ["an empty 200", whole(200, "application/json", ""), 4, "BAD_RESPONSE", says.emptyResponse(), { status: 200 }],
    ["HTML", whole(200, "text/html", "<html>"), 4, "BAD_RESPONSE", says.notJson("text/html", 6), { status: 200 }],
    [
      "JSON cut in half",
      whole(200, "application/json", '{"id": "x'),
      4,
      "BAD_RESPONSE",
      says.notJson("application/json", 9),
      { status: 200 },
    ],
    [
      "an answer shorter than it says",
      (response) => {
        response.writeHead(200, { "Content-Length": 100 }).write('{"id":', () => response.socket?.destroy());
      },
      4,
      "NETWORK",
      says.responseCutShort(),
    ],
    ["a closed connection", (response) => response.socket?.destroy(), 4, "NETWORK", says.connectionLost("ECONNRESET")],
    [
      "more than 16 MiB once unpacked",
      whole(200, "application/json", gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1, " ")), { "Content-Encoding": "gzip" }),
      1,
      "BAD_RESPONSE",
      says.responseTooLarge(16),
    ],
    ["302", json(302, {}, { Location: "/stolen" }), 1, "BAD_RESPONSE", ...rejected(302)],
    ["308", json(308, {}, { Location: "/stolen" }), 1, "BAD_RESPONSE", ...rejected(308)],
    [
      "400",
      json(400, { message: "displayName  is\n too long" }),
      1,
      "INVALID_REQUEST",
      ...rejected(400, "displayName is too long"),
    ],
    ["401", json(401, { Message: "Unauthorized" }), 1, "UNAUTHORIZED", ...rejected(401, "Unauthorized")],
    [
      "403",
      json(403, { message: "Forbidden" }, { "x-amzn-RequestId": "r-1" }),
      1,
      "FORBIDDEN",
      says.rejected(403, "Forbidden", true),
      { status: 403, requestId: "r-1" },
    ],
    ["404", json(404, { error: "no such thing" }), 1, "NOT_FOUND", ...rejected(404, "no such thing")],
    ["409", json(409, { message: "" }), 1, "CONFLICT", ...rejected(409)],
    ["408", json(408, null), 4, "TIMEOUT", ...rejected(408)],
    ["429", json(429, {}), 4, "RATE_LIMITED", ...rejected(429)],
    ["500", whole(500, "text/html", "<h1>oops</h1>"), 4, "SERVER_ERROR", ...rejected(500)],
    [
      "503 with a request id",
      json(503, {}, { "x-amzn-RequestId": "r-2" }),
      4,
      "SERVER_ERROR",
      says.rejected(503, undefined, true),
      { status: 503, requestId: "r-2" },
    ],
    ["501", json(501, { message: { deep: 1 } }), 1, "SERVER_ERROR", ...rejected(501)],
  ])("%s", async (...[, answer, requests, code, text, details]) => {
    const seen = await rejection(server, GET, answer);
    const where = { method: "GET", path: "/tenant/t", attempts: requests };
    const { message } = new ProcessMindError(code, { doing: GET.doing, ...text }, { ...where, ...details });
    expect(seen).toMatchObject({ code, message, requests });
    expect(seen.sleeps).toEqual([500, 1_000, 2_000].slice(0, requests - 1));
    expect(server.arrived.every(({ url }) => url === "/tenant/t")).toBe(true);
  });

  test("reports a silent server within the time limit", async () => {
    // How many arrive in that time is the machine's business.
    const { requests, ...error } = await rejection(server, GET, () => {}, { timeoutSeconds: 0.4 });
    expect(requests).toBeLessThanOrEqual(1);
    expect(error).toEqual({
      code: "TIMEOUT",
      message: new ProcessMindError("TIMEOUT", { doing: GET.doing, ...says.noResponse(0.2) }).message,
      mayHaveHappened: true,
      sleeps: [],
    });
  });

  test("reports the time of all attempts when each was silent", async () => {
    server.answer = () => {};
    let now = 0;
    const half = 600;
    const sleep = async () => {
      now = half;
    };
    const connection = { ...testConnection(server.url, { now: () => now, timeoutSeconds: (2 * half) / 1000 }), sleep };
    const { message } = await failureOf(requestJson(connection, GET));
    const where = { method: "GET", path: "/tenant/t", attempts: 2 };
    const text = { doing: GET.doing, ...says.noResponse((2 * half) / 1000) };
    expect(message).toBe(new ProcessMindError("TIMEOUT", text, where).message);
  });

  test("a server that begins to answer and stops", async () => {
    const seen = await rejection(server, GET, (response) => response.writeHead(200).write('{"id":'), {
      timeoutSeconds: 0.4,
    });
    expect(seen).toMatchObject({ code: "TIMEOUT", mayHaveHappened: true, sleeps: [] });
  });

  test("the limit of an attempt is whole milliseconds, whatever the clock says", async () => {
    const connection = testConnection(server.url, { timeoutSeconds: 60.0011 });
    expect(await requestJson(connection, POST)).toEqual({ ok: true });
    expect([server.arrived.length, connection.sleeps]).toEqual([1, []]);
  });

  test("keeps the key out, also where the message is cut", async () => {
    keepOutOfErrors("pm-test-key-1");
    const { message } = await rejection(server, GET, json(400, { message: `${"x".repeat(293)} pm-test-key-1` }));
    expect(message.split("\n")[1]).toBe(`  details: "${"x".repeat(293)} [secre"`);
  });
});
