import { type ErrorText, hasCode, keepOutOfErrors, ProcessMindError, partiallyCreated } from "../../provider/errors";

const KEY = "pm-live-4f9a/Zz+0=";
const SIGNED =
  "https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?X-Amz-Credential=AKIAEXAMPLE%2F20240101&X-Amz-Signature=deadbeef";
const TEXT: ErrorText = { doing: 'creating Dataset "Sales"', happened: "the API refused", todo: "Check the name." };

beforeAll(() => keepOutOfErrors(KEY));

describe("the message", () => {
  test.each([
    [
      "all of it",
      TEXT,
      { method: "POST", path: "/tenant/t/datasets", status: 409, requestId: "r-1", attempts: 3 },
      'creating Dataset "Sales": the API refused (POST /tenant/t/datasets, status 409, request r-1, 3 attempts). Check the name.',
    ],
    [
      "one attempt is not told",
      TEXT,
      { method: "GET", path: "/x", attempts: 1 },
      'creating Dataset "Sales": the API refused (GET /x). Check the name.',
    ],
    [
      "a method without a path is no request",
      TEXT,
      { method: "GET", status: 500 },
      'creating Dataset "Sales": the API refused (status 500). Check the name.',
    ],
    ["no place", TEXT, {}, 'creating Dataset "Sales": the API refused. Check the name.'],
    ["no way out", { doing: "listing", happened: "it is late" }, {}, "listing: it is late."],
    [
      "facts that are not shown",
      { doing: "listing", happened: "it is late" },
      { retryAfterMs: 5, mayHaveHappened: true },
      "listing: it is late.",
    ],
  ])("%s", (_what, text, details, expected) => {
    expect(new ProcessMindError("CONFLICT", text, details).message).toBe(expected);
  });
});

test("the error carries its code and where it happened", () => {
  const details = {
    status: 429,
    method: "GET",
    path: "/tenant/t/datasets",
    requestId: "r-1",
    attempts: 4,
    retryAfterMs: 1500,
    mayHaveHappened: true,
  };
  const error = new ProcessMindError("RATE_LIMITED", TEXT, details);
  expect({ ...error }).toEqual({
    ...details,
    code: "RATE_LIMITED",
    doing: TEXT.doing,
    name: "ProcessMindError",
  });
  expect(error).toBeInstanceOf(Error);
  expect(new ProcessMindError("TIMEOUT", TEXT).mayHaveHappened).toBe(false);
});

