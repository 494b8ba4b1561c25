import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import fs from "node:fs/promises";
import type {
  EngineCommand,
  EngineDriver,
  EngineRun,
  EngineSurroundings,
  PreviewRun,
  Print,
  RunFlags,
  RunningEngine,
  StackState,
} from "./engine-driver";
import { inheritedEnvironment } from "./inherited-environment";
import { PASSPHRASE } from "./known-salt";
import { descendantsOf, isAlive } from "./process-tree";

/**
 * Drives an engine by its command line. The local engine takes Pulumi's commands and flags, so one driver does for
 * both, and sees what a user sees: exit code, text, process and state file.
 */
export async function commandDriver(
  engine: EngineCommand,
  directory: string,
  surroundings: EngineSurroundings,
): Promise<EngineDriver> {
  const start = (args: string[]) => startCommand(engine, directory, args, surroundings);
  const run = (args: string[], env?: NodeJS.ProcessEnv) => {
    const around = { ...surroundings, env: { ...surroundings.env, ...env } };
    return engine.inside ? runInside(engine, args, around) : startCommand(engine, directory, args, around).ended;
  };
  const must = async (args: string[]) => {
    const done = await run(args);
    if (!done.ok) {
      throw new Error(`${args.join(" ")} failed (${done.exitCode}):\n${done.text}`);
    }
    return done.stdout;
  };
  if (engine.prepare.length > 0) {
    await fs.mkdir(`${directory}/state`, { recursive: true });
  }
  for (const command of engine.prepare) {
    await must(command);
  }
  const change = (verb: string, flags?: RunFlags) => [verb, STACK, "--yes", "--skip-preview", ...argumentsOf(flags)];
  return {
    preview: async (flags) => withJson(await run(["preview", STACK, "--json", ...argumentsOf(flags)])),
    previewText: (flags) => run(["preview", STACK, ...argumentsOf(flags)]),
    up: (flags) => run(change("up", flags)),
    refresh: (flags) => run(change("refresh", flags)),
    destroy: (flags) => run(change("destroy", flags)),
    startUp: (flags) => start(change("up", flags)),
    command: run,
    exportStack: async (options) => JSON.parse(await must(["stack", "export", STACK, ...showing(options)])).deployment,
    outputs: async (options) => JSON.parse(await must(["stack", "output", STACK, "--json", ...showing(options)])),
    setConfig: async (key, value, options) => {
      await must(["config", "set", STACK, options?.secret ? "--secret" : "--plaintext", key, value]);
    },
    unlock: async () => {
      if (engine.unlock) {
        await must(engine.unlock);
      }
    },
    stateFile: engine.stateFile,
    failedExitCode: engine.failedExitCode,
  };
}

const STACK = "--stack=dev";

function showing(options: { showSecrets?: boolean } = {}): string[] {
  return options.showSecrets ? ["--show-secrets"] : [];
}

function argumentsOf(flags: RunFlags = {}): string[] {
  return [
    ...(flags.refresh ? ["--refresh"] : []),
    ...(flags.expectNoChanges ? ["--expect-no-changes"] : []),
    ...(flags.diff ? ["--diff"] : []),
    ...(flags.parallel ? [`--parallel=${flags.parallel}`] : []),
  ];
}

async function runInside(engine: EngineCommand, args: string[], surroundings: EngineSurroundings): Promise<EngineRun> {
  const output = { stdout: "", text: "" };
  const print = printer(output);
  const exitCode = await engine.inside?.(args, environmentFor(engine, surroundings), print);
  return finishedRun(engine, args, exitCode ?? null, output, surroundings);
}

function startCommand(
  engine: EngineCommand,
  directory: string,
  args: string[],
  surroundings: EngineSurroundings,
): RunningEngine {
  const child = spawn(engine.command, [...engine.prefix, ...args, `--cwd=${directory}`], {
    env: environmentFor(engine, surroundings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", text: "" };
  const print = printer(output);
  const printed = new EventEmitter();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (chunk: string) => {
      print(stream, chunk);
      printed.emit("more");
    });
  }
  const says = async (text: RegExp) => {
    while (!text.test(output.text)) {
      await once(printed, "more");
    }
  };
  const ended = new Promise<EngineRun>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => finishedRun(engine, args, code, output, surroundings).then(resolve, reject));
  });
  return { kill: (signal) => endFamily(child, signal), says, ended };
}

type Output = Pick<EngineRun, "stdout" | "text">;

function printer(output: Output): Print {
  return (stream, text) => {
    output.text += text;
    if (stream === "stdout") output.stdout += text;
  };
}

function environmentFor(engine: EngineCommand, { env }: EngineSurroundings): NodeJS.ProcessEnv {
  return { ...inheritedEnvironment(), PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, ...env, ...engine.env };
}

async function finishedRun(
  engine: EngineCommand,
  args: string[],
  exitCode: number | null,
  output: Output,
  { watch }: EngineSurroundings,
): Promise<EngineRun> {
  const state = await readState(engine.stateFile, exitCode === 0);
  const run = { ok: exitCode === 0, exitCode, ...output, changes: countsIn(output.stdout), state };
  await watch?.(args, run);
  return run;
}

/** Ends a run, and what it leaves behind: the hosts of a CLI that was killed live on. */
function endFamily(child: ChildProcess, signal: NodeJS.Signals): void {
  const family = child.pid !== undefined && process.platform === "linux" ? descendantsOf(child.pid) : [];
  child.once("exit", () => {
    for (const { pid } of family.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  child.kill(signal);
}

/**
 * Undefined before the first run has saved one. After a run that ended well one that cannot be read is an error, since it
 * would not be searched for secrets; a run that failed may have failed because of it.
 */
async function readState(file: string, isNeeded: boolean): Promise<StackState | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")).checkpoint.latest ?? undefined;
  } catch (error) {
    if (!isNeeded || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Lines of the summary: `    + 2 created`, `    +-1 replaced`, `    3 unchanged`. */
function countsIn(text: string): { [what: string]: number } {
  const summary = text.slice(text.lastIndexOf("Resources:"));
  const counts = [...summary.matchAll(/(\d+) (created|updated|deleted|replaced|unchanged)\b/g)];
  return Object.fromEntries(counts.map(([, count, what]) => [what, Number(count)]));
}

function withJson(run: EngineRun): PreviewRun {
  if (!run.stdout.trimStart().startsWith("{")) {
    return { ...run, steps: [], changeSummary: {} };
  }
  const { steps, changeSummary } = JSON.parse(run.stdout);
  return { ...run, steps: steps ?? [], changeSummary: changeSummary ?? {} };
}
