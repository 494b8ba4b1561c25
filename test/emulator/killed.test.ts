import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "processmind-emulator";
import type { TenantState } from "../../emulator/domain/model";
import { Random } from "../chaos/random";
import { type Address, type BinProcess, startBin } from "./bin-process";
import { api, presign, send } from "./client";

/**
 * The emulator is killed at random moments and started again on the same folder. What was confirmed is there, whole;
 * what was not is there whole or not at all. EMULATOR_KILLS plays more rounds, EMULATOR_KILL_SEED other ones.
 */

const KILLS = Number(process.env["EMULATOR_KILLS"] ?? 6);
const SEED = Number(process.env["EMULATOR_KILL_SEED"] ?? 1);
const WRITERS = 3;
/** A limit for what hangs. */
const LIMIT_MS = 300_000 + KILLS * 10_000;

/** What the writers were told, and what they had asked for when the end came. */
interface Ledger {
  datasets: Set<string>;
  datatables: Set<string>;
  /** By key: the hash that was confirmed last, and those that may have replaced it. */
  uploads: Map<string, { confirmed?: string; possible: string[] }>;
  /** Asked to be deleted: there or not. */
  doomed: Set<string>;
  confirmations: number;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-killed-"));
});
let running: BinProcess | undefined;
afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.ended;
  rmSync(folder, { recursive: true, force: true });
});

const dataDir = () => join(folder, "data");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test(
  `seed ${SEED}: ${KILLS} kills lose nothing that was confirmed, and leave nothing half-written`,
  async () => {
    const random = new Random(SEED);
    const ledger: Ledger = {
      datasets: new Set(),
      datatables: new Set(),
      uploads: new Map(),
      doomed: new Set(),
      confirmations: 0,
    };
    for (let round = 1; round <= KILLS; round += 1) {
      running = startBin(dataDir(), folder);
      await writeUntilKilled(running, ledger, random);
      expect({ seed: SEED, round, wrong: wrongIn(savedState(), ledger) }).toEqual({ seed: SEED, round, wrong: [] });
    }
    const emulator = await startEmulator({ dataDir: dataDir() });
    await emulator.settled();
    const state = emulator.state();
    const waiting = state.uploads.filter(({ object, ingestion }) => object && ingestion === "waiting");
    await emulator.close();
    expect([wrongIn(state, ledger), waiting]).toEqual([[], []]);
    expect(readdirSync(dataDir()).sort()).toEqual(["objects", "state.json"]);
    const kept = state.uploads.flatMap(({ object }) => object?.objectId ?? []);
    expect(readdirSync(join(dataDir(), "objects")).sort()).toEqual(kept.sort());
    expect(readdirSync(folder)).toEqual(["data"]);
    expect(ledger.confirmations).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

async function writeUntilKilled({ child, ready, ended, complaints }: BinProcess, ledger: Ledger, random: Random) {
  let isKilled = false;
  const kill = () => {
    isKilled = true;
    child.kill("SIGKILL");
  };
  // Now and then before it serves: opening the folder writes, too.
  if (random.chance(0.2) && ledger.confirmations > 0) setTimeout(kill, random.integer(0, 400));
  const address = await ready;
  if (address) {
    const last = ledger.confirmations + random.integer(1, 40);
    const afterMs = random.integer(0, 8);
    const confirm = () => {
      ledger.confirmations += 1;
      if (ledger.confirmations === last) setTimeout(kill, afterMs);
    };
    const failures: string[] = [];
    const writers = Array.from({ length: WRITERS }, () =>
      write(address, ledger, random, confirm).catch((error: unknown) => {
        if (!isKilled) failures.push(String(error));
        kill();
      }),
    );
    await Promise.all(writers);
    expect(failures).toEqual([]);
  }
  await ended;
  expect(complaints()).toBe("");
}

/** Creates, uploads, replaces and deletes until a request fails. */
async function write(to: Address, ledger: Ledger, random: Random, confirm: () => void): Promise<void> {
  for (;;) {
    const datasetId = await created(to, "/datasets", ledger.datasets, confirm);
    const datatableId = await created(to, `/datasets/${datasetId}/datatables`, ledger.datatables, confirm);
    const url = await presign(to, { datasetId, datatableId }, { fileName: "rows.csv", fileSize: 1 });
    const key = decodeURIComponent(new URL(url).pathname.split("/").slice(2).join("/"));
    for (let i = random.integer(0, 2); i >= 0; i -= 1) await put(url, key, ledger, random, confirm);
    if (!random.chance(0.2)) continue;
    for (const id of [datasetId, datatableId, key]) ledger.doomed.add(id);
    await api(to, "DELETE", `/datasets/${datasetId}`);
    for (const list of [ledger.datasets, ledger.datatables, ledger.uploads]) {
      for (const id of [datasetId, datatableId, key]) list.delete(id);
    }
    confirm();
  }
}

async function created(to: Address, path: string, list: Set<string>, confirm: () => void): Promise<string> {
  const { json } = await api(to, "POST", path, { displayName: "Sales" });
  list.add(json.id);
  confirm();
  return json.id;
}

async function put(url: string, key: string, ledger: Ledger, random: Random, confirm: () => void): Promise<void> {
  const body = Buffer.alloc(random.integer(0, random.pick([50, 5_000, 400_000])), `${random.next()}\n`);
  const known = ledger.uploads.get(key) ?? { possible: [] };
  ledger.uploads.set(key, { ...known, possible: [...known.possible, sha256(body)] });
  const { status, text } = await send("PUT", url, { body });
  if (status !== 200) throw new Error(text);
  ledger.uploads.set(key, { confirmed: sha256(body), possible: [] });
  confirm();
}

/** A killed emulator may never have written a state. */
function savedState(): TenantState {
  return JSON.parse(readFileSync(join(dataDir(), "state.json"), "utf8"));
}

/** Everything that the folder owes its writers, or has against its own record. */
function wrongIn(state: TenantState, ledger: Ledger): string[] {
  const wrong: string[] = [];
  const isThere = new Set([...state.datasets, ...state.datatables].map(({ id }) => id));
  for (const id of [...ledger.datasets, ...ledger.datatables]) {
    if (!isThere.has(id) && !ledger.doomed.has(id)) wrong.push(`${id} was confirmed and is gone`);
  }
  for (const [key, { confirmed, possible }] of ledger.uploads) {
    const found = state.uploads.find((upload) => upload.key === key)?.object?.sha256;
    const allowed = [confirmed, ...possible, ...(ledger.doomed.has(key) ? [undefined] : [])];
    if (!allowed.includes(found)) wrong.push(`${key} holds ${found}, not one of ${allowed.join(", ")}`);
  }
  for (const { key, object } of state.uploads) {
    if (object && sha256(readFileSync(join(dataDir(), "objects", object.objectId))) !== object.sha256) {
      wrong.push(`the bytes of ${key} are not those that were received`);
    }
  }
  for (const { id, datasetId } of state.datatables) if (!isThere.has(datasetId)) wrong.push(`${id} is an orphan`);
  return wrong;
}
