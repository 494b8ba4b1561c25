import { Command, InvalidArgumentError, Option } from "commander";
import { packageVersion } from "../engine/commands/version";
import { DEFAULT_API_KEY, type EmulatorOptions } from "./emulator";

const DEFAULT_PORT = 8787;
const DEFAULT_STORAGE_PORT = 8788;

/** The command line of the program; its `opts()` are {@link Flags}. */
export function commandLine(): Command {
  return new Command("processmind-emulator")
    .description("Emulates the ProcessMind API and its presigned storage on this machine.")
    .addOption(portOption("--port <n>", "port of the API (0: a free one)", DEFAULT_PORT))
    .addOption(portOption("--storage-port <n>", "port of the storage (0: a free one)", DEFAULT_STORAGE_PORT))
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--data-dir <path>", "folder that keeps everything between runs (default: memory only)")
    .option("--api-key <text>", `the key to accept (default: ${DEFAULT_API_KEY})`)
    .option("--tenant-id <text>", "the tenant's id (default: the data folder's, or a new one)")
    .option("--discard", "hash and count uploads, but keep no bytes and parse nothing")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", "\nCtrl-C ends it.")
    .showHelpAfterError("  - list options: processmind-emulator --help")
    .exitOverride()
    .configureOutput({
      // The suggestion as an option, as in every message.
      outputError: (text, write) => {
        write(text.replace(/^error: /, "processmind-emulator: ").replace(/^\((Did you mean .*)\)$/m, "  - $1"));
      },
    });
}

function portOption(flags: string, about: string, port: number): Option {
  return new Option(flags, about).default(port).argParser((text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number <= 65_535) return number;
    throw new InvalidArgumentError("It must be a port number from 0 to 65535.");
  });
}

/** What the options of a command line say. */
export interface Flags extends Omit<EmulatorOptions, "discardObjects"> {
  discard?: boolean;
}
