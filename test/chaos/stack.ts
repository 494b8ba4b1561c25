import { type ChildProcess, spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import fs from "node:fs/promises";
import path from "node:path";
import { deploy } from "../../engine/deployment";
import { Display } from "../../engine/display";
import { takeLock } from "../../engine/file-lock";
import type { Op, Snapshot, StackConfig } from "../../engine/model";
import { emptyDeployment, manifestOf } from "../../engine/state/checkpoint";
import { type Crypter, createCrypter } from "../../engine/state/passphrase";
import { SnapshotCodec } from "../../engine/state/snapshot-codec";
import { StackStore } from "../../engine/state/stack-store";
import { createProgramFolder, type ProgramFolder } from "../support/engine-driver-program";
import { LastingProvider } from "./lasting-provider";
import { declaredProgram, PROGRAM } from "./program";
import { contentOf, type Round } from "./scenario";

/** What a run did, as a user sees it. */
export interface StackRun {
  ok: boolean;
  text: string;
  /** Counts of the operations; undefined for a `pulumi-offline` process. */
  changes?: { [op in Op]?: number };
}

const PROJECT = "demo";
const STACK = "dev";
export const PASSPHRASE = "chaos passphrase 4711";
const BIN = path.resolve(__dirname, "../../engine/dist/engine/bin.js");

let crypter: Promise<Crypter> | undefined;

/** One stack on disk: project folder, state file, stack file; run by the engine here or by `pulumi-offline`. */
export class ChaosStack {
  readonly #store: StackStore;
  /** The process to kill when the provider is to die. */
  private provider: ChildProcess | undefined;
  private engine: ChildProcess | undefined;
  private dying: Promise<void> | undefined;
  /** An engine that was killed in the middle of a save leaves one. */
  private draftsBefore: string[] = [];
  private readonly host = new LastingProvider(() => isAlive(this.provider));

  private constructor(
    readonly folder: ProgramFolder,
    private readonly crypter: Crypter,
    private readonly keyInConfig: boolean,
  ) {
    this.#store = new StackStore(path.join(folder.directory, "state"), PROJECT);
  }

  static async open(keyInConfig: boolean): Promise<ChaosStack> {
    // Deriving the key takes a third of a second; all stacks of a process share it.
    crypter ??= createCrypter(PASSPHRASE);
    const folder = await createProgramFolder({ "index.js": PROGRAM }, PROJECT);
    return new ChaosStack(folder, await crypter, keyInConfig);
  }

  get stateFile(): string {
    return this.#store.path(STACK);
  }

  /** The state as it is on disk, decrypted; throws when it cannot be read. */
  async snapshot(): Promise<Snapshot> {
    return new SnapshotCodec(this.crypter).decode((await this.#store.read(STACK)) ?? emptyDeployment());
  }

  async write(round: Pick<Round, "program" | "files">): Promise<void> {
    await this.folder.write({
      "plan.json": JSON.stringify(round.program),
      ...Object.fromEntries(round.files.map((file) => [file.path, contentOf(file)])),
    });
  }

  /** Runs the round's verb; `environment` is what the provider finds. */
  async run(round: Round, environment: Readonly<Record<string, string>>, preview = false): Promise<StackRun> {
    const config = this.config(round, environment);
    const visible = { ...environment, ...(this.keyInConfig ? { PROCESSMIND_API_KEY: "" } : {}) };
    await this.folder.write({ [`Pulumi.${STACK}.yaml`]: this.stackFile(config) });
    return round.asCommand ? this.command(round, visible, preview) : this.inside(round, visible, config, preview);
  }

  kill(target: "provider" | "engine"): boolean {
    const child = target === "provider" ? this.provider : this.engine;
    if (!child || !isAlive(child)) return false;
    this.dying = new Promise((resolve) => child.once("exit", () => resolve()));
    return child.kill("SIGKILL");
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.engine?.kill("SIGINT");
  }

  /** Whoever was killed is known to be dead. */
  async buried(): Promise<void> {
    await this.dying;
  }

  async remove(): Promise<void> {
    await this.host.close();
    await this.folder.remove();
  }

  private config(round: Round, environment: Readonly<Record<string, string>>): StackConfig {
    const timeout = { "processmind:timeoutSeconds": String(round.timeoutSeconds) };
    if (!this.keyInConfig) return { values: timeout, secretKeys: [] };
    const key = environment["PROCESSMIND_API_KEY"] ?? "";
    return { values: { ...timeout, "processmind:apiKey": key }, secretKeys: ["processmind:apiKey"] };
  }

  /** JSON is YAML. */
  private stackFile({ values, secretKeys }: StackConfig): string {
    const config = Object.entries(values).map(([key, value]) => [
      key,
      secretKeys.includes(key) ? { secure: this.crypter.encrypt(value) } : value,
    ]);
    return JSON.stringify({ encryptionsalt: this.crypter.salt, config: Object.fromEntries(config) }, null, 2);
  }

  private async inside(
    round: Round,
    environment: Readonly<Record<string, string>>,
    config: StackConfig,
    preview: boolean,
  ): Promise<StackRun> {
    let text = "";
    const stdout = { write: (more: string) => (text += more) };
    // It remembers for the rest of its run which rows are its own.
    if (uploadsAnew(round, await this.snapshot())) await this.host.close();
    const release = takeLock(
      this.#store.lockPath(STACK),
      "chaos",
      ({ pid }) => void stdout.write(`took over the lock of process ${pid}\n`),
    );
    const display = new Display({
      stack: STACK,
      project: PROJECT,
      json: false,
      diff: false,
      stdout,
      stderr: stdout,
      env: {},
    });
    const found = (message: unknown) => this.noteProvider((message as { process: ChildProcess }).process);
    subscribe("child_process", found);
    Object.assign(process.env, environment);
    try {
      const codec = new SnapshotCodec(this.crypter);
      const deployment = (await this.#store.read(STACK)) ?? emptyDeployment();
      const result = await deploy({
        verb: preview ? "preview" : round.verb,
        dryRun: preview,
        refresh: round.refresh,
        organization: "organization",
        project: PROJECT,
        stack: STACK,
        rootDirectory: this.folder.directory,
        programDirectory: this.folder.directory,
        config,
        parallel: 16,
        snapshot: codec.decode(deployment),
        save: async (snapshot) => {
          const metadata = {
            metadata: {},
            secrets_providers: { type: "passphrase", state: { salt: this.crypter.salt } },
          };
          const manifest = manifestOf("v0.0.0-chaos", new Date());
          await this.#store.write(STACK, { manifest, ...metadata, ...codec.encode(snapshot) });
        },
        emit: display.emit,
        programHost: declaredProgram(round.program, PROJECT, environment["PROCESSMIND_TENANT_ID"] ?? ""),
        providerHost: this.host,
        abort: new AbortController().signal,
        now: () => new Date(),
      });
      display.finish();
      return { ok: result.ok, text, changes: result.changes };
    } finally {
      unsubscribe("child_process", found);
      // It remembers for the rest of its run what was taken over.
      if (round.program.some(({ existingId }) => existingId !== undefined)) await this.host.close();
      release();
    }
  }

  private noteProvider(child: ChildProcess): void {
    // Its arguments are set right after this event.
    setImmediate(() => {
      if (child.spawnargs?.some((argument) => argument.includes("dynamic-provider"))) this.provider = child;
    });
  }

  private async command(
    round: Round,
    environment: Readonly<Record<string, string>>,
    preview: boolean,
  ): Promise<StackRun> {
    const args = [
      BIN,
      ...(preview ? ["preview"] : [round.verb, "--yes", "--skip-preview"]),
      ...(round.refresh && round.verb !== "refresh" ? ["--refresh"] : []),
      `--stack=${STACK}`,
      `--cwd=${this.folder.directory}`,
      `--state-dir=${path.join(this.folder.directory, "state")}`,
    ];
    const env = { ...process.env, ...environment, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const limit = preview ? [] : await this.onFullDisk(round);
    const [command = "", ...rest] = [...limit, process.execPath, ...args];
    const child = spawn(command, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.engine = child;
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (more: string) => {
        text += more;
      });
    }
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    return { ok: exitCode === 0, text };
  }

  /** A shell that lets no file grow beyond a limit, in blocks of 512 bytes, and then becomes the command. */
  private async onFullDisk({ diskBytes }: Round): Promise<string[]> {
    if (diskBytes === undefined) return [];
    this.draftsBefore = await this.drafts();
    const { size } = await fs.stat(this.stateFile).catch(() => ({ size: 0 }));
    return ["sh", "-c", `ulimit -f ${Math.ceil((size + diskBytes) / 512)} && exec "$@"`, "sh"];
  }

  /** What a run on a full disk left beside the state. */
  async newDrafts(): Promise<string[]> {
    return (await this.drafts()).filter((name) => !this.draftsBefore.includes(name));
  }

  private async drafts(): Promise<string[]> {
    const names = await fs.readdir(path.dirname(this.stateFile)).catch(() => []);
    return names.filter((name) => /\.\d+$/.test(name));
  }

  /** Every file of the project that a run writes, as text. */
  async written(): Promise<string> {
    const texts = [this.stateFile, `${this.stateFile}.bak`].map((file) => fs.readFile(file, "utf8").catch(() => ""));
    return (await Promise.all(texts)).join("\n");
  }
}

function isAlive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Whether an upload is created into a table of an earlier run. */
function uploadsAnew({ program }: Round, { resources }: Snapshot): boolean {
  const has = (name: string | undefined) =>
    resources.some(({ urn, delete: isOld }) => !isOld && urn.endsWith(`::${name}`));
  return program.some(({ kind, name, parent }) => kind === "upload" && !has(name) && has(parent));
}
