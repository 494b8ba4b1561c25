import { once } from "node:events";
import type * as http from "node:http";
import * as net from "node:net";
import { gzipSync } from "node:zlib";
import { type ApiRequest, requestJson } from "../../../provider/api/http";
import { keepOutOfErrors, ProcessMindError } from "../../../provider/errors";
import { type Answer, inTurn, json, type Loopback, startLoopback, testConnection } from "../../support/loopback";

let server: Loopback;

beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());
beforeEach(() => {
  server.arrived.length = 0;
  server.answer = json(200, { ok: true });
});

const GET: ApiRequest = { method: "GET", segments: ["tenant", "t"], doing: 'reading Dataset "x"' };
const POST: ApiRequest = { ...GET, method: "POST", body: { displayName: "Sales" }, doing: 'creating Dataset "x"' };
const DELETE: ApiRequest = { ...GET, method: "DELETE", doing: 'deleting Dataset "x"' };

async function failureOf(promise: Promise<unknown>): Promise<ProcessMindError> {
  const outcome = await promise.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  if (outcome instanceof ProcessMindError) return outcome;
  throw outcome;
}

/** Asks once, and tells what a caller sees of it and what the server saw. */
async function refused(request: ApiRequest, answer: Answer, settings: { timeoutSeconds?: number } = {}) {
  server.answer = answer;
  const connection = testConnection(server.url, settings);
  const { code, message, mayHaveHappened } = await failureOf(requestJson(connection, request));
  return { code, message, mayHaveHappened, requests: server.arrived.length, sleeps: connection.sleeps };
}

describe("what is sent", () => {
  test.each([
    ["a/b", "a%2Fb"],
    ["a?b", "a%3Fb"],
    ["a#b", "a%23b"],
    ["a b", "a%20b"],
    ["a+b", "a%2Bb"],
    ["a%2Fb", "a%252Fb"],
    ["a\\b", "a%5Cb"],
    ["a;b:c@d&e=f", "a%3Bb%3Ac%40d%26e%3Df"],
    ["žluť 日本", "%C5%BElu%C5%A5%20%E6%97%A5%E6%9C%AC"],
    ["\u{1f600}", "%F0%9F%98%80"],
    ["...", "..."],
    ["a\nb", "a%0Ab"],
  ])("the segment %j is one segment", async (segment, encoded) => {
    await requestJson(testConnection(server.url), { ...GET, segments: ["tenant", segment, "datasets"] });
    expect(server.arrived.map(({ url }) => url)).toEqual([`/tenant/${encoded}/datasets`]);
  });

  test.each(["", ".", ".."])("the segment %j would reach another object: nothing is sent", async (segment) => {
    const error = await failureOf(requestJson(testConnection(server.url), { ...GET, segments: ["tenant", segment] }));
    expect([error.code, error.message]).toEqual([
      "INVALID_REQUEST",
      `reading Dataset "x": "${segment}" cannot be an id. Check the ids and the tenant.`,
    ]);
    expect(server.arrived).toEqual([]);
  });

  test("a query is percent-encoded, a blank as %20", async () => {
    await requestJson(testConnection(server.url), {
      ...GET,
      query: { filename: "a b+c&d=é.csv", empty: "", "na me": "1" },
    });
    expect(server.arrived.map(({ url }) => url)).toEqual([
      "/tenant/t?filename=a%20b%2Bc%26d%3D%C3%A9.csv&empty=&na%20me=1",
    ]);
  });

  test("a base path of the address stays", async () => {
    await requestJson(testConnection(`${server.url}/base`), GET);
    expect(server.arrived.map(({ url }) => url)).toEqual(["/base/tenant/t"]);
  });

  test.each([
    ["GET", GET, { "content-type": undefined }, ""],
    ["DELETE", DELETE, { "content-type": undefined }, ""],
    [
      "POST",
      { ...POST, body: { displayName: "Žluť", treeParentId: null } },
      { "content-type": "application/json" },
      '{"displayName":"Žluť","treeParentId":null}',
    ],
  ] as const)("%s carries the key as a header and nowhere else", async (method, request, headers, body) => {
    await requestJson(testConnection(server.url), request);
    const [arrived] = server.arrived;
    expect(arrived).toMatchObject({ method, url: "/tenant/t", body });
    expect(arrived?.headers).toMatchObject({ "x-api-key": "pm-test-key-1", accept: "application/json" });
    expect(arrived?.headers["content-type"]).toBe(headers["content-type"]);
  });
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
      "more than 64 MiB once unpacked",
      whole(200, "application/json", gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1, " ")), { "Content-Encoding": "gzip" }),
      1,
      "BAD_RESPONSE",
      "the answer is larger than 64 MiB (GET /tenant/t). Check the API address.",
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
      'the API answered "Unauthorized" (GET /tenant/t, status 401). Check the API key: PROCESSMIND_API_KEY, or `pulumi config set --secret processmind:apiKey`.',
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
      'the API answered "no such thing" (GET /tenant/t, status 404). Check the id and the tenant.',
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
    const seen = await refused(GET, answer);
    expect(seen).toMatchObject({ code, message: `reading Dataset "x": ${message}`, requests });
    expect(seen.sleeps).toEqual([500, 1_000, 2_000].slice(0, requests - 1));
    expect(server.arrived.every(({ url }) => url === "/tenant/t")).toBe(true);
  });

  test("a silent server: within the time limit, and told as that", async () => {
    // How many arrive in that time is the machine's business.
    const { requests, ...error } = await refused(GET, () => {}, { timeoutSeconds: 0.4 });
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
    const seen = await refused(GET, (response) => response.writeHead(200).write('{"id":'), { timeoutSeconds: 0.4 });
    expect(seen).toMatchObject({ code: "TIMEOUT", mayHaveHappened: true, sleeps: [] });
  });

  test("the limit of an attempt is whole milliseconds, whatever the clock says", async () => {
    const connection = testConnection(server.url, { timeoutSeconds: 10.0011 });
    expect(await requestJson(connection, POST)).toEqual({ ok: true });
    expect([server.arrived.length, connection.sleeps]).toEqual([1, []]);
  });

  test("no word of the key, also where the message is cut", async () => {
    keepOutOfErrors("pm-test-key-1");
    const { message } = await refused(GET, json(400, { message: `${"x".repeat(293)} pm-test-key-1` }));
    expect(message).toBe(
      `reading Dataset "x": the API answered "${"x".repeat(293)} [secre" (GET /tenant/t, status 400).`,
    );
  });
});

