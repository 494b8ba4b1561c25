import { type CommandLine, parseCommandLine } from "../cli";
import { helpText } from "../cli-help";
import { EXIT, Refusal } from "../state/refusal";
import * as config from "./config";
import type { CommandIo } from "./io";
import { runChange, runPreview } from "./run";
import * as stack from "./stack";
import { packageVersion } from "./version";

export type { CommandIo } from "./io";

/**
 * Runs one command line of `pulumi-offline`, without its first word, and resolves to the exit code. Never rejects:
 * what went wrong is printed on `stderr`.
 */
export async function runCommand(argv: string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(parseCommandLine(argv), io);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    io.stderr.write(`error: ${refusal?.message ?? describeFault(error)}\n`);
    return refusal?.exitCode ?? EXIT.error;
  }
}

async function dispatch({ command, flags, positionals }: CommandLine, io: CommandIo): Promise<number> {
  const [first, second] = positionals;
  switch (command) {
    case "help":
      io.stdout.write(flags.version ? `v${packageVersion()}\n` : helpText(positionals));
      return 0;
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

/** What the system refuses is the user's to fix; else it is a fault of the engine: with its stack, for a report. */
function describeFault(error: unknown): string {
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) return message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
