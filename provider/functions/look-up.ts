import type { Connection } from "../api/http";
import { type ConfigSource, configuredTenantId, proxyFor, requireTenantId, settingsFrom } from "../config";
import { ProcessMindError } from "../errors";
import { sameName } from "../same";

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
  const connection: Connection = {
    ...settingsFrom(config, args.timeoutSeconds),
    proxyFor,
    now: () => Date.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    random: Math.random,
  };
  // Here and not at the head of the file: programs that look nothing up, most of them, load no HTTP client.
  const api = await import("../api/endpoints");
  return query(api, connection, tenantId, args);
}

/** Refuses anything but exactly one of `id` and `displayName`, each a text. */
export function requireOneKey(noun: string, args: { id?: unknown; displayName?: unknown }): void {
  const given = [args.id, args.displayName].filter((key) => key !== undefined && key !== null);
  if (given.length === 1 && isText(given[0])) return;
  const happened = given.length === 1 ? "the id or displayName is no text, or empty" : "not one of them was given";
  throw badArguments(noun, given.length > 1 ? "both id and displayName were given" : happened);
}

/** @returns the error for arguments that name nothing. */
export function badArguments(noun: string, happened: string): ProcessMindError {
  const ways = noun === "Datatable" ? "either id, or displayName and datasetId" : "either id or displayName";
  return new ProcessMindError("INVALID_REQUEST", { doing: `looking up ${noun}`, happened, todo: `Give ${ways}.` });
}

/** Whether a key was really given: in JavaScript, or from an output, anything may arrive. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

const NAMED_AT_MOST = 10;

/**
 * The one object of that name; blanks around it do not count.
 *
 * @param where - completes "in …" for messages.
 * @throws ProcessMindError `NOT_FOUND` or `AMBIGUOUS_NAME`, naming what is there.
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
  const doing = `looking up ${noun} "${displayName}" in ${where}`;
  if (only !== undefined) {
    const ids = alike.map(({ id }) => `"${id}"`).join(", ");
    const happened = `${alike.length} have that name: ${ids}`;
    throw new ProcessMindError("AMBIGUOUS_NAME", { doing, happened, todo: "Look it up by its id." });
  }
  const names = all.slice(0, NAMED_AT_MOST).map((item) => `"${item.displayName ?? ""}" (${item.id})`);
  if (all.length > names.length) names.push(`${all.length - names.length} more`);
  const happened = `none has that name; there ${names.length === 0 ? "are none at all" : `is ${names.join(", ")}`}`;
  throw new ProcessMindError("NOT_FOUND", { doing, happened, todo: "Check the name and the tenant." });
}
