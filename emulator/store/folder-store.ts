import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { describeOwner, LockedError, takeLock } from "../../engine/file-lock";
import { quoted } from "../../engine/message";
import { isDraftOf, writeWhole } from "../../engine/whole-file";
import { EmulatorError } from "../domain/errors";
import { unusableState } from "./check-state";
import { ObjectFiles } from "./object-files";
import type { ObjectWriter, Store } from "./store";

const STATE_FILE = "state.json";
const LOCK_FILE = "emulator.lock";

/** Keeps everything in a data folder: `state.json` and `objects/`. */
export class FolderStore implements Store {
  private constructor(
    private readonly folder: string,
    private readonly files: ObjectFiles,
    private readonly unlock: () => void,
  ) {}

  /** @throws EmulatorError when another emulator uses the folder, or a part of it lies elsewhere */
  static async open(folder: string): Promise<FolderStore> {
    const objects = join(folder, "objects");
    await mkdir(objects, { recursive: true });
    const state = join(folder, STATE_FILE);
    if (dirname(await realpath(objects)) !== (await realpath(folder))) throw liesElsewhere(folder, objects);
    if (await isLink(state)) throw liesElsewhere(folder, state);
    const unlock = lock(folder, await realpath(folder));
    for (const name of await readdir(folder)) {
      if (isDraftOf(STATE_FILE, name)) await rm(join(folder, name), { force: true });
    }
    const files = new ObjectFiles(objects);
    await files.deleteUnfinished();
    return new FolderStore(folder, files, unlock);
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
      throw unusableState(path, `it is not valid JSON (${quoted((error as Error).message)})`);
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

  async close(): Promise<void> {
    this.unlock();
  }
}

/** `realFolder` is the folder under the one name that all its names lead to. */
function lock(folder: string, realFolder: string): () => void {
  try {
    return takeLock(join(realFolder, LOCK_FILE), "processmind-emulator");
  } catch (error) {
    throw error instanceof LockedError ? inUse(folder, error) : error;
  }
}

function inUse(folder: string, { file, owner }: LockedError): EmulatorError {
  return new EmulatorError(`the data folder ${folder} is in use by ${describeOwner(owner)}.`, [
    "stop that emulator, or choose another folder with --data-dir",
    `if that process is no emulator: delete ${file}`,
  ]);
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}

function liesElsewhere(folder: string, path: string): EmulatorError {
  return new EmulatorError(`cannot open the data folder ${folder}: ${path} is a link to another place.`, [
    "remove the link, or choose another folder with --data-dir",
  ]);
}
