import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Flags } from "../cli";
import { describeOwner, LockedError, takeLock } from "../file-lock";
import type { Snapshot, StackConfig } from "../model";
import { type Deployment, emptyDeployment, manifestOf, saltOf, snapshotOf } from "../state/checkpoint";
import { resolveConfig } from "../state/config-values";
import { type Crypter, createCrypter, openCrypter, passphraseFrom } from "../state/passphrase";
import { checkStackName, loadProject, type Project } from "../state/project";
import { hasCiphertext, SnapshotCodec } from "../state/snapshot-codec";
import { StackFile } from "../state/stack-file";
import { StackStore } from "../state/stack-store";
import { EXIT, UserError } from "../state/user-error";
import type { CommandIo } from "./io";
import { packageVersion } from "./version";

/** A stack whose state may be written: it has a codec with the right key, and the lock is held. */
export interface WritableStack {
  snapshot: Snapshot;
  save(snapshot: Snapshot): Promise<void>;
}

/**
 * The project and the stack a command works on. Reading asks for the passphrase only when there is something to
 * decrypt. Writing always asks for it, before anything else happens: a program may make a secret at any step, and
 * a state that cannot be saved would be a lost resource.
 */
export class Session {
  readonly project: Project;
  readonly stack: string;
  readonly store: StackStore;
  readonly stackFile: StackFile;
  readonly #io: CommandIo;

  constructor(flags: Flags, io: CommandIo, stack?: string) {
    this.#io = io;
    const folder = resolve(io.cwd, flags.cwd ?? ".");
    // Looked for upwards, the project of a folder that is not there would be another one.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UserError(`${folder} is not a folder.`);
    this.project = loadProject(folder);
    this.stack = checkStackName(stack ?? flags.stack ?? (io.env["PULUMI_STACK"] || "dev"));
    const stateDirectory = flags.stateDir
      ? resolve(io.cwd, flags.stateDir)
      : join(this.project.rootDirectory, ".pulumi-offline");
    this.store = new StackStore(stateDirectory, this.project.name);
    this.stackFile = StackFile.load(this.project.stackFileDirectory, this.project.name, this.stack);
  }

  /** The stack's configuration, secrets in plain. */
  async config(): Promise<StackConfig> {
    return resolveConfig(this.project, this.stackFile, this.stack, () => this.configCrypter());
  }

  /** The crypter of the stack file's secrets. */
  async configCrypter(): Promise<Crypter> {
    const { salt, path } = this.stackFile;
    if (!salt) throw new UserError(`${path} has secure values but no encryptionsalt.`);
    return openCrypter(passphraseFrom(this.#io.env), salt, path);
  }

  /** The crypter of the stack file's secrets; a stack without one gets a salt, written to its file. */
  async ensureConfigCrypter(): Promise<Crypter> {
    if (this.stackFile.salt) return this.configCrypter();
    const passphrase = passphraseFrom(this.#io.env);
    const deployment = await this.store.read(this.stack);
    const known = deployment && saltOf(deployment, this.store.path(this.stack));
    const crypter = known
      ? await openCrypter(passphrase, known, this.store.path(this.stack))
      : await createCrypter(passphrase);
    this.stackFile.salt = crypter.salt;
    await this.stackFile.save();
    return crypter;
  }

  /** The state as it is on disk. */
  async deployment(): Promise<Deployment> {
    const deployment = await this.store.read(this.stack);
    if (!deployment) throw new UserError(`no stack named '${this.stack}' found`, [], EXIT.noSuchStack);
    return deployment;
  }

  /** The state to look at, decrypted; a stack that does not exist yet is an empty one. */
  async peek(): Promise<Snapshot> {
    const deployment = (await this.store.read(this.stack)) ?? emptyDeployment();
    if (!hasCiphertext(deployment)) return snapshotOf(deployment);
    return new SnapshotCodec(await this.#stateCrypter(deployment)).decode(deployment);
  }

  /** Takes the stack's lock; see {@link takeLock}. */
  lock(command: string): () => void {
    try {
      return takeLock(this.store.lockPath(this.stack), command, (owner) => {
        this.#io.stderr.write(`warning: took over the lock of ${describeOwner(owner)}, which is no longer running\n`);
      });
    } catch (error) {
      throw error instanceof LockedError ? stackLocked(error) : error;
    }
  }

  /** The state to work on; the lock must be held. Creates the stack when `create` is set. */
  async open(create: boolean): Promise<WritableStack> {
    const deployment = (await this.store.read(this.stack)) ?? (create ? undefined : await this.deployment());
    const fallback = await this.ensureConfigCrypter();
    const salt = deployment && saltOf(deployment, this.store.path(this.stack));
    const crypter = salt && deployment ? await this.#stateCrypter(deployment) : fallback;
    const codec = new SnapshotCodec(crypter);
    let saved = deployment && contentOf(deployment);
    const save = async (snapshot: Snapshot) => {
      const encoded = codec.encode(snapshot);
      // A run that changes nothing leaves the file as it is, to the byte.
      if (contentOf(encoded) === saved) return;
      await this.store.write(this.stack, {
        manifest: manifestOf(`v${packageVersion()}-pulumi-offline`, new Date()),
        secrets_providers: { type: "passphrase", state: { salt: crypter.salt } },
        ...encoded,
        metadata: deployment?.metadata ?? {},
      });
      saved = contentOf(encoded);
    };
    const snapshot = codec.decode(deployment ?? emptyDeployment());
    if (!deployment) {
      await save(snapshot);
      this.#io.stderr.write(`Created stack '${this.stack}'\n`);
    }
    return { snapshot, save };
  }

  async #stateCrypter(deployment: Deployment): Promise<Crypter> {
    const file = this.store.path(this.stack);
    const salt = saltOf(deployment, file);
    if (!salt) throw new UserError(`${file} holds secrets but names no secrets provider.`);
    return openCrypter(passphraseFrom(this.#io.env), salt, file);
  }
}

function stackLocked({ file, owner }: LockedError): UserError {
  return new UserError(`the stack is locked by ${describeOwner(owner)}.`, [
    "wait for that run to end",
    `if that process is not running: delete ${file}`,
  ]);
}

function contentOf({ resources, pending_operations }: Pick<Deployment, "resources" | "pending_operations">): string {
  return JSON.stringify([resources, pending_operations]);
}
