import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ProcessMindError } from "../../../provider/errors";
import {
  type TransferRequest,
  transfer,
  uploadTimeoutSeconds,
  urlLifeSeconds,
} from "../../../provider/lifecycles/transfer";
import { uploading } from "../../../provider/messages/doing";
import { noSuchFile } from "../../../provider/messages/files";
import { hasOtherBytes, hasOtherSize, sourceChanged, storageRejected } from "../../../provider/messages/requests";
import { sourceFault, unusable, uploadCancelled } from "../../../provider/messages/uploads";
import { testContext } from "../../support/context";
import { type Answer, inTurn, json, type Loopback, startLoopback } from "../../support/loopback";

describe("the time limit of an upload", () => {
  const GB = 1_000_000_000;

  test.each([
    [1, undefined, 600],
    [300_000_000, undefined, 600],
    [300_000_001, undefined, 601],
    [GB, undefined, 2_000],
    [5 * GB, undefined, 10_000],
    [5 * 1024 ** 3, undefined, 10_738],
    [5 * GB, 60, 60],
    [1, 3_600, 3_600],
  ])("%i bytes with timeoutSeconds %p: %i s", (sizeBytes, timeoutSeconds, expected) => {
    expect(uploadTimeoutSeconds(sizeBytes, timeoutSeconds)).toBe(expected);
  });

  test.each([
    [600, undefined, undefined],
    [3_600, undefined, undefined],
    [3_601, undefined, 3_601],
    [10_738, undefined, 10_738],
    [3_600.5, undefined, 3_601],
    [700_000, undefined, 604_800],
    [10_738, 60, 60],
    [600, 7_200, 7_200],
  ])(
    "an upload of at most %d s with validForSeconds %p: a URL of %p s",
    (timeoutSeconds, validForSeconds, expected) => {
      expect(urlLifeSeconds(timeoutSeconds, validForSeconds)).toBe(expected);
    },
  );
});

const DOING = uploading("orders.csv", "x");

