import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import * as path from "node:path";

/** What a file is, to us: the SHA-256 of its bytes and how many there are. Taken in one pass, in constant memory. */
export interface Fingerprint {
  /** Hex, as `sha256sum` prints it. */
  contentSha256: string;
  sizeBytes: number;
}

/** S3 takes no more in one PUT. */
export const MAX_SIZE_BYTES = 5 * 1024 ** 3;
export const EXTENSIONS = ["csv", "tsv", "txt", "xls", "xlsx", "xlsb", "xes"] as const;

/** 64 KiB, a stream's default, takes twice as long; more than 1 MiB gains nothing. */
const CHUNK_BYTES = 1024 * 1024;

/** A file that cannot be used, in words for the user: `what` completes "… : ". */
export class UnusableFile extends Error {}

/**
 * Hashes a regular file.
 *
 * @param file - as the user wrote it, relative to `programDirectory` or absolute.
 * @throws UnusableFile when it is missing, unreadable, empty, too large, no file, or changes while it is read.
 */
export async function fingerprint(programDirectory: string, file: string): Promise<Fingerprint> {
  const handle = await openSource(programDirectory, file);
  try {
    const before = await handle.stat();
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, before.size));
    let total = 0;
    // No further than one chunk past the end it had: a file that keeps growing would never be done.
    while (total <= before.size) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, total);
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
      total += bytesRead;
    }
    const after = await handle.stat();
    if (total !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new UnusableFile("it changed while it was read. Let whatever writes it finish, then run again");
    }
    return { contentSha256: hash.digest("hex"), sizeBytes: total };
  } finally {
    await handle.close();
  }
}

/** Opens a usable source: a regular, non-empty file of at most 5 GiB. The caller closes it. */
export async function openSource(programDirectory: string, file: string): Promise<FileHandle> {
  const handle = await openForReading(path.resolve(programDirectory, file), programDirectory);
  try {
    const stat = await handle.stat();
    if (stat.isDirectory())
      throw new UnusableFile("it is a directory. Name one file; for a folder, one DatatableUpload each");
    if (!stat.isFile()) throw new UnusableFile("it is not a regular file. Write the data to a file first");
    if (stat.size === 0) throw new UnusableFile("it is empty. An upload needs at least a header row");
    if (stat.size > MAX_SIZE_BYTES) {
      throw new UnusableFile(`it has ${stat.size} bytes, and storage takes at most 5 GiB in one upload. Split it`);
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The path as state keeps it: relative, with forward slashes, so that checkouts and systems agree. */
export function portablePath(programDirectory: string, file: string, system: path.PlatformPath = path): string {
  const relative = system.relative(programDirectory, system.resolve(programDirectory, file));
  return relative.split(system.sep).join("/");
}

async function openForReading(absolute: string, programDirectory: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer for ever.
    return await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new UnusableFile(
        `there is no such file. Paths start from the program's folder (${path.basename(programDirectory)}/)`,
      );
    }
    if (code === "EACCES" || code === "EPERM") throw new UnusableFile("it may not be read. Check its permissions");
    throw new UnusableFile(`it cannot be opened (${code ?? "unknown reason"})`);
  }
}
