import type { Connection } from "../api/http";
import { DEFAULT_TIMEOUT_SECONDS } from "../config";
import { hasCode, ProcessMindError } from "../errors";
import { notConfirmedDeleted } from "../messages/requests";
import { sameId } from "../same";
import type { Context } from "./context";

/** A connection for one operation: the key is read now, and its limit is the resource's own where it has one. */
export function connect(context: Context, timeoutSeconds?: number): Connection {
  const { proxyFor, now, sleep, random, cancelled, verifyEngine } = context;
  return { ...context.settings(timeoutSeconds), proxyFor, now, sleep, random, cancelled, verifyEngine };
}

/** For the requests around an upload, which are small: its own limit may be hours, and one silent connection takes half. */
export function connectBesideUpload(context: Context, timeoutSeconds?: number): Connection {
  return connect(context, timeoutSeconds && Math.min(timeoutSeconds, DEFAULT_TIMEOUT_SECONDS));
}

/** Operations that may share a response: they would send the same request, with the same patience. */
export function listKey({ apiUrl, timeoutSeconds }: Connection, tenantId: string): string {
  return `${apiUrl} ${tenantId} ${timeoutSeconds}`;
}

/** Runs a GET of an object by its own id; 404, and nothing else, means it is not to be found. */
export async function unlessMissing<T>(get: Promise<T>): Promise<T | undefined> {
  try {
    return await get;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * An object by its id; undefined when it is deleted. A 404 alone does not prove that: services return it for what was made
 * a moment ago, and for everything while the URL or the tenant is a wrong one. What leaves the state because of a 404
 * would be made a second time. So the list has to agree.
 *
 * @param doing - gerund, noun, name and id, for the message.
 * @throws ProcessMindError `NOT_FOUND` when the list still has it, or answers 404 too; else what the list met.
 */
export async function findById<T extends { id: string }>(
  doing: string,
  id: string,
  get: Promise<T>,
  list: () => Promise<T[]>,
): Promise<T | undefined> {
  const found = await unlessMissing(get);
  if (found !== undefined) return found;
  const listed = await list().catch((error: unknown) => {
    if (!(error instanceof ProcessMindError)) throw error;
    throw notConfirmedDeleted(doing, error.code === "NOT_FOUND" ? "is missing too" : "cannot be read", error);
  });
  if (!listed.some((item) => sameId(item.id, id))) return undefined;
  throw notConfirmedDeleted(doing, "has it");
}
