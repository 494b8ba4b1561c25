import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type * as http from "node:http";
import axios from "axios";
import { type ApiRequest, requestJson } from "../../../provider/api/http";
import { ProcessMindError } from "../../../provider/errors";
import * as says from "../../../provider/messages/requests";
import { type Answer, inTurn, json, type Loopback, startLoopback, testConnection } from "../../support/loopback";
import { DELETE, failureOf, GET, POST, rejection } from "./asking";

let server: Loopback;

beforeAll(async () => {
  server = await startLoopback();
});
afterAll(() => server.close());
beforeEach(() => {
  server.arrived.length = 0;
  server.answer = json(200, { ok: true });
});

describe("what is sent", () => {
  test("is not touched by what other code of the process makes of axios", async () => {
    axios.defaults.headers.common["x-other"] = "1";
    const added = axios.interceptors.request.use(() => Promise.reject(new Error("intercepted")));
    try {
      expect(await requestJson(testConnection(server.url), GET)).toEqual({ ok: true });
    } finally {
      axios.interceptors.request.eject(added);
      delete axios.defaults.headers.common["x-other"];
    }
    expect(server.arrived.map(({ headers }) => headers["x-other"])).toEqual([undefined]);
  });

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
    expect(error).toEqual(says.badSegment(GET.doing, segment));
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
    ["not at once, even if Retry-After says so", POST, json(429, {}, { "Retry-After": "0" }), [500]],
    [
      "not at once where the clocks differ",
      GET,
      json(503, {}, { "Retry-After": "Sun, 31 Dec 2023 23:00:00 GMT" }),
      [500],
    ],
  ])("%s", async (_what, request, answer, sleeps) => {
    server.answer = inTurn(answer, json(200, { ok: true }));
    const connection = testConnection(server.url);
    expect(await requestJson(connection, request)).toEqual({ ok: true });
    expect({ sleeps: connection.sleeps, requests: server.arrived.length }).toEqual({ sleeps, requests: 2 });
    expect(server.arrived[1]).toEqual(server.arrived[0]);
  });

  test("not after a pause that ends past the deadline", async () => {
    const seen = await rejection(server, GET, json(429, {}, { "Retry-After": "3600" }), { timeoutSeconds: 59 });
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
    expect(await rejection(server, POST, answer)).toMatchObject({
      code,
      mayHaveHappened: true,
      requests: 1,
      sleeps: [],
    });
  });

  test("nor one that nobody answered", async () => {
    expect(await rejection(server, POST, () => {}, { timeoutSeconds: 0.4 })).toMatchObject({
      code: "TIMEOUT",
      sleeps: [],
    });
  });

  test.each([400, 401, 403, 404, 409, 422, 302])(
    "a POST that was refused with %i has surely not happened",
    async (status) => {
      expect(await rejection(server, POST, json(status, {}))).toMatchObject({
        mayHaveHappened: false,
        requests: 1,
        sleeps: [],
      });
    },
  );

  test("a POST that found no listener was not sent, so it is repeated", async () => {
    // No port of this machine that another test may be given meanwhile.
    const connection = testConnection("http://127.0.0.1:1");
    const { code, attempts, mayHaveHappened } = await failureOf(requestJson(connection, POST));
    expect({ code, attempts, mayHaveHappened, sleeps: connection.sleeps }).toEqual({
      code: "NETWORK",
      attempts: 4,
      mayHaveHappened: false,
      sleeps: [500, 1_000, 2_000],
    });
  });
});

describe("a route that breaks", () => {
  const unreachable = (code: string, syscall: string) =>
    Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

  /** Fails the first request's connection just as the system would. */
  function breaks(error: (code: string, syscall: string) => Error, code: string, syscall: string): void {
    const started = (message: unknown) => {
      unsubscribe("http.client.request.start", started);
      const { request } = message as { request: http.ClientRequest };
      server.answer = (response) => {
        server.answer = json(200, { ok: true });
        request.socket?.destroy(error(code, syscall));
        response.destroy();
      };
    };
    subscribe("http.client.request.start", started);
  }

  test.each([
    ["EHOSTUNREACH", "read"],
    ["ENETUNREACH", "write"],
  ])("under a connection: the POST may have arrived (%s, %s)", async (code, syscall) => {
    breaks(unreachable, code, syscall);
    const error = await failureOf(requestJson(testConnection(server.url), POST));
    expect(error).toMatchObject({ code: "NETWORK", mayHaveHappened: true });
    expect(error.message).toContain(says.connectionLost(code).happened);
    expect(server.arrived.length).toBe(1);
  });

  test.each([
    ["of one address", unreachable],
    [
      "of all addresses",
      (code: string, syscall: string) => Object.assign(new AggregateError([unreachable(code, syscall)]), { code }),
    ],
  ])("before there is a connection %s: the POST is sent again", async (_what, error) => {
    breaks(error, "EHOSTUNREACH", "connect");
    expect(await requestJson(testConnection(server.url), POST)).toEqual({ ok: true });
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
    // An attempt may take half of the limit by the machine's clock, which this is not about.
    const limit = jest.spyOn(AbortSignal, "timeout").mockReturnValue(new AbortController().signal);
    const seen = await rejection(server, patient, json(404, {}), settings).finally(() => limit.mockRestore());
    expect(seen).toMatchObject({ code: "NOT_FOUND", sleeps });
  });

  test("it begins with the first 404, however long that took", async () => {
    server.answer = inTurn(json(503, {}, { "Retry-After": "5" }), json(404, {}), json(200, { ok: true }));
    const connection = testConnection(server.url);
    expect([await requestJson(connection, patient), connection.sleeps]).toEqual([{ ok: true }, [5_000, 500]]);
  });

  test("with no other status", async () => {
    expect(await rejection(server, patient, json(403, {}))).toMatchObject({ code: "FORBIDDEN", sleeps: [] });
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
      message: new ProcessMindError("TIMEOUT", { doing: POST.doing, ...says.outOfTime(5) }).message,
      mayHaveHappened: false,
      requests: 8,
    });
  });
});
