import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "processmind-emulator";
import { createProgramFolder, type ProgramFolder } from "../support/engine-driver-program";
import { descendantsOf, isAlive, type ProcessMark } from "../support/process-tree";

/**
 * Pulumi's provider process, started as Pulumi's CLI starts it, whose engine ends: by its standard input alone can it
 * tell, for what else ends the processes of the local engine is taken away here.
 */

const HOSTS = path.resolve(__dirname, "../../engine/dist/engine/hosts/index.js");
const WATCH = path.resolve(__dirname, "../../dist/provider/engine-watch.js");
const LOOK_MS = 10;
const TENANT = "tenant-1";
const FILE = `case_id,activity\n${"1,a rather long name of an activity\n".repeat(400_000)}`;
const NAMES = { tenantId: TENANT, datasetId: "set", datatableId: "table" };

const ENGINE = `
const hosts = require(${JSON.stringify(HOSTS)});
const program = { programDirectory: process.cwd(), project: "demo", stack: "dev", config: {} };
const shell = 'exports.handler = () => require("pulumi-processmind/lifecycle").datatableUpload;';
const news = { __provider: shell, source: "orders.csv", ...${JSON.stringify(NAMES)} };
(async () => {
  const provider = await hosts.createProviderHost().start(program, () => undefined);
  const { inputs, failures } = await provider.check("urn", {}, news);
  if (failures.length > 0) throw new Error(failures[0].reason);
  if (process.argv[1] === "upload") await provider.create("urn", inputs);
  console.log("idle");
})();`;

let emulator: Emulator;
let folder: ProgramFolder;

beforeAll(async () => {
  emulator = await startEmulator({ tenantId: TENANT });
  folder = await createProgramFolder({
    "no-lifeline.js": "delete process.env.PULUMI_OFFLINE_LIFELINE;",
    "orders.csv": FILE,
  });
});
beforeEach(async () => {
  await emulator.reset();
  const createdAt = "2025-01-01T00:00:00.000Z";
  await emulator.change((state) => {
    state.datasets.push({ id: "set", displayName: "S", treeNodeType: "Dataset", treeParentId: null, createdAt });
    state.datatables.push({ id: "table", datasetId: "set", displayName: "T", createdAt });
  });
});
afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

function startEngine(what: "upload" | "check"): ChildProcess {
  return spawn(process.execPath, ["-e", ENGINE, what], {
    cwd: folder.directory,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...emulator.environment, NODE_OPTIONS: "--require ./no-lifeline.js" },
  });
}

/** Ends the engine, and resolves when all it has started has ended too. */
async function endEngine(engine: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const started = descendantsOf(engine.pid ?? 0);
  expect(started).toHaveLength(1);
  engine.kill(signal);
  await once(engine, "exit");
  expect(engine.signalCode).toBe(signal);
  await allEnded(started);
}

async function allEnded(processes: ProcessMark[]): Promise<void> {
  while (processes.some(isAlive)) await sleep(LOOK_MS);
}

const requests = (route: string) => emulator.journal().filter((entry) => entry.route === route);

test.each(["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGABRT"] as const)(
  "cuts its upload off and ends when the engine ends by %s",
  async (signal) => {
    emulator.setFaults([{ kind: "slow-read", pauseMs: 100, match: { route: "storage.put" } }]);
    const engine = startEngine("upload");
    while (!requests("storage.put").some(({ receivedBytes }) => receivedBytes > 0)) await sleep(LOOK_MS);
    await endEngine(engine, signal);
    while (requests("storage.put").some(({ ending }) => ending === "open")) await sleep(LOOK_MS);
    await emulator.settled();
    // Whether the storage still answers what was cut off depends on which end sees it first.
    expect(requests("storage.put")).toMatchObject([{ committed: false }]);
    expect(requests("storage.put")[0]?.receivedBytes).toBeLessThan(FILE.length);
    expect(emulator.uploads("table").map(({ object }) => object)).toEqual([undefined]);
  },
);

test("sends no file when the engine ends while the upload address is asked for", async () => {
  emulator.setFaults([{ kind: "delay", ms: 1_500, commit: true, match: { route: "uploads.presign" } }]);
  const engine = startEngine("upload");
  while (requests("uploads.presign").length === 0) await sleep(LOOK_MS);
  await endEngine(engine, "SIGKILL");
  await emulator.settled();
  expect(requests("storage.put")).toEqual([]);
});

test("ends when the engine ends and there is nothing to do", async () => {
  const engine = startEngine("check");
  await once(engine.stdout ?? engine, "data");
  await endEngine(engine, "SIGKILL");
});

/** A process without a pipe from its engine, which it knows by address alone. */
function startWatcher(address: string, code: string): ChildProcess {
  const watch = `const { watchEngine } = require(${JSON.stringify(WATCH)}); setInterval(() => undefined, 1000);
    const engine = watchEngine(${JSON.stringify(address)}, () => process.exit(7)); ${code}`;
  return spawn(process.execPath, ["-e", watch], { stdio: ["ignore", "pipe", "inherit"] });
}

test("ends when the engine's port is closed and there is no pipe to tell", async () => {
  const other = await startEmulator();
  const watcher = startWatcher(new URL(other.apiUrl).host, "engine.verify().then(() => console.log('alive'));");
  expect(String(await once(watcher.stdout ?? watcher, "data"))).toBe("alive\n");
  await other.close();
  expect(await once(watcher, "exit")).toEqual([7, null]);
});

test("finds out that the engine has ended when it asks, before any sign of it has come", async () => {
  const other = await startEmulator();
  const { host } = new URL(other.apiUrl);
  await other.close();
  const code = "engine.gone.onabort = () => console.log('aborted'); engine.verify().catch(() => console.log('never'));";
  const watcher = startWatcher(host, code);
  let printed = "";
  watcher.stdout?.on("data", (text) => {
    printed += text;
  });
  expect(await once(watcher, "close")).toEqual([7, null]);
  expect(printed).toBe("aborted\n");
});
