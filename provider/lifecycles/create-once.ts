import type { Created } from "../api/endpoints";
import { type Candidate, ProcessMindError } from "../errors";
import { type Limit, limitTo } from "../limit";
import { alreadyExists, ambiguousCreate } from "../messages/objects";
import type { Context } from "./context";

/**
 * One create, one object. The API has no idempotency key and names need not be unique, so: look at the list before,
 * send one POST, and when its reply is lost look at the list again instead of sending another.
 */
export interface CreateOnce<T extends Candidate> {
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
export async function createOnce<T extends Candidate>(context: Context, request: CreateOnce<T>): Promise<Created<T>> {
  const queue = queues.get(request.key) ?? limitTo(1);
  queues.set(request.key, queue);
  return queue(async () => {
    const before = await request.listAlike();
    if (before.length > 0 && !request.allowSameName) {
      throw alreadyExists(request.noun, request.displayName, before.map(candidateOf));
    }
    try {
      return await request.post();
    } catch (error) {
      if (!(error instanceof ProcessMindError) || !error.mayHaveHappened) throw error;
      return findCreated(context, request, before, error);
    }
  });
}

async function findCreated<T extends Candidate>(
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
    if (only !== undefined) throw ambiguous(request, "several", cause, fresh);
  }
  throw ambiguous(request, "none", cause);
}

async function listOrExplain<T extends Candidate>(request: CreateOnce<T>, cause: ProcessMindError): Promise<T[]> {
  try {
    return await request.listAlike();
  } catch (error) {
    throw ambiguous(request, "no list", error instanceof ProcessMindError ? error : cause);
  }
}

function ambiguous(
  { noun, displayName }: CreateOnce<Candidate>,
  found: "none" | "several" | "no list",
  cause: ProcessMindError,
  candidates: Candidate[] = [],
): ProcessMindError {
  return ambiguousCreate(noun, displayName, found, candidates.map(candidateOf), cause);
}

function candidateOf({ id, displayName }: Candidate): Candidate {
  return { id, ...(displayName !== undefined && { displayName }) };
}
