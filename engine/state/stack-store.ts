import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDraftOf, writeWhole } from "../whole-file";
import { type Deployment, formatCheckpoint, parseCheckpoint } from "./checkpoint";

/** The organization every stack of a file backend belongs to. */
export const ORGANIZATION = "organization";

/** The state files of one project's stacks: `<directory>/stacks/<project>/<stack>.json`. */
export class StackStore {
  readonly #folder: string;
  readonly #project: string;
  readonly #backedUp = new Set<string>();

  constructor(directory: string, project: string) {
    this.#folder = join(directory, "stacks", project);
    this.#project = project;
  }

  /** The state file of a stack. */
  path(stack: string): string {
    return join(this.#folder, `${stack}.json`);
  }

  /** The lock file of a stack. */
  lockPath(stack: string): string {
    return join(this.#folder, `${stack}.lock`);
  }

  /** The stack's state, or undefined when there is no such stack. A damaged file is rejected. */
  async read(stack: string): Promise<Deployment | undefined> {
    const file = this.path(stack);
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    return parseCheckpoint(text, file);
  }

  /** Replaces the state in one step; the file before this process's first write stays as `<file>.bak`. */
  async write(stack: string, deployment: Deployment): Promise<void> {
    const file = this.path(stack);
    await mkdir(dirname(file), { recursive: true });
    if (!this.#backedUp.has(stack)) {
      await deleteDrafts(file);
      await backUp(file);
      this.#backedUp.add(stack);
    }
    await writeWhole(file, formatCheckpoint(`${ORGANIZATION}/${this.#project}/${stack}`, deployment));
  }

  /** Names of the project's stacks, sorted. */
  async list(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .sort();
  }

  /** Removes the stack; its last state stays as `<file>.bak`. */
  async remove(stack: string): Promise<void> {
    await rename(this.path(stack), `${this.path(stack)}.bak`);
  }
}

/** Removes what a process left that was killed while it wrote: the space may be needed. The stack's lock is held. */
async function deleteDrafts(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    const isDraft = isDraftOf(basename(file), name) || isDraftOf(`${basename(file)}.bak`, name);
    if (isDraft) await rm(join(dirname(file), name), { force: true });
  }
}

async function backUp(file: string): Promise<void> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (content !== undefined) await writeWhole(`${file}.bak`, content);
}
