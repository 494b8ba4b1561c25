import type { Connection } from "../api/http";
import { type ConfigSource, configuredTenantId, requireTenantId, settingsFrom } from "../config";
import type { Candidate } from "../errors";
import * as says from "../messages/program";
import { nearestFirst } from "../nearest";
import { sameName } from "../same";
import { SYSTEM } from "../system";

/** What all look-ups share, whichever host runs them: reach the API, and find the one object that is meant. */

type Api = typeof import("../api/endpoints");

/** The requests of one look-up. */
export type Query<A, R> = (api: Api, connection: Connection, tenantId: string, args: A) => Promise<R>;

/** Runs requests with the current key and URL; the key appears nowhere but in them. */
export async function runQuery<A extends { tenantId?: string; timeoutSeconds?: number }, R>(
  config: ConfigSource,
  query: Query<A, R>,
  args: A,
): Promise<R> {
  const tenantId = requireTenantId(args.tenantId ?? configuredTenantId(config));
  const connection: Connection = { ...settingsFrom(config, args.timeoutSeconds), ...SYSTEM };
  // Here and not at the head of the file: programs that look nothing up, most of them, load no HTTP client.
  const api = await import("../api/endpoints");
  return query(api, connection, tenantId, args);
}

/** Rejects anything but exactly one of `id` and `displayName`, each a text. */
export function requireOneKey(noun: string, args: { id?: unknown; displayName?: unknown }): void {
  const keys = [args.id, args.displayName].filter((key) => key !== undefined && key !== null);
  if (keys.length > 1) throw says.badArguments(noun, says.bothKeys());
  if (keys.length === 0) throw says.badArguments(noun, says.noKey());
  if (!isText(keys[0])) throw says.badArguments(noun, says.keyIsNotText());
}

/** Whether a key was really passed: in JavaScript, or from an output, anything may arrive. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/**
 * The one object of that name; whitespace around it does not count.
 *
 * @param where - completes "in …" for messages.
 * @throws ProcessMindError `NOT_FOUND` or `AMBIGUOUS_NAME`, with the candidates.
 */
export function onlyOneNamed<T extends { id: string; displayName?: string }>(
  noun: string,
  displayName: string,
  where: string,
  all: T[],
): T {
  const alike = all.filter((item) => sameName(item.displayName, displayName));
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  if (only !== undefined) throw says.severalNamed(noun, displayName, where, alike.map(candidateOf));
  const nearest = nearestFirst(displayName, all, (item) => item.displayName ?? "");
  throw says.noneNamed(noun, displayName, where, nearest.map(candidateOf));
}

function candidateOf({ id, displayName }: Candidate): Candidate {
  return { id, ...(displayName !== undefined && { displayName }) };
}
