import type { Properties, Registration, ResourceState } from "../model";
import { equal } from "../values";
import type { Action } from "./action";
import { checkInputs, diffObject, ignored } from "./check-and-diff";
import { applyReplaceOnChanges, asksReplacement, bareDiff, type Diff } from "./diff";
import { Invalid } from "./invalid";
import { replaceChain } from "./replace";
import type { Run } from "./run";
import { createAction, noCause, replaceAction, sameAction, updateAction } from "./steps";

/** A registration ready to be decided: its old entry, and the new one as far as it is known. */
export interface Subject {
  goal: Registration;
  old: ResourceState | undefined;
  next: ResourceState;
  /** False: a name is claimed twice, which was reported. The provider checks the inputs before the run ends. */
  valid: boolean;
  done: (state: ResourceState) => void;
}

/** What has to be done for a registered resource, in order. */
export async function decide(run: Run, subject: Subject): Promise<Action[]> {
  const { goal, old, next, done } = subject;
  const { urn } = next;
  const oldInputs = old?.inputs ?? {};
  const recreating = run.decided(urn, "delete");
  const wanted = old === undefined ? goal.inputs : ignored(run, urn, oldInputs, goal.inputs, goal.ignoreChanges);
  let inputs = wanted;
  if (next.custom) {
    const fresh = recreating || old === undefined || Boolean(old.external);
    inputs = await checked(run, next, fresh ? {} : oldInputs, fresh ? goal.inputs : wanted);
  }
  next.inputs = inputs;
  if (!subject.valid) throw new Invalid();
  if (old === undefined) {
    run.decide(urn, "create");
    return [createAction(run, next, done)];
  }
  if (recreating) return recreate(run, subject, old);
  if (old.external) {
    run.decide(urn, "create");
    const create = createAction(run, next, done, { old, cause: noCause, createFirst: true });
    return [create, replaceAction(old, next, noCause)];
  }
  return continueWithDiff(run, subject, old, await diffResource(run, subject, old, inputs));
}

async function checked(run: Run, next: ResourceState, olds: Properties, news: Properties): Promise<Properties> {
  const inputs = await checkInputs(run, next, olds, news);
  if (inputs === undefined) throw new Invalid();
  return inputs;
}

/** It was deleted early, for something it depends on; now it is clear that it is to be replaced. */
function recreate(run: Run, { next, done }: Subject, old: ResourceState): Action[] {
  run.retract(next.urn, "delete");
  run.decide(next.urn, "replace");
  const cause = { ...noCause, replaceKeys: run.condemned.get(old) ?? [] };
  return [replaceAction(old, next, noCause), createAction(run, next, done, { old, cause, createFirst: false })];
}

async function diffResource(run: Run, { goal, next }: Subject, old: ResourceState, inputs: Properties): Promise<Diff> {
  if (next.deletedWith && run.decided(next.deletedWith, "replace")) return bareDiff(true, ["deletedWith"]);
  if (old.custom !== next.custom) return bareDiff(true, ["provider"]);
  if (!next.custom) return bareDiff(!equal(old.inputs ?? {}, inputs));
  return diffObject(run, { old, next, newInputs: inputs, ignoreChanges: goal.ignoreChanges });
}

async function continueWithDiff(run: Run, subject: Subject, old: ResourceState, answer: Diff): Promise<Action[]> {
  const { goal, next, done } = subject;
  const hasInitErrors = (old.initErrors ?? []).length > 0;
  const diff = applyReplaceOnChanges(answer, goal.replaceOnChanges, hasInitErrors);
  if (old.pendingReplacement || (diff.changes && asksReplacement(diff))) return replace(run, subject, old, diff);
  if (diff.changes || hasInitErrors) {
    run.decide(next.urn, "update");
    return [updateAction(run, old, next, diff, done)];
  }
  run.decide(next.urn, "same");
  return [sameAction(run, old, next, done)];
}

async function replace(run: Run, subject: Subject, old: ResourceState, diff: Diff): Promise<Action[]> {
  const { goal, next, done } = subject;
  if (next.protect && old.protect) rejectProtected(run, next.urn);
  run.decide(next.urn, "replace");
  // What was carried over from the old object (defaults, ignored changes) does not hold for a new one.
  if (next.custom) next.inputs = await checked(run, next, {}, goal.inputs);
  if (goal.deleteBeforeReplace ?? diff.deleteBeforeReplace) return replaceChain(run, old, next, diff, done);
  const create = createAction(run, next, done, { old, cause: diff, createFirst: true });
  return [create, replaceAction(old, next, diff)];
}

/** In a preview the error is noted and the preview goes on, so that the cause can be seen. */
function rejectProtected(run: Run, urn: string): void {
  const message =
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
  run.report("error", message, urn);
  if (!run.options.dryRun) throw new Invalid();
  run.errors += 1;
  run.rejected = true;
}
