import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { Behaviour, Fault } from "processmind-emulator";
import type { Properties } from "../../engine/model";
import { ProcessMindError } from "../../provider/errors";
import { hasOtherBytes, hasOtherSize, sourceChanged, unsafeUploadUrl } from "../../provider/messages/requests";
import { putDataset, putTable } from "./furniture";
import { ISO_TIME, openScene, outcome, TENANT } from "./scene";

/** DatatableUpload on the wire: the requests of one upload, and what happens when storage or the file misbehave. */

const CONTENT = "case_id,activity\n1,start\n1,end\n";
/** Large enough that storage is asked before the body is sent. */
const LARGE = `${CONTENT}${"2,some activity with a long name\n".repeat(100_000)}`;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const scene = openScene();
beforeEach(async () => {
  // What becomes of the bytes is no matter here, and reading many rows takes its time.
  scene.emulator.setBehaviour({ ingestion: "never" });
  await putDataset(scene, { id: "set-1" });
  await putTable(scene, { id: "table-1" });
});

/** An upload that does not look at its table, neither before nor after. */
const WITHOUT_LOOK = { waitForRowsSeconds: 0, whenTableHasRows: "send" };
const ONCE = ["GET uploads.presign", "PUT storage.put"];
const TWICE = [...ONCE, ...ONCE];
const absolute = (file: string) => path.join(scene.host.directory, file);
const upload = (inputs: Properties) => outcome(scene.host.create("datatableUpload", inputs));
const puts = () => scene.emulator.journal().filter(({ route }) => route === "storage.put");
const stored = () => scene.emulator.uploads().flatMap(({ object }) => (object ? [object.sha256] : []));

/** Writes the file and returns the inputs that check makes of it. */
async function inputsOf(content: string, more: Properties = {}): Promise<Properties> {
  const source = "orders.csv";
  await fs.writeFile(absolute(source), content);
  const file = { source, fileName: source, contentSha256: sha256(content), sizeBytes: Buffer.byteLength(content) };
  return { datatableId: "table-1", datasetId: "set-1", tenantId: TENANT, ...WITHOUT_LOOK, ...file, ...more };
}

const made = (inputs: Properties) => ({
  id: "table-1",
  outputs: expect.objectContaining({ ...inputs, uploadedAt: ISO_TIME }),
});

