import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import { type Properties, RESOURCE_REFERENCE, SIGNATURE, UNKNOWN, type Value } from "../model";
import { isSecret } from "../values";
import { diffValues, type ValueDiff } from "./object-diff";

/** Pulumi's own keys, such as the serialised provider: not part of what is compared and printed. */
export function isInternal(key: string): boolean {
  return key.startsWith("__");
}

/** The value with `[secret]` in place of every secret, for JSON output. */
export function masked(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}

/** Whether the value is not known yet. */
export function isUnknown(value: Value | undefined): boolean {
  return value === UNKNOWN;
}

/** Whether nothing can be said of what is inside. */
export function isOpaque(value: Value | undefined): boolean {
  return isUnknown(value) || isSecret(value);
}

/** A reference to a resource. */
export function isReference(value: Value | undefined): value is Properties {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && value[SIGNATURE] === RESOURCE_REFERENCE
  );
}

/** Whether two references are to the same resource; undefined when neither is one. */
export function sameReference(a: Value, b: Value): boolean | undefined {
  if (!isReference(a) && !isReference(b)) return undefined;
  return isReference(a) && isReference(b) && a["urn"] === b["urn"] && isDeepStrictEqual(a["id"], b["id"]);
}

/** A list or an object that a text holds as JSON or, over several lines, as YAML. */
export interface DecodedText {
  kind: "json" | "yaml";
  value: Value;
  diffTo(other: Value): ValueDiff | undefined;
}

/** What Pulumi prints instead of such a text. */
export function decodeText(text: string): DecodedText | undefined {
  const trimmed = text.trim();
  const json = parsed(() => JSON.parse(trimmed) as Value);
  if (json !== undefined) return decoded("json", json);
  if (!/[\r\n]/.test(trimmed)) return undefined;
  const yaml = parsed(() => {
    const documents = parseAllDocuments(trimmed);
    const [only, ...more] = Array.isArray(documents) ? documents : [];
    if (!only || more.length > 0 || only.errors.length > 0) return undefined;
    return only.toJS() as Value;
  });
  return yaml === undefined ? undefined : decoded("yaml", yaml);
}

function decoded(kind: DecodedText["kind"], value: Value): DecodedText | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return { kind, value, diffTo: (other) => diffValues(value, other) };
}

function parsed(read: () => Value | undefined): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
