import { ProcessMindError } from "../errors";
import { isUnknown } from "./checks";
import type { CheckFailure, Context, Difference, Loose } from "./context";
import { isNew, type Policy, refusable, shown } from "./policy";

/** What Dataset and Datatable do alike around objects taken over, and around deletion. */

/**
 * With existingId still set, a replacement would destroy the object and then try to take it over again.
 */
export function adoptedReplacement<I extends { existingId?: string }>(
  policy: Policy<I>,
  old: Loose<I>,
  wanted: Loose<I>,
): CheckFailure[] {
  const stored = old as Loose<{ forceDestroy: boolean }>;
  const { existingId } = wanted as { existingId?: unknown };
  if (stored.forceDestroy !== true || existingId === undefined || isUnknown(existingId)) return [];
  const replaces = refusable(policy, old, wanted);
  if (replaces.length === 0) return [];
  const reason = `existingId must be removed before ${replaces.join(", ")} can change: a new object would be made, and existingId names the old one`;
  return [{ property: "existingId", reason }];
}

/** Pulumi shows a create; only this says that nothing is created. */
export async function announceAdoption<I extends { displayName: string; existingId?: string }>(
  context: Context,
  noun: string,
  old: Loose<I>,
  wanted: Loose<I>,
): Promise<void> {
  const { displayName, existingId } = wanted as Loose<{ displayName: string; existingId: string }>;
  if (!isNew(old) || typeof existingId !== "string" || isUnknown(existingId)) return;
  await context.info(
    `adopts ${noun} ${shown(displayName)} by existingId "${existingId}": creates nothing. ` +
      "The `up` compares id, name and place before it changes anything.",
  );
}

/** Objects that resources of the program have, by {@link keyOf}; true where one of them took it over. */
const held = new Map<string, boolean>();
const declared = new Set<string>();

/** Remembers, for the rest of this run, that a resource of the program has taken this object over. */
export function noteTakenOver(tenantId: unknown, id: string): void {
  held.set(keyOf(tenantId, id), true);
}

/** Remembers what the program declares: Pulumi calls `check` for that alone, but `diff` for what a refresh finds, too. */
export function noteDeclared(inputs: object): void {
  declared.add(canonical(inputs));
}

/** Remembers an object that a resource of the program has from an earlier run, and keeps. */
export function noteKept<I extends { tenantId: string }>(
  id: string,
  state: Loose<I & { adopted: boolean }>,
  inputs: Loose<I>,
  { replaces }: Difference,
): void {
  if (replaces.length > 0 || !declared.has(canonical(inputs))) return;
  const key = keyOf((inputs as { tenantId?: unknown }).tenantId, id);
  const { adopted } = state as { adopted?: unknown };
  held.set(key, adopted === true || held.get(key) === true);
}

/** The same text for the same properties, in whatever order their keys come. */
export function canonical(inputs: object): string {
  return JSON.stringify(inputs, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

function keyOf(tenantId: unknown, id: string): string {
  return `${tenantId} ${id}`.toLowerCase();
}

/**
 * Whether another resource of the program has the object too, which is warned of: one of the two took it over by
 * existingId, in this run or before. Pulumi creates and compares first and deletes after, so the entry of a resource that
 * was renamed without `aliases` would delete what the new one has.
 */
export async function isHandedOver(
  context: Context,
  noun: string,
  id: string,
  { displayName, tenantId, adopted }: { displayName: string; tenantId: string; adopted: boolean },
): Promise<boolean> {
  const byTakeover = held.get(keyOf(tenantId, id));
  if (byTakeover === undefined || !(byTakeover || adopted)) return false;
  await context.warn(
    `${noun} "${displayName}" (${id}) belongs to another resource of the program too: it stays in ProcessMind, and this resource leaves the stack.`,
  );
  return true;
}

export function adoptionMismatch(noun: string, name: string, id: string, differences: string[]): ProcessMindError {
  return new ProcessMindError("ADOPTION_MISMATCH", {
    doing: `taking over ${noun} "${name}" by existingId "${id}"`,
    happened: `what is there is another than what the program describes: ${differences.join("; ")}`,
    todo: "Nothing was changed. Correct existingId, or write in the program what ProcessMind has.",
  });
}

/** `{"success": false}`, or another answer for what is still there: the service did not, without saying why. */
export function unexpectedRefusal(noun: string, name: string, id: string, saidNo = true): ProcessMindError {
  return new ProcessMindError("DELETE_REFUSED", {
    doing: `deleting ${noun} "${name}" (${id})`,
    happened: saidNo ? 'the API answered "success": false' : "the API did not confirm the DELETE, and still has it",
    todo: "It is still there. Delete it in ProcessMind and run `pulumi refresh`, or try again.",
  });
}
