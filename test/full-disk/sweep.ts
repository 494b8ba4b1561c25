/**
 * Runs where files cannot grow beyond a few kB (a small file system, or a limit of the process), and prints what became of
 * the files, as JSON. Each round makes the state a little larger, so that over all rounds the failure hits every save.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import type { Snapshot } from "../../engine/model";
import { emptyDeployment, parseCheckpoint } from "../../engine/state/checkpoint";
import { StackStore } from "../../engine/state/stack-store";
import { type TestProgram, TestStack, told } from "../engine/deployment/test-stack";

/** What one run of the engine left behind. */
export interface EngineRound {
  verb: "up" | "update" | "destroy";
  ok: boolean;
  savesBeforeFailure: number | undefined;
  /** Calls to the provider that began after a save had failed. */
  begunAfterFailure: number;
  told: string;
  /** Objects of the service that are not in the state, and entries of the state that are not in the service. */
  differing: string[];
  /** Why the state cannot be read; absent when it can. */
  damage?: string;
  drafts: string[];
}

/** What one emulator with a data folder left behind. */
export interface EmulatorRound {
  answered: number;
  refused: string[];
  /** Datasets that were answered as made and are gone after a restart. */
  lost: string[];
  damage?: string;
  drafts: string[];
}

const NAMES = ["a", "b", "c", "d"];

async function engineRound(folder: string, paddingBytes: number, verb: EngineRound["verb"]): Promise<EngineRound> {
  rmSync(folder, { recursive: true, force: true });
  const store = new StackStore(folder, "shop");
  const stack = new TestStack();
  stack.parallel = 2;
  const script = (size: number, step: number) => async (program: TestProgram) => {
    await program.component("padding", { text: "x".repeat(size) });
    for (const name of NAMES) await program.thing(name, { step, text: "y".repeat(step === 1 ? 150 : 600) });
  };
  const write = (snapshot: Snapshot) => store.write("dev", { ...emptyDeployment(), ...deploymentOf(snapshot) });
  if (verb !== "up") {
    await stack.up(script(0, 1));
    await write(stack.snapshot);
  }
  const changes = () => stack.service.summary().length;
  let saves = 0;
  let callsAtFailure: number | undefined;
  let savesBeforeFailure: number | undefined;
  const save = async (snapshot: Snapshot) => {
    try {
      await write(snapshot);
      saves += 1;
    } catch (error) {
      callsAtFailure ??= changes();
      savesBeforeFailure ??= saves;
      throw error;
    }
  };
  if (verb === "destroy") {
    const root = stack.snapshot.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    if (root) root.outputs = { text: "x".repeat(paddingBytes) };
  }
  const run =
    verb === "destroy"
      ? await stack.destroy({ save })
      : await stack.up(script(paddingBytes, verb === "up" ? 1 : 2), { save });
  return {
    verb,
    ok: run.result.ok,
    savesBeforeFailure,
    begunAfterFailure: changes() - (callsAtFailure ?? changes()),
    told: told(run).join("\n"),
    ...stateOf(store, stack),
    drafts: draftsIn(path.dirname(store.path("dev"))),
  };
}

function deploymentOf({ resources, pendingOperations }: Snapshot) {
  return { resources, pending_operations: pendingOperations };
}

function stateOf(store: StackStore, { service }: TestStack): Pick<EngineRound, "differing" | "damage"> {
  const file = store.path("dev");
  try {
    const { resources = [] } = parseCheckpoint(textOf(file), file);
    const recorded = new Map(resources.map(({ id, outputs }) => [id ?? "", outputs]));
    const made = [...service.objects].filter(
      ([id, inputs]) => JSON.stringify(recorded.get(id)) !== JSON.stringify(inputs),
    );
    const things = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:"));
    const gone = things.filter(({ id }) => !service.objects.has(id ?? ""));
    return { differing: [...made.map(([id]) => id), ...gone.map(({ id }) => id ?? "")] };
  } catch (error) {
    return { differing: [], damage: String(error) };
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return JSON.stringify({ version: 3, checkpoint: {} });
  }
}

async function emulatorRound(dataDir: string, paddingBytes: number): Promise<EmulatorRound> {
  rmSync(dataDir, { recursive: true, force: true });
  const round: EmulatorRound = { answered: 0, refused: [], lost: [], drafts: [] };
  const made: string[] = [];
  try {
    const emulator = await startEmulator({ dataDir });
    for (let index = 0; index < 12; index += 1) {
      const answer = await create(emulator, `${index} ${"x".repeat(index === 0 ? paddingBytes : 100)}`);
      const body = (await answer.json()) as { id: string; message: string };
      if (answer.ok) made.push(body.id);
      else round.refused.push(body.message);
    }
    await emulator.close().catch((error: unknown) => round.refused.push(String(error)));
  } catch (error) {
    round.refused.push(String(error));
  }
  round.answered = made.length;
  round.drafts = draftsIn(dataDir);
  try {
    const saved = textOf(path.join(dataDir, "state.json"));
    const { datasets = [] } = JSON.parse(saved) as { datasets?: { id: string }[] };
    round.lost = made.filter((id) => !datasets.some((each) => each.id === id));
  } catch (error) {
    round.damage = String(error);
  }
  return round;
}

function create({ apiUrl, tenantId, apiKey }: Emulator, displayName: string): Promise<Response> {
  return fetch(`${apiUrl}/tenant/${tenantId}/datasets`, {
    method: "POST",
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ displayName, treeNodeType: "Dataset" }),
  });
}

function draftsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.\d+$/.test(name));
  } catch {
    return [];
  }
}

async function main([folder = "", limit = "0"]: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const limitBytes = Number(limit);
  const engine: EngineRound[] = [];
  const emulator: EmulatorRound[] = [];
  for (const verb of ["up", "update", "destroy"] as const) {
    for (let padding = 0; padding <= limitBytes; padding += 256) {
      engine.push(await engineRound(path.join(folder, "engine"), padding, verb));
      rmSync(path.join(folder, "engine"), { recursive: true, force: true });
    }
  }
  for (let padding = 0; padding <= limitBytes; padding += 1024) {
    emulator.push(await emulatorRound(path.join(folder, "emulator"), padding));
    rmSync(path.join(folder, "emulator"), { recursive: true, force: true });
  }
  process.stdout.write(JSON.stringify({ engine, emulator }));
}

void main(process.argv.slice(2));
