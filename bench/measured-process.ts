import { spawn } from "node:child_process";
import * as fs from "node:fs";

/** What one run of one contender took. */
export interface Sample {
  seconds: number;
  /** User and system time. undefined: not to be had on this system. */
  cpuSeconds?: number;
  /** The most memory it ever held. undefined: not to be had on this system. */
  peakBytes?: number;
  stdout: string;
}

/** A program to run: a contender of a race. */
export interface Command {
  program: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Linux keeps both figures only while the process lives, so they are looked at until it ends. */
const LOOK_EVERY_MS = 10;
const TICKS_PER_SECOND = 100;

/** Runs a program and measures the whole process, its start included. @throws Error when it does not succeed. */
export async function measure({ program, args, cwd, env }: Command): Promise<Sample> {
  const started = performance.now();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text: Buffer) => (stdout += text));
  child.stderr.on("data", (text: Buffer) => (stderr += text));
  let found: { cpuSeconds?: number; peakBytes?: number } = {};
  const look = () => {
    found = { ...found, ...(child.pid === undefined ? {} : figuresOf(child.pid)) };
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  try {
    const [code, seconds] = await new Promise<[number | null, number]>((resolve, reject) => {
      child.once("error", reject);
      let ended = 0;
      child.once("exit", () => (ended = performance.now()));
      child.once("close", (exitCode) => resolve([exitCode, (ended - started) / 1000]));
    });
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stderr || stdout}`);
    return { seconds, ...found, stdout };
  } finally {
    clearInterval(timer);
  }
}

/** The memory a process holds now, and the most it ever held. undefined where there is no /proc. */
export function memoryOf(pid: number): { nowBytes: number; peakBytes: number } | undefined {
  const status = readIfThere(`/proc/${pid}/status`);
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  const figures = { nowBytes: bytes("VmRSS"), peakBytes: bytes("VmHWM") };
  return Number.isFinite(figures.peakBytes) ? figures : undefined;
}

function figuresOf(pid: number): { cpuSeconds?: number; peakBytes?: number } {
  const peakBytes = memoryOf(pid)?.peakBytes;
  // After the name in brackets, which may hold anything, the 12th and 13th are user and system ticks.
  const fields = readIfThere(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    ...(peakBytes !== undefined && { peakBytes }),
    ...(Number.isFinite(ticks) && { cpuSeconds: ticks / TICKS_PER_SECOND }),
  };
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
