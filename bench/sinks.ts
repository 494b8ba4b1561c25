import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";

/** Starts sinks (see sink.ts), each a process of its own, and ends them. */
export class Sinks {
  private readonly running: ChildProcess[] = [];

  /** @returns its address. */
  async start(...options: string[]): Promise<string> {
    const child = spawn(process.execPath, [path.join(__dirname, "sink.js"), ...options], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.running.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return line.toString().trim();
  }

  /** They also end by themselves when this process does. */
  stop(): void {
    for (const child of this.running) child.stdin?.end();
  }
}
