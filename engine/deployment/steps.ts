import { randomUUID } from "node:crypto";
import { messageText, quoted } from "../message";
import { InitError, type Op, type Properties, type ResourceState, type Step, UNKNOWN } from "../model";
import { isProviderType, urnName } from "../urn";
import { containsUnknown, equal, plainProperties, remarkSecrets } from "../values";
import type { Action } from "./action";
import type { Diff } from "./diff";
import type { Run } from "./run";
import { sameNeedsSave } from "./same";

type Done = (state: ResourceState) => void;

/** How a step came about, for the display. */
export type Cause = Pick<Diff, "replaceKeys" | "changedKeys" | "detailedDiff">;

/** Nothing known about what differs. */
export const noCause: Cause = { replaceKeys: [], changedKeys: null, detailedDiff: null };

/** A step as the display and the events see it. */
export function makeStep(op: Op, old: ResourceState | undefined, next: ResourceState | undefined, cause?: Cause): Step {
  const shown = next ?? old;
  return {
    op,
    urn: shown?.urn ?? "",
    type: shown?.type ?? "",
    provider: shown?.provider ?? "",
    ...(old === undefined ? {} : { old }),
    ...(next === undefined ? {} : { new: next }),
    diffKeys: cause?.changedKeys ?? null,
    replaceKeys: cause === undefined ? null : cause.replaceKeys,
    detailedDiff: cause?.detailedDiff ?? null,
  };
}

/** Whether the entry is the default provider, which is kept out of sight. */
export function isDefaultProvider(state: ResourceState): boolean {
  return isProviderType(state.type) && urnName(state.urn).startsWith("default");
}

/** Nothing to do: new inputs and options are kept, id and outputs stay. */
export function sameAction(run: Run, old: ResourceState, next: ResourceState, done: Done): Action {
  return {
    step: makeStep("same", old, next),
    hidden: isDefaultProvider(next),
    logical: true,
    async apply() {
      if (old.id !== undefined) next.id = old.id;
      next.outputs = old.outputs ?? {};
      if (isProviderType(next.type)) configureProvider(run, next, old.inputs ?? {}, false);
    },
    record() {
      run.state.retire(old);
      run.state.add(next);
      return sameNeedsSave(old, next);
    },
    finished: () => done(next),
  };
}

/** A new object; as the second half of a replacement with `replaced` the object it stands in for. */
export function createAction(
  run: Run,
  next: ResourceState,
  done: Done,
  replaced?: { old: ResourceState; cause: Cause; createFirst: boolean },
): Action {
  const old = replaced?.old;
  return {
    step: makeStep(replaced === undefined ? "create" : "create-replacement", old, next, replaced?.cause),
    hidden: isDefaultProvider(next),
    logical: replaced === undefined,
    pending: "creating",
    async apply() {
      const failure = next.custom ? await createObject(run, next) : undefined;
      next.outputs ??= {};
      next.created = next.modified = run.options.now().toISOString();
      if (old !== undefined && replaced?.createFirst) old.delete = true;
      if (failure !== undefined) throw failure;
    },
    record() {
      run.state.add(next);
      if (old?.pendingReplacement) run.state.retire(old);
      return true;
    },
    finished: () => done(next),
  };
}

/** Of a provider's own entry, and in a preview, the outputs are the inputs; returns whether it is one of these. */
function endsWithoutProvider(run: Run, next: ResourceState, inputs: Properties): boolean {
  const isProvider = isProviderType(next.type);
  if (!isProvider && !run.options.dryRun) return false;
  next.outputs = inputs;
  if (isProvider) configureProvider(run, next, inputs, true);
  return true;
}

/** Completes id and outputs; returns an initialization error, since its object exists. */
async function createObject(run: Run, next: ResourceState): Promise<InitError | undefined> {
  const inputs = next.inputs ?? {};
  if (isProviderType(next.type)) next.id = run.options.dryRun ? UNKNOWN : randomUUID();
  if (endsWithoutProvider(run, next, inputs)) return undefined;
  rejectUnknowns(next.urn, "create", inputs);
  const provider = await run.providers.get(next.provider ?? "", next.urn);
  try {
    const created = await provider.create(next.urn, plainProperties(inputs));
    if (created.id === "") throw new Error(`plugin returned empty resource.ID from create '${next.urn}'`);
    next.id = created.id;
    next.outputs = remarkSecrets(created.outputs, inputs);
    return undefined;
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    next.id = error.id;
    next.outputs = remarkSecrets(error.outputs, inputs);
    next.initErrors = error.reasons;
    return error;
  }
}

