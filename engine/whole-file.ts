import { randomInt } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { constants } from "node:os";
import { dirname } from "node:path";
import { getSystemErrorMap } from "node:util";

/** A file could not be written. `reason` reads `no space left on device (ENOSPC)`. */
export class WriteError extends Error {
  override name = "WriteError";
  /** Marks it, as Node's own errors, as the system's rejection. */
  readonly syscall = "write";
  readonly reason: string;

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const reason = reasonOf(cause as NodeJS.ErrnoException);
    super(`cannot write ${path}: ${reason}`, { cause });
    this.reason = reason;
  }
}

/**
 * Replaces a file in one step and durably: after a failure, or a kill at any moment, it is whole, and as it was before
 * unless only the folder could not be synced.
 * Keeps the mode and the owner of an existing file. A pipe or a device, which cannot be replaced, is written to.
 *
 * @param mode of a new file; by default what the umask allows
 * @throws WriteError naming the file; nothing is left behind then
 */
export async function writeWhole(file: string, content: string | Buffer, mode?: number): Promise<void> {
  try {
    const path = await realpath(file).catch(() => file);
    const before = await stat(path).catch(() => undefined);
    if (before !== undefined && !before.isFile()) await writeTo(await open(path, "w"), content);
    else await replace(path, content, before ?? { mode });
  } catch (error) {
    throw new WriteError(file, error);
  }
}

/** What {@link writeWhole} leaves next to `name` when the process is killed in the middle of it. */
export function isDraftOf(name: string, candidate: string): boolean {
  return candidate.startsWith(`${name}.`) && /^\d+$/.test(candidate.slice(name.length + 1));
}

/** Without it a power cut can undo a rename although the file itself is safe. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Windows and some network file systems cannot sync a folder; a disk that fails is another matter.
    if ((error as NodeJS.ErrnoException).code === "EIO") throw error;
  } finally {
    await folder.close();
  }
}

async function replace(path: string, content: string | Buffer, like: { mode?: number; uid?: number; gid?: number }) {
  const draft = `${path}.${randomInt(2 ** 47)}`;
  try {
    const handle = await open(draft, "wx", like.mode);
    await writeTo(handle, content, async () => {
      if (like.uid === undefined || like.gid === undefined || like.mode === undefined) return;
      await handle.chmod(like.mode);
      // Only root may give a file away.
      await handle.chown(like.uid, like.gid).catch(() => undefined);
    });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeTo(handle: FileHandle, content: string | Buffer, dress = async () => {}): Promise<void> {
  try {
    // Goes on after a partial write, which FileHandle.write and fs.write do not.
    await handle.writeFile(content);
    await dress();
    // A pipe cannot be synced.
    await handle.sync().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EINVAL") throw error;
    });
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  // A quota of a network file system may show here first.
  await handle.close();
}

function reasonOf({ errno, code, message }: NodeJS.ErrnoException): string {
  if (errno === undefined) return message;
  const [, text] = getSystemErrorMap().get(errno) ?? [];
  if (text !== undefined) return `${text} (${code})`;
  // libuv has no name for a full quota.
  return -errno === constants.errno.EDQUOT ? "disk quota exceeded (EDQUOT)" : message;
}
