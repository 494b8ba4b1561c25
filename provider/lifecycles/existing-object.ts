import type { Connection } from "../api/http";
import { requireTenantId } from "../config";
import { readingNamed } from "../messages/doing";
import * as says from "../messages/objects";
import { sameId, sameName } from "../same";
import { isUnknown } from "../unknown";
import { connect, findById } from "./connect";
import type { CheckFailure, Context, Loose } from "./context";
import { deletionOf } from "./delete-rule";
import { isChange, isNew, type Policy, refusable } from "./policy";

/** What Dataset and Datatable do alike with an object that exists: adopt, find and delete it. */

/** The inputs both have. */
export interface ObjectInputs {
  displayName: string;
  tenantId: string;
  existingId?: string;
  forceDestroy?: boolean;
  timeoutSeconds?: number;
}

export interface ObjectState extends ObjectInputs {
  /** Adopted by existingId: deletion leaves it alone unless forceDestroy. */
  adopted: boolean;
}

/** What a deletion would lose, and what can be done about that. */
export interface Loss {
  holds: string;
  options: readonly string[];
}

/** What differs between the two. */
export interface ObjectKind<W extends { id: string }, I extends ObjectInputs, S extends I & ObjectState> {
  /** For messages. */
  nounOf(inputs: Partial<I>): string;
  get(connection: Connection, tenantId: string, id: string): Promise<W>;
  list(connection: Connection, tenantId: string): Promise<W[]>;
  /** Declared and found values that adoption compares; undefined where ProcessMind does not report one. */
  compared(inputs: I, found: W): [property: keyof I & string, declared: unknown, found: unknown][];
  /** What a create or an adoption records of it. */
  outputsOf(found: W): Partial<S>;
  /** What deletion without forceDestroy would lose; undefined: surely nothing. */
  lossOf(connection: Connection, id: string, state: S, found: W): Promise<Loss | undefined>;
  remove(context: Context, connection: Connection, id: string, state: S): Promise<void>;
}

/** Pulumi shows a create; only the message says that nothing is created. */
export async function announceAdoption<I extends ObjectInputs>(
  context: Context,
  noun: string,
  old: Loose<I>,
  wanted: Loose<I>,
): Promise<void> {
  const { displayName, existingId } = wanted as Loose<ObjectInputs>;
  if (!isNew(old) || typeof existingId !== "string" || isUnknown(existingId)) return;
  await context.info(says.adopts(noun, displayName, existingId));
}

/** With existingId still set, a replacement would delete the object and then try to adopt it again. */
export function adoptedReplacement<I extends ObjectInputs>(
  policy: Policy<I>,
  old: Loose<I>,
  wanted: Loose<I>,
  failure: (properties: readonly string[]) => CheckFailure,
): CheckFailure[] {
  const { forceDestroy } = old as Loose<ObjectInputs>;
  const { existingId } = wanted as Loose<ObjectInputs>;
  if (forceDestroy !== true || existingId === undefined || isUnknown(existingId)) return [];
  const replaces = refusable(policy, old, wanted);
  return replaces.length === 0 ? [] : [failure(replaces)];
}

/** @throws ProcessMindError `ADOPTION_MISMATCH` when it is not what the program declares; nothing is changed then. */
export async function adoptObject<W extends { id: string }, I extends ObjectInputs, S extends I & ObjectState>(
  context: Context,
  kind: ObjectKind<W, I, S>,
  inputs: I,
  existingId: string,
): Promise<{ id: string; state: I & Partial<S> & { adopted: true } }> {
  const { tenantId, timeoutSeconds } = inputs;
  const found = await kind.get(connect(context, timeoutSeconds), tenantId, existingId);
  const differences = kind
    .compared(inputs, found)
    .filter(([property, declared, there]) => there !== undefined && isChange(property, declared, there ?? undefined))
    .map(([property, declared, there]) => says.isOther(property, there, declared));
  if (differences.length > 0) {
    throw says.adoptionMismatch(kind.nounOf(inputs), inputs.displayName, existingId, differences);
  }
  context.declared.addAdopted({ address: context.address(), tenantId, id: found.id });
  return { id: found.id, state: { ...inputs, ...kind.outputsOf(found), adopted: true } };
}

/** The object; undefined when it is deleted. */
export function findObject<W extends { id: string }, I extends ObjectInputs, S extends I & ObjectState>(
  connection: Connection,
  kind: ObjectKind<W, I, S>,
  id: string,
  state: S,
): Promise<W | undefined> {
  const tenantId = requireTenantId(state.tenantId);
  const doing = readingNamed(kind.nounOf(state), state.displayName, id);
  return findById(doing, id, kind.get(connection, tenantId, id), () => kind.list(connection, tenantId));
}

/**
 * What a refresh finds; undefined when it is deleted. The object of a static `get` is expected to be there: its state
 * holds only what the program passed.
 */
export async function readObject<W extends { id: string }, I extends ObjectInputs, S extends I & ObjectState>(
  context: Context,
  kind: ObjectKind<W, I, S>,
  id: string,
  state: S,
): Promise<W | undefined> {
  const connection = connect(context, state.timeoutSeconds);
  return state.adopted === undefined
    ? kind.get(connection, requireTenantId(state.tenantId), id)
    : findObject(connection, kind, id, state);
}

/** The found value, unless it is not reported or means the same: then the state keeps its own. */
export function currentName(found: string | undefined, known: string): string {
  return found === undefined || sameName(found, known) ? known : found;
}

/** As {@link currentName}, of an id. */
export function currentId<T extends string | undefined>(found: string | undefined, known: T): string | T {
  return found === undefined || sameId(found, known) ? known : found;
}

/**
 * Deletes the object, unless it is deleted, was adopted, or another resource of the program has it.
 *
 * @throws ProcessMindError `DATA_WOULD_BE_LOST`, or what {@link ObjectKind.remove} meets.
 */
export async function deleteObject<W extends { id: string }, I extends ObjectInputs, S extends I & ObjectState>(
  context: Context,
  kind: ObjectKind<W, I, S>,
  id: string,
  state: S,
): Promise<void> {
  const connection = connect(context, state.timeoutSeconds);
  const { displayName, tenantId, adopted } = state;
  const noun = kind.nounOf(state);
  if (context.declared.has({ address: context.address(), tenantId, id }, adopted)) {
    await context.warn(says.declaredTwice(noun, displayName, id));
    return;
  }
  const found = await findObject(connection, kind, id, state);
  if (found === undefined) return;
  const deletion = deletionOf(state);
  if (deletion === "keep") {
    await context.warn(says.adoptedStays(noun, displayName, id));
    return;
  }
  const loss = deletion === "guard" ? await kind.lossOf(connection, id, state, found) : undefined;
  if (loss !== undefined) throw says.dataWouldBeLost(noun, displayName, id, loss.holds, loss.options);
  await kind.remove(context, connection, id, state);
}
