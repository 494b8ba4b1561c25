import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "processmind-emulator";
import type { Properties } from "../../engine/model";
import { NOT_CONFIRMED } from "../../provider/messages/uploads";
import { type DynamicHost, startDynamicHost, URN } from "../support/dynamic-host";

/** What Pulumi's provider process does not hand on: whose call it is, and that the run is cancelled. */

const TENANT = "tenant-1";
const NAMES = { tenantId: TENANT, datasetId: "set", datatableId: "table", source: "orders.csv" };
const CONTENT = "case_id,activity\n1,start\n";
const LOOK_MS = 10;

let emulator: Emulator;
let host: DynamicHost;

beforeEach(async () => {
  emulator = await startEmulator({ tenantId: TENANT, behaviour: { ingestion: "never" } });
  const createdAt = "2025-01-01T00:00:00.000Z";
  await emulator.change((state) => {
    state.datasets.push({ id: "set", displayName: "S", treeNodeType: "Dataset", treeParentId: null, createdAt });
    state.datatables.push({ id: "table", datasetId: "set", displayName: "T", createdAt });
  });
});
afterEach(async () => {
  await host.close();
  await emulator.close();
});

async function start(files: { [name: string]: string } = {}, env: { [name: string]: string } = {}): Promise<void> {
  host = await startDynamicHost({
    env: { ...emulator.environment, ...env },
    files: { "orders.csv": CONTENT, ...files },
  });
}

async function checked(more: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await host.check("datatableUpload", {}, { ...NAMES, ...more });
  expect(failures).toEqual([]);
  return inputs;
}

async function until(route: string): Promise<void> {
  while (!emulator.journal().some((entry) => entry.route === route)) await sleep(LOOK_MS);
}

test("warnings name the resource they are about", async () => {
  await start();
  const inputs = await checked({ waitForRowsSeconds: 1 });
  const { outputs } = await host.create("datatableUpload", inputs);
  await host.delete("datatableUpload", "table", outputs);
  expect(host.logs.map(({ severity, urn, ephemeral }) => ({ severity, urn, ephemeral }))).toEqual([
    { severity: "warning", urn: URN, ephemeral: false },
    { severity: "warning", urn: URN, ephemeral: false },
  ]);
});

test("an upload whose rows are waited for is recorded when the run is cancelled", async () => {
  await start();
  const inputs = await checked({ waitForRowsSeconds: 3_600 });
  const created = host.create("datatableUpload", inputs);
  await until("storage.put");
  await host.cancel();
  const { id, outputs } = await created;
  expect([id, outputs["contentSha256"], outputs["loadedRowCount"]]).toEqual([
    "table",
    inputs["contentSha256"],
    undefined,
  ]);
  expect(host.logs.map(({ message }) => message)).toEqual([expect.stringContaining(NOT_CONFIRMED.cancelled())]);
});

test("a pause before another attempt ends with the error of the last one when the run is cancelled", async () => {
  await start();
  const busy = { kind: "reply", status: 429, headers: { "retry-after": "60" } } as const;
  emulator.setFaults([{ ...busy, times: "always", match: { route: "datasets.list" } }]);
  const given = { displayName: "Sales", treeNodeType: "Dataset", tenantId: TENANT };
  const { inputs } = await host.check("dataset", {}, given);
  const created = host.create("dataset", inputs);
  created.catch(() => undefined);
  await until("datasets.list");
  await host.cancel();
  await expect(created).rejects.toThrow(/listing the datasets of tenant .* status 429/);
  expect(emulator.state().datasets).toHaveLength(1);
});

test("an upload whose turn has not come is not sent when the run is cancelled", async () => {
  await start();
  emulator.setFaults([{ kind: "delay", ms: 500, match: { route: "datatables.get" } }]);
  const created = host.create("datatableUpload", await checked());
  created.catch(() => undefined);
  await until("datatables.get");
  await host.cancel();
  await expect(created).rejects.toThrow("(CANCELLED)");
  expect(emulator.journal().map(({ route }) => route)).toEqual(["datatables.get"]);
});

test("calls work all the same when Pulumi's gRPC server looks up its handlers otherwise", async () => {
  const other = `
    if (process.argv.some((argument) => argument.includes("dynamic-provider"))) {
      const { Server } = require(${JSON.stringify(path.resolve("node_modules/@grpc/grpc-js"))});
      const { _retrieveHandler } = Server.prototype;
      delete Server.prototype._retrieveHandler;
      Object.defineProperty(Server.prototype, "_retrieveHandler", {
        configurable: true,
        get: () => (new Error().stack.includes("engine-calls") ? undefined : _retrieveHandler),
      });
    }`;
  const preload = path.join(fs.mkdtempSync(path.join(fs.realpathSync("/tmp"), "preload-")), "other.js");
  fs.writeFileSync(preload, other);
  await start({}, { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
  const { outputs } = await host.create("datatableUpload", await checked({ waitForRowsSeconds: 1 }));
  expect(outputs["uploadedAt"]).toEqual(expect.any(String));
  expect(host.logs.map(({ urn }) => urn)).toEqual([""]);
  fs.rmSync(path.dirname(preload), { recursive: true });
});