describe("what is repeated", () => {
  test.each<[string, ApiRequest, Answer, number[]]>([
    ["a GET after 500", GET, json(500, {}), [500]],
    ["a DELETE after 503", DELETE, json(503, {}), [500]],
    ["a GET after a lost answer", GET, (response) => response.socket?.destroy(), [500]],
    ["a POST after 429, which is an answer from in front of the service", POST, json(429, {}), [500]],
    ["after what Retry-After says, in seconds", GET, json(429, {}, { "Retry-After": "7" }), [7_000]],
    [
      "after what Retry-After says, as a date",
      GET,
      json(503, {}, { "Retry-After": "Mon, 01 Jan 2024 00:00:09 GMT" }),
      [9_000],
    ],
    ["at once, if Retry-After says so", POST, json(429, {}, { "Retry-After": "0" }), [0]],
  ])("%s", async (_what, request, answer, sleeps) => {
    server.answer = inTurn(answer, json(200, { ok: true }));
    const connection = testConnection(server.url);
    expect(await requestJson(connection, request)).toEqual({ ok: true });
    expect({ sleeps: connection.sleeps, requests: server.arrived.length }).toEqual({ sleeps, requests: 2 });
    expect(server.arrived[1]).toEqual(server.arrived[0]);
  });

  test("not after a pause that ends past the deadline", async () => {
    const seen = await refused(GET, json(429, {}, { "Retry-After": "3600" }), { timeoutSeconds: 59 });
    expect(seen).toMatchObject({ code: "RATE_LIMITED", requests: 1, sleeps: [] });
  });

  test.each<[string, Answer, string]>([
    ["a lost answer", (response) => response.socket?.destroy(), "NETWORK"],
    [
      "half an answer",
      (response) => response.writeHead(200, { "Content-Length": 9 }).write("{", () => response.socket?.destroy()),
      "NETWORK",
    ],
    ["an answer that is not JSON", (response) => response.end("<html>"), "BAD_RESPONSE"],
    ["an empty answer", (response) => response.writeHead(204).end(), "BAD_RESPONSE"],
    ...[408, 500, 501, 502, 503, 504].map((status): [string, Answer, string] => [
      `status ${status}`,
      json(status, {}, { "Retry-After": "0" }),
      status === 408 ? "TIMEOUT" : "SERVER_ERROR",
    ]),
  ])("never a POST that may have arrived: after %s", async (_what, answer, code) => {
    expect(await refused(POST, answer)).toMatchObject({ code, mayHaveHappened: true, requests: 1, sleeps: [] });
  });

  test("nor one that nobody answered", async () => {
    expect(await refused(POST, () => {}, { timeoutSeconds: 0.2 })).toMatchObject({
      code: "TIMEOUT",
      mayHaveHappened: true,
      requests: 1,
    });
  });

  test.each([400, 401, 403, 404, 409, 422, 302])(
    "a POST that was refused with %i has surely not happened",
    async (status) => {
      expect(await refused(POST, json(status, {}))).toMatchObject({ mayHaveHappened: false, requests: 1, sleeps: [] });
    },
  );

  test("a POST that found no listener was not sent, so it is repeated", async () => {
    const nobody = net.createServer();
    await once(nobody.listen(0, "127.0.0.1"), "listening");
    const { port } = nobody.address() as net.AddressInfo;
    await new Promise((closed) => nobody.close(closed));
    const connection = testConnection(`http://127.0.0.1:${port}`);
    const { code, message, mayHaveHappened } = await failureOf(requestJson(connection, POST));
    expect({ code, message, mayHaveHappened, sleeps: connection.sleeps }).toEqual({
      code: "NETWORK",
      message:
        'creating Dataset "x": the API cannot be reached (ECONNREFUSED) (POST /tenant/t, 4 attempts). Check processmind:apiUrl, the network, and HTTPS_PROXY and NO_PROXY.',
      mayHaveHappened: false,
      sleeps: [500, 1_000, 2_000],
    });
  });
});