/** A storage of which every byte that arrives is seen: `answer` gets each request with its body read. */
async function withStorage<T>(
  answer: (response: http.ServerResponse) => void,
  use: (seen: { url: string; headers: string[]; body: string }[], origin: string) => Promise<T>,
): Promise<T> {
  const seen: { url: string; headers: string[]; body: string }[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ url: request.url ?? "", headers: request.rawHeaders, body: Buffer.concat(chunks).toString() });
    answer(response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    return await use(seen, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

const presigning = (PreSignedUploadUrl: string): Fault => ({
  kind: "wrong-type",
  body: { PreSignedUploadUrl },
  match: { route: "uploads.presign" },
  times: "always",
});

describe("the requests", () => {
  test("the URL is asked for with the file's name, size and time", async () => {
    const inputs = await inputsOf(CONTENT, { fileName: "Bestell+ung März (1)'!.csv", validForSeconds: 60 });
    await fs.utimes(absolute("orders.csv"), 1_700_000_000.1239, 1_700_000_000.1239);
    expect(await upload(inputs)).toEqual(made(inputs));
    expect(scene.emulator.journal()[0]?.query).toEqual({
      datasetid: "set-1",
      filename: "Bestell+ung März (1)'!.csv",
      filesize: String(CONTENT.length),
      filelastmodified: "1700000000123",
      validforseconds: "60",
    });
    expect(stored()).toEqual([sha256(CONTENT)]);
  });

  test("the PUT has the bytes, their number and nothing else; its path and query are those given, byte for byte", async () => {
    const target = "/b/a%20b'(1)%2Fx!.csv?X-Amz-Z=%2f+%7E~*&a=b%20c&X-Amz-Signature=AbC%3D%3D&empty=&flag";
    await withStorage(
      (response) => response.end(),
      async (seen, origin) => {
        scene.emulator.addFault(presigning(`${origin}${target}`));
        await upload(await inputsOf(CONTENT));
        await upload(await inputsOf(CONTENT, { contentType: "text/csv; charset=utf-8" }));
        const headers = ["Content-Length", "31", "Host", origin.slice("http://".length), "Connection", "keep-alive"];
        const [length, value, ...rest] = headers;
        expect(seen).toEqual([
          { url: target, headers, body: CONTENT },
          {
            url: target,
            headers: [length, value, "Content-Type", "text/csv; charset=utf-8", ...rest],
            body: CONTENT,
          },
        ]);
      },
    );
  });

  test("a large file goes out whole, asked for first", async () => {
    const inputs = await inputsOf(LARGE);
    expect(await upload(inputs)).toEqual(made(inputs));
    const [put] = puts();
    expect(put).toMatchObject({ receivedBytes: LARGE.length, committed: true });
    expect(put?.headers).toEqual({
      "content-length": String(LARGE.length),
      expect: "100-continue",
      host: scene.emulator.storageUrl.slice("http://".length),
      connection: "keep-alive",
    });
    expect([put?.sizeMismatch, put?.apiKeyAtStorage, stored()]).toEqual([undefined, undefined, [sha256(LARGE)]]);
  });

  test.each<[string, number, Properties, string | undefined]>([
    ["is the service's own for a file that takes minutes", 31, {}, undefined],
    ["grows with the size", 4 * 1024 ** 3, {}, "8590"],
    ["grows with the time limit", 31, { timeoutSeconds: 7200 }, "7200"],
    ["is what the program says", 4 * 1024 ** 3, { validForSeconds: 900 }, "900"],
  ])("the life of the URL %s", async (_name, sizeBytes, more, life) => {
    const inputs = await inputsOf(CONTENT, { ...more, sizeBytes });
    await fs.truncate(absolute("orders.csv"), sizeBytes);
    scene.emulator.addFault({ kind: "reply", status: 400, match: { route: "uploads.presign" } });
    await upload(inputs);
    expect(scene.emulator.journal().map(({ query }) => query["validforseconds"])).toEqual([life]);
  });

  test("an upload address that is plain http to another machine is not used", async () => {
    scene.emulator.addFault(presigning("http://storage.processmind.test/b/k?X-Amz-Signature=secret"));
    expect(await upload(await inputsOf(CONTENT))).toEqual({
      error: expect.stringContaining(unsafeUploadUrl("", false).happened),
    });
  });

  test("many small uploads at once stay within the limit of requests in flight", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `many-${index}`);
    for (const id of ids) await putTable(scene, { id, displayName: id });
    scene.emulator.addFault({ kind: "delay", ms: 40, times: "always", match: { route: "uploads.presign" } });
    const inputs = await inputsOf(CONTENT);
    const results = await Promise.all(ids.map((datatableId) => upload({ ...inputs, datatableId })));
    expect(results.filter((result) => "error" in result)).toEqual([]);
    const presigns = scene.emulator.journal().filter(({ route }) => route === "uploads.presign");
    expect([presigns.length, puts().length, stored().length]).toEqual([40, 40, 40]);
    expect(mostAtOnce(presigns)).toBeLessThanOrEqual(8);
  });

  test.each([
    ["2 MiB", 2 * 1024 ** 2, 24],
    ["more", 2 * 1024 ** 2 + 1, 8],
  ])("many uploads of %s at once stay within their number", async (...[, bytes, most]) => {
    const ids = Array.from({ length: most + 8 }, (_, index) => `many-${index}`);
    for (const id of ids) await putTable(scene, { id, displayName: id });
    scene.emulator.addFault({ kind: "delay", ms: 100, times: "always", match: { route: "storage.put" } });
    const inputs = await inputsOf("a,b\n".repeat(bytes / 4).padEnd(bytes, "c"));
    const results = await Promise.all(ids.map((datatableId) => upload({ ...inputs, datatableId })));
    expect(results.filter((result) => "error" in result)).toEqual([]);
    expect(puts().length).toBe(ids.length);
    expect(mostAtOnce(puts())).toBeLessThanOrEqual(most);
  });
});

/** Two milliseconds are taken off each end: the journal's clock is no finer. */
function mostAtOnce(entries: { at: string; durationMs: number }[]): number {
  const spans = entries.map(({ at, durationMs }) => [Date.parse(at) + 2, Date.parse(at) + durationMs - 2] as const);
  return Math.max(...spans.map(([start]) => spans.filter(([from, to]) => from <= start && start < to).length));
}

