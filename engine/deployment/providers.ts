import type { DeploymentOptions, LogMessage, Properties, Provider, ProviderConfig, ResourceState } from "../model";
import { referenceId, referenceUrn } from "../urn";
import { containsUnknown, plain } from "../values";

/** Reported instead of a provider's answer when its configuration is not known yet. */
export const UNKNOWN_CONFIGURATION =
  "The provider for this resource has inputs that are not known during preview.\n" +
  "This preview may not correctly represent the changes that will be applied during an update.";

/** The provider processes of a run: one per provider reference; all but the first start when first needed. */
export class Providers {
  private readonly configurations = new Map<string, Properties>();
  private readonly started = new Map<string, Promise<Provider>>();
  private readonly retired: Promise<Provider>[] = [];
  private early: EarlyProvider | undefined;

  constructor(
    private readonly options: DeploymentOptions,
    private readonly stateEntries: () => ResourceState[],
    private readonly log: (message: LogMessage) => void,
  ) {}

  /** Starts the first process before a resource needs it: it loads beside the program, and is configured when used. */
  startEarly(): void {
    this.early ??= new EarlyProvider((config) => this.launch(config));
  }

  /** Sets the configuration of a reference; `restart` drops a process that runs with an earlier one. */
  configure(reference: string, configuration: Properties, restart: boolean): void {
    if (this.configurations.has(reference) && !restart) return;
    this.configurations.set(reference, configuration);
    const running = this.started.get(reference);
    if (running !== undefined) this.retired.push(running);
    this.started.delete(reference);
  }

  /** Whether the provider can be asked at all: a preview may not know its configuration. */
  isKnown(reference: string): boolean {
    return !containsUnknown(this.configurations.get(reference) ?? {});
  }

  /** The configured process; one that this run has not registered gets its configuration from the state. */
  get(reference: string, urn: string): Promise<Provider> {
    const running = this.started.get(reference);
    if (running !== undefined) return running;
    const starting = this.start(this.configuration(reference, urn));
    this.started.set(reference, starting);
    return starting;
  }

  /** Asks every process to end early what it is doing. Those that cannot are waited for all the same. */
  async cancel(): Promise<void> {
    const all = [...this.started.values(), ...this.retired];
    await Promise.allSettled(all.map(async (provider) => (await provider).cancel()));
  }

  /** Ends every process this run has started. */
  async close(): Promise<void> {
    await this.early?.close();
    const all = await Promise.allSettled([...this.started.values(), ...this.retired]);
    await Promise.allSettled(all.map((result) => (result.status === "fulfilled" ? result.value.close() : undefined)));
  }

  private configuration(reference: string, urn: string): Properties {
    const registered = this.configurations.get(reference);
    if (registered !== undefined) return registered;
    const entry = this.stateEntries().find(
      (state) => state.urn === referenceUrn(reference) && state.id === referenceId(reference),
    );
    if (entry === undefined) {
      throw new Error(`bad provider reference '${reference}' for resource '${urn}': the state has no such provider`);
    }
    return entry.inputs ?? {};
  }

  private start(configuration: Properties): Promise<Provider> {
    const config = Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => {
        const bare = plain(value);
        return [key, typeof bare === "string" ? bare : JSON.stringify(bare)];
      }),
    );
    const { early } = this;
    this.early = undefined;
    return early?.configure(config) ?? this.launch(config);
  }

  private launch(config: ProviderConfig | Promise<ProviderConfig>): Promise<Provider> {
    const { programDirectory, project, stack, providerHost } = this.options;
    return providerHost.start({ programDirectory, project, stack, config }, this.log);
  }
}

/** A process that waits for its configuration. */
class EarlyProvider {
  private settle: { resolve: (config: ProviderConfig) => void; reject: (reason: Error) => void } | undefined;
  private readonly provider: Promise<Provider>;

  constructor(launch: (config: Promise<ProviderConfig>) => Promise<Provider>) {
    const config = new Promise<ProviderConfig>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.provider = launch(config);
    // Why it did not start is reported to who needs it, if anyone does.
    this.provider.catch(() => undefined);
    config.catch(() => undefined);
  }

  configure(config: ProviderConfig): Promise<Provider> {
    this.settle?.resolve(config);
    return this.provider;
  }

  async close(): Promise<void> {
    this.settle?.reject(new Error("the run needed no provider"));
    await Promise.allSettled([this.provider]);
  }
}
