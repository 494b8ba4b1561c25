import { type ChildProcess, spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** How a command ended, and all it printed. */
export interface Finished {
  exitCode: number | null;
  text: string;
}

/** What a command finds around it. */
export interface Surroundings {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** The user wants to stop. */
export class Interrupted extends Error {}

/** How long a command may take to end by itself, each time it is asked to. */
const GRACE_MS = 4000;

/** Runs one command at a time, shows what it prints, and leaves nothing of it behind. */
export class Commands {
  #running: ChildProcess | undefined;
  #interrupted = false;

  constructor(private readonly show: (text: string) => void) {
    // The last resort, when this process ends without waiting.
    process.on("exit", () => this.#signal("SIGKILL"));
  }

  /** Resolves when the command has ended and all its output was shown, whatever its exit code. */
  async run(command: string, args: string[], where: Surroundings): Promise<Finished> {
    if (this.#interrupted) throw new Interrupted();
    const child = spawn(command, args, {
      ...where,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C in a terminal then reaches this process alone, which decides how the command ends.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#running = child;
    let text = "";
    const take = (chunk: string) => {
      text += chunk;
      this.show(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    this.#running = undefined;
    if (this.#interrupted) throw new Interrupted();
    return { exitCode, text: stripVTControlCharacters(text) };
  }

  /** Asks the running command to end as Ctrl-C does, then again, then ends it; no other one starts. */
  interrupt(): void {
    if (this.#interrupted) return;
    this.#interrupted = true;
    this.#signal("SIGINT");
    setTimeout(() => this.#signal("SIGINT"), GRACE_MS).unref();
    setTimeout(() => this.#signal("SIGKILL"), 2 * GRACE_MS).unref();
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#running?.pid;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}
