import { createReadStream } from "node:fs";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { quoted } from "../../engine/message";
import { syncFolder } from "../../engine/whole-file";
import { EmulatorError } from "../domain/errors";
import type { ObjectWriter } from "./store";

const OBJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UNFINISHED = ".part";
const READ_CHUNK_BYTES = 1024 * 1024;

/** Objects as files in one folder. Only ids of our own making become file names. */
export class ObjectFiles {
  constructor(private readonly folder: string) {}

  async create(objectId: string): Promise<ObjectWriter> {
    const path = this.pathOf(objectId);
    const file = await open(path + UNFINISHED, "wx", 0o600);
    return {
      objectId,
      write: async (chunk) => {
        // FileHandle.writeFile goes on after a partial write, FileHandle.write does not.
        await file.writeFile(chunk);
      },
      commit: async () => {
        await file.sync();
        await file.close();
        await rename(path + UNFINISHED, path);
        await syncFolder(this.folder);
      },
      abort: async () => {
        await file.close();
        await rm(path + UNFINISHED, { force: true });
      },
    };
  }

  read(objectId: string): Readable {
    return createReadStream(this.pathOf(objectId), { highWaterMark: READ_CHUNK_BYTES });
  }

  async delete(objectId: string): Promise<void> {
    await rm(this.pathOf(objectId), { force: true });
  }

  async list(): Promise<Map<string, number>> {
    const names = (await readdir(this.folder)).filter((name) => OBJECT_ID.test(name));
    const found = await Promise.all(names.map(async (name) => ({ name, about: await lstat(join(this.folder, name)) })));
    // A link would lead out of the folder: what it stands for counts as missing.
    return new Map(found.filter(({ about }) => about.isFile()).map(({ name, about }) => [name, about.size]));
  }

  /** Removes what an interrupted upload left. Files that are not ours stay. */
  async deleteUnfinished(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const isOurs = name.endsWith(UNFINISHED) && OBJECT_ID.test(name.slice(0, -UNFINISHED.length));
      if (isOurs) await rm(join(this.folder, name), { force: true });
    }
  }

  private pathOf(objectId: string): string {
    if (OBJECT_ID.test(objectId)) return join(this.folder, objectId);
    throw new EmulatorError(`The object id ${quoted(JSON.stringify(objectId))} is not one that the emulator made.`);
  }
}
