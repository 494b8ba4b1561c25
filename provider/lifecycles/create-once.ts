import pLimit, { type Limit } from "p-limit";
import type { Created } from "../api/endpoints";
import { hasCode, ProcessMindError } from "../errors";
import type { Context } from "./context";

/**
 * One create, one object. The API has no idempotency key and names need not be unique, so: look at the list before,
 * send one POST, and when its reply is lost look at the list again instead of sending another.
 */
export interface CreateOnce<T extends { id: string }> {
  /** For messages: `Dataset` or `Datatable`. */
  noun: string;
  displayName: string;
  /** Creates of the same key wait for each other, so that two resources of one program cannot race. */
  key: string;
  allowSameName: boolean;
  /** Objects of our name in our place, or whose place the API does not tell. */
  listAlike(): Promise<T[]>;
  post(): Promise<Created<T>>;
}

/** Waits before each look at the list after a lost reply: the service may still be at work. */
const LOOK_AFTER_MS = [0, 1_000, 3_000];

const queues = new Map<string, Limit>();

/** @throws ProcessMindError `ALREADY_EXISTS` before any POST, `AMBIGUOUS_CREATE` when nobody can tell what was made. */
export async function createOnce<T extends { id: string }>(
  context: Context,
  request: CreateOnce<T>,
): Promise<Created<T>> {
  const queue = queues.get(request.key) ?? pLimit(1);
  queues.set(request.key, queue);
  return queue(async () => {
    const before = await request.listAlike();
    if (before.length > 0 && !request.allowSameName) throw alreadyExists(request, before);
    try {
      return await request.post();
    } catch (error) {
      if (!(error instanceof ProcessMindError) || !error.mayHaveHappened) throw error;
      return findCreated(context, request, before, error);
    }
  });
}

async function findCreated<T extends { id: string }>(
  context: Context,
  request: CreateOnce<T>,
  before: T[],
  cause: ProcessMindError,
): Promise<Created<T>> {
  const known = new Set(before.map((item) => item.id));
  for (const delay of LOOK_AFTER_MS) {
    await context.sleep(delay);
    const fresh = (await listOrExplain(request, cause)).filter((item) => !known.has(item.id));
    const [only, ...others] = fresh;
    if (only !== undefined && others.length === 0) return { id: only.id, details: () => only };
    if (only !== undefined) throw ambiguous(request, cause, `several new ones have that name: ${idsOf(fresh)}`);
  }
  throw ambiguous(request, cause, "no new one of that name is in the list");
}

async function listOrExplain<T extends { id: string }>(request: CreateOnce<T>, cause: ProcessMindError): Promise<T[]> {
  try {
    return await request.listAlike();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw ambiguous(request, cause, `the list cannot be read either (${reason})`);
  }
}

function alreadyExists(request: CreateOnce<{ id: string }>, found: { id: string }[]): ProcessMindError {
  const { noun, displayName } = request;
  return new ProcessMindError("ALREADY_EXISTS", {
    doing: `creating ${noun} "${displayName}"`,
    happened: `${found.length === 1 ? "one of that name exists" : `${found.length} of that name exist`} already: ${idsOf(found)}`,
    todo:
      "Nothing was created. Renamed or moved in this program: add aliases: [{ name, parent }] with its earlier name and " +
      "parent. Replaced by --replace or a taint: set forceDestroy: true, run `pulumi up`, then replace it. Left by a run " +
      `that was cut short, or yours otherwise: existingId: "${found[0]?.id}" adopts it. A second one: choose another ` +
      "displayName, or set allowSameName: true.",
  });
}

function ambiguous(request: CreateOnce<{ id: string }>, cause: ProcessMindError, found: string): ProcessMindError {
  const { noun, displayName } = request;
  const what = hasCode(cause, "BAD_RESPONSE") ? "the reply cannot be used" : "the reply was lost";
  return new ProcessMindError("AMBIGUOUS_CREATE", {
    doing: `creating ${noun} "${displayName}"`,
    happened: `${what}, and ${found}`,
    todo:
      "No second one was asked for. Run `pulumi up` again: it looks at the list first; then take over what you want " +
      `to keep with existingId and delete the rest in ProcessMind. Cause: ${cause.message}`,
  });
}

function idsOf(items: { id: string }[]): string {
  return items.map((item) => `"${item.id}"`).join(", ");
}
