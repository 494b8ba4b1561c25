import type * as http from "node:http";
import { gzipSync } from "node:zlib";
import { requestJson } from "../../../provider/api/http";
import { keepOutOfErrors } from "../../../provider/errors";
import { type Answer, json, type Loopback, startLoopback, testConnection } from "../../support/loopback";
import { GET, POST, refused } from "./asking";

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
  const lookAround = "Check processmind:apiUrl, and whether a proxy answers in the API's place.";
  const supportTodo = "Try again; if it stays so, quote the request id to ProcessMind's support.";
  const redirectTodo = "Redirects are not followed, since the key must not leave the API. Check processmind:apiUrl.";

  test.each<[string, Answer, number, string, string]>([
    [
      "204",
      (response) => response.writeHead(204).end(),
      4,
      "BAD_RESPONSE",
      `the answer is empty (GET /tenant/t, status 204, 4 attempts). ${lookAround}`,
    ],
    [
      "an empty 200",
      whole(200, "application/json", ""),
      4,
      "BAD_RESPONSE",
      `the answer is empty (GET /tenant/t, status 200, 4 attempts). ${lookAround}`,
    ],
    [
      "HTML",
      whole(200, "text/html", "<html>"),
      4,
      "BAD_RESPONSE",
      `the answer is not JSON, or was cut short (text/html, 6 bytes) (GET /tenant/t, status 200, 4 attempts). ${lookAround}`,
    ],
    [
      "JSON cut in half",
      whole(200, "application/json", '{"id": "x'),
      4,
      "BAD_RESPONSE",
      `the answer is not JSON, or was cut short (application/json, 9 bytes) (GET /tenant/t, status 200, 4 attempts). ${lookAround}`,
    ],
    [
      "an answer shorter than it says",
      (response) => {
        response.writeHead(200, { "Content-Length": 100 }).write('{"id":', () => response.socket?.destroy());
      },
      4,
      "NETWORK",
      "the answer was cut short (GET /tenant/t, 4 attempts). Try again.",
    ],
    [
      "a closed connection",
      (response) => response.socket?.destroy(),
      4,
      "NETWORK",
      "the connection was lost (ECONNRESET) (GET /tenant/t, 4 attempts). Try again.",
    ],
    [
      "more than 16 MiB once unpacked",
      whole(200, "application/json", gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1, " ")), { "Content-Encoding": "gzip" }),
      1,
      "BAD_RESPONSE",
      "the answer is larger than 16 MiB (GET /tenant/t). Check the API address.",
    ],
    [
      "302",
      json(302, {}, { Location: "/stolen" }),
      1,
      "BAD_RESPONSE",
      `the API refused (GET /tenant/t, status 302). ${redirectTodo}`,
    ],
    [
      "308",
      json(308, {}, { Location: "/stolen" }),
      1,
      "BAD_RESPONSE",
      `the API refused (GET /tenant/t, status 308). ${redirectTodo}`,
    ],
    [
      "400",
      json(400, { message: "displayName  is\n too long" }),
      1,
      "INVALID_REQUEST",
      'the API answered "displayName is too long" (GET /tenant/t, status 400).',
    ],
    [
      "401",
      json(401, { Message: "Unauthorized" }),
      1,
      "UNAUTHORIZED",
      'the API answered "Unauthorized" (GET /tenant/t, status 401). Check the API key: PROCESSMIND_API_KEY, or the one of `pulumi config set --secret processmind:apiKey`, which wins (refresh and destroy use the one configured at the last `pulumi up`).',
    ],
    [
      "403",
      json(403, { message: "Forbidden" }, { "x-amzn-RequestId": "r-1" }),
      1,
      "FORBIDDEN",
      'the API answered "Forbidden" (GET /tenant/t, status 403, request r-1). Check that the API key belongs to this tenant and may do this.',
    ],
    [
      "404",
      json(404, { error: "no such thing" }),
      1,
      "NOT_FOUND",
      'the API answered "no such thing" (GET /tenant/t, status 404). Check the id, and the tenant (tenantId, `processmind:tenantId` or PROCESSMIND_TENANT_ID). If it was deleted, run `pulumi refresh`.',
    ],
    ["409", json(409, { message: "" }), 1, "CONFLICT", "the API refused (GET /tenant/t, status 409)."],
    ["408", json(408, null), 4, "TIMEOUT", `the API refused (GET /tenant/t, status 408, 4 attempts). ${supportTodo}`],
    [
      "429",
      json(429, {}),
      4,
      "RATE_LIMITED",
      "the API refused (GET /tenant/t, status 429, 4 attempts). Try again later, or with a lower --parallel.",
    ],
    [
      "500",
      whole(500, "text/html", "<h1>oops</h1>"),
      4,
      "SERVER_ERROR",
      `the API refused (GET /tenant/t, status 500, 4 attempts). ${supportTodo}`,
    ],
    [
      "501",
      json(501, { message: { deep: 1 } }),
      1,
      "SERVER_ERROR",
      `the API refused (GET /tenant/t, status 501). ${supportTodo}`,
    ],
  ])("%s", async (_what, answer, requests, code, message) => {
    const seen = await refused(server, GET, answer);
    expect(seen).toMatchObject({ code, message: `reading Dataset "x": ${message}`, requests });
    expect(seen.sleeps).toEqual([500, 1_000, 2_000].slice(0, requests - 1));
    expect(server.arrived.every(({ url }) => url === "/tenant/t")).toBe(true);
  });

  test("a silent server: within the time limit, and told as that", async () => {
    // How many arrive in that time is the machine's business.
    const { requests, ...error } = await refused(server, GET, () => {}, { timeoutSeconds: 0.4 });
    expect(requests).toBeLessThanOrEqual(1);
    expect(error).toEqual({
      code: "TIMEOUT",
      message:
        'reading Dataset "x": no answer within 0.2 s (GET /tenant/t). Try again; if it stays so, raise timeoutSeconds or look at the network path to the API.',
      mayHaveHappened: true,
      sleeps: [],
    });
  });

  test("a server that begins to answer and stops", async () => {
    const seen = await refused(server, GET, (response) => response.writeHead(200).write('{"id":'), {
      timeoutSeconds: 0.4,
    });
    expect(seen).toMatchObject({ code: "TIMEOUT", mayHaveHappened: true, sleeps: [] });
  });

  test("the limit of an attempt is whole milliseconds, whatever the clock says", async () => {
    const connection = testConnection(server.url, { timeoutSeconds: 60.0011 });
    expect(await requestJson(connection, POST)).toEqual({ ok: true });
    expect([server.arrived.length, connection.sleeps]).toEqual([1, []]);
  });

  test("no word of the key, also where the message is cut", async () => {
    keepOutOfErrors("pm-test-key-1");
    const { message } = await refused(server, GET, json(400, { message: `${"x".repeat(293)} pm-test-key-1` }));
    expect(message).toBe(
      `reading Dataset "x": the API answered "${"x".repeat(293)} [secre" (GET /tenant/t, status 400).`,
    );
  });
});