/** Changes the object in place. */
export function updateAction(run: Run, old: ResourceState, next: ResourceState, cause: Cause, done: Done): Action {
  return {
    step: { ...makeStep("update", old, next, cause), replaceKeys: null },
    hidden: isDefaultProvider(next),
    logical: true,
    pending: "updating",
    async apply() {
      if (old.id !== undefined) next.id = old.id;
      const failure = next.custom ? await updateObject(run, old, next) : undefined;
      next.outputs ??= {};
      if (failure !== undefined) throw failure;
    },
    record() {
      run.state.retire(old);
      run.state.add(next);
      return true;
    },
    finished: () => done(next),
  };
}

async function updateObject(run: Run, old: ResourceState, next: ResourceState): Promise<InitError | undefined> {
  const inputs = next.inputs ?? {};
  const failure = await updateOutputs(run, old, next, inputs);
  next.modified = run.options.now().toISOString();
  return failure;
}

async function updateOutputs(
  run: Run,
  old: ResourceState,
  next: ResourceState,
  inputs: Properties,
): Promise<InitError | undefined> {
  if (endsWithoutProvider(run, next, inputs)) return undefined;
  rejectUnknowns(next.urn, "update", inputs);
  const provider = await run.providers.get(next.provider ?? "", next.urn);
  const olds = plainProperties(old.outputs);
  const oldInputs = plainProperties(old.inputs);
  try {
    const updated = await provider.update(next.urn, old.id ?? "", olds, oldInputs, plainProperties(inputs));
    next.outputs = remarkSecrets(updated.outputs, inputs);
    return undefined;
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    next.outputs = remarkSecrets(error.outputs, inputs);
    next.initErrors = error.reasons;
    return error;
  }
}

function configureProvider(run: Run, state: ResourceState, configuration: Properties, restart: boolean): void {
  run.providers.configure(`${state.urn}::${state.id}`, configuration, restart);
}

/** An unknown outside a preview means that something it came from failed: it must never reach the service. */
export function rejectUnknowns(urn: string, call: string, properties: Properties): void {
  const keys = Object.keys(properties).filter((key) => containsUnknown(properties[key] ?? null));
  if (keys.length === 0) return;
  throw new Error(
    messageText(
      `cannot ${call} resource "${urnName(urn)}": the value of ${quoted(keys.join(", "), 40)} is not known.`,
      ["look for an earlier failure of the resource that the value comes from"],
    ),
  );
}

/** The logical step that stands for both halves of a replacement. */
export function replaceAction(old: ResourceState, next: ResourceState, cause: Cause): Action {
  return {
    step: makeStep("replace", old, next, cause),
    hidden: false,
    logical: true,
    apply: async () => undefined,
    record: () => false,
  };
}

/** An object of someone else, read; `replacing` an object of ours under the same name. */
export function readAction(
  run: Run,
  old: ResourceState | undefined,
  next: ResourceState,
  replacing: boolean,
  done: Done,
): Action {
  return {
    step: makeStep(replacing ? "read-replacement" : "read", old, next),
    hidden: false,
    logical: !replacing,
    countAs: () => (!replacing && old?.outputs && !equal(old.outputs, next.outputs) ? "read" : undefined),
    pending: "reading",
    async apply() {
      await readObject(run, next);
      if (old === undefined) return;
      if (replacing) old.delete = true;
      if (old.created !== undefined) next.created = old.created;
      if (old.modified !== undefined) next.modified = old.modified;
      if (!equal(next.inputs, old.inputs) || !equal(next.outputs, old.outputs)) {
        next.modified = run.options.now().toISOString();
      }
    },
    record() {
      // A replaced object stays in the state until the end phase has deleted it.
      if (old !== undefined && !replacing) run.state.retire(old);
      run.state.add(next);
      return true;
    },
    finished: () => done(next),
  };
}

async function readObject(run: Run, next: ResourceState): Promise<void> {
  const id = next.id ?? "";
  const inputs = next.inputs ?? {};
  if (id === UNKNOWN || !run.providers.isKnown(next.provider ?? "")) {
    next.outputs = {};
    return;
  }
  const provider = await run.providers.get(next.provider ?? "", next.urn);
  const given = plainProperties(inputs);
  const found = await provider.read(next.urn, id, given, given);
  next.outputs = remarkSecrets(found.outputs, inputs);
  if (found.id !== "") next.id = found.id;
}
