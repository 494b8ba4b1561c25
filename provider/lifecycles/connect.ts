import type { Connection } from "../api/http";
import { hasCode } from "../errors";
import type { Context } from "./context";

/** A connection for one operation: the key is read now, and its limit is the resource's own where it has one. */
export function connect(context: Context, timeoutSeconds?: number): Connection {
  const { proxyFor, now, sleep, random } = context;
  return { ...context.settings(timeoutSeconds), proxyFor, now, sleep, random };
}

/** Operations that may share an answer: they would send the same request, with the same patience. */
export function listKey({ apiUrl, timeoutSeconds }: Connection, tenantId: string): string {
  return `${apiUrl} ${tenantId} ${timeoutSeconds}`;
}

/** Runs a GET of an object by its own id; 404, and nothing else, means it is gone. */
export async function unlessGone<T>(get: Promise<T>): Promise<T | undefined> {
  try {
    return await get;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * What a read finds. The object of a refresh may be gone. That of a static `get` is expected to be there: the state then
 * holds only what the program passed, and so none of our outputs.
 */
export function readBack<T>(state: { adopted?: boolean }, get: Promise<T>): Promise<T | undefined> {
  return state.adopted === undefined ? get : unlessGone(get);
}

/** Names are compared as sent, but for blanks around them, which some services trim. */
export function sameName(one: string | undefined, other: string | undefined): boolean {
  return one?.trim() === other?.trim();
}
