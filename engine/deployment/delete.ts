import type { ResourceState } from "../model";
import { isProviderType } from "../urn";
import { plainProperties } from "../values";
import type { Action } from "./action";
import type { Run } from "./run";
import { isDefaultProvider, makeStep, rejectUnknowns } from "./steps";

/** A protected entry was asked to go. The rest of the run goes on as far as it can. */
export class ProtectedError extends Error {
  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\n` +
        "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource " +
        `in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``,
    );
  }
}

/** Deletes the object; `replacing` as a half of a replacement, where protection was looked at before. */
export function deleteAction(
  run: Run,
  old: ResourceState,
  options: { replacing: boolean; keepUntilReplaced: boolean },
): Action {
  const { replacing, keepUntilReplaced } = options;
  const op = old.external ? (replacing ? "discard-replaced" : "discard") : replacing ? "delete-replaced" : "delete";
  return {
    step: makeStep(op, old, undefined),
    hidden: isDefaultProvider(old),
    logical: !replacing,
    pending: "deleting",
    async apply() {
      if (!replacing && old.protect) throw new ProtectedError(old.urn);
      if (!run.options.dryRun && needsCall(run, old)) await deleteObject(run, old);
      // Only now: an object that could not be deleted has to be tried again.
      if (keepUntilReplaced) old.pendingReplacement = true;
    },
    record() {
      if (!old.pendingReplacement) run.state.retire(old);
      return true;
    },
  };
}

function needsCall(run: Run, old: ResourceState): boolean {
  const { deletedWith } = old;
  const goesWithAnother = deletedWith ? run.decided(deletedWith, "delete") || run.deletedFirst.has(deletedWith) : false;
  return old.custom && !isProviderType(old.type) && !old.external && !old.retainOnDelete && !goesWithAnother;
}

async function deleteObject(run: Run, old: ResourceState): Promise<void> {
  rejectUnknowns(old.urn, "delete", old.outputs ?? {});
  const provider = await run.providers.get(old.provider ?? "", old.urn);
  await provider.delete(old.urn, old.id ?? "", plainProperties(old.outputs), plainProperties(old.inputs));
}

/** The replacement that was under way is no longer wanted: its object is deleted already, only the entry goes. */
export function removePendingReplaceAction(run: Run, old: ResourceState): Action {
  return {
    step: makeStep("remove-pending-replace", old, undefined),
    hidden: true,
    logical: false,
    apply: async () => undefined,
    record() {
      run.state.retire(old);
      return true;
    },
  };
}
