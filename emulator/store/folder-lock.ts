import { link, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WriteError } from "../../engine/whole-file";
import { EmulatorError } from "../domain/errors";

/** Folders this very process has open: a process id alone cannot tell two emulators in one process apart. */
const openHere = new Set<string>();
const TAKEOVER = ".takeover";

/** Keeps two emulators from writing to one data folder. What a killed process left behind does not count. */
export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @throws EmulatorError naming the process that holds the folder */
  static async take(folder: string): Promise<FolderLock> {
    // One folder has many names.
    const path = join(await realpath(folder), "emulator.pid");
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
  try {
    await writeFile(draft, `${process.pid}\n`).catch((error: unknown) => {
      throw new WriteError(draft, error);
    });
    if (!(await isLinked(draft, path))) await takeOver(folder, path, draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Only the holder of the second file may judge and replace the first; else two could both replace it. */
async function takeOver(folder: string, path: string, draft: string): Promise<void> {
  const claim = path + TAKEOVER;
  await takeClaim(folder, claim, draft);
  try {
    const holder = await holderOf(path);
    // Given back in this very moment.
    if (holder === undefined && (await isLinked(draft, path))) return;
    if (holder === undefined || isAnother(holder)) throw inUse(folder, path, holder);
    // Another that found the same dead claim may have removed ours in its place.
    const claimant = await holderOf(claim);
    if (claimant !== process.pid) throw inUse(folder, claim, claimant);
    await rename(draft, path);
  } finally {
    if ((await holderOf(claim)) === process.pid) await rm(claim, { force: true });
  }
}

async function takeClaim(folder: string, claim: string, draft: string): Promise<void> {
  if (await isLinked(draft, claim)) return;
  const holder = await holderOf(claim);
  if (holder !== undefined && isAnother(holder)) throw inUse(folder, claim, holder);
  await rm(claim, { force: true });
  if (!(await isLinked(draft, claim))) throw inUse(folder, claim, await holderOf(claim));
}

/** Removes what emulators left that were killed while they took the folder. */
async function deleteDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^emulator\.pid\.(\d+)$/.exec(name) ?? [];
    const isClaim = name === `emulator.pid${TAKEOVER}`;
    const holder = isClaim ? await holderOf(join(folder, name)) : pid && Number(pid);
    if (typeof holder === "number" && !isRunning(holder)) await rm(join(folder, name), { force: true });
  }
}

/** The process id in a lock file: NaN when it holds none, undefined when there is no file. */
async function holderOf(path: string): Promise<number | undefined> {
  try {
    return Number(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function inUse(folder: string, path: string, holder: number | undefined): EmulatorError {
  const who = holder === undefined ? "an emulator" : `the emulator with process id ${holder}`;
  return new EmulatorError(
    `Opening the data folder ${folder}: ${who} uses it. ` +
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

/** A number of our own is that of a process before this one: what this one has open is in `openHere`. */
function isAnother(pid: number): boolean {
  return pid !== process.pid && isRunning(pid);
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
