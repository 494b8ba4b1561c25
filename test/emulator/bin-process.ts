import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { DEFAULT_API_KEY } from "../../emulator/emulator";

const BIN = resolve(__dirname, "../../emulator/dist/emulator/bin.js");

/** Where a started emulator program is reached, with what the tests' clients need to know of it. */
export interface Address {
  apiUrl: string;
  storageUrl: string;
  controlUrl: string;
  tenantId: string;
  apiKey: string;
}

/** The emulator as its own process on a data folder. */
export interface BinProcess {
  child: ChildProcess;
  /** Resolves when it serves; undefined when it ended before. */
  ready: Promise<Address | undefined>;
  /** Exit code and signal. */
  ended: Promise<unknown[]>;
  /** What it printed on stderr so far. */
  complaints(): string;
}

export function startBin(dataDir: string, cwd: string): BinProcess {
  const child = spawn(process.execPath, [BIN, "--port", "0", "--storage-port", "0", "--data-dir", dataDir], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  return { child, ready: greeted(child), ended: once(child, "close"), complaints: () => complaints };
}

async function greeted(child: ChildProcess): Promise<Address | undefined> {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  while (!text.includes("Ready.")) {
    if (child.stdout?.readableEnded || child.stdout?.destroyed) return undefined;
    await Promise.race(["data", "end", "close"].map((event) => once(child.stdout as NodeJS.EventEmitter, event)));
  }
  const found = (pattern: RegExp) => pattern.exec(text)?.[1] ?? "";
  const apiUrl = found(/API +(http:\S+)/);
  return {
    apiUrl,
    storageUrl: found(/storage +(http:\S+)/),
    controlUrl: `${apiUrl}/_control`,
    tenantId: found(/PROCESSMIND_TENANT_ID=(\S+)/),
    apiKey: DEFAULT_API_KEY,
  };
}
