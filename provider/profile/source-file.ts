import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from "node:fs";
import * as path from "node:path";

/** S3 takes no more in one PUT. */
export const MAX_SIZE_BYTES = 5 * 1024 ** 3;
export const EXTENSIONS = ["csv", "tsv", "txt", "xls", "xlsx", "xlsb", "xes"] as const;
export type Format = (typeof EXTENSIONS)[number];

/** What a name says of its format: lower case, without the dot. */
export function extensionOf(name: string): string {
  return path.posix.extname(name).slice(1).toLowerCase();
}

/** A file that cannot be used, in words for the user: the message completes `… cannot be uploaded: `, without a full stop. */
export class UnusableFile extends Error {}

/** Without O_NONBLOCK, opening a FIFO waits for a writer for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** An open file, and what it was when it was opened. The owner closes it. */
export interface OpenSource {
  descriptor: number;
  stat: Stats;
}

/**
 * Opens a usable source: a regular, non-empty file of at most 5 GiB. The caller closes it. Without a turn of the event
 * loop: for thousands of small files that would be most of the time.
 *
 * @param file - as the user wrote it, relative to `programDirectory` or absolute.
 * @throws UnusableFile when there is none.
 */
export function openSourceNow(programDirectory: string, file: string): OpenSource {
  const absolute = path.resolve(programDirectory, file);
  const descriptor = openNow(absolute, programDirectory);
  try {
    const stat = fstatSync(descriptor);
    refuseUnlessUsable(stat);
    return { descriptor, stat };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The path as state keeps it: relative, with forward slashes, so that checkouts and systems agree. */
export function portablePath(programDirectory: string, file: string, system: path.PlatformPath = path): string {
  const relative = system.relative(programDirectory, system.resolve(programDirectory, file));
  return relative.split(system.sep).join("/");
}

/** An error of the disk in words for the user; any other as it is. */
export function readFailure(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new UnusableFile(`it could not be read (${code}). Check the disk or the share it is on, then run again`);
}

function openNow(absolute: string, programDirectory: string): number {
  try {
    return openSync(absolute, FLAGS);
  } catch (error) {
    throw notOpened(error, absolute, programDirectory);
  }
}

function refuseUnlessUsable(stat: Stats): void {
  if (stat.isDirectory())
    throw new UnusableFile("it is a directory. Name one file; for a folder, one DatatableUpload each");
  if (!stat.isFile()) throw new UnusableFile("it is not a regular file. Write the data to a file first");
  if (stat.size === 0) throw new UnusableFile("it is empty. An upload needs at least a header row");
  if (stat.size > MAX_SIZE_BYTES) {
    throw new UnusableFile(`it has ${stat.size} bytes, and storage takes at most 5 GiB in one upload. Split it`);
  }
}

function notOpened(error: unknown, absolute: string, programDirectory: string): UnusableFile {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ELOOP") return new UnusableFile("it is a symbolic link that leads back to itself. Correct the link");
  if (code === "ENOENT" && lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return new UnusableFile("it is a symbolic link to something that does not exist. Correct the link");
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    const folder = path.basename(programDirectory);
    return new UnusableFile(`there is no such file. Paths start from the program's folder (${folder}/)`);
  }
  if (code === "EACCES" || code === "EPERM") return new UnusableFile("it may not be read. Check its permissions");
  return new UnusableFile(`it cannot be opened (${code ?? "unknown reason"})`);
}
