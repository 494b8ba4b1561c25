import { isDeepStrictEqual } from "node:util";
import { sameId, sameName } from "../same";
import { holdsUnknown } from "../unknown";
import type { CheckFailure, Difference } from "./context";

/**
 * What a change of each input does. A policy is a table, so that a reviewer reads it first and a forgotten property
 * does not compile.
 *
 * - `update`: passed to `update`.
 * - `replace`: needs a new object, and nothing is lost by that.
 * - `refuse`: the API has no call for it and a new object would lose data: rejected in `check`, unless the *stored*
 *   state says `forceDestroy: true`; then it replaces.
 * - `refuse-parent`: the id of what holds the object. As `refuse`, and an id not known yet is rejected too: the
 *   parent is about to be replaced, and this object's data with it.
 * - `ignore`: means something at creation only, or nothing to the service.
 */
export type Effect = "update" | "replace" | "refuse" | "refuse-parent" | "ignore";
export type Policy<I> = { readonly [K in keyof Required<I>]: Effect };
type LooseInputs<I> = { [K in keyof I]?: unknown };

/** The changes that `check` must reject, as failures. */
export function rejectedChanges<I extends object>(
  policy: Policy<I>,
  old: LooseInputs<I>,
  wanted: LooseInputs<I>,
  rejection: (property: keyof I & string, from: unknown, to: unknown) => CheckFailure,
): CheckFailure[] {
  if (isNew(old) || mayDestroy(old)) return [];
  return refusable(policy, old, wanted).map((property) => rejection(property, old[property], wanted[property]));
}

/** Whether `old` is the inputs of no earlier run. */
export function isNew(old: object): boolean {
  return Object.keys(old).every((key) => key.startsWith("__"));
}

/** The changes that are rejected, or are a replacement where the stored state allows one. */
export function refusable<I extends object>(
  policy: Policy<I>,
  old: LooseInputs<I>,
  wanted: LooseInputs<I>,
): (keyof I & string)[] {
  return namesOf(policy).filter(
    (name) =>
      isRejected(policy[name], wanted[name]) &&
      isChange(name, old[name], wanted[name]) &&
      !isUnreported(name, old[name]),
  );
}

/** What `check` always records. Without it the object was imported, and ProcessMind does not say what it is. */
const ALWAYS_RECORDED = ["displayName", "treeNodeType", "datasetId"];

/** Whether a stored value is absent because ProcessMind omits it; then nothing can differ from it. */
function isUnreported(property: string, stored: unknown): boolean {
  return (stored === undefined || stored === null) && ALWAYS_RECORDED.includes(property);
}

/** Compares stored state with checked inputs. An unknown counts as a change: it may be one. */
export function diffByPolicy<I extends object>(
  policy: Policy<I>,
  state: LooseInputs<I>,
  wanted: LooseInputs<I>,
): Difference {
  const changed = namesOf(policy).filter(
    (name) =>
      policy[name] !== "ignore" && isChange(name, state[name], wanted[name]) && !isUnreported(name, state[name]),
  );
  const replaces = changed.filter((name) => {
    if (policy[name] === "update") return false;
    // Rejected once it is known, if it is a change at all; a preview must not cry "replace" for it.
    return policy[name] !== "refuse" || !holdsUnknown(wanted[name]) || mayDestroy(state);
  });
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false };
}

function isRejected(effect: Effect, wanted: unknown): boolean {
  return effect === "refuse-parent" || (effect === "refuse" && !holdsUnknown(wanted));
}

/** Properties that ProcessMind may normalize: whitespace around names, letter case of ids. */
const NORMALIZED: { [property: string]: (one: unknown, other: unknown) => boolean } = {
  displayName: sameName,
  tenantId: sameId,
  treeParentId: sameId,
  datasetId: sameId,
  datatableId: sameId,
};

/** Whether a property changes: as {@link differs}, but for what normalization makes equal. */
export function isChange(property: string, before: unknown, after: unknown): boolean {
  return differs(before, after) && !NORMALIZED[property]?.(before, after);
}

function mayDestroy(stored: object): boolean {
  return (stored as { forceDestroy?: unknown }).forceDestroy === true;
}

/** Absent and null are the same to Pulumi; so they are here. */
export function differs(before: unknown, after: unknown): boolean {
  return holdsUnknown(after) || !isDeepStrictEqual(before ?? null, after ?? null);
}

function namesOf<I>(policy: Policy<I>): (keyof I & string)[] {
  return Object.keys(policy) as (keyof I & string)[];
}
