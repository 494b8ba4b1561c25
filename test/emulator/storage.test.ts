import { createHash } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import { type Emulator, startEmulator } from "processmind-emulator";
import { api, journalled, makeTable, presign, RawConnection, send } from "./client";

let emulator: Emulator;
let table: { datasetId: string; datatableId: string };
beforeAll(async () => {
  emulator = await startEmulator({ maxObjectBytes: 1000 });
});
beforeEach(async () => {
  await emulator.reset();
  table = await makeTable(emulator);
});
afterAll(() => emulator.close());

const errorIn = (xml: string) => new XMLParser({ parseTagValue: false }).parse(xml).Error;
const stored = () => emulator.uploads().map(({ object }) => object?.sizeBytes);

test("a PUT stores the bytes with their hashes and answers the MD5 as ETag", async () => {
  const url = await presign(emulator, table, { fileName: "Bestell+ung März (1)'!.csv" });
  const answer = await send("PUT", url, { body: "a\n1\n", headers: { "content-type": "text/csv" } });
  const md5 = createHash("md5").update("a\n1\n").digest("hex");
  expect([answer.status, answer.text, answer.headers["etag"]]).toEqual([200, "", `"${md5}"`]);
  expect(emulator.uploads()[0]).toMatchObject({
    fileName: "Bestell+ung März (1)'!.csv",
    object: {
      sizeBytes: 4,
      sha256: createHash("sha256").update("a\n1\n").digest("hex"),
      md5,
      contentType: "text/csv",
      kept: true,
    },
  });
  const { id = "", key = "" } = emulator.uploads()[0] ?? {};
  expect([String(await emulator.objectBytes(id)), String(await emulator.objectBytes(key))]).toEqual([
    "a\n1\n",
    "a\n1\n",
  ]);
});

test("an empty file is an object too", async () => {
  const url = await presign(emulator, table, { fileSize: 0 });
  expect((await send("PUT", url, { body: "" })).status).toBe(200);
  await emulator.settled();
  expect((await api(emulator, "GET", `/datatable/${table.datatableId}`)).json).toMatchObject({
    rowCount: 0,
    columns: [],
  });
});

