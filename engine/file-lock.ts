import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { WriteError } from "./whole-file";

/** Who holds a lock, as its file says. */
export interface LockOwner {
  pid: number;
  host: string;
  /** What the process does, in the words of a user. */
  command: string;
  /** When it took the lock, in ISO 8601. */
  time: string;
}

/** Another process has the lock, or is replacing one of a dead process. */
export class LockedError extends Error {
  override name = "LockedError";

  constructor(
    /** The file that holds the lock. */
    readonly file: string,
    /** Absent where the file cannot be read. */
    readonly owner: LockOwner | undefined,
  ) {
    super(`${file} is locked by ${describeOwner(owner)}`);
  }
}

/** `"<command>" (process 4711 on host, since …)`. */
export function describeOwner(owner: LockOwner | undefined): string {
  if (owner === undefined) return "a process that left no readable name";
  return `"${owner.command}" (process ${owner.pid} on ${owner.host}, since ${owner.time})`;
}

/** Files this process holds: a process id alone cannot distinguish two holders in one process. */
const held = new Set<string>();

/**
 * Takes a lock file, so that two processes never write to one place. It replaces the lock of a dead process;
 * `onTakeover` gets that owner.
 *
 * @returns gives the lock back; may be called twice
 * @throws LockedError when another process, or this one, holds it
 */
export function takeLock(file: string, command: string, onTakeover?: (owner: LockOwner) => void): () => void {
  const owner = ownerOf(process.pid, command);
  // Linked into place complete: no other process ever sees a half-written lock.
  const draft = `${file}.${process.pid}`;
  try {
    writeDraft(draft, owner);
    if (!tryLink(draft, file)) takeOver(file, draft, onTakeover);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(file);
  deleteLeftovers(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

/** For the end of the process: gives back every lock it still holds. */
export function releaseAllLocks(): void {
  for (const file of held) rmSync(file, { force: true });
  held.clear();
}

function ownerOf(pid: number, command: string): LockOwner {
  return { pid, host: hostname(), command, time: new Date().toISOString() };
}

function writeDraft(draft: string, owner: LockOwner): void {
  try {
    mkdirSync(dirname(draft), { recursive: true });
    writeFileSync(draft, JSON.stringify(owner));
  } catch (error) {
    throw new WriteError(draft, error);
  }
}

/** Only the holder of the second file may judge and replace the first; else two could both replace it. */
function takeOver(file: string, draft: string, onTakeover?: (owner: LockOwner) => void): void {
  const claim = `${file}.takeover`;
  const own = readFileSync(draft, "utf8");
  takeClaim(claim, draft);
  try {
    const owner = readOwner(file);
    // Given back in this very moment.
    if (owner === undefined && tryLink(draft, file)) return;
    if (!isDead(owner, file)) throw new LockedError(file, owner);
    // Another that found the same dead claim may have put its own in place of ours.
    if (read(claim) !== own) throw new LockedError(claim, readOwner(claim));
    renameSync(draft, file);
    if (owner !== undefined) onTakeover?.(owner);
  } finally {
    if (read(claim) === own) rmSync(claim, { force: true });
  }
}

function takeClaim(claim: string, draft: string): void {
  if (tryLink(draft, claim)) return;
  const owner = readOwner(claim);
  if (!isDead(owner, claim)) throw new LockedError(claim, owner);
  rmSync(claim, { force: true });
  if (!tryLink(draft, claim)) throw new LockedError(claim, readOwner(claim));
}

/** Removes what processes left that were killed while they took the lock. */
function deleteLeftovers(file: string): void {
  const draft = new RegExp(`^${basename(file).replace(/\W/g, "\\$&")}\\.(\\d+|takeover)$`);
  for (const name of readdirSync(dirname(file)).filter((each) => draft.test(each))) {
    const leftover = join(dirname(file), name);
    // Of a draft that was never written to its end, the name says whose it is.
    const [, pid] = /\.(\d+)$/.exec(name) ?? [];
    const owner = readOwner(leftover) ?? (pid === undefined ? undefined : ownerOf(Number(pid), "?"));
    if (isDead(owner, leftover)) rmSync(leftover, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readOwner(file: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(read(file) ?? "") as Partial<LockOwner>;
    if (typeof owner.pid !== "number" || typeof owner.host !== "string") return undefined;
    return { pid: owner.pid, host: owner.host, command: owner.command ?? "?", time: owner.time ?? "?" };
  } catch {
    return undefined;
  }
}

/** An owner that cannot be read, or is on another machine, may live. */
function isDead(owner: LockOwner | undefined, file: string): boolean {
  if (owner === undefined || owner.host !== hostname()) return false;
  // The same number in a new container is not the same process.
  if (owner.pid === process.pid) return !held.has(file);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
