import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Snapshot } from "../../engine/model";
import { emptyDeployment, parseCheckpoint } from "../../engine/state/checkpoint";
import { openCrypter } from "../../engine/state/passphrase";
import { SnapshotCodec } from "../../engine/state/snapshot-codec";
import type { Case, Step } from "./model";

const REPOSITORY = path.resolve(__dirname, "../..");
const PROJECT = path.join(__dirname, "project");

/** Protects throw-away states only. All cases share one salt, since deriving a key takes a third of a second. */
export const PASSPHRASE = "test-passphrase";
const SALT = "v1:N/MIen7xV6A=:v1:Xwa7g+4syyYtQcpr:NeTnzHrHl2UN8QNcS65bHv1Bm52ALQ==";

/** The folder of a case: project, stack file, what the provider keeps. */
export class Workspace {
  /** The real path, since Pulumi compares it with the real paths of modules. */
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "parity-")));

  constructor() {
    fs.symlinkSync(path.join(REPOSITORY, "node_modules"), this.path("node_modules"), "junction");
    for (const file of fs.readdirSync(PROJECT)) fs.copyFileSync(path.join(PROJECT, file), this.path(file));
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** As new, for the next case. */
  begin({ config = {} }: Case): void {
    for (const name of ["journal", "faults.json", "objects", "counters", "program.json", "Pulumi.dev.yaml"]) {
      fs.rmSync(this.path(name), { recursive: true, force: true });
    }
    // JSON is YAML.
    const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [`demo:${key}`, value]));
    fs.writeFileSync(this.path("Pulumi.dev.yaml"), JSON.stringify({ encryptionsalt: SALT, config: values }));
  }

  /** Prepares what the step finds. */
  arrange({ program, faults, objects = {} }: Step): void {
    fs.rmSync(this.path("journal"), { force: true });
    if (program) fs.writeFileSync(this.path("program.json"), JSON.stringify(program));
    fs.writeFileSync(this.path("faults.json"), JSON.stringify(faults ?? {}));
    fs.mkdirSync(this.path("objects"), { recursive: true });
    for (const [id, object] of Object.entries(objects)) {
      const file = this.path("objects", `${id}.json`);
      if (object === null) fs.rmSync(file, { force: true });
      else fs.writeFileSync(file, JSON.stringify(object));
    }
  }

  /** The provider's calls in this step, as lines of JSON. */
  journal(): string {
    return fs.existsSync(this.path("journal")) ? fs.readFileSync(this.path("journal"), "utf8") : "";
  }

  /** Where it shows that the provider has got a call, such as `create a`. */
  callMark(call: string): { file: string; holds: string } {
    const [verb, label] = call.split(" ");
    return { file: this.path("journal"), holds: `${JSON.stringify({ verb, label }).slice(0, -1)},` };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The state in a file of either engine, decrypted. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  const deployment = fs.existsSync(file) ? parseCheckpoint(fs.readFileSync(file, "utf8"), file) : emptyDeployment();
  return new SnapshotCodec(await openCrypter(PASSPHRASE, SALT, file)).decode(deployment);
}
