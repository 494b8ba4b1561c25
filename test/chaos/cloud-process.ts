import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Behaviour } from "../../emulator/domain/behaviour";
import type { TenantState } from "../../emulator/domain/model";
import type { Fault } from "../../emulator/wire/faults";
import type { JournalEntry } from "../../emulator/wire/journal";
import { onceFree } from "../support/once-free";
import { type Cloud, FAIR_WEATHER } from "./cloud";

const BIN = path.resolve(__dirname, "../../emulator/dist/emulator/bin.js");
const SELF_KILL = path.join(__dirname, "process/self-kill.js");
/** A killed emulator is back before a client has used up its attempts. */
const DOWN_MS = 100;
const CONTROL_TRIES = 100;

/** The emulator as its own process with a data folder, which comes back after each kill. */
export async function startProcessCloud(apiKey: string, style: Partial<Behaviour>, dataDir: string): Promise<Cloud> {
  const cloud = new ProcessCloud(apiKey, style, dataDir);
  await cloud.start();
  return cloud;
}

class ProcessCloud implements Cloud {
  private child: ChildProcess | undefined;
  /** The one that will kill itself; dead or alive. */
  private armed: ChildProcess | undefined;
  private ports: [api: string, storage: string] = ["0", "0"];
  private behaviour: Partial<Behaviour> = {};
  private faults: Fault[] = [];
  /** Of this round, up to the last kill. */
  private journalBefore: JournalEntry[] = [];
  private coming: Promise<void> = Promise.resolve();
  private isClosing = false;
  private killCount = 0;
  environment: Readonly<Record<string, string>> = {};

  constructor(
    private readonly apiKey: string,
    private readonly style: Partial<Behaviour>,
    private readonly dataDir: string,
  ) {}

  async start(killAt = 0, afterMs = 0): Promise<void> {
    const [api, storage] = this.ports;
    const options = ["--port", api, "--storage-port", storage, "--data-dir", this.dataDir, "--api-key", this.apiKey];
    const env = {
      ...process.env,
      CHAOS_KILL_AT: String(killAt),
      CHAOS_KILL_AFTER_MS: String(afterMs),
      CHAOS_JOURNAL: this.journalFile,
    };
    const greeting = await onceFree(() => this.greeted(options, env));
    const [, apiPort = "0"] = /API +http:\/\/127\.0\.0\.1:(\d+)/.exec(greeting) ?? [];
    const [, storagePort = "0"] = /storage +http:\/\/127\.0\.0\.1:(\d+)/.exec(greeting) ?? [];
    const [, tenantId = ""] = /PROCESSMIND_TENANT_ID=(\S+)/.exec(greeting) ?? [];
    this.ports = [apiPort, storagePort];
    this.environment = {
      PROCESSMIND_API_URL: `http://127.0.0.1:${apiPort}`,
      PROCESSMIND_API_KEY: this.apiKey,
      PROCESSMIND_TENANT_ID: tenantId,
    };
    await this.ask("PUT", "faults", this.faults);
    await this.ask("PATCH", "behaviour", { ...this.style, ...this.behaviour });
  }

  private greeted(options: string[], env: NodeJS.ProcessEnv): Promise<string> {
    const child = spawn(process.execPath, ["--require", SELF_KILL, BIN, ...options], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    child.once("exit", (_code, signal) => {
      if (signal !== "SIGKILL" || this.isClosing || this.child !== child) return;
      this.killCount += 1;
      this.coming = this.comeBack();
    });
    return readyText(child);
  }

  private get journalFile(): string {
    return `${this.dataDir}.journal.json`;
  }

  private async comeBack(): Promise<void> {
    const journal = JSON.parse(await fs.readFile(this.journalFile, "utf8")) as JournalEntry[];
    this.journalBefore.push(...journal);
    await wait(DOWN_MS);
    await this.start();
  }

  async killAt(request: number, afterMs: number): Promise<void> {
    await this.stop();
    await this.start(request, afterMs);
    this.armed = this.child;
  }

  async state(): Promise<TenantState> {
    return (await this.control("GET", "state")) as TenantState;
  }

  async journal(): Promise<JournalEntry[]> {
    const journal = (await this.control("GET", "journal")) as JournalEntry[];
    return [...this.journalBefore, ...journal].map((entry, index) => ({ ...entry, number: index + 1 }));
  }

  async begin(faults: Fault[], behaviour: Partial<Behaviour>): Promise<void> {
    this.behaviour = { ...FAIR_WEATHER, ...behaviour };
    this.faults = faults;
    this.journalBefore = [];
    await this.control("DELETE", "journal");
    await this.control("PUT", "faults", faults);
    await this.control("PATCH", "behaviour", this.behaviour);
  }

  async settled(): Promise<void> {
    // The round is over: what it did not kill lives on. One that only just starts would not know the signal yet.
    this.armed?.kill("SIGUSR2");
    this.armed = undefined;
    await this.control("POST", "settled");
  }

  kills(): number {
    return this.killCount;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.coming;
    await this.stop();
  }

  private async stop(): Promise<void> {
    await this.coming;
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }

  private async control(method: string, what: string, body?: unknown): Promise<unknown> {
    for (let left = CONTROL_TRIES; ; left--) {
      await this.coming;
      try {
        return await this.ask(method, what, body);
      } catch (error) {
        // It was killed just now, and the news of that is on its way. By name: jest has a TypeError of its own.
        if ((error as Error).name !== "TypeError" || left === 0) throw error;
        await wait(DOWN_MS);
      }
    }
  }

  private async ask(method: string, what: string, body?: unknown): Promise<unknown> {
    const url = `http://127.0.0.1:${this.ports[0]}/_control/${what}`;
    const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${what}: ${await response.text()}`);
    return response.json();
  }
}

function readyText(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (text.includes("Ready.")) resolve(text);
    });
    child.stderr?.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      process.stderr.write(more);
    });
    // When the pipes have ended, too: the reason is in them.
    child.once("close", (code) => reject(new Error(`The emulator ended (${code}):\n${text}`)));
  });
}
