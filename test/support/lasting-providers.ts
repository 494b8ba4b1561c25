import { randomUUID } from "node:crypto";
import { createProviderHost } from "../../engine/hosts";
import type { LogMessage, Provider, ProviderHost, ProviderOptions } from "../../engine/model";

type Log = (message: LogMessage) => void;

/** Pulumi's provider processes, one for each configuration, which outlive the runs: starting one costs half a second. */
export class LastingProviders implements ProviderHost {
  private readonly running = new Map<string, { provider: Provider; log: Log }>();

  constructor(private readonly env: NodeJS.ProcessEnv = process.env) {}

  /** @param env - of the process, where it is not that of all. */
  async start(wanted: ProviderOptions, log: Log, env = this.env): Promise<Provider> {
    const options = { ...wanted, config: await wanted.config };
    const key = JSON.stringify([options, env]);
    const running = this.running.get(key);
    if (running) running.log = log;
    const { provider } = running ?? (await this.startNew(key, options, log, env));
    return { ...provider, close: () => this.heardAll(key) };
  }

  /**
   * What a provider printed about an error comes through a pipe, after the error. A process that ends has emptied it;
   * this one prints a mark, and what was printed before comes before.
   */
  private async heardAll(key: string): Promise<void> {
    const entry = this.running.get(key);
    if (!entry) return;
    const mark = `heard ${randomUUID()}`;
    const before = entry.log;
    const heard = new Promise<void>((resolve) => {
      entry.log = (message) => (message.message.includes(mark) ? resolve() : before(message));
    });
    const __provider = `exports.handler = () => ({ check: async (olds, inputs) => { console.error("${mark}"); return { inputs }; } });`;
    await entry.provider.check("urn:pulumi:dev::demo::pulumi-nodejs:dynamic/demo:Mark::mark", {}, { __provider });
    await heard;
    entry.log = before;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ provider }) => provider.close()));
    this.running.clear();
  }

  private async startNew(key: string, options: ProviderOptions, log: Log, env: NodeJS.ProcessEnv) {
    const entry = { log, provider: await createProviderHost(env).start(options, (message) => entry.log(message)) };
    this.running.set(key, entry);
    return entry;
  }
}
