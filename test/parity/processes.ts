import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { descendantsOf } from "../support/process-tree";

/** What a process printed, and how it ended. */
export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

interface Run {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Ends it by SIGKILL as soon as this file holds this text. */
  killWhen?: { file: string; holds: string };
  limitMs: number;
}

/** Stands for the exit code of a process that was killed. */
const KILLED = -9;

/** Runs a command to its end. What hangs is ended, with all it started, and is an error that says so. */
export async function runProcess(run: Run): Promise<Ran> {
  const child = spawn(run.command, run.args, { cwd: run.cwd, env: run.env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    killTree(child);
  }, run.limitMs);
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? KILLED));
  });
  if (run.killWhen) void killWhen(child, run.killWhen);
  const exitCode = await exited.finally(() => clearTimeout(timer));
  if (hung) {
    const text = [output.stdout, output.stderr].join("\n").slice(-2000);
    throw new Error(
      `${run.command} ${run.args.join(" ")} did not end within ${run.limitMs / 1000} s. It printed:\n${text}`,
    );
  }
  return { exitCode, ...output };
}

async function killWhen(child: ChildProcess, { file, holds }: { file: string; holds: string }): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8").includes(holds)) {
      killTree(child);
      return;
    }
    await wait(20);
  }
}

/** The process first: it must not see its children end and save what it makes of that. */
function killTree(child: ChildProcess): void {
  const left = fs.existsSync("/proc") ? descendantsOf(child.pid ?? 0) : [];
  child.kill("SIGKILL");
  for (const { pid } of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Has ended by itself.
    }
  }
}
