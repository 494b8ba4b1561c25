import { link, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmulatorError } from "../domain/errors";

/** Folders this very process has open: a process id alone cannot tell two emulators in one process apart. */
const openHere = new Set<string>();

/** Keeps two emulators from writing to one data folder. What a killed process left behind does not count. */
export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @throws EmulatorError naming the process that holds the folder */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, "emulator.pid");
    if (openHere.has(path)) throw inUse(folder, path, process.pid);
    openHere.add(path);
    try {
      await takeFile(folder, path);
    } catch (error) {
      openHere.delete(path);
      throw error;
    }
    await deleteDrafts(folder);
    return new FolderLock(path);
  }

  async release(): Promise<void> {
    openHere.delete(this.path);
    await rm(this.path, { force: true });
  }
}

async function takeFile(folder: string, path: string): Promise<void> {
  // Linked into place complete: of two that start at the same instant one finds the other's id.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${process.pid}\n`);
  try {
    if (await isLinked(draft, path)) return;
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    if (holder !== process.pid && isRunning(holder)) throw inUse(folder, path, holder);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes what emulators left that were killed between draft and link. */
async function deleteDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^emulator\.pid\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function inUse(folder: string, path: string, holder: number): EmulatorError {
  return new EmulatorError(
    `Opening the data folder ${folder}: the emulator with process id ${holder} uses it. ` +
      `Stop that one, or choose another folder. If that process is no emulator, delete ${path}.`,
  );
}

async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
