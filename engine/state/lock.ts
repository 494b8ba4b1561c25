import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { WriteError } from "../whole-file";
import { Refusal } from "./refusal";

interface Owner {
  pid: number;
  host: string;
  command: string;
  time: string;
}

const held = new Set<string>();

/**
 * Takes the lock of a stack, so that two runs never write one state. Refuses when another run holds it, naming
 * that run; takes over from a process that is dead. The returned function gives it back and may be called twice.
 */
export function acquireLock(file: string, command: string, warn: (message: string) => void): () => void {
  const owner: Owner = { pid: process.pid, host: hostname(), command, time: new Date().toISOString() };
  // Linked into place complete: no other process ever sees a half-written lock.
  const draft = `${file}.${process.pid}`;
  try {
    writeDraft(draft, owner);
    if (!tryLink(draft, file)) takeOver(file, draft, warn);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

function writeDraft(draft: string, owner: Owner): void {
  try {
    mkdirSync(dirname(draft), { recursive: true });
    writeFileSync(draft, JSON.stringify(owner));
  } catch (error) {
    throw new WriteError(draft, error);
  }
}

/** For the end of the process: gives back every lock it still holds. */
export function releaseAllLocks(): void {
  for (const file of held) rmSync(file, { force: true });
  held.clear();
}

/** Only the holder of the second lock may judge and replace the first; else two could both replace it. */
function takeOver(file: string, draft: string, warn: (message: string) => void): void {
  const claim = `${file}.takeover`;
  if (!tryLink(draft, claim)) throw busy(claim, readOwner(claim), "which is taking over an older lock");
  try {
    const owner = readOwner(file);
    // Given back in this very moment.
    if (owner === undefined && tryLink(draft, file)) return;
    if (owner === undefined || !isDead(owner, file)) throw busy(file, owner);
    renameSync(draft, file);
    warn(`took over the lock of ${describe(owner)}, which is no longer running`);
  } finally {
    rmSync(claim, { force: true });
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

function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, "utf8")) as Partial<Owner>;
    if (typeof owner.pid !== "number" || typeof owner.host !== "string") return undefined;
    return { pid: owner.pid, host: owner.host, command: owner.command ?? "?", time: owner.time ?? "?" };
  } catch {
    return undefined;
  }
}

function isDead(owner: Owner, file: string): boolean {
  if (owner.host !== hostname()) return false;
  // The same number in a new container is not the same process.
  if (owner.pid === process.pid) return !held.has(file);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function busy(file: string, owner: Owner | undefined, note = ""): Refusal {
  const who = owner ? describe(owner) : "a run that left no readable name";
  return new Refusal(
    `the stack is locked by ${who}${note && `, ${note}`}. Wait for it to end; ` +
      `if you are sure that it is not running, delete ${file}`,
  );
}

function describe(owner: Owner): string {
  return `"${owner.command}" (process ${owner.pid} on ${owner.host}, since ${owner.time})`;
}
