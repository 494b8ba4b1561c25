import { keepOutOfErrors, ProcessMindError } from "../../provider/errors";
import { type Answer, json, type Loopback, startLoopback, testConnection } from "../support/loopback";
import { CALLS, type CallName, CREATES, callsNaming, DELETES, LISTS } from "./calls";

/** A service that answers anything but what it should: every call ends soon, and says what came. */

const KEY = "pm-test-key-hostile";
const NESTED = 50_000;
let server: Loopback;
let elsewhere: Loopback;

beforeAll(async () => {
  keepOutOfErrors(KEY);
  server = await startLoopback();
  elsewhere = await startLoopback();
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
});
beforeEach(() => {
  server.arrived.length = 0;
  elsewhere.arrived.length = 0;
});

/** What became of every call, by code; what is no ProcessMindError, or is badly told, shows as it is. */
async function outcomes(answer: Answer): Promise<Record<string, string>> {
  server.answer = answer;
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(CALLS)) {
    const connection = testConnection(server.url, { apiKey: KEY });
    found[name] = await call(connection).then(
      () => "accepted",
      (error: unknown) => told(error),
    );
  }
  return found;
}

function told(error: unknown): string {
  if (!(error instanceof ProcessMindError)) return `${error}`;
  const { message } = error;
  const isClear = /^\S+ .*: .+ \([A-Z_]+(, [^)]*)?\)\.(\n|$)/.test(message) && message.length < 1_000;
  // The line breaks are the message's own.
  const isPlain = !message.includes(KEY) && !/[^\P{Cc}\n]/u.test(message) && message.split("\n").length <= 5;
  return isClear && isPlain ? error.code : `badly told: ${message}`;
}

/** What a call gave, with the details of a create; its errors are told as any. */
function wholeOf(found: unknown): unknown {
  const isCreated = typeof found === "object" && found !== null && "details" in found;
  if (!isCreated) return found;
  try {
    return (found as { details(): unknown }).details();
  } catch (error) {
    return told(error);
  }
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  id: (value) => typeof value === "string" && value !== "",
  datatableCount: (value) => typeof value === "number",
  rowCount: (value) => value === null || typeof value === "number",
  treeParentId: (value) => value === null || typeof value === "string",
  datatables: isWellTyped,
  columns: (value) => Array.isArray(value) && value.every(({ name, type }) => typeof (name + type) === "string"),
};

/** Whether everything in it has the type that `WireDataset` and `WireDatatable` promise. */
function isWellTyped(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isWellTyped);
  // A DELETE of which nothing is said.
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return typeof value === "boolean" || URL.canParse(String(value));
  const isText = (text: unknown) => typeof text === "string";
  return "id" in value && Object.entries(value).every(([name, each]) => (TYPES[name] ?? isText)(each));
}

/** The same for every call, but for those named. */
function all(code: string, ...others: [CallName[], string][]): Record<string, string> {
  const expected: Record<string, string> = Object.fromEntries(Object.keys(CALLS).map((name) => [name, code]));
  for (const [names, other] of others) for (const name of names) expected[name] = other;
  return expected;
}

/** A reply cannot be of use to any call. */
const REFUSED = all("BAD_RESPONSE");
/** Any object tells that a DELETE was taken. */
const OBJECT = all("BAD_RESPONSE", [DELETES, "accepted"]);
const LIST = all("BAD_RESPONSE", [LISTS, "accepted"]);

const deep = (open: string, close: string) => open.repeat(NESTED) + close.repeat(NESTED);
const text =
  (body: string, headers = {}): Answer =>
  (response) => {
    response.writeHead(200, { "Content-Type": "application/json", ...headers });
    response.end(body);
  };

test.each<[string, Answer, Record<string, string>]>([
  ["null", json(200, null), REFUSED],
  ["a boolean", json(200, true), REFUSED],
  ["a number", json(200, 7), REFUSED],
  ["a text", json(200, "created"), REFUSED],
  ["an empty list", json(200, []), LIST],
  ["an empty object", json(200, {}), OBJECT],
  ["a page instead of a list", json(200, { items: [{ id: "1" }], next: "…" }), OBJECT],
  ["a list of null", json(200, [null]), REFUSED],
  ["a list of lists", json(200, [[{ id: "1" }]]), REFUSED],
  ["a list with one item that has no id", json(200, [{ id: "1" }, { displayName: "Sales" }]), REFUSED],
  ["an id that is null", json(200, { id: null }), OBJECT],
  ["an empty id", json(200, { id: "" }), OBJECT],
  ["an id that is an object", json(200, { id: { $oid: "1" } }), OBJECT],
  ["an id that is a list", json(200, { id: ["1"] }), OBJECT],
  ["an id too large for a number", text('{"id": 12345678901234567890}'), OBJECT],
  ["an id with a fraction", json(200, { id: 1.5 }), OBJECT],
  ["another object", json(200, { id: "2" }), all("BAD_RESPONSE", [[...CREATES, ...DELETES], "accepted"])],
  ["an id that is a number", json(200, { id: 1 }), all("accepted", [[...LISTS, "presignUpload"], "BAD_RESPONSE"])],
  [
    "nonsense beside a good id",
    json(200, { id: "1", displayName: [], createdAt: 5, rowCount: "many", columns: "all" }),
    all("BAD_RESPONSE", [[...CREATES, ...DELETES], "accepted"]),
  ],
  ["an upload address that is none", json(200, { PreSignedUploadUrl: "not a url" }), OBJECT],
  ["an upload address that is an object", json(200, { PreSignedUploadUrl: { url: "https://a" } }), OBJECT],
  ["nesting without end", text(deep("[", "]")), REFUSED],
  ["nesting without end in a field", text(`{"id":"1","more":${deep('{"a":', "}").replace("{}", "{}")}}`), REFUSED],
  [
    "nesting in a field nobody reads",
    text(`{"id":"1","more":${deep("[", "]")}}`),
    all("accepted", [[...LISTS, "presignUpload"], "BAD_RESPONSE"]),
  ],
  ["__proto__", text('{"__proto__": {"id": "1"}}'), OBJECT],
  ["HTML", text("<html>502</html>", { "Content-Type": "text/html" }), REFUSED],
  ["nothing", text(""), REFUSED],
  ["half an object", text('{"id": "1'), REFUSED],
  ["bytes that are no text", (response) => response.end(Buffer.from([0xff, 0xfe, 0x00, 0x7b])), REFUSED],
  ["two objects", text('{"id":"1"}{"id":"2"}'), REFUSED],
])("%s", async (...[, answer, expected]) => {
  expect(await outcomes(answer)).toEqual(expected);
});

