import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command as a matrix runs it. */
export interface Command {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whom it runs as; only root can choose. */
  uid?: number;
}

export interface Outcome {
  exitCode: number | null;
  stdout: string;
  /** stdout and stderr, as they came. */
  text: string;
}

/** A limit for what hangs. */
const LIMIT_MS = 300_000;

export async function runCommand({ program, args, cwd, env, uid }: Command): Promise<Outcome> {
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const outcome: Outcome = { exitCode: null, stdout: "", text: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    outcome.stdout += chunk;
    outcome.text += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    outcome.text += chunk;
  });
  const [exitCode] = await once(child, "close");
  return { ...outcome, exitCode };
}

/** @throws Error with all it printed, when it fails. */
export async function must(command: Command): Promise<Outcome> {
  const outcome = await runCommand(command);
  if (outcome.exitCode === 0) return outcome;
  const called = [command.program.replace(/.*[/\\]/, ""), ...command.args].join(" ");
  throw new Error(`${called} ended with exit code ${outcome.exitCode}:\n${outcome.text.trimEnd()}`);
}
