import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findCli } from "../../scripts/start/engine";
import type { Case, Step } from "./model";
import { commandOf, type PlayedEngine } from "./play";
import { type Ran, runProcess } from "./processes";
import { PASSPHRASE, Workspace } from "./workspace";

/** The oldest whose behaviour our engine has; recordings are made with this or a later one. */
const OLDEST_CLI = [3, 260];
/** A step takes a few seconds. What is not done after this hangs. */
const LIMIT_MS = 180_000;

/** Pulumi's CLI on PATH, or undefined. One that is too old is refused. */
export function findCliVersion(env: NodeJS.ProcessEnv = process.env): { command: string; version: string } | undefined {
  const command = findCli(env);
  if (!command) return undefined;
  const printed = execFileSync(command, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const version = String(printed).trim().replace(/^v/, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_CLI;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`${command} is version ${version}; parity needs ${OLDEST_CLI.join(".")} or later.`);
  }
  return { command, version };
}

const PRELOAD = path.resolve(__dirname, "../../engine/dist/engine/hosts/preload.js");

/** Runs cases with Pulumi's CLI: nothing leaves the machine, all it keeps is in temporary folders. */
export class CliEngine implements PlayedEngine {
  readonly workspace = new Workspace();
  private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), "parity-cli-"));
  private emptyState: string | undefined;

  constructor(
    private readonly command: string,
    private readonly limitMs = LIMIT_MS,
  ) {}

  get stateFile(): string {
    return path.join(this.home, ".pulumi", "stacks", "demo", "dev.json");
  }

  async begin(played: Case): Promise<void> {
    this.workspace.begin(played);
    if (this.emptyState === undefined) {
      const made = await this.run(["stack", "init", "dev", "--non-interactive"]);
      if (made.exitCode !== 0) throw new Error(`stack init failed:\n${made.stderr}`);
      this.emptyState = fs.readFileSync(this.stateFile, "utf8");
    }
    fs.writeFileSync(this.stateFile, this.emptyState);
  }

  async step(step: Step): Promise<Ran> {
    // A run that was killed leaves its lock.
    fs.rmSync(path.join(this.home, ".pulumi", "locks"), { recursive: true, force: true });
    return this.run(commandOf(step), step.kill);
  }

  async close(): Promise<void> {
    this.workspace.remove();
    fs.rmSync(this.home, { recursive: true, force: true });
  }

  private run(args: string[], kill?: string): Promise<Ran> {
    return runProcess({
      command: this.command,
      args,
      cwd: this.workspace.folder,
      env: this.environment(),
      limitMs: this.limitMs,
      ...(kill === undefined ? {} : { killWhen: this.workspace.callMark(kill) }),
    });
  }

  private environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI|PROCESSMIND)_/.test(name));
    return {
      ...Object.fromEntries(own),
      PULUMI_HOME: this.home,
      PULUMI_BACKEND_URL: pathToFileURL(this.home).href,
      // The language host is found beside the CLI.
      PATH: [path.dirname(this.command), process.env["PATH"]].join(path.delimiter),
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
      // Half of what a step costs is Pulumi's SDK loading a compiler that these programs do not use.
      NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
    };
  }
}
