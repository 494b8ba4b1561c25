import { randomUUID } from "node:crypto";
import { createProviderHost } from "../../engine/hosts";
import type { LogMessage, Provider, ProviderHost, ProviderOptions } from "../../engine/model";

type Log = (message: LogMessage) => void;

interface Running {
  provider: Provider;
  log: Log;
  env: NodeJS.ProcessEnv;
}

/** What Node and the connection read when the process starts. */
const READ_AT_START = /^(node_|uv_|tz$|(no|https?|all|grpc)_)/i;

const URN = "urn:pulumi:dev::demo::pulumi-nodejs:dynamic/demo:Test::test";
const SET_ENVIRONMENT = `exports.handler = () => ({ check: async (olds, { env, gone }) => {
  Object.assign(process.env, env);
  for (const name of gone) delete process.env[name];
  return { inputs: {} };
} });`;

/** Pulumi's provider processes, one for each configuration, which outlive the runs: starting one costs half a second. */
export class LastingProviders implements ProviderHost {
  private readonly running = new Map<string, Running>();

  constructor(private readonly env: NodeJS.ProcessEnv = process.env) {}

  /** @param env - of the process, where it is not that of all. */
  async start(wanted: ProviderOptions, log: Log, env = this.env): Promise<Provider> {
    const options = { ...wanted, config: await wanted.config };
    const readAtStart = Object.entries(env).filter(([name]) => READ_AT_START.test(name));
    const key = JSON.stringify([options, readAtStart]);
    const running = this.running.get(key);
    if (running) {
      running.log = log;
      await setEnvironment(running, env);
    }
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
    await entry.provider.check(URN, {}, { __provider });
    await heard;
    entry.log = before;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ provider }) => provider.close()));
    this.running.clear();
  }

  private async startNew(key: string, options: ProviderOptions, log: Log, env: NodeJS.ProcessEnv) {
    const provider = await createProviderHost(env).start(options, (message) => entry.log(message));
    const entry: Running = { log, env, provider };
    this.running.set(key, entry);
    return entry;
  }
}

/** As if the process had started with it. */
async function setEnvironment(running: Running, env: NodeJS.ProcessEnv): Promise<void> {
  const gone = Object.keys(running.env).filter((name) => env[name] === undefined);
  const changed = Object.entries(env).filter(([name, value]) => value !== undefined && value !== running.env[name]);
  running.env = env;
  if (gone.length + changed.length === 0) return;
  const news = { __provider: SET_ENVIRONMENT, env: Object.fromEntries(changed) as Record<string, string>, gone };
  await running.provider.check(URN, {}, news);
}
