import { InitError, type ResourceState } from "../model";
import { isProviderType } from "../urn";
import { equal, plainProperties, remarkSecrets } from "../values";
import { type Action, errorMessage } from "./action";
import { diffObject } from "./check-and-diff";
import { type Diff, invertDiff } from "./diff";
import type { Executor } from "./executor";
import type { Run } from "./run";
import { isDefaultProvider, makeStep } from "./steps";

/** What reading found for each entry: its new state, or undefined when the object was deleted. */
type Found = Map<ResourceState, ResourceState | undefined>;

/** Reads every object of the state and takes over what is found. What cannot be read stays as it was. */
export async function refresh(run: Run, executor: Executor): Promise<void> {
  const { base } = run.state;
  if (base.length === 0) return;
  const found: Found = new Map();
  const actions = base.map((state) => refreshAction(run, state, found));
  await Promise.all(actions.map((action) => executor.execute([action], () => undefined)));
  await run.state.rebase(repair(base, found));
}

function refreshAction(run: Run, old: ResourceState, found: Found): Action {
  const step = makeStep("refresh", old, old);
  const ownVerb = run.options.verb === "refresh";
  return {
    step,
    hidden: isDefaultProvider(old),
    logical: false,
    countAs: () => (ownVerb ? step.op : undefined),
    async apply() {
      const next = isCarried(old) ? old : await readAgain(run, old);
      found.set(old, next);
      if (next === undefined) delete step.new;
      else step.new = next;
      const diff = next === undefined || next === old || old.external ? undefined : await drift(run, old, next);
      step.diffKeys = diff?.changedKeys ?? null;
      step.detailedDiff = diff?.detailedDiff ?? null;
      if (!ownVerb) return;
      const unchanged = old.external ? equal(old.outputs ?? {}, next?.outputs ?? {}) : !diff?.changes;
      step.op = next === undefined ? "delete" : unchanged ? "same" : "update";
    },
    record: () => false,
  };
}

function isCarried(state: ResourceState): boolean {
  return !state.custom || isProviderType(state.type) || Boolean(state.pendingReplacement);
}

async function readAgain(run: Run, old: ResourceState): Promise<ResourceState | undefined> {
  const { inputs = {}, outputs = {} } = old;
  const { id, properties, definedInputs, initErrors } = await read(run, old);
  if (id === "") return undefined;
  const next: ResourceState = {
    ...old,
    id,
    inputs: definedInputs === undefined ? inputs : remarkSecrets(definedInputs, inputs),
    outputs: remarkSecrets(properties, outputs),
  };
  delete next.initErrors;
  if (initErrors.length > 0) next.initErrors = initErrors;
  if (!equal(next.inputs, inputs) || !equal(next.outputs, outputs)) next.modified = run.options.now().toISOString();
  return next;
}

async function read(run: Run, old: ResourceState) {
  const provider = await run.providers.get(old.provider ?? "", old.urn);
  try {
    const answer = await provider.read(
      old.urn,
      old.id ?? "",
      plainProperties(old.inputs),
      plainProperties(old.outputs),
    );
    return { id: answer.id, properties: answer.outputs, definedInputs: answer.inputs, initErrors: [] };
  } catch (error) {
    // An object that is there but unhealthy is not a reason to fail: the next up will see to it.
    if (!(error instanceof InitError)) throw error;
    const list = error.reasons.map((reason) => `\n* ${reason}`).join("");
    run.report(
      "warning",
      `Refreshed resource is in an unhealthy state:${list || `\n* ${errorMessage(error)}`}`,
      old.urn,
    );
    return { id: error.id, properties: error.outputs, definedInputs: undefined, initErrors: error.reasons };
  }
}

/** What an up with an unchanged program would do about it, the other way round: only for showing. */
async function drift(run: Run, old: ResourceState, next: ResourceState): Promise<Diff> {
  const { inputs: newInputs = {}, ignoreChanges = [] } = old;
  return invertDiff(await diffObject(run, { old: next, next, newInputs, ignoreChanges }));
}

/** The entries that are left, without references to what was deleted. */
function repair(base: ResourceState[], found: Found): ResourceState[] {
  const left = base
    .map((state) => (found.has(state) ? found.get(state) : state))
    .filter((state) => state !== undefined);
  const earlier = new Set<string>();
  return left.map((state) => {
    const repaired = withoutLost(state, (urn) => earlier.has(urn));
    earlier.add(state.urn);
    return repaired;
  });
}

function withoutLost(state: ResourceState, isThere: (urn: string) => boolean): ResourceState {
  const copy: ResourceState = { ...state };
  if (state.dependencies) copy.dependencies = state.dependencies.filter(isThere);
  if (state.deletedWith && !isThere(state.deletedWith)) delete copy.deletedWith;
  if (state.parent && !isThere(state.parent)) delete copy.parent;
  if (state.propertyDependencies) {
    const left = Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.filter(isThere)] as const);
    const needed = left.filter(([, urns]) => urns.length > 0);
    // As in Pulumi a property that needs nothing is not in the list after a refresh.
    if (needed.length > 0) copy.propertyDependencies = Object.fromEntries(needed);
    else delete copy.propertyDependencies;
  }
  return copy;
}
