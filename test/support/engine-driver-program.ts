import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const REPOSITORY = path.resolve(__dirname, "../..");

/** A Pulumi project in a temporary folder. */
export interface ProgramFolder {
  directory: string;
  /** Writes (or replaces) some of its files. */
  write(files: { [name: string]: string }): Promise<void>;
  read(name: string): Promise<string>;
  /** Makes it as new, but without the project's own files. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** Creates a project of the given files; packages resolve to those of this repository. */
export async function createProgramFolder(files: { [name: string]: string }, project = "demo"): Promise<ProgramFolder> {
  // The real path, since Pulumi compares it with the real paths of modules.
  const directory = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "pulumi-program-")));
  const write = async (changed: { [name: string]: string }) => {
    for (const [name, text] of Object.entries(changed)) {
      await fs.mkdir(path.dirname(path.join(directory, name)), { recursive: true });
      await fs.writeFile(path.join(directory, name), text);
    }
  };
  await fs.symlink(path.join(REPOSITORY, "node_modules"), path.join(directory, "node_modules"), "junction");
  const usual = {
    "package.json": JSON.stringify({ name: project }),
    "Pulumi.yaml": `name: ${project}\nruntime: nodejs\n`,
  };
  await write({ ...usual, ...files });
  return {
    directory,
    write,
    read: (name) => fs.readFile(path.join(directory, name), "utf8"),
    async clear() {
      for (const name of await fs.readdir(directory)) {
        if (name !== "node_modules") await fs.rm(path.join(directory, name), { recursive: true });
      }
      await write(usual);
    },
    remove: () => fs.rm(directory, { recursive: true, force: true }),
  };
}
