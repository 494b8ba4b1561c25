import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../api/http";
import { proxyFor, requireTenantId, settingsFrom } from "../config";
import { ProcessMindError } from "../errors";
import { type InputsOf, type LookupOptions, printedAlone, programConfig, tenantIn } from "../program";
import { sameName } from "../same";

/** What all functions do alike: reach the API from the user's program, and find the one object that is meant. */

type Api = typeof import("../api/endpoints");

/** Runs requests with the key and address of this moment; the key goes nowhere but into them. */
export async function lookUp<T>(
  options: LookupOptions,
  requests: (api: Api, connection: Connection, tenantId: string) => Promise<T>,
): Promise<T> {
  try {
    return await run(options, requests);
  } catch (error) {
    throw error instanceof ProcessMindError ? printedAlone(error) : error;
  }
}

async function run<T>(
  options: LookupOptions,
  requests: (api: Api, connection: Connection, tenantId: string) => Promise<T>,
): Promise<T> {
  const tenantId = requireTenantId(tenantIn(options));
  const connection: Connection = {
    ...settingsFrom(programConfig, options.timeoutSeconds),
    proxyFor,
    now: () => Date.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    random: Math.random,
  };
  // Here and not at the head of the file: programs that look nothing up, most of them, load no HTTP client.
  const api = await import("../api/endpoints");
  return requests(api, connection, tenantId);
}

/** The Output form of a function. An argument not known yet, in a preview, leaves the result unknown. */
export function lifted<A, R>(look: (args: A) => Promise<R>, args: InputsOf<A>): pulumi.Output<R> {
  // What `output` unwraps is just what `InputsOf` wrapped, which the type of `output` cannot tell of any A.
  return pulumi.output(args).apply((known) => look(known as A)) as pulumi.Output<R>;
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
