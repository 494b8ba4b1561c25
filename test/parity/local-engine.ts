import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../../engine/commands";
import { LastingPrograms } from "../support/lasting-programs";
import { LastingProviders } from "../support/lasting-providers";
import type { Case, Step } from "./model";
import { commandOf, type PlayedEngine } from "./play";
import { type Ran, runProcess } from "./processes";
import { PASSPHRASE, Workspace } from "./workspace";

const BIN = path.resolve(__dirname, "../../engine/dist/engine/bin.js");
const LIMIT_MS = 120_000;

/**
 * Runs cases with our engine. The engine itself runs in this process, from source, with a program process and a
 * provider process that outlive the runs; what is killed, or prints a stack, runs as a user runs it.
 */
export class LocalEngine implements PlayedEngine {
  readonly workspace = new Workspace();
  private readonly programs = new LastingPrograms(this.workspace.folder);
  /** Our engine begins all that can go at once, so that nothing has to be waited for when a call fails. */
  private readonly providers = new LastingProviders({ ...process.env, PARITY_FAULT_MS: "0" });

  get stateFile(): string {
    return this.workspace.path(".pulumi-offline", "stacks", "demo", "dev.json");
  }

  async begin(played: Case): Promise<void> {
    this.workspace.begin(played);
    fs.rmSync(this.workspace.path(".pulumi-offline"), { recursive: true, force: true });
    await this.inside(["stack", "init", "dev"]);
  }

  step(step: Step): Promise<Ran> {
    const alone = step.kill !== undefined || step.program?.rejects !== undefined;
    return alone ? this.asProcess(commandOf(step), step.kill) : this.inside(commandOf(step));
  }

  async close(): Promise<void> {
    await this.providers.close();
    await this.programs.close();
    this.workspace.remove();
  }

  private async inside(args: string[]): Promise<Ran> {
    const output = { stdout: "", stderr: "" };
    const run = runCommand(args, {
      stdout: { write: (text) => (output.stdout += text) },
      stderr: { write: (text) => (output.stderr += text) },
      env: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      cwd: this.workspace.folder,
      hosts: { program: this.programs, provider: this.providers },
    });
    return { exitCode: await this.withinLimit(run, args), ...output };
  }

  /** What hangs ends with the processes that it waits for. */
  private async withinLimit<T>(run: Promise<T>, args: string[]): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const hung = new Promise<never>((_resolve, reject) => {
      const text = `"pulumi-offline ${args.join(" ")}" did not end within ${LIMIT_MS / 1000} s.`;
      timer = setTimeout(() => reject(new Error(text)), LIMIT_MS);
    });
    try {
      return await Promise.race([run, hung]);
    } catch (error) {
      run.catch(() => undefined);
      await Promise.all([this.providers.close(), this.programs.close()]);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private asProcess(args: string[], kill?: string): Promise<Ran> {
    return runProcess({
      command: process.execPath,
      args: [BIN, ...args],
      cwd: this.workspace.folder,
      env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, PULUMI_STACK: "", NO_COLOR: "1" },
      limitMs: LIMIT_MS,
      ...(kill === undefined ? {} : { killWhen: this.workspace.callMark(kill) }),
    });
  }
}
