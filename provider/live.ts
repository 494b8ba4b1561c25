import { closeSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { isPlainOutput } from "./config";

/**
 * Whether the engine shows rows that change in place. It does so on a terminal only, and does not say: to a log it writes
 * every status as a line of its own. On Linux the engine's own output is looked at; elsewhere a terminal that the process
 * was started from counts.
 */
export function isLive(): boolean {
  known ??= !isPlainOutput() && (process.platform === "linux" ? engineHasTerminal() : hasTerminal());
  return known;
}

let known: boolean | undefined;

/** The engine starts its provider in a process group of its own, and is the parent of the one that leads it. */
function engineHasTerminal(): boolean {
  try {
    const [, , leader = ""] = fieldsOf("self");
    const [, engine = ""] = fieldsOf(leader);
    const flags = readFileSync(`/proc/${engine}/cmdline`, "utf8").split("\0");
    if (flags.some((flag) => /^--(non-interactive|diff|json)$/.test(flag))) return false;
    return [0, 1].every((descriptor) =>
      /^\/dev\/(pts\/|tty|console)/.test(readlinkSync(`/proc/${engine}/fd/${descriptor}`)),
    );
  } catch {
    return false;
  }
}

/** State, parent and process group; the name before them, in brackets, may hold anything. */
function fieldsOf(pid: string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
