import * as fs from "node:fs/promises";
import * as path from "node:path";
import { startEmulator } from "processmind-emulator";
import { createProviderHost } from "../engine/hosts";
import type { Properties, Provider } from "../engine/model";
import { memoryOf } from "./measured-process";

/** What one upload did to the memory of Pulumi's own provider process. */
export interface MemoryFigures {
  fileBytes: number;
  /** After it had created the dataset and the table. */
  idleBytes: number;
  /** The most it held until the file was stored. */
  peakBytes: number;
}

const REPOSITORY = path.resolve(__dirname, "../../..");
const URN = "urn:pulumi:bench::bench::pulumi-nodejs:dynamic/processmind:Resource::bench";

/**
 * Checks and uploads a file in a new provider process, against the emulator.
 *
 * @param folder - where the file is; becomes a Pulumi project.
 * @returns undefined where a process's memory cannot be seen (there is no /proc).
 */
export async function uploadMemory(folder: string, file: string): Promise<MemoryFigures | undefined> {
  await makeProject(folder);
  const emulator = await startEmulator({ discardObjects: true });
  Object.assign(process.env, emulator.environment);
  const before = new Set(await children());
  const options = { programDirectory: folder, project: "bench", stack: "bench", config: {} };
  const provider = await createProviderHost().start(options, () => undefined);
  try {
    const pid = (await children()).find((child) => !before.has(child));
    if (pid === undefined) return undefined;
    const tenant = { tenantId: emulator.tenantId };
    const { id: datasetId } = await create(provider, "dataset", { ...tenant, displayName: "Bench" });
    const table = { ...tenant, datasetId, displayName: "Bench" };
    const { id: datatableId } = await create(provider, "datatable", table);
    const idle = memoryOf(pid);
    await create(provider, "datatableUpload", {
      ...tenant,
      datasetId,
      datatableId,
      source: file,
      waitForRowsSeconds: 0,
    });
    const peak = memoryOf(pid);
    if (idle === undefined || peak === undefined) return undefined;
    const { size: fileBytes } = await fs.stat(path.join(folder, file));
    return { fileBytes, idleBytes: idle.nowBytes, peakBytes: peak.peakBytes };
  } finally {
    await provider.close();
    await emulator.close();
  }
}

async function create(provider: Provider, kind: string, inputs: Properties): Promise<{ id: string }> {
  const __provider = `exports.handler = () => require("pulumi-processmind/lifecycle").${kind};`;
  const { inputs: checked, failures } = await provider.check(URN, {}, { ...inputs, __provider });
  if (failures[0] !== undefined) throw new Error(failures[0].reason);
  return provider.create(URN, checked);
}

async function makeProject(folder: string): Promise<void> {
  await fs.writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "bench" }));
  await fs.writeFile(path.join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  const link = path.join(folder, "node_modules");
  await fs.rm(link, { force: true });
  await fs.symlink(path.join(REPOSITORY, "node_modules"), link, "junction");
}

/** Processes this one has started and that still run. */
async function children(): Promise<number[]> {
  const list = `/proc/self/task/${process.pid}/children`;
  const text = await fs.readFile(list, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}
