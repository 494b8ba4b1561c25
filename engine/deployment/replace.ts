import type { Properties, ResourceState } from "../model";
import { UNKNOWN } from "../model";
import { referenceUrn } from "../urn";
import type { Action } from "./action";
import { diffObject } from "./check-and-diff";
import { deleteAction } from "./delete";
import { applyReplaceOnChanges, asksReplacement, type Diff } from "./diff";
import { dependents } from "./graph";
import { Invalid } from "./invalid";
import type { Run } from "./run";
import { createAction, replaceAction } from "./steps";

/** A delete-first replacement: dependents that cannot outlive the object go first, then it, then the new one comes. */
export async function replaceChain(
  run: Run,
  old: ResourceState,
  next: ResourceState,
  diff: Diff,
  done: (state: ResourceState) => void,
): Promise<Action[]> {
  const chain: Action[] = [];
  run.deletedFirst.add(old.urn);
  for (const { state, keys } of (await findCondemned(run, old)).reverse()) {
    if (run.condemned.has(state)) continue;
    if (!state.delete && state.protect) rejectProtected(run, state.urn, next.urn);
    chain.push(deleteAction(run, state, { replacing: !state.delete, keepUntilReplaced: !state.delete }));
    run.decide(state.urn, "delete");
    run.condemned.set(state, keys);
  }
  if (!old.pendingReplacement) chain.push(deleteAction(run, old, { replacing: true, keepUntilReplaced: true }));
  const create = createAction(run, next, done, { old, cause: diff, createFirst: false });
  return [...chain, replaceAction(old, next, diff), create];
}

interface Condemned {
  state: ResourceState;
  /** Keys that would make the provider replace it. */
  keys: string[];
}

/** Old entries, in state order, that would be replaced if `root` changed its identity. */
async function findCondemned(run: Run, root: ResourceState): Promise<Condemned[]> {
  const condemned: Condemned[] = [];
  const urns = new Set([root.urn]);
  // What this run has met already was registered before the root, so it cannot depend on it any more.
  const met = (state: ResourceState) =>
    run.met.has(state) || run.decided(state.urn, "read", "create", "same", "update", "delete", "replace");
  for (const state of dependents(run.state.base, root, met)) {
    const keys = await condemningKeys(run, state, urns);
    if (keys === undefined) continue;
    urns.add(state.urn);
    condemned.push({ state, keys });
  }
  return condemned;
}

/** undefined: it can outlive the replacement of those URNs. */
async function condemningKeys(run: Run, state: ResourceState, urns: Set<string>): Promise<string[] | undefined> {
  if (!state.custom || state.external) return undefined;
  if (state.provider && urns.has(referenceUrn(state.provider))) return [];
  if (state.deletedWith && urns.has(state.deletedWith)) return [];
  const inputs: Properties = { ...state.inputs };
  const affected = Object.keys(inputs).filter((key) => state.propertyDependencies?.[key]?.some((urn) => urns.has(urn)));
  if (affected.length === 0) return undefined;
  for (const key of affected) inputs[key] = UNKNOWN;
  const { ignoreChanges = [] } = state;
  const answer = await diffObject(run, { old: state, next: state, newInputs: inputs, ignoreChanges });
  const diff = applyReplaceOnChanges(answer, state.replaceOnChanges ?? [], false);
  return asksReplacement(diff) ? diff.replaceKeys : undefined;
}

function rejectProtected(run: Run, urn: string, replaced: string): never {
  const message =
    `unable to replace resource "${urn}" as part of replacing "${replaced}" as it is currently marked for ` +
    "protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and " +
    `run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``;
  run.report("error", message, replaced);
  throw new Invalid();
}
