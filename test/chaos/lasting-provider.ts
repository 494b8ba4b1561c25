import { writeFileSync } from "node:fs";
import path from "node:path";
import { createProviderHost } from "../../engine/hosts";
import type { LogMessage, Provider, ProviderHost, ProviderOptions } from "../../engine/model";

/**
 * Pulumi's provider process, kept from one run to the next while its configuration stays the same: starting it is
 * most of what a short run costs. Whoever kills it, or changes configuration or environment, gets a new one.
 * `process/run-by-run.js` lets it forget in each run what it remembers of the one before.
 */
export class LastingProvider implements ProviderHost {
  private running: { key: string; provider: Provider } | undefined;
  private runs = 0;
  private log: (message: LogMessage) => void = () => undefined;

  constructor(private readonly isAlive: () => boolean) {}

  async start(wanted: ProviderOptions, log: (message: LogMessage) => void): Promise<Provider> {
    const options = { ...wanted, config: await wanted.config };
    this.log = log;
    writeFileSync(path.join(options.programDirectory, "run-number"), String(++this.runs));
    const key = JSON.stringify([options, process.env]);
    if (this.running?.key !== key || !this.isAlive()) {
      await this.close();
      const provider = await createProviderHost().start(options, (message) => this.log(message));
      this.running = { key, provider };
    }
    return { ...this.running.provider, close: async () => undefined };
  }

  async close(): Promise<void> {
    await this.running?.provider.close();
    this.running = undefined;
  }
}
