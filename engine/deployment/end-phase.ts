import type { ResourceState } from "../model";
import type { Action, StepFailure } from "./action";
import { deleteAction, ProtectedError, removePendingReplaceAction } from "./delete";
import type { Executor } from "./executor";
import { dependencies, transitiveDependencies } from "./graph";
import type { Run } from "./run";

/**
 * Deletes what was replaced and what the program no longer registers, deepest first. `heir` names the resource of
 * this run that took over an entry.
 */
export async function endPhase(run: Run, executor: Executor, heir: (urn: string) => string | undefined): Promise<void> {
  const doomed = new Map<ResourceState, Action>();
  for (const state of run.state.base) {
    const action = doom(run, state, heir);
    if (action !== undefined) doomed.set(state, action);
  }
  const blocked = new Set<ResourceState>();
  for (const group of schedule(run.state.base, [...doomed.keys()])) {
    if (run.stopped) return;
    const failures: StepFailure[] = [];
    const ready = group.filter((state) => !blocked.has(state));
    await Promise.all(
      ready.map((state) => {
        const action = doomed.get(state);
        return executor.execute(action === undefined ? [] : [action], (failure) => {
          failures.push(failure);
          if (!(failure.reason instanceof ProtectedError)) run.stop();
        });
      }),
    );
    for (const { action } of failures) {
      if (action.step.old === undefined) continue;
      for (const needed of transitiveDependencies(run.state.base, action.step.old)) blocked.add(needed);
    }
  }
}

function doom(run: Run, state: ResourceState, heir: (urn: string) => string | undefined): Action | undefined {
  if (state.delete) {
    if (run.condemned.has(state)) return undefined;
    run.decide(state.urn, "delete");
    return deleteAction(run, state, { replacing: true, keepUntilReplaced: false });
  }
  if (run.decided(heir(state.urn) ?? state.urn, "same", "update", "replace", "read")) return undefined;
  run.decide(state.urn, "delete");
  if (state.pendingReplacement) return removePendingReplaceAction(run, state);
  return deleteAction(run, state, { replacing: false, keepUntilReplaced: false });
}

/** Groups that may go at the same time, in the order they have to go: nothing before everything that needs it. */
function schedule(resources: ResourceState[], doomed: ResourceState[]): ResourceState[][] {
  const remaining = new Set(doomed);
  const needed = new Map(doomed.map((state) => [state, dependencies(resources, state)]));
  const groups: ResourceState[][] = [];
  while (remaining.size > 0) {
    const group = [...remaining].filter(
      (state) => ![...(needed.get(state) ?? [])].some((other) => remaining.has(other)),
    );
    for (const state of group) remaining.delete(state);
    groups.unshift(group);
  }
  return groups;
}