describe("storage refuses or breaks off", () => {
  const now = { "retry-after": "0" };
  test.each<[string, Fault]>([
    ["the URL has expired", { kind: "expire-url", match: { route: "storage.put" } }],
    ["the URL was given out expired", { kind: "expire-url", match: { route: "uploads.presign" } }],
    ["500", { kind: "reply", status: 500, headers: now, match: { route: "storage.put" } }],
    ["503 SlowDown", { kind: "reply", status: 503, headers: now, match: { route: "storage.put" } }],
    ["408", { kind: "reply", status: 408, headers: now, match: { route: "storage.put" } }],
    ["429", { kind: "reply", status: 429, headers: now, match: { route: "storage.put" } }],
    ["a reset before the body", { kind: "reset", match: { route: "storage.put" } }],
    [
      "a reset in the middle of the body",
      { kind: "reset-after-bytes", bytes: 1_500_000, match: { route: "storage.put" } },
    ],
  ])("%s: again with a fresh URL, from byte 0", async (_name, fault) => {
    scene.emulator.addFault(fault);
    const inputs = await inputsOf(LARGE);
    expect(await upload(inputs)).toEqual(made(inputs));
    expect(scene.requests()).toEqual(TWICE);
    expect(new Set(puts().map(({ path: key }) => key)).size).toBe(2);
    expect([stored(), puts()[1]?.receivedBytes]).toEqual([[sha256(LARGE)], LARGE.length]);
  });

  const s3 = (Code: string, Message: string) =>
    `<?xml version="1.0"?><Error><Code>${Code}</Code><Message>${Message}</Message></Error>`;
  test.each<[string, Fault | undefined, Partial<Behaviour>, RegExp]>([
    [
      "a signature that does not match",
      undefined,
      { signedContentType: "text/csv" },
      /\(UPLOAD_REJECTED, status 403, .*\n {2}details: "SignatureDoesNotMatch: .*contentType/s,
    ],
    [
      "access denied",
      { kind: "reply", status: 403, body: s3("AccessDenied", "Access Denied"), match: { route: "storage.put" } },
      {},
      /"AccessDenied: Access Denied" \(UPLOAD_REJECTED, status 403/,
    ],
    [
      "a refusal before the body, with the connection closed",
      { kind: "early-close", body: s3("AccessDenied", "Access Denied"), match: { route: "storage.put" } },
      {},
      /"AccessDenied: Access Denied" \(UPLOAD_REJECTED, status 403/,
    ],
    [
      "an answer that quotes the upload address",
      {
        kind: "reply",
        status: 400,
        body: s3("BadRequest", "https://s.test/k?X-Amz-Signature=1f2e"),
        match: { route: "storage.put" },
      },
      {},
      /"BadRequest: https:\/\/s\.test\/k\?\[removed\]" \(UPLOAD_REJECTED, status 400/,
    ],
    [
      "a bad request that is not XML",
      { kind: "reply", status: 400, body: "<html", match: { route: "storage.put" } },
      {},
      /: storage rejected it \(UPLOAD_REJECTED, status 400/,
    ],
  ])("%s is told and not tried again", async (_name, fault, behaviour, error) => {
    scene.emulator.setBehaviour(behaviour);
    if (fault) scene.emulator.addFault(fault);
    expect(await upload(await inputsOf(LARGE))).toEqual({ error: expect.stringMatching(error) });
    expect([scene.requests(), stored()]).toEqual([ONCE, []]);
  });

  test("a URL signed for a type works when the program names it", async () => {
    scene.emulator.setBehaviour({ signedContentType: "text/csv" });
    const inputs = await inputsOf(CONTENT, { contentType: "text/csv" });
    expect(await upload(inputs)).toEqual(made(inputs));
  });

  test("after a 2xx it is never sent again, even when the rest of the answer is lost", async () => {
    await withStorage(
      (response) => {
        response.writeHead(200, { "Content-Length": 100 });
        response.write("<half", () => response.destroy());
      },
      async (seen, origin) => {
        scene.emulator.addFault(presigning(`${origin}/b/k?X-Amz-Signature=secret`));
        const inputs = await inputsOf(CONTENT);
        expect(await upload(inputs)).toEqual(made(inputs));
        expect(seen.map(({ body }) => body)).toEqual([CONTENT]);
      },
    );
  });
});

describe("the file after check", () => {
  const doing = 'uploading "orders.csv" to Datatable "table-1"';

  test("grown: nothing is asked or sent", async () => {
    const inputs = await inputsOf(CONTENT);
    await fs.appendFile(absolute("orders.csv"), "2,start\n");
    expect(await upload(inputs)).toEqual({
      error: new ProcessMindError("SOURCE_CHANGED", { doing, ...sourceChanged(hasOtherSize(39, 31)) }).message,
    });
    expect(scene.requests()).toEqual([]);
  });

  test.each([
    ["a small", CONTENT],
    ["a large", LARGE],
  ])("%s one of the same size with other bytes: nothing is stored", async (_name, content) => {
    const inputs = await inputsOf(content);
    await fs.writeFile(absolute("orders.csv"), content.replace("end", "END"));
    expect(await upload(inputs)).toEqual({
      error: new ProcessMindError("SOURCE_CHANGED", { doing, ...sourceChanged(hasOtherBytes()) }).message,
    });
    expect(stored()).toEqual([]);
  });

  test("gone: said with its path, and nothing is sent", async () => {
    const inputs = await inputsOf(CONTENT);
    await fs.rm(absolute("orders.csv"));
    expect(await upload(inputs)).toEqual({
      error: expect.stringContaining(`${doing}: "orders.csv": there is no such file (SOURCE_UNREADABLE).`),
    });
    expect(scene.requests()).toEqual([]);
  });
});
