import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Traffic } from "./crowded-tenant";

/** The processes of a run. */
type Part = "engine" | "program" | "provider";

/** What one command took; the numbers of processes only where Linux tells them. */
export interface ProcessCost {
  seconds: number;
  /** The most memory each process held at once. */
  peakBytes: { [part in Part]?: number };
  /** Of all processes together: on a busy machine it says more than seconds. */
  cpuSeconds?: number;
  /** What the engine wrote to files and sockets. */
  engineWroteBytes?: number;
}

export type CommandCost = ProcessCost & Traffic;

const BIN = resolve(__dirname, "../../engine/dist/engine/bin.js");
const LOOK_EVERY_MS = 100;
/** Linux's USER_HZ, the same on every platform Node runs on. */
const TICKS_PER_SECOND = 100;

/** Runs one command of the local engine, as built, and watches it. */
export async function costOf(args: string[], cwd: string, environment: NodeJS.ProcessEnv): Promise<ProcessCost> {
  const began = performance.now();
  const env = { ...process.env, ...environment, PULUMI_CONFIG_PASSPHRASE: "scale" };
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const cost: ProcessCost = { seconds: 0, peakBytes: {} };
  const cpuTicks = new Map<number, number>();
  const watch = setInterval(() => look(child.pid, cost, cpuTicks), LOOK_EVERY_MS);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with exit code ${code}:\n${out}${err}`);
  const ticks = [...cpuTicks.values()].reduce((sum, each) => sum + each, 0);
  if (ticks > 0) cost.cpuSeconds = ticks / TICKS_PER_SECOND;
  return { ...cost, seconds: (performance.now() - began) / 1000 };
}

/** All these numbers only rise, so what the last look before the end saw is nearly the whole truth. */
function look(engine: number | undefined, cost: ProcessCost, cpuTicks: Map<number, number>): void {
  if (engine === undefined || process.platform !== "linux") return;
  notePeak(cost, "engine", engine);
  const wrote = numberIn(`/proc/${engine}/io`, /^wchar: (\d+)/m);
  if (wrote !== undefined) cost.engineWroteBytes = wrote;
  const children = childrenOf(engine);
  for (const pid of [engine, ...children]) {
    const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+) /.exec(read(`/proc/${pid}/stat`) ?? "") ?? [];
    if (user !== undefined) cpuTicks.set(pid, Number(user) + Number(system));
  }
  for (const pid of children) {
    const command = read(`/proc/${pid}/cmdline`) ?? "";
    if (command.includes(join("cmd", "dynamic-provider"))) notePeak(cost, "provider", pid);
    else if (command.includes(join("cmd", "run"))) notePeak(cost, "program", pid);
  }
}

function notePeak(cost: ProcessCost, part: Part, pid: number): void {
  const kib = numberIn(`/proc/${pid}/status`, /^VmHWM:\s+(\d+) kB/m);
  if (kib !== undefined) cost.peakBytes[part] = Math.max(cost.peakBytes[part] ?? 0, kib * 1024);
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).flatMap((task) =>
      (read(`${tasks}/${task}/children`) ?? "").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function numberIn(file: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(read(file) ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

/** undefined: the process has ended. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
