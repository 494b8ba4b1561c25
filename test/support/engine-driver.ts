import type { CommandIo } from "../../engine/commands";
import { cliCommand } from "./engine-driver-cli";
import { CLOUD_FILES, type Cloud, openCloud } from "./engine-driver-cloud";
import { commandDriver } from "./engine-driver-command";
import { localCommand } from "./engine-driver-local";
import { createProgramFolder, type ProgramFolder } from "./engine-driver-program";
import { SharedHosts } from "./shared-hosts";

/** Flags of a run, as the command line has them. */
export interface RunFlags {
  refresh?: boolean;
  expectNoChanges?: boolean;
  diff?: boolean;
  parallel?: number;
}

/** An entry of the state, in the form of Pulumi's checkpoint. */
export interface StateEntry {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: { [key: string]: unknown };
  outputs?: { [key: string]: unknown };
  parent?: string;
  provider?: string;
  dependencies?: string[];
  initErrors?: string[];
  [field: string]: unknown;
}

/** The state of the stack: a checkpoint's deployment. */
export interface StackState {
  resources?: StateEntry[];
  pending_operations?: { type: string; resource: StateEntry }[];
}

/** What a finished run left behind. */
export interface EngineRun {
  ok: boolean;
  /** null: killed. */
  exitCode: number | null;
  stdout: string;
  /** stdout and stderr, as they came. */
  text: string;
  /** Counts of the summary, by its words: `created`, `updated`, `deleted`, `replaced`, `unchanged`. */
  changes: { [what: string]: number };
  /** The state after the run; undefined when there is none, or it cannot be read. */
  state: StackState | undefined;
}

/** A preview, with what its JSON says. */
export interface PreviewRun extends EngineRun {
  steps: { op: string; urn: string; newState?: StateEntry; oldState?: StateEntry }[];
  changeSummary: { [op: string]: number };
}

/** A run that may be ended from outside. */
export interface RunningEngine {
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has printed this. */
  says(text: RegExp): Promise<void>;
  ended: Promise<EngineRun>;
}

/** An engine with one stack: the local engine, or Pulumi's CLI. */
export interface EngineDriver {
  /** As JSON, without `diff`: that is for people. */
  preview(flags?: RunFlags): Promise<PreviewRun>;
  previewText(flags?: RunFlags): Promise<EngineRun>;
  up(flags?: RunFlags): Promise<EngineRun>;
  refresh(flags?: RunFlags): Promise<EngineRun>;
  destroy(flags?: RunFlags): Promise<EngineRun>;
  startUp(flags?: RunFlags): RunningEngine;
  /** Any other command, as the command line has it, with what goes beside the driver's environment. */
  command(args: string[], env?: NodeJS.ProcessEnv): Promise<EngineRun>;
  exportStack(options?: { showSecrets?: boolean }): Promise<StackState>;
  outputs(options?: { showSecrets?: boolean }): Promise<{ [name: string]: unknown }>;
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** Takes away the lock of a run that was killed, where the engine does not see by itself that it is dead. */
  unlock(): Promise<void>;
  /** Where the state is kept between runs. */
  stateFile: string;
  /** The exit code of a run that a program, a resource or the provider failed. */
  failedExitCode: number;
}

/** How an engine is called. */
export interface EngineCommand {
  command: string;
  /** In front of every command's own arguments. */
  prefix: string[];
  env: NodeJS.ProcessEnv;
  stateFile: string;
  /** Of a run that a program, a resource or the provider failed; it differs by version. */
  failedExitCode: number;
  /** Commands that make the stack, for engines that do not make it themselves. */
  prepare: string[][];
  /** The command that takes away a lock, for engines that need one. */
  unlock?: string[];
  /** Runs a command without a process of its own, for engines that can. Resolves to the exit code. */
  inside?(args: string[], env: NodeJS.ProcessEnv, print: Print): Promise<number>;
}

/** Gets what an engine prints, as it comes. */
export type Print = (stream: "stdout" | "stderr", text: string) => void;

/** A program with its fake cloud and the engine that runs it. */
export interface TestStack extends EngineDriver {
  folder: ProgramFolder;
  cloud: Cloud;
  /** Replaces the program. */
  program(source: string): Promise<void>;
}

/**
 * A new stack for the program `source` (index.js), which finds the fake cloud in `./cloud`. `newProcesses` is for what is
 * about the processes themselves: each run of the local engine then starts its own.
 */
export async function openStack(
  source: string,
  files: { [name: string]: string } = {},
  { newProcesses = wantsCli() }: { newProcesses?: boolean } = {},
): Promise<TestStack> {
  const place = open.length === 0 && !newProcesses ? await lastingPlace() : await newPlace();
  const { folder } = place;
  await folder.write({ ...CLOUD_FILES, "index.js": source, ...files });
  const { hosts } = place;
  const driver = await openEngine(folder.directory, "demo", {
    ...(hosts && { hosts: (env) => hosts.forNextRun(env) }),
  });
  const cloud = openCloud(folder.directory);
  const program = (changed: string) => folder.write({ "index.js": changed });
  open.push(place);
  return { ...driver, folder, cloud, program };
}

/** Where a stack lives, and what runs its programs and providers where that is not new processes. */
interface Place {
  folder: ProgramFolder;
  hosts?: SharedHosts;
}

const open: Place[] = [];
let lasting: Place | undefined;

async function newPlace(): Promise<Place> {
  return { folder: await createProgramFolder({}) };
}

/** The local engine's stacks of a test file follow one another in one folder, with processes that outlive the runs. */
async function lastingPlace(): Promise<Place> {
  if (!lasting) {
    const { folder } = await newPlace();
    lasting = { folder, hosts: new SharedHosts(folder.directory) };
  }
  return lasting;
}

async function closePlace({ folder, hosts }: Place): Promise<void> {
  await hosts?.close();
  await folder.remove();
}

/** What a run of an engine finds, and who sees what it leaves. */
export interface EngineSurroundings {
  /** Added to the environment of every run; read anew for each. */
  env?: NodeJS.ProcessEnv;
  /** What runs programs and providers for the local engine in an environment, where that is not new processes. */
  hosts?(env: NodeJS.ProcessEnv): CommandIo["hosts"];
  /** Called after every run, before its caller sees it; rejects to fail it. */
  watch?(args: string[], run: EngineRun): Promise<void>;
}

/** The engine these tests are for, with one stack of the project in `directory`. */
export async function openEngine(
  directory: string,
  project: string,
  surroundings: EngineSurroundings = {},
): Promise<EngineDriver> {
  return commandDriver(engineCommand(directory, project, surroundings.hosts), directory, surroundings);
}

/** How the engine these tests are for is called. */
export function engineCommand(directory: string, project: string, hosts?: EngineSurroundings["hosts"]): EngineCommand {
  const command = wantsCli() ? cliCommand(directory, project) : localCommand(directory, project, hosts);
  if (!command) {
    throw new Error("No Pulumi CLI was found.");
  }
  return command;
}

export function wantsCli(): boolean {
  return process.env["ENGINE_DRIVER"] === "cli";
}

/** A group of scenarios that every engine must pass. `npm run test:cli` runs them with Pulumi's CLI. */
export function describeEngine(name: string, scenarios: () => void): void {
  describe(name, () => {
    afterEach(async () => {
      for (const place of open.splice(0)) {
        if (place === lasting) await place.folder.clear();
        else await closePlace(place);
      }
    });
    afterAll(async () => {
      if (lasting) await closePlace(lasting);
      lasting = undefined;
    });
    scenarios();
  });
}
