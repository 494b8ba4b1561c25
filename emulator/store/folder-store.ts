import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { isDraftOf, writeWhole } from "../../engine/whole-file";
import { EmulatorError } from "../domain/errors";
import { FolderLock } from "./folder-lock";
import { ObjectFiles } from "./object-files";
import type { ObjectWriter, Store } from "./store";

const STATE_FILE = "state.json";

/** Keeps everything in a data folder: `state.json` and `objects/`. */
export class FolderStore implements Store {
  private constructor(
    private readonly folder: string,
    private readonly files: ObjectFiles,
    private readonly lock: FolderLock,
  ) {}

  /** @throws EmulatorError when another emulator uses the folder, or a part of it lies elsewhere */
  static async open(folder: string): Promise<FolderStore> {
    const objects = join(folder, "objects");
    await mkdir(objects, { recursive: true });
    const state = join(folder, STATE_FILE);
    if (dirname(await realpath(objects)) !== (await realpath(folder))) throw liesElsewhere(folder, objects);
    if (await isLink(state)) throw liesElsewhere(folder, state);
    const lock = await FolderLock.take(folder);
    for (const name of await readdir(folder)) {
      if (isDraftOf(STATE_FILE, name)) await rm(join(folder, name), { force: true });
    }
    const files = new ObjectFiles(objects);
    await files.deleteUnfinished();
    return new FolderStore(folder, files, lock);
  }

  async readState(): Promise<unknown> {
    const path = join(this.folder, STATE_FILE);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new EmulatorError(
        `Reading the emulator's state ${path}: not valid JSON (${(error as Error).message}). ` +
          "The file was left as it is. Restore it from a copy, or move the folder away to start with an empty tenant.",
      );
    }
  }

  async writeState(state: unknown): Promise<void> {
    // The file holds the secret that signs upload URLs.
    await writeWhole(join(this.folder, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`, 0o600);
  }

  createObject(): Promise<ObjectWriter> {
    return this.files.create(randomUUID());
  }

  readObject(objectId: string): Readable {
    return this.files.read(objectId);
  }

  deleteObject(objectId: string): Promise<void> {
    return this.files.delete(objectId);
  }

  listObjects(): Promise<Map<string, number>> {
    return this.files.list();
  }

  close(): Promise<void> {
    return this.lock.release();
  }
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}

function liesElsewhere(folder: string, path: string): EmulatorError {
  return new EmulatorError(`Opening the data folder ${folder}: ${path} is a link to another place. Remove the link.`);
}
