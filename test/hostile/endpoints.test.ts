import { keepOutOfErrors, ProcessMindError } from "../../provider/errors";
import { type Answer, json, type Loopback, startLoopback, testConnection } from "../support/loopback";
import { CALLS, type CallName, CREATES, DELETES, LISTS } from "./calls";

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
  const isClear = /^\S+ .*: .+ \((GET|POST|DELETE) \/tenant\/t\/.*\)\./.test(message) && message.length < 1_000;
  const isPlain = !message.includes(KEY) && !/[^\P{Cc}]/u.test(message);
  return isClear && isPlain ? error.code : `badly told: ${message}`;
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
  ["an id that is a number", json(200, { id: 7 }), all("accepted", [[...LISTS, "presignUpload"], "BAD_RESPONSE"])],
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

test("ids with line breaks and escape codes are sent as one path segment and printed as blanks", async () => {
  server.answer = json(404, { message: "no" });
  const id = "a\r\nx-evil: 1\u001b[2J/../../b";
  const { getDataset } = await import("../../provider/api/endpoints");
  const error = await getDataset(testConnection(server.url, { apiKey: KEY }), "t", id).catch(
    (failure: unknown) => failure,
  );
  expect(server.arrived.map(({ url, headers }) => [url, headers["x-evil"]])).toEqual([
    ["/tenant/t/datasets/a%0D%0Ax-evil%3A%201%1B%5B2J%2F..%2F..%2Fb", undefined],
  ]);
  expect(String(error)).not.toMatch(/[^\P{Cc}\n]/u);
});
