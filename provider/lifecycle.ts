import { isDeepStrictEqual } from "node:util";
import { proxyFor, settingsFrom } from "./config";
import { cancelled, listenToEngine } from "./engine-calls";
import { engineAddress, NO_ENGINE, watchEngine } from "./engine-watch";
import { keepOutOfErrors, ProcessMindError, redact } from "./errors";
import { canonical } from "./lifecycles/adopt";
import { UNKNOWN } from "./lifecycles/checks";
import type { CheckFailure, Context, Lifecycle } from "./lifecycles/context";
import { datasetLifecycle } from "./lifecycles/dataset";
import { datatableLifecycle } from "./lifecycles/datatable";
import { datatableUploadLifecycle } from "./lifecycles/datatable-upload";
import { isLive } from "./live";
import { log, logStatus } from "./log";

/**
 * What the shell in users' state loads: the host of our lifecycles in Pulumi's dynamic provider process.
 *
 * A permanent contract with every state ever written: the three names, and the seven methods with the signatures of
 * Pulumi's dynamic provider. See ./shell.
 *
 * @packageDocumentation
 */

/** Properties as Pulumi hands them over; `__provider` is among them. */
export type Properties = Record<string, unknown>;

/** The seven methods Pulumi's dynamic provider process calls. */
export interface DynamicProvider {
  /** Takes the stack's configuration. Pulumi does not wait for it. */
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  /** Completes and judges the inputs; sends no request and meets unknown values. */
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  /**
   * Whether state and inputs differ, and what of it needs a new object; sends no request. `changes: undefined` leaves it to
   * Pulumi to compare the inputs.
   */
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: boolean | undefined; replaces: string[]; deleteBeforeReplace: boolean }>;
  /** Makes the object. */
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  /** What there is now; an empty id: it is gone. */
  read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }>;
  /** Brings the object from its old state to the inputs. */
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  /** Removes the object, or throws where data would be lost. */
  delete(id: string, props: Properties): Promise<void>;
}

listenToEngine();
const address = engineAddress();
// Whoever else runs in this process has nobody to answer to any more, either.
const engine = address === undefined ? NO_ENGINE : watchEngine(address, () => process.exit(1));

/** Behind `Dataset`. */
export const dataset: DynamicProvider = host(datasetLifecycle);
/** Behind `Datatable`. */
export const datatable: DynamicProvider = host(datatableLifecycle);
/** Behind `DatatableUpload`. */
export const datatableUpload: DynamicProvider = host(datatableUploadLifecycle);

function host<I extends object, S extends I>(lifecycle: Lifecycle<I, S>): DynamicProvider {
  // Pulumi calls other methods before `configure` has settled, so it must not wait for anything or throw: what is
  // missing is said by the operation that needs it.
  let config: { get(key: string): string | undefined } = { get: () => undefined };
  const context: Context = {
    settings: (timeoutSeconds) => settingsFrom(config, timeoutSeconds),
    proxyFor,
    programDirectory: process.cwd(),
    warn: (message) => log("warning", redact(message)),
    info: (message) => log("info", redact(message)),
    status: (message) => logStatus(redact(message)),
    isLive,
    cancelled,
    engineGone: engine.gone,
    verifyEngine: engine.verify,
    now: () => Date.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    random: Math.random,
  };
  // Inputs and state were checked before they got into a program's run or its state; here they get their types back.
  const inputsFrom = (properties: Properties) => given(properties) as I;
  const stateFrom = (properties: Properties) => own(properties) as S;
  const repeated = new Set<string>();

  return {
    async configure(request) {
      config = request.config;
    },
    check: (olds, news) =>
      told(async () => {
        const old = given(olds);
        const checked = await lifecycle.check(context, old, given(news));
        const inputs = plain(checked.inputs);
        if (isDeepStrictEqual(inputs, old)) repeated.add(canonical(inputs));
        // Names in them may come from the API by way of the state, or from a file.
        return { inputs, failures: checked.failures.map(redacted) };
      }),
    diff: (id, olds, news) =>
      told(async () => {
        const wanted = own(news);
        const difference = lifecycle.diff(id, own(olds), wanted);
        // Pulumi then prints the inputs that changed instead of all, and `replaceOnChanges` works. Where the inputs are
        // those of the last run, and the state alone differs, it would find nothing and leave the change out.
        const isSeen = difference.changes && !repeated.has(canonical(wanted));
        return { ...difference, changes: isSeen ? undefined : difference.changes };
      }),
    create: (inputs) =>
      told(async () => {
        const { id, state } = await lifecycle.create(context, inputsFrom(inputs)).catch(withProvider(inputs));
        return { id, outs: plain(state) };
      }),
    read: (id, props) =>
      told(async () => {
        const found = await lifecycle.read(context, id, stateFrom(props));
        if (found === undefined) return { id: "", props: {} };
        const { id: foundId, state, inputs } = found;
        return { id: foundId, props: plain(state), ...(inputs && { inputs: plain(inputs) }) };
      }),
    update: (id, olds, news) =>
      told(async () => {
        const state = lifecycle.update(context, id, stateFrom(olds), inputsFrom(news));
        return { outs: plain(await state.catch(withProvider(news))) };
      }),
    delete: (id, props) => told(() => lifecycle.delete(context, id, stateFrom(props))),
  };
}

function redacted({ property, reason }: CheckFailure): CheckFailure {
  return { property, reason: redact(reason) };
}

/** `__provider` is Pulumi's, not ours. What the program marked as secret is kept out of all messages from here on. */
function own(properties: Properties): Properties {
  const { __provider: _, ...rest } = properties;
  const { __secretInputs: secret } = rest;
  for (const name of Array.isArray(secret) ? secret : []) {
    const value = rest[String(name)];
    if (typeof value === "string" && value !== UNKNOWN) keepOutOfErrors(value);
  }
  return rest;
}

/** To a program, null and undefined are the same: not given. In state they differ, so this is for inputs alone. */
function given(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(own(properties)).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** Pulumi refuses `undefined` anywhere in a result; JSON leaves it out, and NaN, dates and classes too. */
function plain(result: object): Properties {
  return JSON.parse(JSON.stringify(result)) as Properties;
}

/** On a partial failure Pulumi does not add `__provider` again, and without it the entry could never be touched. */
function withProvider(properties: Properties): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && "properties" in error) {
      const { properties: state } = error as { properties: object };
      Object.assign(error, { properties: { ...plain(state), __provider: properties["__provider"] } });
    }
    throw error;
  };
}

/**
 * Pulumi prints an error's text and stack beside showing its message with the resource. An expected error is told once,
 * without a stack; anything else says that it is our fault.
 */
async function told<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof ProcessMindError || (error instanceof Error && "reasons" in error)) {
      const title = error instanceof ProcessMindError ? `${error.code} while ${error.doing}` : "partial failure";
      throw Object.assign(error, { stack: "told in full with the resource", toString: () => title });
    }
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new ProcessMindError("PROVIDER_BUG", {
      doing: "running pulumi-processmind",
      happened: what,
      todo: "This is a fault of the package: please report it with the text above.",
    });
  }
}
