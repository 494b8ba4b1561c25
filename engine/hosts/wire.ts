import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Properties, RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN, type Value } from "../model";
import type { Sdk } from "./sdk";

/**
 * Properties of a protobuf struct. A missing struct is an empty one. Markers (secrets, references, unknowns, assets)
 * have the same form on both sides and pass untouched; NaN and the infinities, which JSON cannot hold, become null.
 */
export function propertiesFrom(struct: Struct | undefined): Properties {
  return struct ? jsonObject(struct.toJavaScript()) : {};
}

/** The protobuf struct of some properties, made of the program's own google-protobuf. */
export function structFrom(sdk: Sdk, properties: Properties): Struct {
  // The declared parameter type forbids null, which the function accepts and Pulumi uses.
  const plain = jsonObject(properties) as Parameters<typeof sdk.struct.Struct.fromJavaScript>[0];
  return sdk.struct.Struct.fromJavaScript(plain);
}

/** The same properties with every secret replaced by what it wraps. */
export function withoutSecrets(properties: Properties): Properties {
  return mapObject(properties, (value) => replaceMarkers(value, (marker) => secretContent(marker)));
}

/**
 * What a provider is given: secrets in plain, and for a resource reference the resource's id (for a component, which
 * has none, its URN), since Pulumi's dynamic provider accepts neither marker.
 */
export function plainProperties(properties: Properties): Properties {
  return mapObject(properties, (value) =>
    replaceMarkers(value, (marker) => secretContent(marker) ?? referenceTarget(marker)),
  );
}

type Marker = { [key: string]: Value };

function secretContent(marker: Marker): Value | undefined {
  return marker[SIGNATURE] === SECRET ? (marker["value"] ?? null) : undefined;
}

function referenceTarget(marker: Marker): Value | undefined {
  if (marker[SIGNATURE] !== RESOURCE_REFERENCE) {
    return undefined;
  }
  const { id, urn } = marker;
  return id === "" ? UNKNOWN : (id ?? urn ?? null);
}

function replaceMarkers(value: Value, replace: (marker: Marker) => Value | undefined): Value {
  if (Array.isArray(value)) {
    return value.map((item) => replaceMarkers(item, replace));
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const replaced = value[SIGNATURE] === undefined ? undefined : replace(value);
  return replaced === undefined
    ? mapObject(value, (item) => replaceMarkers(item, replace))
    : replaceMarkers(replaced, replace);
}

function mapObject(object: Properties, map: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function jsonObject(object: { [key: string]: unknown }): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) {
      result[key] = jsonValue(value);
    }
  }
  return result;
}

function jsonValue(value: unknown): Value {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "object":
      if (value === null) {
        return null;
      }
      return Array.isArray(value) ? value.map(jsonValue) : jsonObject(value as { [key: string]: unknown });
    case "undefined":
      return null;
    default:
      throw new Error(`A property value of type ${typeof value} cannot be sent to Pulumi.`);
  }
}