describe("an upload", () => {
  const CONTENT = "case_id,activity\n1,start\n";
  const request: TransferRequest = {
    tenantId: "t",
    datasetId: "d",
    datatableId: "x",
    source: "orders.csv",
    fileName: "orders.csv",
    contentSha256: createHash("sha256").update(CONTENT).digest("hex"),
    sizeBytes: CONTENT.length,
  };
  let folder: string;
  let server: Loopback;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "transfer-"));
    server = await startLoopback();
  });
  afterAll(async () => {
    await server.close();
    fs.rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    server.arrived.length = 0;
    fs.writeFileSync(path.join(folder, "orders.csv"), CONTENT);
  });

  /** The API and storage on one server: every presigned URL is another, storage answers as told. */
  async function run(storage: Answer, changes: Partial<TransferRequest> = {}, cancel = new AbortController()) {
    let urls = 0;
    server.answer = (response, arrived) => {
      if (arrived.method === "PUT") storage(response, arrived);
      else
        json(200, { PreSignedUploadUrl: `${server.url}/bucket/key?X-Amz-Signature=secret${++urls}` })(
          response,
          arrived,
        );
    };
    const sleeps: number[] = [];
    const context = testContext({
      programDirectory: folder,
      settings: (timeoutSeconds = 60) => ({ apiKey: "transfer-key", apiUrl: server.url, timeoutSeconds }),
      sleep: async (ms) => {
        sleeps.push(ms);
      },
      cancelled: cancel.signal,
    });
    const outcome = await transfer(context, { ...request, ...changes }).then(
      () => "stored",
      (error: ProcessMindError) => ({ code: error.code, message: error.message }),
    );
    const puts = server.arrived.filter(({ method }) => method === "PUT");
    return {
      outcome,
      sleeps,
      asked: server.arrived.length - puts.length,
      puts: puts.map(({ url }) => url.split("?X-Amz-Signature=secret")[1]),
    };
  }

  const s3 =
    (status: number, code: string, message: string, headers = {}): Answer =>
    (response) =>
      response.writeHead(status, headers).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  const expired = s3(403, "AccessDenied", "Request has expired");
  const ok: Answer = (response) => response.writeHead(200).end();

  test("is one PUT of the bytes, without the key", async () => {
    expect(await run(ok)).toEqual({ outcome: "stored", sleeps: [], asked: 1, puts: ["1"] });
    const [presign, put] = server.arrived;
    const modified = Math.trunc(fs.statSync(path.join(folder, "orders.csv")).mtimeMs);
    expect(presign?.url).toBe(
      `/tenant/t/datatable/x/uploads/presignedurl?datasetid=d&filename=orders.csv&filesize=25&filelastmodified=${modified}`,
    );
    expect(put).toMatchObject({ method: "PUT", url: "/bucket/key?X-Amz-Signature=secret1", body: CONTENT });
    const { host, connection, ...headers } = put?.headers ?? {};
    expect(headers).toEqual({ "content-length": "25" });
  });

  test("sends nothing when the run was cancelled before", async () => {
    const cancel = new AbortController();
    cancel.abort();
    const { outcome, asked, puts } = await run(ok, {}, cancel);
    const { message } = uploadCancelled("orders.csv", "x");
    expect(message).toContain("\n  - run the command again");
    expect({ outcome, asked, puts }).toEqual({ outcome: { code: "CANCELLED", message }, asked: 0, puts: [] });
  });

  test("ends as it would have when the run is cancelled while it is under way", async () => {
    const cancel = new AbortController();
    const storesThen: Answer = (response) => {
      cancel.abort();
      response.writeHead(200).end();
    };
    expect(await run(storesThen, {}, cancel)).toMatchObject({ outcome: "stored", puts: ["1"] });
  });

  test("makes no other attempt when the run is cancelled", async () => {
    const cancel = new AbortController();
    const failsThen: Answer = (response, arrived) => {
      cancel.abort();
      s3(503, "SlowDown", "Please reduce your request rate.")(response, arrived);
    };
    const { outcome, puts } = await run(failsThen, {}, cancel);
    expect({ outcome, puts }).toEqual({
      outcome: { code: "UPLOAD_REJECTED", message: expect.stringContaining("SlowDown") },
      puts: ["1"],
    });
  });

  test("says its type when it is told one", async () => {
    await run(ok, { contentType: "text/csv", validForSeconds: 7_200 });
    expect(server.arrived[0]?.url).toMatch(/&validforseconds=7200$/);
    expect(server.arrived[1]?.headers["content-type"]).toBe("text/csv");
  });

  test.each<[string, Answer, number]>([
    ["the URL has expired", expired, 500],
    ["408", s3(408, "RequestTimeout", "slow"), 500],
    ["429", s3(429, "SlowDown", "slow", { "Retry-After": "3" }), 3_000],
    ["500", s3(500, "InternalError", "oops"), 500],
    ["503 and no pause", s3(503, "SlowDown", "slow", { "Retry-After": "0" }), 500],
    ["503 and an hour's pause", s3(503, "SlowDown", "slow", { "Retry-After": "3600" }), 60_000],
    ["the connection is lost", (response) => response.socket?.destroy(), 500],
  ])("is tried again with a fresh URL when %s", async (_what, first, pause) => {
    expect(await run(inTurn(first, ok))).toEqual({ outcome: "stored", sleeps: [pause], asked: 2, puts: ["1", "2"] });
    expect(server.arrived[3]?.body).toBe(CONTENT);
  });

  test("is given up after the fourth time", async () => {
    expect(await run(expired)).toEqual({
      outcome: {
        code: "UPLOAD_REJECTED",
        message: storageRejected(DOING, '"AccessDenied: Request has expired"', true, { status: 403 }).message,
      },
      sleeps: [500, 1_000, 2_000],
      asked: 4,
      puts: ["1", "2", "3", "4"],
    });
  });

  test.each<[string, Answer]>([
    ["403", s3(403, "SignatureDoesNotMatch", "no")],
    ["400", s3(400, "EntityTooLarge", "no")],
    ["501", s3(501, "NotImplemented", "no")],
    ["a redirect", (response) => response.writeHead(307, { Location: "/elsewhere" }).end()],
  ])("is not tried again after %s", async (_what, answer) => {
    expect(await run(answer)).toMatchObject({
      outcome: { code: "UPLOAD_REJECTED" },
      sleeps: [],
      asked: 1,
      puts: ["1"],
    });
  });

  test("is never tried again after a 2xx, even if the rest of the answer is lost", async () => {
    const cut: Answer = (response) =>
      response.writeHead(200, { "Content-Length": 9 }).write("x", () => response.socket?.destroy());
    expect(await run(cut)).toEqual({ outcome: "stored", sleeps: [], asked: 1, puts: ["1"] });
  });

  const fault = (code: Parameters<typeof sourceFault>[0], text: Parameters<typeof sourceFault>[3]) =>
    sourceFault(code, "orders.csv", "x", text);

  test.each<[string, () => void, () => ProcessMindError, number]>([
    [
      "has grown",
      () => fs.appendFileSync(path.join(folder, "orders.csv"), "x"),
      () => fault("SOURCE_CHANGED", sourceChanged(hasOtherSize(26, 25))),
      0,
    ],
    [
      "has other bytes",
      () => fs.writeFileSync(path.join(folder, "orders.csv"), CONTENT.replace("1", "2")),
      () => fault("SOURCE_CHANGED", sourceChanged(hasOtherBytes())),
      1,
    ],
    [
      "was deleted",
      () => fs.rmSync(path.join(folder, "orders.csv")),
      () => {
        const { message, options } = noSuchFile(path.basename(folder), undefined);
        return fault("SOURCE_UNREADABLE", unusable("orders.csv", message, options));
      },
      0,
    ],
  ])("stores nothing of a file that %s since the check", async (_what, change, expected, asked) => {
    change();
    const { code, message } = expected();
    expect(await run(ok)).toEqual({
      outcome: { code, message },
      sleeps: [],
      asked,
      puts: [],
    });
  });
});
