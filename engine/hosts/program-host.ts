import path from "node:path";
import { messageText } from "../message";
import type { Monitor, ProgramHost, ProgramOptions, ProgramResult } from "../model";
import { type Ended, startNode } from "./child";
import { printedLine } from "./engine-service";
import { serveProgram } from "./program-server";
import { type RuntimeOptions, readRuntimeOptions } from "./runtime-options";
import { loadSdk } from "./sdk";

/** Runs programs in Pulumi's own runner process (`@pulumi/pulumi/cmd/run`), in the environment `env`. */
export function createProgramHost(env: NodeJS.ProcessEnv = process.env): ProgramHost {
  return { run: (options, monitor, abort) => run(options, env, monitor, abort) };
}

async function run(
  options: ProgramOptions,
  env: NodeJS.ProcessEnv,
  monitor: Monitor,
  abort: AbortSignal,
): Promise<ProgramResult> {
  const sdk = loadSdk(options.programDirectory);
  const runtime = await readRuntimeOptions(options.rootDirectory, options.programDirectory);
  const server = await serveProgram(sdk, monitor, options.rootDirectory);
  try {
    if (abort.aborted) {
      return { ok: false, exitCode: null, reason: INTERRUPTED };
    }
    const child = startNode({
      args: [...runtime.nodeArgs, ...runnerArguments(sdk.directory, server.address, options), runtime.entryPoint],
      cwd: options.programDirectory,
      env: programEnvironment(options, env, runtime),
      onStdout: (line) => monitor.log(printedLine(line)),
      onStderr: (line) => monitor.log(printedLine(line)),
    });
    const stop = () => void child.stop();
    abort.addEventListener("abort", stop);
    const ended = await child.ended.finally(() => abort.removeEventListener("abort", stop));
    return resultFrom(ended, server.signalled(), server.errorLogged(), abort.aborted);
  } finally {
    server.close();
  }
}

const INTERRUPTED = "The program was interrupted.";

function runnerArguments(sdkDirectory: string, address: string, options: ProgramOptions): string[] {
  return [
    path.join(sdkDirectory, "cmd", "run"),
    `--monitor=${address}`,
    `--engine=${address}`,
    `--organization=${options.organization}`,
    `--project=${options.project}`,
    `--stack=${options.stack}`,
    `--root-directory=${options.rootDirectory}`,
    `--pwd=${options.programDirectory}`,
    `--parallel=${options.parallel}`,
    ...(options.dryRun ? ["--dry-run"] : []),
  ];
}

function programEnvironment(
  options: ProgramOptions,
  env: NodeJS.ProcessEnv,
  runtime: RuntimeOptions,
): NodeJS.ProcessEnv {
  return {
    ...env,
    PULUMI_CONFIG: JSON.stringify(options.config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.config.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(runtime.typescript),
    ...(runtime.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: runtime.tsconfig }),
  };
}

function resultFrom(ended: Ended, signalled: boolean, errorLogged: boolean, aborted: boolean): ProgramResult {
  const { exitCode } = ended;
  if (exitCode === 0 && signalled) {
    return { ok: true, exitCode };
  }
  if (aborted) {
    return { ok: false, exitCode, reason: INTERRUPTED };
  }
  return errorLogged ? { ok: false, exitCode } : { ok: false, exitCode, reason: reasonFor(ended) };
}

/** Of Pulumi's runner: an error was shown. Before it has reached the engine, on stderr alone. */
const ERROR_WAS_SHOWN = 32;

function reasonFor({ exitCode, signal, stderrTail }: Ended): string {
  if (exitCode === 0) {
    return messageText("The program called process.exit before it had registered everything. Nothing was deleted.", [
      "remove the call, and run again",
    ]);
  }
  if (exitCode !== null && exitCode !== ERROR_WAS_SHOWN) {
    return `an unhandled error occurred: Program exited with non-zero exit code: ${exitCode}`;
  }
  const how = exitCode === null ? `was killed by ${signal}` : `ended with exit code ${exitCode}`;
  return [`The program ${how} without an error message.`, ...stderrTail].join("\n");
}
