import { CommanderError } from "commander";
import { commandLine, type Flags } from "./cli";
import { EmulatorError } from "./domain/errors";
import { type Emulator, startEmulator } from "./emulator";

async function main(): Promise<void> {
  const { discard, ...options } = commandLine().parse().opts<Flags>();
  // The reader of the output may have ended; the emulator continues to serve.
  process.stdout.on("error", () => undefined);
  const emulator = await startEmulator({ ...options, ...(discard && { discardObjects: true }) });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(emulator).catch(fail));
  process.stdout.write(greeting(emulator, options.dataDir));
}

function greeting({ apiUrl, storageUrl, controlUrl, environment }: Emulator, dataDir: string | undefined): string {
  const exports = Object.entries(environment).map(([name, value]) => `  export ${name}=${shellQuoted(value)}\n`);
  return `ProcessMind emulator
  API      ${apiUrl}
  storage  ${storageUrl}
  control  ${controlUrl}
  data     ${dataDir ?? "in memory, lost when this ends"}

Point the provider at it:
${exports.join("")}
Ready. Ctrl-C ends it.
`;
}

function shellQuoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

async function stop(emulator: Emulator): Promise<void> {
  await emulator.close();
  process.stdout.write("Stopped.\n");
}

function fail(error: NodeJS.ErrnoException): void {
  process.exitCode = 1;
  if (error instanceof CommanderError) {
    // Commander has printed it.
    process.exitCode = error.exitCode;
    return;
  }
  // An unusable folder is the user's to fix: the message says it, a stack would hide it.
  const isExpected = error instanceof EmulatorError || error.syscall !== undefined;
  process.stderr.write(`processmind-emulator: ${isExpected ? error.message : error.stack}\n`);
}

main().catch(fail);
