import { type Properties, RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN, type Value } from "./model";

/** An object without a marker: neither a secret nor a resource reference. */
export function isRecord(value: Value | undefined): value is Properties {
  return isObject(value) && !(SIGNATURE in value);
}

function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a secret itself (not: holds one somewhere inside). */
export function isSecret(value: Value | undefined): value is Properties & { value: Value } {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Wraps the value as a secret. */
export function makeSecret(value: Value): Value {
  return { [SIGNATURE]: SECRET, value };
}

/**
 * The value a provider gets, since Pulumi's dynamic provider accepts no marker: secrets unwrapped, and a resource
 * reference as the resource's id. An id that is not known yet is unknown; a component, which has none, is its URN.
 */
export function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (isSecret(value)) return plain(value.value);
  if (value[SIGNATURE] === RESOURCE_REFERENCE) {
    return value["id"] === "" ? UNKNOWN : plain(value["id"] ?? value["urn"] ?? null);
  }
  return plainProperties(value);
}

/** {@link plain} for a whole property bag. */
export function plainProperties(properties: Properties | undefined): Properties {
  return mapValues(properties ?? {}, plain);
}

/** The value with every secret, at any depth, replaced by what it wraps. */
export function withoutSecrets(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  return isSecret(value) ? withoutSecrets(value.value ?? null) : withoutSecretProperties(value);
}

/** {@link withoutSecrets} for a whole property bag. */
export function withoutSecretProperties(properties: Properties): Properties {
  return mapValues(properties, withoutSecrets);
}

/** Whether the value is, or holds, a secret. */
export function containsSecret(value: Value): boolean {
  return some(value, isSecret);
}

/** Whether the value is, or holds, something unknown. */
export function containsUnknown(value: Value): boolean {
  return some(value, (part) => part === UNKNOWN);
}

/**
 * Marks results of a provider as secret where the value that was passed under the same key is one. Providers get and
 * return plain values, so nothing but the key connects the two.
 */
export function remarkSecrets(results: Properties, sources: Properties | undefined): Properties {
  const marked = { ...results };
  for (const [key, source] of Object.entries(sources ?? {})) {
    const result = marked[key];
    if (result === undefined) continue;
    if (isRecord(result) && isRecord(source)) marked[key] = remarkSecrets(result, source);
    else if (!isSecret(result) && containsSecret(source)) marked[key] = makeSecret(result);
  }
  return marked;
}

/** Deep equality as Pulumi has it: a key that is null equals a key that is absent. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left === null || right === null) {
    return (left ?? null) === (right ?? null);
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => equal(left[key], right[key]));
}

function some(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => some(item, test));
  return isObject(value) && Object.values(value).some((item) => some(item, test));
}

function mapValues(properties: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]));
}
