import { type ConfigSource, configuredAddress, settingsFrom } from "./config";
import type { EngineWatch } from "./engine-watch";
import { keepOutOfErrors, ProcessMindError, redact } from "./errors";
import type { CheckFailure, Context, Difference, Lifecycle } from "./lifecycles/context";
import type { DeclaredObjects } from "./lifecycles/declared-objects";
import { isLive } from "./live";
import { inLines, type Message } from "./messages/message";
import { providerBug } from "./messages/program";
import { pickBy, withoutUndefined } from "./properties";
import { SYSTEM } from "./system";
import { UNKNOWN } from "./unknown";

/**
 * What both hosts of the lifecycles share: Pulumi's dynamic provider process (./lifecycle) and the plugin (./plugin).
 * A host receives untyped properties. The lifecycles expect types, and what leaves them is redacted and plain JSON.
 */

/** Properties as Pulumi passes them. */
export type Properties = Record<string, unknown>;

/** What differs from host to host. */
export interface HostParts {
  config: ConfigSource;
  /** Settles once the user can see the message; never rejects. */
  log(severity: "info" | "warning", message: string): Promise<void>;
  /** Shows what goes on now, on the resource's own row; never throws. */
  status(message: string): void;
  /** Aborted once the user has cancelled the run. */
  cancelled: AbortSignal;
  engine: EngineWatch;
  /** One for all resources of a run. */
  declared: DeclaredObjects;
}

/** The context of a lifecycle's call. Both hosts run in the folder of the user's program. */
export function hostContext({ config, log, status, cancelled, engine, declared }: HostParts): Context {
  return {
    ...SYSTEM,
    settings: (timeoutSeconds) => settingsFrom(config, timeoutSeconds),
    address: () => configuredAddress(config),
    declared,
    programDirectory: process.cwd(),
    warn: (message: Message) => log("warning", message.toString()),
    info: (message: Message) => log("info", message.toString()),
    status: (message) => status(redact(message)),
    isLive,
    cancelled,
    engineGone: engine.gone,
    verifyEngine: engine.verify,
  };
}

/** A lifecycle with properties in and out. */
export interface HostedLifecycle {
  check(
    context: Context,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(context: Context, id: string, state: Properties, news: Properties): Difference;
  create(context: Context, inputs: Properties): Promise<{ id: string; state: Properties }>;
  read(
    context: Context,
    id: string,
    state: Properties,
  ): Promise<{ id: string; state: Properties; inputs?: Properties } | undefined>;
  update(context: Context, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(context: Context, id: string, state: Properties): Promise<void>;
}

/** Inputs and state passed `check` before they reached a program's run or its state; here they get their types back. */
export function hosted<I extends object, S extends I>(lifecycle: Lifecycle<I, S>): HostedLifecycle {
  const inputsFrom = (properties: Properties) => definedInputs(properties) as I;
  const stateFrom = (properties: Properties) => withoutProviderText(properties) as S;
  return {
    async check(context, olds, news) {
      const { inputs, failures } = await lifecycle.check(context, definedInputs(olds), definedInputs(news));
      if (lifecycle.hasObject) context.declared.addInputs(inputs);
      return { inputs: serializable(inputs), failures: failures.map(shownFailure) };
    },
    diff(context, id, state, news) {
      const [stored, wanted] = [withoutProviderText(state), withoutProviderText(news)];
      const difference = lifecycle.diff(id, stored, wanted);
      if (lifecycle.hasObject) {
        const object = { address: context.address(), tenantId: wanted["tenantId"], id };
        context.declared.addKept(object, stored["adopted"] === true, wanted, difference);
      }
      return difference;
    },
    async create(context, inputs) {
      const { id, state } = await lifecycle.create(context, inputsFrom(inputs));
      return { id, state: serializable(state) };
    },
    async read(context, id, state) {
      const found = await lifecycle.read(context, id, stateFrom(state));
      if (found === undefined) return undefined;
      const inputs = found.inputs && { inputs: serializable(found.inputs) };
      return { id: found.id, state: serializable(found.state), ...inputs };
    },
    async update(context, id, state, inputs) {
      return serializable(await lifecycle.update(context, id, stateFrom(state), inputsFrom(inputs)));
    },
    delete: (context, id, state) => lifecycle.delete(context, id, stateFrom(state)),
  };
}

/**
 * `__provider` belongs to Pulumi's dynamic providers. What the program marked as secret stays out of all messages from
 * here on.
 */
export function withoutProviderText(properties: Properties): Properties {
  keepSecrets(properties);
  return pickBy(properties, (key) => key !== PROVIDER_TEXT);
}

const PROVIDER_TEXT = "__provider";

function keepSecrets(properties: Properties): void {
  const { __secretInputs: secret } = properties;
  for (const name of Array.isArray(secret) ? secret : []) {
    const value = properties[String(name)];
    if (typeof value === "string" && value !== UNKNOWN) keepOutOfErrors(value);
  }
}

/** Pulumi rejects `undefined` anywhere in a result; JSON omits it, and NaN, dates and classes too. */
export function serializable(result: object): Properties {
  const given = withoutUndefined(result);
  return (isPlain(given) ? given : JSON.parse(JSON.stringify(given))) as Properties;
}

/** Nearly all results are, and a sketch in each takes its time to write and to read. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!isPlain((value as Properties)[key])) return false;
  return true;
}

/** An error with a message for the user; any other error becomes a `PROVIDER_BUG`, with its stack. */
export function expectedError(error: unknown): Error {
  if (error instanceof ProcessMindError || (error instanceof Error && "reasons" in error)) return error;
  return error instanceof Error
    ? providerBug(error.name, error.stack ?? error.message)
    : providerBug("value", String(error));
}

/** To a program, null and undefined both mean "not set". In state they differ, so this is for inputs alone. */
export function definedInputs(properties: Properties): Properties {
  keepSecrets(properties);
  return pickBy(properties, (key, value) => key !== PROVIDER_TEXT && value !== null && value !== undefined);
}

/** As Pulumi takes it: the options follow on lines of their own. Names in it may come from the API, or from a file. */
export function shownFailure({ property, reason, options }: CheckFailure): CheckFailure {
  return { property, reason: inLines(reason, options) };
}
