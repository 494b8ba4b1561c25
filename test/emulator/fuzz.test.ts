import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "processmind-emulator";
import type { TenantState } from "../../emulator/domain/model";
import { Random } from "../chaos/random";
import { type Address, type BinProcess, startBin } from "./bin-process";
import { api, makeTable, presign, send } from "./client";
import { type Attempt, attempt, type Target } from "./malformed";

/**
 * Malformed requests on the emulator as its own process. It answers or hangs up, never with its own failure; it still
 * serves; what was stored stays as it was. EMULATOR_FUZZ=from-to plays other seeds.
 */

const [FIRST = 1, LAST = FIRST] = (process.env["EMULATOR_FUZZ"] ?? "1-3").split("-").map(Number);
const SEEDS = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i);
const ATTEMPTS = 150;
/** A limit for what hangs. */
const LIMIT_MS = 120_000;
const CSV = "a,b\n1,2\n";

let parent: string;
let bin: BinProcess;
let address: Address;
let kept: { datasetId: string; datatableId: string };
let keptState: unknown;
let behaviour: string;

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), "emulator-fuzz-"));
  bin = startBin(join(parent, "data"), parent);
  const found = await bin.ready;
  if (!found) throw new Error(bin.complaints());
  address = found;
  kept = await makeTable(address);
  const stored = await send("PUT", await presign(address, kept), { body: CSV });
  expect(stored.status).toBe(200);
  await control("POST", "settled");
  behaviour = await control("GET", "behaviour");
  keptState = keptPart(JSON.parse(await control("GET", "state")));
});
afterAll(() => {
  bin.child.kill("SIGKILL");
  rmSync(parent, { recursive: true, force: true });
});

test.each(SEEDS)("seed %i", async (seed) => {
  const random = new Random(seed);
  const target: Target = { ...address, datasetId: "", datatableId: "", uploadUrl: "" };
  for (let number = 1; number <= ATTEMPTS; number += 1) {
    // An attempt may have deleted the table, or made its URLs expire.
    if (number % 10 === 1) Object.assign(target, await makeTable(address));
    if (number % 10 === 1) target.uploadUrl = await presign(address, target);
    const tried = attempt(random, target);
    const answer = await exchange(address, tried);
    const wrong = wrongIn(tried, answer) ?? (await unwell(tried));
    if (wrong !== undefined)
      throw new Error(`seed ${seed}, attempt ${number}, ${told(tried)}\n${wrong}\n${bin.complaints()}`);
  }
  expect(JSON.parse(await control("GET", "journal"))).toEqual(expect.any(Array));
  expect(keptPart(JSON.parse(await control("GET", "state")))).toEqual(keptState);
});

test("the folder opens again with what was stored; nothing is half-written, and nothing lies outside", async () => {
  const before: TenantState = JSON.parse(await control("GET", "state"));
  bin.child.kill("SIGTERM");
  expect([await bin.ended, bin.complaints()]).toEqual([[0, null], ""]);
  const emulator = await startEmulator({ dataDir: join(parent, "data") });
  const state = emulator.state();
  const upload = state.uploads.find(({ datatableId }) => datatableId === kept.datatableId);
  expect(String(await emulator.objectBytes(upload?.id ?? ""))).toBe(CSV);
  await emulator.close();
  expect([keptPart(state), state.datasets, state.datatables]).toEqual([keptState, before.datasets, before.datatables]);
  const objects = state.uploads.flatMap(({ object }) => object ?? []);
  const files = readdirSync(join(parent, "data", "objects")).sort();
  expect(files).toEqual(objects.map(({ objectId }) => objectId).sort());
  for (const { objectId, sha256: expected } of objects) {
    expect(sha256(readFileSync(join(parent, "data", "objects", objectId)))).toBe(expected);
  }
  expect([readdirSync(parent), readdirSync(join(parent, "data")).sort()]).toEqual([
    ["data"],
    ["objects", "state.json"],
  ]);
});

/** Of the state, what no attempt aims at. */
function keptPart({ tenant, datasets, datatables, uploads }: TenantState): unknown {
  return {
    tenant,
    datasets: datasets.filter(({ id }) => id === kept.datasetId),
    datatables: datatables.filter(({ id }) => id === kept.datatableId),
    uploads: uploads
      .filter(({ datatableId }) => datatableId === kept.datatableId)
      .map(({ expiresAt, ...rest }) => rest),
  };
}

async function control(method: string, path: string, body?: string): Promise<string> {
  const { status, text } = await send(method, `${address.controlUrl}/${path}`, { body });
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text;
}

/** Sends the bytes and resolves with all that comes back, or with undefined when the connection does not end. */
function exchange({ apiUrl, storageUrl }: Address, { to, bytes, isCut }: Attempt): Promise<string | undefined> {
  const { hostname, port } = new URL(to === "api" ? apiUrl : storageUrl);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const limit = setTimeout(() => end(undefined), LIMIT_MS);
    const end = (text: string | undefined) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(text);
    };
    socket.setEncoding("latin1").on("data", (text) => {
      received += text;
    });
    socket.on("error", () => end(received));
    socket.on("end", () => end(received));
    socket.on("close", () => end(received));
    if (isCut) socket.end(bytes);
    else socket.write(bytes);
  });
}

function wrongIn({ isCut }: Attempt, answer: string | undefined): string | undefined {
  if (answer === undefined) return "no answer, and the connection stays open";
  if (answer === "") return isCut ? undefined : "no answer";
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
  const isFailure = status === undefined || (status.startsWith("5") && status !== "501");
  return isFailure || /^x-evil:/im.test(answer) ? `answered ${answer.slice(0, 500)}` : undefined;
}

/** What is wrong with the emulator after an attempt; faults and switches that it set are taken back. */
async function unwell({ about }: Attempt): Promise<string | undefined> {
  try {
    if (/control|fault/.test(about)) {
      const poke = `GET /tenant/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      if ((await exchange(address, { about, to: "api", bytes: Buffer.from(poke), isCut: false })) === undefined) {
        return "the next request hangs";
      }
      await control("DELETE", "faults");
      await control("PATCH", "behaviour", behaviour);
    }
    const { status } = await api(address, "GET", "/datasets");
    return status === 200 ? undefined : `a good request is answered ${status}`;
  } catch (error) {
    return `a good request fails: ${error}`;
  }
}

function told({ about, to, bytes }: Attempt): string {
  const text = JSON.stringify(bytes.toString("latin1"));
  return `${about} to ${to}: ${text.length > 1_500 ? `${text.slice(0, 1_500)}… (${bytes.length} bytes)` : text}`;
}