describe("patience with a 404 just after our own create", () => {
  const patient = { ...GET, patienceOn404Ms: 2_000 };

  test("it goes away", async () => {
    server.answer = inTurn(json(404, {}), json(404, {}), json(200, { ok: true }));
    const connection = testConnection(server.url);
    expect([await requestJson(connection, patient), connection.sleeps]).toEqual([{ ok: true }, [500, 500]]);
  });

  test.each([
    ["it stays", {}, [500, 500, 500, 500]],
    ["the time limit is shorter", { timeoutSeconds: 1 }, [500]],
  ])("%s", async (_what, settings, sleeps) => {
    expect(await refused(patient, json(404, {}), settings)).toMatchObject({ code: "NOT_FOUND", sleeps });
  });

  test("with no other status", async () => {
    expect(await refused(patient, json(403, {}))).toMatchObject({ code: "FORBIDDEN", sleeps: [] });
  });
});

describe("many requests at once", () => {
  test("at most eight are in flight", async () => {
    const held: http.ServerResponse[] = [];
    let answered = 0;
    let most = 0;
    server.answer = (response) => {
      held.push(response);
      most = Math.max(most, held.length);
      if (held.length < 8 && answered + held.length < 50) return;
      answered += held.length;
      for (const waiting of held.splice(0)) waiting.end("{}");
    };
    const connection = testConnection(server.url);
    await Promise.all(Array.from({ length: 50 }, () => requestJson(connection, GET)));
    expect({ most, requests: server.arrived.length }).toEqual({ most: 8, requests: 50 });
  });

  test("one whose time ran out before its turn is not sent, and has surely not happened", async () => {
    const held: http.ServerResponse[] = [];
    const eight = new Promise<void>((full) => {
      server.answer = (response) => held.push(response) === 8 && full();
    });
    const others = Array.from({ length: 8 }, () => requestJson(testConnection(server.url), GET));
    await eight;
    let now = 0;
    const late = failureOf(requestJson(testConnection(server.url, { now: () => now, timeoutSeconds: 5 }), POST));
    now = 5_000;
    for (const waiting of held) waiting.end("{}");
    await Promise.all(others);
    const { code, message, mayHaveHappened } = await late;
    expect({ code, message, mayHaveHappened, requests: server.arrived.length }).toEqual({
      code: "TIMEOUT",
      message:
        'creating Dataset "x": it was not sent: 5 s passed while other requests were in front of it (POST /tenant/t). Try again with a lower --parallel, or raise timeoutSeconds.',
      mayHaveHappened: false,
      requests: 8,
    });
  });
});
