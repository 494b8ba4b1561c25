import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export const REPOSITORY = path.resolve(__dirname, "../..");
/** The packages of this repository, and the folder each is packed from. */
export const PACKAGES = {
  "pulumi-processmind": ".",
  "processmind-emulator": "emulator",
  "pulumi-offline": "engine",
  "processmind-review": "review",
} as const;
export type PackageName = keyof typeof PACKAGES;
export const NAMES = Object.keys(PACKAGES) as PackageName[];

export const run = promisify(execFile);

interface Manifest {
  name: string;
  version: string;
  license: string;
  engines: object;
  bin?: { [name: string]: string };
  scripts: { [name: string]: string };
  dependencies: { [name: string]: string };
  peerDependencies?: { [name: string]: string };
  peerDependenciesMeta?: { [name: string]: { optional?: boolean } };
  publishConfig?: object;
}

export interface Packed {
  files: string[];
  unpackedBytes: number;
  manifest: Manifest;
}

/**
 * A project with blanks in its path that has nothing of this repository but what npm would publish, and beside it what
 * each package declares: what it uses and does not declare is not found. No registry is asked.
 */
export class PackedProject {
  readonly packed = new Map<PackageName, Packed>();

  private constructor(readonly folder: string) {}

  static async make(names: PackageName[]): Promise<PackedProject> {
    const project = new PackedProject(await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "pulumi packed é "))));
    for (const name of names) await project.#install(name);
    return project;
  }

  /** A file of an installed package. */
  file(name: PackageName, ...parts: string[]): string {
    return path.join(this.folder, "node_modules", name, ...parts);
  }

  bin(name: PackageName): string {
    const { bin = {} } = this.of(name).manifest;
    return this.file(name, bin[name] ?? `no bin ${name}`);
  }

  of(name: PackageName): Packed {
    const found = this.packed.get(name);
    if (found === undefined) throw new Error(`${name} was not packed`);
    return found;
  }

  write(file: string, content: string): Promise<void> {
    return fs.writeFile(path.join(this.folder, file), content);
  }

  remove(): Promise<void> {
    return fs.rm(this.folder, { recursive: true, force: true });
  }

  async #install(name: PackageName): Promise<void> {
    const { files, unpackedBytes } = await pack(PACKAGES[name], this.folder, this.file(name));
    const manifest: Manifest = JSON.parse(await fs.readFile(this.file(name, "package.json"), "utf8"));
    this.packed.set(name, { files, unpackedBytes, manifest });
    await link(Object.keys(manifest.dependencies), this.file(name, "node_modules"));
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    await link(peers, path.join(this.folder, "node_modules"));
  }
}

/** Packs a folder, unpacks the tarball, and tells its files. The bin files are not made executable: npm does that. */
async function pack(from: string, folder: string, into: string): Promise<{ files: string[]; unpackedBytes: number }> {
  const args = ["pack", "--json", "--ignore-scripts", `--pack-destination=${folder}`];
  const { stdout } = await run("npm", args, {
    cwd: path.join(REPOSITORY, from),
    shell: process.platform === "win32",
  });
  const [{ filename, files, unpackedSize }]: [{ filename: string; files: { path: string }[]; unpackedSize: number }] =
    JSON.parse(stdout);
  await fs.mkdir(into, { recursive: true });
  await run("tar", ["-xzf", path.join(folder, filename), "--strip-components=1", "-C", into]);
  await fs.rm(path.join(folder, filename));
  return { files: files.map((file) => file.path), unpackedBytes: unpackedSize };
}

async function link(names: string[], into: string): Promise<void> {
  for (const name of names) {
    const place = path.join(into, name);
    await fs.mkdir(path.dirname(place), { recursive: true });
    await fs.symlink(path.join(REPOSITORY, "node_modules", name), place, "junction").catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}
