import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { serveProgram } from "../../engine/hosts/program-server";
import { loadSdk } from "../../engine/hosts/sdk";
import type { Monitor, ProgramHost, ProgramOptions, ProgramResult } from "../../engine/model";

/** How long a program whose run was aborted may take to end by itself. */
const PATIENCE_MS = 5000;

/** Runs the program of the folder in one process that outlives the runs (serve-programs.js). */
export class LastingPrograms implements ProgramHost {
  private child: ChildProcess | undefined;
  private answer: (line: string) => void = () => undefined;

  constructor(private readonly folder: string) {}

  /** @param env - what the program finds. Default: the environment of its process. */
  async run(
    options: ProgramOptions,
    monitor: Monitor,
    abort: AbortSignal,
    env?: NodeJS.ProcessEnv,
  ): Promise<ProgramResult> {
    const sdk = loadSdk(options.programDirectory);
    const server = await serveProgram(sdk, monitor, options.rootDirectory);
    const answered = new Promise<string>((resolve) => {
      this.answer = resolve;
    });
    const aborted = new Promise<undefined>((resolve) => {
      abort.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    this.start().stdin?.write(`${JSON.stringify({ ...this.requestFor(options, server.address), env })}\n`);
    const line = await Promise.race([answered, aborted]);
    server.close();
    // A program whose connection is closed has nothing left to do, and ends. One that goes on would mix with the next run.
    const ended = line ?? (await Promise.race([answered, wait(PATIENCE_MS, undefined, { ref: false })]));
    if (ended === undefined) await this.close();
    const { ok } = JSON.parse(line ?? '{"ok":false}') as { ok: boolean };
    if (ok) return { ok, exitCode: 0 };
    return server.errorLogged() || abort.aborted
      ? { ok, exitCode: 1 }
      : { ok, exitCode: 1, reason: "the program failed" };
  }

  async close(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  private start(): ChildProcess {
    if (this.child) return this.child;
    const preload = path.resolve(__dirname, "../../engine/dist/engine/hosts/preload.js");
    this.child = spawn(process.execPath, ["--require", preload, path.join(__dirname, "serve-programs.js")], {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.once("close", () => {
      this.child = undefined;
      this.answer('{"ok":false}');
    });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on("line", (line) => this.answer(line));
    return this.child;
  }

  private requestFor(options: ProgramOptions, address: string) {
    const { organization, project, stack, parallel, dryRun, config } = options;
    const run = { organization, project, stack, parallel, dryRun, address };
    return { ...run, config: config.values, secretKeys: config.secretKeys };
  }
}
