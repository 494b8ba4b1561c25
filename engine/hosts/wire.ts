import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, Value } from "../model";
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
