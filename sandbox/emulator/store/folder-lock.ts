import { readFile, rm, writeFile } from "node:fs/promises";
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
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    if (openHere.has(path) || (holder !== process.pid && isRunning(holder))) {
      throw new EmulatorError(
        `Opening the data folder ${folder}: the emulator with process id ${holder} uses it. ` +
          `Stop that one, or choose another folder. If that process is no emulator, delete ${path}.`,
      );
    }
    openHere.add(path);
    await writeFile(path, `${process.pid}\n`);
    return new FolderLock(path);
  }

  async release(): Promise<void> {
    openHere.delete(this.path);
    await rm(this.path, { force: true });
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
