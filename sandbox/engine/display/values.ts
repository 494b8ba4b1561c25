import { isDeepStrictEqual } from "node:util";
import { type Properties, RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN, type Value } from "../model";
import { withoutSecrets } from "../state/snapshot-codec";

const LONGEST_STRING = 300;

/** Keys a user never sees: Pulumi's own, such as the serialised provider. */
export function isInternal(key: string): boolean {
  return key.startsWith("__");
}

/** The properties without internal keys, at any depth. */
export function withoutInternal(value: Properties): Properties {
  return prune(value) as Properties;
}

function prune(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => prune(item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isInternal(key))
      .map(([key, item]) => [key, prune(item)]),
  );
}

/** The value with `[secret]` in place of every secret, for JSON output. */
export function masked(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}

/** Whether the value is wrapped as a secret. */
function isSecret(value: Value | undefined): boolean {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** A JSON object, neither secret nor reference. */
export function isPlainObject(value: Value | undefined): value is { [key: string]: Value } {
  return isObject(value) && value[SIGNATURE] === undefined;
}

/** Equal apart from secret wrappers. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isDeepStrictEqual(withoutSecrets(a), withoutSecrets(b));
}

/** A value that fits on one line, or undefined when it must be spread over several. */
export function inline(value: Value): string | undefined {
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "output<string>";
  if (isObject(value) && value[SIGNATURE] === RESOURCE_REFERENCE) return String(value["urn"]);
  if (typeof value === "string") return value.includes("\n") ? undefined : quote(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : undefined;
  if (isObject(value)) return Object.keys(withoutInternal(value)).length === 0 ? "{}" : undefined;
  return JSON.stringify(value);
}

/** A string as shown: quoted, and cut when a reader could not use the rest. */
function quote(text: string): string {
  if (text.length <= LONGEST_STRING) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, LONGEST_STRING))}… (${text.length} characters)`;
}

function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
