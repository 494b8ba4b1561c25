import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import fs from "node:fs/promises";
import type {
  EngineCommand,
  EngineDriver,
  EngineRun,
  EngineSurroundings,
  PreviewRun,
  RunFlags,
  RunningEngine,
  StackState,
} from "./engine-driver";
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
  const run = (args: string[]) => start(args).ended;
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
    command: (args, env) =>
      startCommand(engine, directory, args, { ...surroundings, env: { ...surroundings.env, ...env } }).ended,
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

function startCommand(
  engine: EngineCommand,
  directory: string,
  args: string[],
  { env, watch }: EngineSurroundings,
): RunningEngine {
  const child = spawn(engine.command, [...engine.prefix, ...args, `--cwd=${directory}`], {
    env: { ...inheritedEnvironment(), PULUMI_CONFIG_PASSPHRASE: "correct horse", ...env, ...engine.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", text: "" };
  const printed = new EventEmitter();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output.stdout += chunk;
    output.text += chunk;
    printed.emit("more");
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output.text += chunk;
    printed.emit("more");
  });
  const says = async (text: RegExp) => {
    while (!text.test(output.text)) {
      await once(printed, "more");
    }
  };
  const ended = new Promise<EngineRun>((resolve, reject) => {
    child.once("error", reject);
    const finish = async (exitCode: number | null) => {
      const state = await readState(engine.stateFile, exitCode === 0);
      const run = { ok: exitCode === 0, exitCode, ...output, changes: countsIn(output.stdout), state };
      await watch?.(args, run);
      return run;
    };
    child.once("close", (exitCode) => finish(exitCode).then(resolve, reject));
  });
  return { kill: (signal) => endFamily(child, signal), says, ended };
}

/** Ends a run, and what it leaves behind: the hosts of a CLI that was killed live on. */
function endFamily(child: ChildProcess, signal: NodeJS.Signals): void {
  const family = child.pid !== undefined && process.platform === "linux" ? descendantsOf(child.pid) : [];
  child.once("exit", () => {
    for (const { pid } of family.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  child.kill(signal);
}

/** Nothing of the user's own Pulumi or ProcessMind setting reaches the engine. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === "PULUMI_HOME" || !/^(PULUMI|PROCESSMIND)_/.test(name),
  );
  return Object.fromEntries(kept);
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
