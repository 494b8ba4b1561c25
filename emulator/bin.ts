import { parseArgs } from "node:util";
import { packageVersion } from "../engine/commands/version";
import { EmulatorError } from "./domain/errors";
import { DEFAULT_API_KEY, type Emulator, type EmulatorOptions, startEmulator } from "./emulator";

const DEFAULT_PORT = 8787;
const DEFAULT_STORAGE_PORT = 8788;

const HELP = `Usage: processmind-emulator [options]

Emulates the ProcessMind API and its presigned storage on this machine.

  --port <n>          port of the API (default ${DEFAULT_PORT}; 0 takes a free one)
  --storage-port <n>  port of the storage (default ${DEFAULT_STORAGE_PORT}; 0 takes a free one)
  --host <address>    address to listen on (default 127.0.0.1)
  --data-dir <path>   folder that keeps everything between runs (default: memory only)
  --api-key <text>    the key to accept (default ${DEFAULT_API_KEY})
  --tenant-id <text>  the tenant's id (default: the data folder's, or a new one)
  --discard           hash and count uploads, but keep no bytes and parse nothing
  --help              this text
  --version           the version of the package

Ctrl-C ends it.
`;

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (options === "help" || options === "version") {
    process.stdout.write(options === "help" ? HELP : `${packageVersion()}\n`);
    return;
  }
  // Whoever read the output may be gone; the emulator serves on.
  process.stdout.on("error", () => undefined);
  const emulator = await startEmulator(options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(emulator).catch(fail));
  process.stdout.write(greeting(emulator, options.dataDir));
}

function optionsFrom(args: string[]): EmulatorOptions | "help" | "version" {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      "storage-port": { type: "string" },
      host: { type: "string" },
      "data-dir": { type: "string" },
      "api-key": { type: "string" },
      "tenant-id": { type: "string" },
      discard: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  if (values.version) return "version";
  return {
    port: portFrom("--port", values.port, DEFAULT_PORT),
    storagePort: portFrom("--storage-port", values["storage-port"], DEFAULT_STORAGE_PORT),
    host: values.host,
    dataDir: values["data-dir"],
    apiKey: values["api-key"],
    tenantId: values["tenant-id"],
    discardObjects: values.discard,
  };
}

function portFrom(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new EmulatorError(`${option} must be a port number from 0 to 65535, not ${JSON.stringify(text)}.`);
}

function greeting({ apiUrl, storageUrl, controlUrl, environment }: Emulator, dataDir: string | undefined): string {
  const exports = Object.entries(environment).map(([name, value]) => `  export ${name}=${shellQuoted(value)}\n`);
  return `ProcessMind emulator
  API      ${apiUrl}
  storage  ${storageUrl}
  control  ${controlUrl}
  data     ${dataDir ?? "in memory, gone when this ends"}

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
  // An unknown option or an unusable folder is the user's to fix: the message says it, a stack would hide it.
  const isUsage = error.code?.startsWith("ERR_PARSE_ARGS") === true;
  const isExpected = isUsage || error instanceof EmulatorError || error.syscall !== undefined;
  const text = isExpected ? error.message.replaceAll("\n", " ") : error.stack;
  process.stderr.write(`processmind-emulator: ${text}${isUsage ? " See --help." : ""}\n`);
  process.exitCode = 1;
}

main().catch(fail);
