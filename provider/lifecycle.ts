import { isDeepStrictEqual } from "node:util";
import type { ConfigSource } from "./config";
import { cancelled, listenToEngine } from "./engine-calls";
import { engineAddress, NO_ENGINE, watchEngine } from "./engine-watch";
import { ProcessMindError } from "./errors";
import {
  definedInputs,
  expectedError,
  hostContext,
  hosted,
  type Properties,
  serializable,
  withoutProviderText,
} from "./host";
import type { Lifecycle } from "./lifecycles/context";
import { datasetLifecycle } from "./lifecycles/dataset";
import { datatableLifecycle } from "./lifecycles/datatable";
import { datatableUploadLifecycle } from "./lifecycles/datatable-upload";
import { canonical, DeclaredObjects } from "./lifecycles/declared-objects";
import { log, logStatus } from "./log";

/**
 * What the shell in users' state loads: the host of our lifecycles in Pulumi's dynamic provider process.
 *
 * A permanent contract with every state ever written: the three names, and the seven methods with the signatures of
 * Pulumi's dynamic provider. See ./shell.
 *
 * @packageDocumentation
 */

export type { Properties };

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
// A provider process is a run.
const declared = new DeclaredObjects();

/** Behind `Dataset`. */
export const dataset: DynamicProvider = host(datasetLifecycle);
/** Behind `Datatable`. */
export const datatable: DynamicProvider = host(datatableLifecycle);
/** Behind `DatatableUpload`. */
export const datatableUpload: DynamicProvider = host(datatableUploadLifecycle);

function host<I extends object, S extends I>(lifecycle: Lifecycle<I, S>): DynamicProvider {
  // Pulumi calls other methods before `configure` has settled, so it must not wait for anything or throw: what is
  // missing is said by the operation that needs it.
  let config: ConfigSource = { get: () => undefined };
  const context = hostContext({
    config: { get: (key) => config.get(key) },
    log,
    status: logStatus,
    cancelled,
    engine,
    declared,
  });
  const run = hosted(lifecycle);
  // Compared once a diff asks: most runs change nothing.
  const checkedAgain: Properties[] = [];
  const repeated = new Set<string>();
  const isRepeated = (news: Properties) => {
    for (const inputs of checkedAgain.splice(0)) repeated.add(canonical(withoutProviderText(inputs)));
    return repeated.has(canonical(withoutProviderText(news)));
  };

  return {
    async configure(request) {
      config = request.config;
    },
    check: (olds, news) =>
      reportErrors(async () => {
        const checked = await run.check(context, olds, news);
        if (isSame(checked.inputs, definedInputs(olds))) checkedAgain.push(checked.inputs);
        return checked;
      }),
    diff: (id, olds, news) =>
      reportErrors(async () => {
        const difference = run.diff(context, id, olds, news);
        // Pulumi then prints the inputs that changed instead of all, and `replaceOnChanges` works. Where the inputs are
        // those of the last run, and the state alone differs, it would find nothing and leave the change out.
        const isSeen = difference.changes && !isRepeated(news);
        return { ...difference, changes: isSeen ? undefined : difference.changes };
      }),
    create: (inputs) =>
      reportErrors(async () => {
        const { id, state } = await run.create(context, inputs).catch(withProvider(inputs));
        return { id, outs: state };
      }),
    read: (id, props) =>
      reportErrors(async () => {
        const found = await run.read(context, id, props);
        if (found === undefined) return { id: "", props: {} };
        const { id: foundId, state, inputs } = found;
        return { id: foundId, props: state, ...(inputs && { inputs }) };
      }),
    update: (id, olds, news) =>
      reportErrors(async () => ({ outs: await run.update(context, id, olds, news).catch(withProvider(news)) })),
    delete: (id, props) => reportErrors(() => run.delete(context, id, props)),
  };
}

/** For thousands of resources: nearly all values of inputs are texts and numbers. */
function isSame(one: Properties, other: Properties): boolean {
  const keys = Object.keys(one);
  const isSameValue = (key: string) => one[key] === other[key] || isDeepStrictEqual(one[key], other[key]);
  return keys.length === Object.keys(other).length && keys.every(isSameValue);
}

/** On a partial failure Pulumi does not add `__provider` again, and without it the entry could never be touched. */
function withProvider(properties: Properties): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && "properties" in error) {
      const { properties: state } = error as { properties: object };
      Object.assign(error, { properties: { ...serializable(state), __provider: properties["__provider"] } });
    }
    throw error;
  };
}

/**
 * Pulumi prints an error's text and stack beside showing its message with the resource. An expected error is shown once,
 * without a stack; anything else says that it is our fault.
 */
async function reportErrors<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    const error = expectedError(cause);
    // What is not expected is new here, and keeps its stack.
    if (error !== cause) throw error;
    const title = error instanceof ProcessMindError ? `${error.code} while ${error.doing}` : "partial failure";
    throw Object.assign(error, { stack: "shown in full with the resource", toString: () => title });
  }
}
