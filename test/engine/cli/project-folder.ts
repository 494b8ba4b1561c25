import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { type CommandIo, runCommand } from "../../../engine/commands";
import { inheritedEnvironment } from "../../support/inherited-environment";
import { giveKnownSalt, PASSPHRASE } from "../../support/known-salt";
import { SharedHosts } from "../../support/shared-hosts";

/** What one command printed, and its exit code. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A Pulumi project in a temporary folder, and commands run in it. */
export class ProjectFolder {
  readonly path = mkdtempSync(join(tmpdir(), "pulumi-offline-"));
  env: CommandIo["env"] = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
  private readonly hosts = new SharedHosts(this.path);

  constructor(program?: string) {
    this.put("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    if (program === undefined) return;
    this.put("index.js", program);
    this.put("package.json", '{"name":"shop","main":"index.js"}');
    giveKnownSalt(this.path);
    symlinkSync(resolve(__dirname, "../../../node_modules"), join(this.path, "node_modules"), "junction");
  }

  put(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /**
   * Without input: nothing can be asked, but for a terminal (`tty`), where nobody answers then. `saw` is told what has been
   * printed so far.
   */
  async run(
    argv: string[],
    more: { input?: string; tty?: boolean; signal?: AbortSignal; saw?: (stdout: string) => void } = {},
  ): Promise<Ran> {
    const ran: Ran = { code: -1, stdout: "", stderr: "" };
    const tty = more.tty ? { isTTY: true } : {};
    const stdin = new PassThrough();
    if (more.input !== undefined) stdin.end(more.input);
    const print = (text: string) => {
      ran.stdout += text;
      more.saw?.(ran.stdout);
    };
    const env = { ...inheritedEnvironment(), NO_COLOR: "1", ...this.env };
    const io: CommandIo = {
      stdout: { write: print, ...tty },
      stderr: { write: (text) => (ran.stderr += text) },
      env,
      cwd: this.path,
      hosts: this.hosts.forNextRun(env),
      ...(more.signal && { signal: more.signal }),
      ...((more.tty || more.input !== undefined) && { stdin: Object.assign(stdin, tty) }),
    };
    ran.code = await runCommand(argv, io);
    return ran;
  }

  async remove(): Promise<void> {
    await this.hosts.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}
