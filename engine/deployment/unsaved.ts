import type { Op, PendingOperation, ResourceState, Snapshot } from "../model";
import { isProviderType } from "../urn";
import { WriteError } from "../whole-file";

/** The state could not be saved. Reported once, at the end of the run, when it is known what the state lacks. */
export class SaveFailure extends Error {}

/** What {@link unsavedText} reports. */
export interface Unsaved {
  /** Of the first save. */
  failure: SaveFailure;
  changes: { [op in Op]?: number };
  /** The state as it is on disk. */
  saved: Snapshot;
  /** The state as it should be. */
  wanted: Snapshot;
}

/** The error of a run that stopped since its state could not be saved: what it did, and what the state lacks. */
export function unsavedText({ failure, changes, saved, wanted }: Unsaved): string {
  const { cause } = failure;
  const isWriting = cause instanceof WriteError;
  const missing = missingIn(saved, wanted);
  const ends = wanted.pendingOperations.length < saved.pendingOperations.length;
  return [
    `the state was not saved: ${isWriting ? cause.reason : failure.message}. Nothing new was started after that.`,
    ...(isWriting ? [`${cause.path} still holds the last save that succeeded.`] : []),
    `Done in this run: ${countsOf(changes)}.`,
    ...(missing.length === 0 ? ["The state lacks none of that."] : ["The state lacks:", ...missing.map(lineOf)]),
    ...(ends ? ["The state still lists finished operations as pending; the next run reports them."] : []),
    "  - free space, or make the file writable, then run the same command again",
    ...(missing.some(({ done }) => done === "created") ? [ADOPT] : []),
    ...(missing.some(({ done }) => done !== "created") ? [REFRESH] : []),
  ].join("\n");
}

const ADOPT = "  - created: adopt each by its id if the next `up` does not find it, or delete it in the service";
const REFRESH = "  - updated or deleted: run `pulumi-offline refresh` before the next `up`";

interface Missing {
  resource: ResourceState;
  done: "created" | "updated" | "deleted";
}

/** What happened to objects of the service and is not in the saved state. */
function missingIn(saved: Snapshot, wanted: Snapshot): Missing[] {
  const before = new Map(objectsOf(saved).map((resource) => [keyOf(resource), resource]));
  const after = new Map(objectsOf(wanted).map((resource) => [keyOf(resource), resource]));
  const changed = [...after.values()].flatMap((resource): Missing[] => {
    const old = before.get(keyOf(resource));
    if (old === undefined) return resource.external ? [] : [{ resource, done: "created" }];
    return contentOf(old) === contentOf(resource) ? [] : [{ resource, done: "updated" }];
  });
  const removed = [...before.values()].filter((resource) => !after.has(keyOf(resource)) && !resource.external);
  return [...changed, ...removed.map((resource): Missing => ({ resource, done: "deleted" }))];
}

function objectsOf({ resources }: Snapshot): ResourceState[] {
  return resources.filter(({ custom, type }) => custom && !isProviderType(type));
}

function keyOf({ urn, id }: ResourceState): string {
  return `${urn} ${id}`;
}

function contentOf({ inputs, outputs, pendingReplacement }: ResourceState): string {
  return JSON.stringify([inputs, outputs, pendingReplacement ?? false]);
}

function lineOf({ resource, done }: Missing): string {
  return `  * ${resource.urn}, ${done}, id "${resource.id}"`;
}

const DONE: { [op in Op]?: string } = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  read: "read",
  refresh: "refreshed",
};

function countsOf(changes: Unsaved["changes"]): string {
  const counts = Object.entries(DONE).flatMap(([op, word]) => {
    const count = changes[op as Op] ?? 0;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  return counts.length === 0 ? "nothing" : counts.join(", ");
}

/** The error of a run that a second Ctrl-C ended: which operations were under way, and may have been carried out. */
export function cutShortText(operations: PendingOperation[]): string {
  if (operations.length === 0) return "ended immediately. No operation was under way.";
  const count = `${operations.length} operation${operations.length === 1 ? "" : "s"}`;
  const lines = operations.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`);
  return [
    `ended immediately, in the middle of ${count}.`,
    ...lines,
    "The state lists them as pending. The next preview and the next `up` report them.",
  ].join("\n");
}
