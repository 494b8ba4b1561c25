import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
} from "node:fs";
import * as path from "node:path";
import * as says from "../messages/files";
import { nearestName } from "../nearest";

/** S3 takes no more in one PUT. */
export const MAX_SIZE_BYTES = 5 * 1024 ** 3;
export const EXTENSIONS = ["csv", "tsv", "txt", "xls", "xlsx", "xlsb", "xes"] as const;
export type Format = (typeof EXTENSIONS)[number];

/** What a name says of its format: lower case, without the dot. */
export function extensionOf(name: string): string {
  return path.posix.extname(name).slice(1).toLowerCase();
}

/** The format that ProcessMind reads a file of this name as; undefined: none. */
export function formatOf(name: string): Format | undefined {
  const extension = extensionOf(name);
  return EXTENSIONS.find((known) => known === extension);
}

/** Without O_NONBLOCK, opening a FIFO waits for a writer for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** An open file, and what it was when it was opened. The owner closes it. */
export interface OpenSource {
  descriptor: number;
  stat: Stats;
}

/** The file of an upload: here alone its path is resolved, and the file opened. */
export class SourceFile {
  private readonly absolute: string;
  /** The path as state keeps it: relative, with forward slashes, so that checkouts and systems agree. */
  readonly portablePath: string;

  /**
   * @param programDirectory - folder that a relative path starts from.
   * @param written - the path as the user wrote it.
   */
  constructor(
    private readonly programDirectory: string,
    written: string,
    system: path.PlatformPath = path,
  ) {
    this.absolute = system.resolve(programDirectory, written);
    this.portablePath = system.relative(programDirectory, this.absolute).split(system.sep).join("/");
  }

  get name(): string {
    return path.posix.basename(this.portablePath);
  }

  exists(): boolean {
    return existsSync(this.absolute);
  }

  /**
   * Opens a usable source: a regular, non-empty file of at most 5 GiB. Without a turn of the event loop: for thousands
   * of small files that would be most of the time.
   *
   * @throws UnusableFile when it is not one.
   */
  open(): OpenSource {
    const descriptor = this.openAny();
    try {
      const stat = fstatSync(descriptor);
      refuseUnlessUsable(stat);
      return { descriptor, stat };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Whether the open file is as it was, and its path still leads to it. */
  isUnchanged({ stat: before }: OpenSource): boolean {
    const named = this.stat();
    const isSame = named?.ino === before.ino && named.dev === before.dev;
    return isSame && named.size === before.size && named.mtimeMs === before.mtimeMs;
  }

  private stat(): Stats | undefined {
    try {
      return statSync(this.absolute);
    } catch {
      return undefined; // Deleted, or no longer to be reached.
    }
  }

  private openAny(): number {
    try {
      return openSync(this.absolute, FLAGS);
    } catch (error) {
      throw this.openFault((error as NodeJS.ErrnoException).code);
    }
  }

  private openFault(code: string | undefined): Error {
    if (code === "ELOOP") return says.linkLoop();
    if (code === "ENOENT" && lstatSync(this.absolute, { throwIfNoEntry: false })?.isSymbolicLink()) {
      return says.brokenLink();
    }
    if (code === "ENOENT" || code === "ENOTDIR") {
      return says.noSuchFile(path.basename(this.programDirectory), this.nearestPath());
    }
    return code === "EACCES" || code === "EPERM" ? says.noPermission() : says.notOpened(code);
  }

  private nearestPath(): string | undefined {
    try {
      const nearest = nearestName(path.basename(this.absolute), readdirSync(path.dirname(this.absolute)));
      return nearest && path.posix.join(path.posix.dirname(this.portablePath), nearest);
    } catch {
      return undefined; // There is no such folder.
    }
  }
}

/** An error of the disk in words for the user; any other as it is. */
export function readFailure(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined || syscall === undefined ? error : says.notRead(code);
}

function refuseUnlessUsable(stat: Stats): void {
  if (stat.isDirectory()) throw says.isDirectory();
  if (!stat.isFile()) throw says.notRegular();
  if (stat.size === 0) throw says.isEmpty();
  if (stat.size > MAX_SIZE_BYTES) throw says.tooLarge(stat.size);
}