test.each([301, 302, 303, 307, 308])(
  "a redirect (%d) to another host is not followed, and the key stays",
  async (status) => {
    elsewhere.answer = json(200, { id: "stolen" });
    const answer = json(status, {}, { Location: `${elsewhere.url}/tenant/t/datasets` });
    expect(await outcomes(answer)).toEqual(REFUSED);
    expect(elsewhere.arrived).toEqual([]);
  },
);

test.each<[number, string]>([
  [400, "INVALID_REQUEST"],
  [401, "UNAUTHORIZED"],
  [403, "FORBIDDEN"],
  [404, "NOT_FOUND"],
  [409, "CONFLICT"],
  [418, "INVALID_REQUEST"],
  [500, "SERVER_ERROR"],
  [599, "SERVER_ERROR"],
  [999, "SERVER_ERROR"],
])("status %d with the key, a terminal's escape codes and 100 kB in its message", async (status, code) => {
  const message = `\u001b[2J\u0007your key ${KEY}\r\nSet-Cookie: x=1\u009b31m${"long ".repeat(20_000)}`;
  expect(await outcomes(json(status, { message }))).toEqual(all(code));
});

test("headers of thousands of characters, and with a terminal's escape codes, do not flood what is told", async () => {
  const long = `\u009b31m${"x".repeat(3_000)}`;
  const headers = { "x-amzn-RequestId": long, "Content-Type": long, "Retry-After": long };
  for (const [status, code] of [
    [200, "BAD_RESPONSE"],
    [404, "NOT_FOUND"],
    [503, "SERVER_ERROR"],
  ] as const) {
    expect(await outcomes((response) => response.writeHead(status, headers).end("no JSON"))).toEqual(all(code));
  }
});

/** What a reply can hold, and what may stand there. */
const FIELDS = ["id", "displayName", "createdAt", "datatableCount", "treeNodeType", "treeParentId", "datatables"];
const MORE_FIELDS = ["datasetId", "rowCount", "columns", "PreSignedUploadUrl", "success", "message"];
const VALUES = [null, true, 0, 1.5, 1e300, "", "x", [], {}, [null], [{}]];

test("any value in any field of any answer: refused, or of the type it is said to have", async () => {
  const wrong: unknown[] = [];
  for (const field of [...FIELDS, ...MORE_FIELDS]) {
    for (const value of VALUES) {
      const item = { id: "1", [field]: value };
      server.answer = (response, arrived) =>
        json(200, /\/(datasets|datatables)$/.test(arrived.url) && arrived.method === "GET" ? [item] : item)(
          response,
          arrived,
        );
      const ask = async ([name, call]: [string, (typeof CALLS)[CallName]]) => {
        const found = await call(testConnection(server.url, { apiKey: KEY })).then(wholeOf, told);
        if (found !== "BAD_RESPONSE" && !isWellTyped(found)) wrong.push({ name, item, found });
      };
      await Promise.all(Object.entries(CALLS).map(ask));
    }
  }
  expect(wrong).toEqual([]);
});

test.each([
  ["a line break and a header", "a\r\nx-evil: 1\u001b[2J/../../b"],
  ["a query and a fragment", "a?x-evil=1&apiKey=2#c"],
  ["a slash first", "//evil.example/a"],
  ["an address", "http://evil.example/"],
  ["a percent sign", "%0d%0ax-evil:%201"],
  ["letters of every kind", "Ä\u2028\u{1f600}\u0000\u202e"],
])("ids and names with %s arrive as they are, in their place", async (...[, text]) => {
  server.answer = json(404, { message: "no" });
  for (const [name, call] of Object.entries(callsNaming(text))) {
    server.arrived.length = 0;
    const sleepless = testConnection(server.url, { apiKey: KEY });
    const error = await call(sleepless).catch((failure: unknown) => failure);
    expect([name, String(error)]).toEqual([name, expect.not.stringMatching(/[^\P{Cc}\n\t]/u)]);
    const [{ url = "", headers = {}, body = "" } = {}] = server.arrived;
    const [path = "", query = ""] = url.split("?");
    const ids = path.split("/").map(decodeURIComponent);
    const names = [...new URLSearchParams(query)].filter(([key]) => /^(datasetid|filename)$/.test(key));
    expect([name, ids.filter((each) => /evil|Ä/.test(each)).every((each) => each === text)]).toEqual([name, true]);
    expect(ids.slice(0, 3)).toEqual(["", "tenant", text]);
    expect(names.map(([, value]) => value)).toEqual(name === "presignUpload" ? [text, text] : []);
    expect(body === "" ? undefined : JSON.parse(body).displayName).toBe(name.startsWith("create") ? text : undefined);
    expect([headers["x-evil"], headers.host]).toEqual([undefined, new URL(server.url).host]);
  }
});
