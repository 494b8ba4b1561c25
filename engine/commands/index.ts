import { CommanderError } from "commander";
import { type CommandName, commandLine, type Flags } from "../cli";
import { EXIT, UserError } from "../state/user-error";
import * as config from "./config";
import type { CommandIo } from "./io";
import { runChange, runPreview } from "./run";
import * as stack from "./stack";

export type { CommandIo } from "./io";

/**
 * Runs one command line of `pulumi-offline`, without its first word, and resolves to the exit code. Never rejects:
 * what went wrong is printed on `stderr`.
 */
export async function runCommand(argv: string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  const program = commandLine(async (command, flags, words) => {
    exitCode = await dispatch(command, flags, words, io);
  }, io);
  try {
    await program.parseAsync(argv.length > 0 ? argv : ["--help"], { from: "user" });
    return exitCode;
  } catch (error) {
    // Help, the version or a mistyped word: commander has printed it.
    if (error instanceof CommanderError) return error.exitCode;
    const userError = error instanceof UserError ? error : undefined;
    io.stderr.write(`error: ${userError?.message ?? describeFault(error)}\n`);
    return userError?.exitCode ?? EXIT.error;
  }
}

async function dispatch(command: CommandName, flags: Flags, words: string[], io: CommandIo): Promise<number> {
  const [first, second] = words;
  switch (command) {
    case "preview":
      return runPreview(flags, io);
    case "up":
    case "refresh":
    case "destroy":
      return runChange(command, flags, io);
    case "stack init":
      return stack.init(flags, io, first);
    case "stack ls":
      return stack.list(flags, io);
    case "stack rm":
      return stack.remove(flags, io, first);
    case "stack output":
      return stack.output(flags, io, first);
    case "stack export":
      return stack.exportState(flags, io);
    case "stack import":
      return stack.importState(flags, io);
    case "config":
      return config.list(flags, io);
    case "config get":
      return config.get(flags, io, first ?? "");
    case "config set":
      return config.set(flags, io, first ?? "", second);
    case "config rm":
      return config.remove(flags, io, first ?? "");
  }
}

/** What the system rejects is the user's to fix; else it is a fault of the engine: with its stack, for a report. */
function describeFault(error: unknown): string {
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) return message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
