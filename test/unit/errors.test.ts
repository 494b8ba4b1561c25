import { spawnSync } from "node:child_process";
import path from "node:path";
import {
  type ErrorDetails,
  type ErrorText,
  hasCode,
  keepOutOfErrors,
  ProcessMindError,
  partiallyCreated,
} from "../../provider/errors";

const ROOT = path.resolve(__dirname, "../..");
const KEY = "pm-live-4f9a/Zz+0=";
const SIGNED =
  "https://bucket.s3.eu-central-1.amazonaws.com/key%20one.csv?X-Amz-Credential=AKIAEXAMPLE%2F20240101&X-Amz-Signature=deadbeef";
const TEXT: ErrorText = {
  doing: 'creating Dataset "Sales"',
  happened: "the API rejected it",
  options: ["check the name"],
};

beforeAll(() => keepOutOfErrors(KEY));

describe("the message", () => {
  const FIRST = 'creating Dataset "Sales": the API rejected it';
  const long = "x".repeat(150);

  test.each<[string, ErrorText, ErrorDetails, string]>([
    [
      "names code, status, attempts, request and options",
      TEXT,
      { method: "POST", path: "/tenant/t/datasets", status: 409, requestId: "r-1", attempts: 3 },
      `${FIRST} (CONFLICT, status 409, 3 attempts, request r-1).\n  - check the name`,
    ],
    ["leaves out one attempt", TEXT, { attempts: 1 }, `${FIRST} (CONFLICT).\n  - check the name`],
    [
      "has no options where there are none",
      { doing: "listing", happened: "it is late" },
      {},
      "listing: it is late (CONFLICT).",
    ],
    [
      "leaves out what is a field only",
      { doing: "listing", happened: "it is late" },
      { retryAfterMs: 5, mayHaveHappened: true, method: "GET", path: "/x" },
      "listing: it is late (CONFLICT).",
    ],
    [
      "adds what a service said",
      { doing: "listing", happened: "it is late", more: '"try later"' },
      { status: 409 },
      'listing: it is late: "try later" (CONFLICT, status 409).',
    ],
    [
      "puts what a service said on a line of its own where the first one would get too long",
      { doing: "listing", happened: "it is late", more: long },
      { status: 409 },
      `listing: it is late (CONFLICT, status 409).\n  details: ${long}`,
    ],
    [
      "puts facts on a line of their own where the first one would get too long",
      { doing: "listing", happened: "y".repeat(130) },
      { status: 409, requestId: "r-1" },
      `listing: ${"y".repeat(130)} (CONFLICT).\n  details: status 409, request r-1`,
    ],
    [
      "shows the first line of its cause",
      { doing: "listing", happened: "it is late", cause: new Error("the line broke\nhere") },
      {},
      "listing: it is late (CONFLICT).\n  cause: the line broke",
    ],
    [
      "has no other line breaks",
      { doing: "listing\nx", happened: "it\nis", more: "a\nb", options: ["c\nd"] },
      {},
      "listing x: it is: a b (CONFLICT).\n  - c d",
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
    options: TEXT.options,
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
    expect(error.message).toBe(`testing: ${expected} (INVALID_REQUEST, status 400).`);
  });

  test("a key with marks of its own is blanked out whole", () => {
    keepOutOfErrors("abc,defghijkl");
    const error = new ProcessMindError("CONFLICT", {
      doing: "creating",
      happened: "x-api-key: abc,defghijkl was sent",
    });
    expect(error.message).toBe("creating: [removed] was sent (CONFLICT).");
  });

  // Not a measurement: what begins anew at each of them takes minutes, and then the test's limit.
  test.each(["X-Amz-", "https://", "x-api-key ", "authorization ", "http://a@", "authorization=a b"])(
    "a message of a million times %j does not hold the process up",
    (text) => {
      const { message } = new ProcessMindError("CONFLICT", { doing: "creating", happened: text.repeat(1_000_000) });
      expect(message).toMatch(/^creating: /);
    },
  );

  test("a long message does not overflow the stack where Node compiles patterns without optimising them", () => {
    const script = `const { ProcessMindError } = require("./dist/provider/errors");
      for (const text of ["https://", "http://a@", "authorization=a b"])
        console.log(new ProcessMindError("CONFLICT", { doing: "creating", happened: text.repeat(1e6) }).message.length);`;
    const args = ["--no-regexp-optimization", "-e", script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toHaveLength(3);
  });

  test("where a long message is cut, a user in half a URL goes", () => {
    const happened = `${"word ".repeat(199_996)}https://user:password@example.com/`;
    const { message } = new ProcessMindError("CONFLICT", { doing: "creating", happened });
    expect(message).not.toContain("user");
    expect(message.length).toBeGreaterThan(999_000);
  });

  test("in no field, whatever field it came by", () => {
    const error = new ProcessMindError(
      "CONFLICT",
      { doing: `creating "${KEY}"`, happened: KEY, options: [SIGNED], more: KEY },
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
      "creating: the dataset is set (CONFLICT).",
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