describe("no secret gets into an error", () => {
  test.each([
    ["the key in a sentence", `the key ${KEY} is wrong`, "the key [secret] is wrong"],
    ["the key twice", `${KEY}${KEY}`, "[secret][secret]"],
    ["the key glued to words", `a${KEY}b`, "a[secret]b"],
    [
      "a presigned URL",
      `PUT ${SIGNED} failed`,
      "PUT https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?[removed] failed",
    ],
    [
      "a presigned URL in quotes",
      `"${SIGNED}" is bad`,
      '"https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?[removed]" is bad',
    ],
    [
      "a presigned URL in XML",
      `<Url>${SIGNED}</Url>`,
      "<Url>https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?[removed]</Url>",
    ],
    ["two URLs", "http://a/b?c=d, HTTPS://e/f?g=h", "http://a/b?[removed] HTTPS://e/f?[removed]"],
    [
      "names that begin a line or turn the writing",
      "Sales\n::stop-commands::x\t\u202eyes",
      "Sales ::stop-commands::x  yes",
    ],
    ["a URL without a query", "https://api.processmind.com/tenant", "https://api.processmind.com/tenant"],
    ["a URL with a user", "https://me:hunter2@proxy.test:3128/x", "https://[removed]@proxy.test:3128/x"],
    ["a stray signature", "X-Amz-Signature=deadbeef&X-Amz-Date=2024", "[removed]&[removed]"],
    ["a stray signature, escaped", "X-Amz-Signature%3Ddeadbeef is bad", "[removed] is bad"],
    ["a stray signature, in lower case", "x-amz-security-token: abc/def+g==", "[removed]"],
    ["a key header that is not ours", "x-api-key: other-key-1", "[removed]"],
    ["a key header as JSON", '{"x-api-key":"other-key-1","a":1}', '{"[removed]","a":1}'],
    ["a key header as code", "{ 'X-Api-Key': 'other-key-1' }", "{ '[removed]' }"],
    ["an authorization", "Authorization: Bearer abc.def, then more", "[removed] then more"],
    [
      "an authorization of S3",
      "authorization=AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=dead next",
      "[removed] next",
    ],
    [
      "words alone",
      "the signature is wrong; send an x-api-key header",
      "the signature is wrong; send an x-api-key header",
    ],
  ])("%s", (_what, happened, expected) => {
    const error = new ProcessMindError("INVALID_REQUEST", { doing: "testing", happened }, { status: 400 });
    expect(error.message).toBe(`testing: ${expected} (status 400).`);
  });

  test("a key with marks of its own is blanked out whole", () => {
    keepOutOfErrors("abc,defghijkl");
    const error = new ProcessMindError("CONFLICT", {
      doing: "creating",
      happened: "x-api-key: abc,defghijkl was sent",
    });
    expect(error.message).toBe("creating: [removed] was sent.");
  });

  // Not a measurement: what begins anew at each of them takes minutes, and then the test's limit.
  test.each(["X-Amz-", "https://", "x-api-key ", "authorization ", "http://a@", "authorization=a b"])(
    "a message of a million times %j does not hold the process up",
    (text) => {
      const { message } = new ProcessMindError("CONFLICT", { doing: "creating", happened: text.repeat(1_000_000) });
      expect(message).toMatch(/^creating: /);
    },
  );

  test("in no field, whatever field it came by", () => {
    const error = new ProcessMindError(
      "CONFLICT",
      { doing: `creating "${KEY}"`, happened: KEY, todo: SIGNED },
      { method: "PUT", path: `/x/${KEY}?X-Amz-Signature=deadbeef`, requestId: KEY },
    );
    const everything = `${error.message} ${error.stack} ${String(error)} ${JSON.stringify({ ...error })}`;
    for (const secret of [KEY, "deadbeef", "AKIAEXAMPLE"]) expect(everything).not.toContain(secret);
  });

  test("half of one neither, where a text is cut", () => {
    const requestId = `${"r".repeat(90)}${KEY}`;
    const error = new ProcessMindError("CONFLICT", { doing: "creating", happened: "no" }, { requestId });
    expect(error.requestId).toBe(`${"r".repeat(90)}[secret]`);
  });

  test("a value too short to be a key is left alone, or it would eat words", () => {
    keepOutOfErrors("set");
    expect(new ProcessMindError("CONFLICT", { doing: "creating", happened: "the dataset is set" }).message).toBe(
      "creating: the dataset is set.",
    );
  });
});

describe("an object that exists although something failed afterwards", () => {
  test.each([
    [
      "an error",
      new Error(`no: ${KEY} ${SIGNED}`),
      "no: [secret] https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?[removed]",
    ],
    ["anything else", `thrown ${KEY}`, "thrown [secret]"],
  ])("carries id and properties, after %s", (_what, cause, message) => {
    const error = partiallyCreated("id-1", { displayName: "Sales" }, cause);
    expect({ ...error, message: error.message }).toEqual({
      message,
      id: "id-1",
      properties: { displayName: "Sales" },
      reasons: [message],
    });
    expect(error.stack).not.toContain(KEY);
  });
});

test.each([
  ["its code", new ProcessMindError("NOT_FOUND", TEXT), true],
  ["another code", new ProcessMindError("FORBIDDEN", TEXT), false],
  ["its code, from another copy of the package", Object.assign(new Error("x"), { code: "NOT_FOUND" }), true],
  ["an object that is no error", { code: "NOT_FOUND" }, false],
  ["an error without a code", new Error("NOT_FOUND"), false],
  ["nothing", undefined, false],
])("hasCode: %s", (_what, error, expected) => {
  expect(hasCode(error, "NOT_FOUND")).toBe(expected);
});
