import { copyFile, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
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

  /** The stack's state, or undefined when there is no such stack. A damaged file is refused. */
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
      await copyFile(file, `${file}.bak`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
      this.#backedUp.add(stack);
    }
    await writeFileAtomic(file, formatCheckpoint(`${ORGANIZATION}/${this.#project}/${stack}`, deployment));
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
