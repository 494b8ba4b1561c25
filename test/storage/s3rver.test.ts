import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import S3rver from "@20minutes/s3rver";
import { transfer } from "../../provider/lifecycles/transfer";
import { testContext } from "../support/context";
import { presignedUrl } from "./presigned";
import { put, sha256, summary } from "./upload-file";

/** Uploads to an S3 server that checks signatures and was not written here. */

const BUCKET = "uploads";
const CREDENTIALS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
/** What names of files may hold: a blank, a plus, a percent sign, letters of every kind. */
const KEY = "Bestell+ung März 100% (1).csv";
/** Two chunks and a bit, so that it asks before it sends. */
const CONTENT = Buffer.concat([Buffer.from("case_id,activity\n"), randomBytes(2 * 1024 * 1024)]);

let folder: string;
let server: S3rver;
let endpoint: string;
let file: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "s3rver-"));
  server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: path.join(folder, "store"),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
  file = path.join(folder, "orders.csv");
  await fs.writeFile(file, CONTENT);
});

afterAll(async () => {
  await server.close();
  await fs.rm(folder, { recursive: true });
});

const presigned = ({ key = KEY, ...parts }: { contentType?: string; ageSeconds?: number; key?: string } = {}) =>
  presignedUrl({ endpoint, path: [BUCKET, key], credentials: CREDENTIALS, ...parts });

async function stored(key: string): Promise<{ type: string | null; content: Buffer }> {
  const response = await fetch(`${endpoint}/${BUCKET}/${encodeURIComponent(key)}`);
  return { type: response.headers.get("content-type"), content: Buffer.from(await response.arrayBuffer()) };
}

test.each<[string, string | undefined, string | undefined, string | null]>([
  ["no type signed, none sent", undefined, undefined, "binary/octet-stream"],
  ["no type signed, one sent", undefined, "text/csv", "text/csv"],
  ["a type signed and sent", "text/csv", "text/csv", "text/csv"],
])("%s: the object is the file", async (name, contentType, sent, type) => {
  const key = `${name} ${KEY}`;
  expect(await put(presigned({ contentType, key }), file, { contentType: sent })).toEqual({ kind: "stored" });
  const object = await stored(key);
  expect({ type: object.type, isSame: object.content.equals(CONTENT) }).toEqual({ type, isSame: true });
});

test.each<[string, () => string, boolean, string]>([
  ["another type than signed", () => presigned({ contentType: "text/plain" }), false, "SignatureDoesNotMatch"],
  ["a tampered query", () => presigned().replace("Expires=60", "Expires=600"), false, "SignatureDoesNotMatch"],
  ["an expired URL", () => presigned({ ageSeconds: 3_600 }), true, "AccessDenied: Request has expired"],
  ["another bucket", () => presigned().replace(BUCKET, "elsewhere"), false, "SignatureDoesNotMatch"],
])("%s is refused in storage's words, without the address", async (_name, url, mayRetry, said) => {
  const address = url();
  const result = summary(await put(address, file, { contentType: "text/csv" }));
  expect(result).toEqual(["UPLOAD_REJECTED", mayRetry, expect.stringContaining(said)]);
  expect(String(result)).not.toContain("X-Amz-");
});

test("an upload whose URL has expired gets a fresh one, and the file is sent again", async () => {
  const urls = [presigned({ ageSeconds: 3_600, key: "again.csv" }), presigned({ key: "again.csv" })];
  const asked: string[] = [];
  const api = http.createServer((request, response) => {
    asked.push(request.url?.split("?")[0] ?? "");
    response.end(JSON.stringify({ PreSignedUploadUrl: urls[asked.length - 1] }));
  });
  await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const pauses: number[] = [];
  await transfer(
    testContext({
      settings: (timeoutSeconds = 60) => ({ apiUrl, apiKey: "a-key", timeoutSeconds }),
      programDirectory: folder,
      now: () => Date.now(),
      sleep: async (ms) => void pauses.push(ms),
    }),
    {
      tenantId: "tenant",
      datasetId: "set",
      datatableId: "table",
      source: "orders.csv",
      fileName: "orders.csv",
      contentSha256: sha256(CONTENT),
      sizeBytes: CONTENT.length,
    },
  );
  api.closeAllConnections();
  await new Promise((closed) => api.close(closed));
  const presign = "/tenant/tenant/datatable/table/uploads/presignedurl";
  expect({ asked, pauses }).toEqual({ asked: [presign, presign], pauses: [500] });
  expect((await stored("again.csv")).content.equals(CONTENT)).toBe(true);
});