describe("URLs", () => {
  test("are signed by Signature Version 4 in the query, host alone signed", async () => {
    const query = new URL(await presign(emulator, table, { validForSeconds: 60 })).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": expect.stringMatching(/^EMULATOR\/\d{8}\/eu-central-1\/s3\/aws4_request$/),
      "X-Amz-Date": expect.stringMatching(/^\d{8}T\d{6}Z$/),
      "X-Amz-Expires": "60",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("expire", async () => {
    const url = await presign(emulator, table, { validForSeconds: 60 });
    emulator.advanceClock(30);
    expect((await send("PUT", url, { body: "a\n1\n" })).status).toBe(200);
    emulator.advanceClock(30);
    const answer = await send("PUT", url, { body: "b\n1\n2\n" });
    expect([answer.status, answer.headers["content-type"], errorIn(answer.text)]).toEqual([
      403,
      "application/xml",
      {
        Code: "AccessDenied",
        Message: "Request has expired",
        "X-Amz-Expires": "60",
        Expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        ServerTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        RequestId: expect.any(String),
        HostId: expect.any(String),
      },
    ]);
    expect(Date.parse(errorIn(answer.text).ServerTime)).toBeGreaterThanOrEqual(
      Date.parse(errorIn(answer.text).Expires),
    );
    expect(stored()).toEqual([4]);
  });

  test("can all be made to expire", async () => {
    const url = await presign(emulator, table);
    await emulator.expireUrls();
    expect(errorIn((await send("PUT", url, { body: "a\n1\n" })).text).Message).toBe("Request has expired");
  });

  test("are not valid long before they were signed", async () => {
    const url = await presign(emulator, table);
    emulator.advanceClock(-3600);
    expect(errorIn((await send("PUT", url, { body: "a" })).text).Message).toBe("Request is not valid yet");
  });

  test.each<[string, (url: string) => string, string]>([
    ["longer life", (url) => url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601"), "SignatureDoesNotMatch"],
    ["another name", (url) => url.replace("orders.csv", "other.csv"), "SignatureDoesNotMatch"],
    ["another bucket", (url) => url.replace("processmind-uploads", "elsewhere"), "SignatureDoesNotMatch"],
    ["another scope", (url) => url.replace("eu-central-1", "us-east-1"), "SignatureDoesNotMatch"],
    ["another signer", (url) => url.replace("EMULATOR", "SOMEBODY"), "SignatureDoesNotMatch"],
    ["one digit", (url) => url.replace(/.$/, (c) => (c === "0" ? "1" : "0")), "SignatureDoesNotMatch"],
    ["one parameter more", (url) => `${url}&partNumber=1`, "SignatureDoesNotMatch"],
    ["no query", (url) => url.split("?")[0] ?? "", "AccessDenied"],
    ["no signature", (url) => url.replace(/&X-Amz-Signature=.*/, ""), "AuthorizationQueryParametersError"],
    ["an expiry twice", (url) => `${url}&X-Amz-Expires=604800`, "AuthorizationQueryParametersError"],
    ["an expiry past a week", (url) => url.replace("=3600", "=604801"), "AuthorizationQueryParametersError"],
    ["a malformed path", (url) => url.replace("orders", "%zz"), "InvalidURI"],
  ])("tampered: %s", async (_name, tamper, code) => {
    const answer = await send("PUT", tamper(await presign(emulator, table)), { body: "a\n1\n" });
    expect(errorIn(answer.text).Code).toBe(code);
    expect(answer.status).toBe(code.startsWith("Auth") || code === "InvalidURI" ? 400 : 403);
    expect(stored()).toEqual([undefined]);
  });

  test.each(["GET", "POST", "DELETE", "HEAD"])("allow no %s", async (method) => {
    const url = await presign(emulator, table);
    await send("PUT", url, { body: "a\n1\n" });
    expect((await send(method, url)).status).toBe(403);
    expect(stored()).toEqual([4]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ["an unsigned x-amz header", { "x-amz-acl": "public-read" }, 403, "AccessDenied"],
    ["another way to authenticate", { authorization: "Bearer x" }, 400, "InvalidArgument"],
  ])("do not go with %s", async (_name, headers, status, code) => {
    const answer = await send("PUT", await presign(emulator, table), { body: "a", headers });
    expect([answer.status, errorIn(answer.text).Code]).toEqual([status, code]);
  });

  test("work again and again while they are valid, and the last bytes count", async () => {
    const url = await presign(emulator, table);
    for (const body of ["a\n1\n", "a\n1\n2\n"]) expect((await send("PUT", url, { body })).status).toBe(200);
    await emulator.settled();
    expect(stored()).toEqual([6]);
    expect((await api(emulator, "GET", `/datatable/${table.datatableId}`)).json.rowCount).toBe(2);
  });
});

describe("the body", () => {
  test("must not be larger than the limit", async () => {
    const { status, text } = await send("PUT", await presign(emulator, table), { body: "x".repeat(1001) });
    expect([status, errorIn(text)]).toMatchObject([
      400,
      { Code: "EntityTooLarge", ProposedSize: "1001", MaxSizeAllowed: "1000" },
    ]);
  });

  test("must not be chunked", async () => {
    const headers = { "transfer-encoding": "chunked", "content-length": "" };
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", await presign(emulator, table), { "Transfer-Encoding": headers["transfer-encoding"] });
    connection.socket.write("4\r\na\n1\n\r\n0\r\n\r\n");
    const text = await connection.until("</Error>");
    connection.socket.destroy();
    expect(text).toContain("HTTP/1.1 501");
    expect(text).toContain("<Code>NotImplemented</Code>");
    expect(text).toContain("<Header>Transfer-Encoding</Header>");
  });

  test("must have a length", async () => {
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", await presign(emulator, table));
    const text = await connection.until("</Error>");
    connection.socket.destroy();
    expect(text).toContain("HTTP/1.1 411");
    expect(text).toContain("<Code>MissingContentLength</Code>");
  });

  test.each<[string, string, number, string | undefined]>([
    ["right", createHash("md5").update("new\n").digest("base64"), 200, undefined],
    ["wrong", createHash("md5").update("other").digest("base64"), 400, "BadDigest"],
    ["malformed", "nonsense", 400, "InvalidDigest"],
  ])("with a %s Content-MD5", async (_name, md5, status, code) => {
    const url = await presign(emulator, table);
    await send("PUT", url, { body: "old" });
    const answer = await send("PUT", url, { body: "new\n", headers: { "Content-MD5": md5 } });
    expect([answer.status, errorIn(answer.text)?.Code]).toEqual([status, code]);
    expect(stored()).toEqual([status === 200 ? 4 : 3]);
  });

  test("that ends early is IncompleteBody, and the old object stays", async () => {
    const url = await presign(emulator, table);
    await send("PUT", url, { body: "old" });
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", url, { "Content-Length": "100" });
    connection.socket.end("only this");
    const text = await connection.ended();
    expect(text).toContain("HTTP/1.1 400");
    expect(text).toContain("<Code>IncompleteBody</Code>");
    expect(stored()).toEqual([3]);
    expect(emulator.journal().at(-1)).toMatchObject({ status: 400, ending: "answered", committed: false });
  });

  test("that breaks off leaves the old object", async () => {
    const url = await presign(emulator, table);
    await send("PUT", url, { body: "old" });
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", url, { "Content-Length": "100" });
    connection.socket.write("only this");
    await journalled(emulator, ({ receivedBytes }) => receivedBytes === 9);
    connection.socket.resetAndDestroy();
    expect(await journalled(emulator, ({ ending }) => ending === "client left")).toMatchObject({
      status: null,
      committed: false,
    });
    expect(stored()).toEqual([3]);
  });

  test("of another size than announced is noted", async () => {
    await send("PUT", await presign(emulator, table, { fileSize: 5 }), { body: "a\n1\n" });
    expect(emulator.journal().at(-1)?.sizeMismatch).toEqual({ declaredBytes: 5, receivedBytes: 4 });
  });
});

describe("Expect: 100-continue", () => {
  test("goes on with a good URL", async () => {
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", await presign(emulator, table), { "Content-Length": "4", Expect: "100-continue" });
    await connection.until("HTTP/1.1 100 Continue");
    connection.socket.write("a\n1\n");
    expect(await connection.until("etag")).toContain("HTTP/1.1 200 OK");
    connection.socket.destroy();
    expect(stored()).toEqual([4]);
  });

  test.each<[string, (url: string) => string, string]>([
    ["expired", (url) => url, "Request has expired"],
    ["tampered", (url) => url.replace("orders", "others"), "SignatureDoesNotMatch"],
  ])("answers 403 and no 100 when the URL is %s", async (name, tamper, message) => {
    const url = tamper(await presign(emulator, table));
    if (name === "expired") await emulator.expireUrls();
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", url, { "Content-Length": "4", Expect: "100-continue" });
    const text = await connection.ended();
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    expect(text).toContain(message);
    expect(text).not.toContain("100 Continue");
  });
});

test("an API key that reaches the storage is noted, not its value", async () => {
  const headers = { "X-API-Key": "secret-key" };
  await send("PUT", await presign(emulator, table), { body: "a\n1\n", headers });
  const entry = emulator.journal().at(-1);
  expect(entry).toMatchObject({ server: "storage", apiKeyAtStorage: true, headers: { "x-api-key": "[given]" } });
  expect(JSON.stringify(emulator.journal())).not.toContain("secret-key");
});
