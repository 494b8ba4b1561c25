import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { messageText } from "../message";
import { LIFELINE_VARIABLE } from "./lifeline";

/** How long a process may take to end by itself after SIGTERM. */
const GRACE_MS = 2000;
const TAIL_LINES = 20;

/** How a process ended, and the end of what it wrote to stderr. */
export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stderrTail: string[];
}

/** A node process that never outlives this one. */
export interface NodeChild {
  pid: number | undefined;
  /** Resolves when it has ended and all its output was delivered. Rejects if it could not be started. */
  ended: Promise<Ended>;
  /** SIGTERM, then SIGKILL after a limit; for the process and everything it started. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** What to start, and who reads its output. */
export interface NodeChildOptions {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whether its standard input is a pipe from here, which ends when this process does; else there is none. */
  hasInput?: boolean;
  onStdout(line: string): void;
  onStderr(line: string): void;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) {
    signalGroup(child, "SIGKILL");
  }
});

/**
 * Starts node in a process group of its own: Ctrl-C in a terminal then reaches the engine alone, which lets running
 * steps finish. The pipe at descriptor 3 ends the process when this one dies without warning (preload.ts).
 */
export function startNode(options: NodeChildOptions): NodeChild {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: childEnvironment(options.env),
    stdio: [options.hasInput ? "pipe" : "ignore", "pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  running.add(child);
  const stderrTail: string[] = [];
  eachLine(child.stdout, options.onStdout);
  eachLine(child.stderr, (line) => {
    stderrTail.push(line);
    stderrTail.splice(0, stderrTail.length - TAIL_LINES);
    options.onStderr(line);
  });
  child.stdio[3]?.on("error", () => {
    // The process went first; its end is reported by `ended`.
  });
  const ended = whenEnded(child, stderrTail);
  return { pid: child.pid, ended, stop: () => stop(child, ended) };
}

function whenEnded(child: ChildProcess, stderrTail: string[]): Promise<Ended> {
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => {
      running.delete(child);
      reject(new Error(`Could not start ${process.execPath}: ${error.message}`, { cause: error }));
    });
    child.once("exit", () => {
      // What it left behind would keep its output open, and "close" from coming.
      signalGroup(child, "SIGKILL");
      running.delete(child);
      child.stdio[3]?.destroy();
    });
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, stderrTail }));
  });
  // Whoever awaits it sees the rejection; a process nobody waits for any more must not end the engine.
  ended.catch(() => undefined);
  return ended;
}

async function stop(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  if (running.has(child)) {
    signalGroup(child, "SIGTERM");
  }
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  await ended.catch(() => undefined);
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // It has ended already.
  }
}

function eachLine(stream: Readable | null, deliver: (line: string) => void): void {
  if (stream) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", deliver);
  }
}

function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const nodeOptions = [env["NODE_OPTIONS"], `--require ${JSON.stringify(preloadFile())}`];
  // Pulumi's gRPC client asks the environment for a proxy even for the loopback address.
  const noProxy = [env["no_grpc_proxy"] ?? env["no_proxy"] ?? env["NO_PROXY"], "127.0.0.1"];
  return {
    ...env,
    NODE_OPTIONS: nodeOptions.filter(Boolean).join(" "),
    no_grpc_proxy: noProxy.filter(Boolean).join(","),
    [LIFELINE_VARIABLE]: "1",
  };
}

/** node loads JavaScript only, so the tests, which run this file from source, use the preload of the build. */
function preloadFile(): string {
  const candidates = [path.join(__dirname, "preload.js"), path.resolve(__dirname, "../dist/engine/hosts/preload.js")];
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) {
    throw new Error(
      messageText(`The engine's preload script is missing: ${candidates.join(", ")}.`, ["run npm run build"]),
    );
  }
  return found;
}
