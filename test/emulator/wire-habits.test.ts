import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "processmind-emulator";
import { makeTable, RawConnection, send } from "./client";

const run = promisify(execFile);
const CSV = "case;activity\n1;Wareneingang\n2;Prüfung\n";
const NAME = "Aufträge + Lieferung (1).csv";

let emulator: Emulator;
let table: { datasetId: string; datatableId: string };
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), "wire-habits-"));
  writeFileSync(join(folder, NAME), CSV);
});
beforeEach(async () => {
  await emulator.reset();
  table = await makeTable(emulator);
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The presign call with a query as it is written, byte for byte. */
const presignPath = (query: string) =>
  `/tenant/${emulator.tenantId}/datatable/${table.datatableId}/uploads/presignedurl?${query}`;
const FIXED = () => `datasetid=${table.datasetId}&filesize=${Buffer.byteLength(CSV)}`;

async function arrived(): Promise<unknown> {
  await emulator.settled();
  const [upload] = emulator.uploads();
  return [upload?.fileName, upload?.lastModifiedMs, emulator.state().datatables[0]?.rowCount];
}

describe("the vendor's JavaScript client: fetch, and JSON of every answer", () => {
  async function call(method: string, path: string, body?: unknown): Promise<{ ok: boolean; body: unknown }> {
    const response = await fetch(`${emulator.apiUrl}/tenant/${emulator.tenantId}${path}`, {
      method,
      headers: { "x-api-key": emulator.apiKey, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : null,
    });
    expect(response.status).not.toBe(204);
    return { ok: response.ok, body: await response.json() };
  }

  it.each<[string, string, unknown, boolean]>([
    ["GET", "", undefined, true],
    ["GET", "/datasets", undefined, true],
    ["POST", "/datasets", { displayName: "x", treeParentId: null, treeNodeType: "Dataset" }, true],
    ["GET", "/datasets/{dataset}", undefined, true],
    ["DELETE", "/datasets/{dataset}", undefined, true],
    ["DELETE", "/datasets/{dataset}", { datasetId: "{dataset}" }, true],
    ["GET", "/datatables", undefined, true],
    ["POST", "/datasets/{dataset}/datatables", { displayName: "x" }, true],
    ["GET", "/datatable/{table}", undefined, true],
    ["GET", "/datatable/nowhere", undefined, false],
    ["PUT", "/processes/x/bpmn", { bpmnXml: "<x/>" }, false],
    ["DELETE", "/users", { userId: "x" }, false],
    ["POST", "/datasets", { displayName: "" }, false],
  ])("%s %s %j", async (method, path, body, ok) => {
    const url = path.replace("{dataset}", table.datasetId).replace("{table}", table.datatableId);
    const answer = await call(method, url, body);
    expect(answer.ok).toBe(ok);
    if (!ok) expect(answer.body).toEqual({ message: expect.any(String) });
  });

  it("uploads: URLSearchParams, a fractional filelastmodified, fetch with a body of bytes", async () => {
    const params = new URLSearchParams({
      datasetid: table.datasetId,
      filename: NAME,
      filesize: String(Buffer.byteLength(CSV)),
      filelastmodified: String(1704067200123.25),
    });
    const { body } = await call("GET", `/datatable/${table.datatableId}/uploads/presignedurl?${params}`);
    const { PreSignedUploadUrl: url } = body as { PreSignedUploadUrl: string };
    const response = await fetch(url, { method: "PUT", body: readFileSync(join(folder, NAME)) });
    expect(response.status).toBe(200);
    expect(await arrived()).toEqual([NAME, 1704067200123.25, 2]);
  });
});

describe("queries as clients write them", () => {
  it.each<[string, string, string]>([
    ["%20 and %2B", "filename=a%20b%2Bc.csv", "a b+c.csv"],
    ["+ for a blank", "filename=a+b%2Bc.csv", "a b+c.csv"],
    ["quotes and brackets left as they are", "filename=it's(1)!~*.csv", "it's(1)!~*.csv"],
    ["percent-encoded UTF-8", "filename=Pr%C3%BCfung%E2%82%AC.csv", "Prüfung€.csv"],
    ["an & in the name, encoded", "filename=a%26b%3Dc.csv", "a&b=c.csv"],
    ["an empty parameter, and a stray &", "filename=a.csv&&x=&", "a.csv"],
    ["other parameters too", "contenttype=text%2Fcsv&filename=a.csv", "a.csv"],
  ])("%s", async (_name, query, fileName) => {
    const answer = await send("GET", `${emulator.apiUrl}${presignPath(`${FIXED()}&filelastmodified=1&${query}`)}`, {
      headers: { "x-api-key": emulator.apiKey },
    });
    expect(answer.status).toBe(200);
    const { PreSignedUploadUrl: url } = answer.json;
    expect((await send("PUT", url, { body: CSV })).status).toBe(200);
    expect(await arrived()).toEqual([fileName, 1, 2]);
  });

  it("the URL is in the reply with & as it is, for clients that cut it out as text", async () => {
    const answer = await send(
      "GET",
      `${emulator.apiUrl}${presignPath(`${FIXED()}&filelastmodified=1&filename=a.csv`)}`,
      {
        headers: { "x-api-key": emulator.apiKey },
      },
    );
    const cut = /"PreSignedUploadUrl"\s*:\s*"([^"]+)"/.exec(answer.text)?.[1] ?? "";
    expect(cut).toBe(answer.json.PreSignedUploadUrl);
    expect(cut.match(/&/g)).toHaveLength(5);
    expect((await send("PUT", cut, { body: CSV })).status).toBe(200);
  });
});

describe("headers", () => {
  it.each(["x-api-key", "X-API-KEY", "X-Api-Key"])("%s", async (name) => {
    const connection = await RawConnection.open(emulator.apiUrl);
    connection.head("GET", `${emulator.apiUrl}/tenant/${emulator.tenantId}/datasets`, { [name]: emulator.apiKey });
    expect(await connection.until("Sales")).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    connection.socket.destroy();
  });

  it.each([undefined, "text/csv", "application/octet-stream", "application/x-www-form-urlencoded"])(
    "a PUT with Content-Type %s",
    async (contentType) => {
      const { json } = await send(
        "GET",
        `${emulator.apiUrl}${presignPath(`${FIXED()}&filelastmodified=1&filename=a.csv`)}`,
        {
          headers: { "x-api-key": emulator.apiKey },
        },
      );
      const headers = contentType === undefined ? undefined : { "content-type": contentType };
      expect((await send("PUT", json.PreSignedUploadUrl, { headers, body: CSV })).status).toBe(200);
      expect(emulator.uploads()[0]?.object?.contentType).toBe(contentType ?? null);
    },
  );

  it("Expect: 100-continue at the API", async () => {
    const body = JSON.stringify({ displayName: "Continued" });
    const answer = await new Promise<[boolean, number | undefined]>((resolve, reject) => {
      let continued = false;
      const req = request(
        `${emulator.apiUrl}/tenant/${emulator.tenantId}/datasets`,
        {
          method: "POST",
          headers: { "x-api-key": emulator.apiKey, "content-length": body.length, expect: "100-continue" },
        },
        (res) => res.resume().on("end", () => resolve([continued, res.statusCode])),
      );
      req.on("continue", () => {
        continued = true;
        req.end(body);
      });
      req.on("error", reject);
      req.flushHeaders();
    });
    expect(answer).toEqual([true, 200]);
  });
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
// Where there is no curl these are reported as skipped.
const describeWithCurl = hasCurl ? describe : describe.skip;

describeWithCurl("the vendor's shell script: curl", () => {
  const curl = async (...args: string[]) => (await run("curl", ["-sS", "--noproxy", "*", "-m", "30", ...args])).stdout;

  async function presigned(): Promise<string> {
    const query = `${FIXED()}&filename=${encodeURIComponent(NAME)}&filelastmodified=1704067200000`;
    const text = await curl("-H", `x-api-key: ${emulator.apiKey}`, `${emulator.apiUrl}${presignPath(query)}`);
    return /"PreSignedUploadUrl"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? "";
  }

  it.each<[string, string[]]>([
    ["-X PUT -T", ["-X", "PUT", "-T", NAME]],
    ["--upload-file, with a Content-Type", ["-X", "PUT", "--upload-file", NAME, "-H", "Content-Type: text/csv"]],
    ["--data-binary, which is a form to curl", ["-X", "PUT", "--data-binary", `@${NAME}`]],
    ["-T and 100-continue", ["-T", NAME, "-H", "Expect: 100-continue"]],
  ])("%s", async (_name, args) => {
    const files = args.map((arg) => arg.replace(NAME, join(folder, NAME)));
    expect(await curl(...files, "-w", "%{http_code}", await presigned())).toBe("200");
    expect(await arrived()).toEqual([NAME, 1704067200000, 2]);
  });

  it("chunked, from a pipe: refused as S3 does", async () => {
    const url = await presigned();
    const piped = run("curl", ["-sS", "--noproxy", "*", "-m", "30", "-T", "-", "-w", "%{http_code}", url]);
    piped.child.stdin?.end(CSV);
    expect((await piped).stdout).toMatch(/<Code>NotImplemented<\/Code>.*501$/s);
  });

  it("with the API key, as a script that reuses its headers: served and flagged, its value kept out", async () => {
    const url = await presigned();
    expect(await curl("-T", join(folder, NAME), "-H", `X-API-Key: ${emulator.apiKey}`, "-w", "%{http_code}", url)).toBe(
      "200",
    );
    expect(emulator.journal().at(-1)).toMatchObject({ server: "storage", committed: true, apiKeyAtStorage: true });
    expect(JSON.stringify(emulator.journal())).not.toContain(emulator.apiKey);
  });
});
