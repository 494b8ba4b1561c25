import path from "node:path";
import { loadSdk } from "../../../engine/hosts/sdk";
import { propertiesFrom, structFrom } from "../../../engine/hosts/wire";
import { RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN, type Value } from "../../../engine/model";

const sdk = loadSdk(path.resolve(__dirname, "../../.."));
const secret = (value: Value) => ({ [SIGNATURE]: SECRET, value });
const reference = (id?: string) => ({
  [SIGNATURE]: RESOURCE_REFERENCE,
  urn: "urn:pulumi:s::p::t:m:T::r",
  ...(id === undefined ? {} : { id }),
});

describe("propertiesFrom and structFrom", () => {
  it.each<[string, Value]>([
    ["null", null],
    ["an empty object", {}],
    ["an empty list", []],
    ["nested values", { a: [1, -0.5, "x", true, { b: null }], "dotted.key": "é\u2028" }],
    ["an unknown", UNKNOWN],
    ["a secret", secret({ a: [secret("x")] })],
    ["a resource reference", reference("id-1")],
    ["an asset", { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "file.txt" }],
  ])("carry %s unchanged", (_name, value) => {
    expect(propertiesFrom(structFrom(sdk, { value }))).toEqual({ value });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("make null of %p", (number) => {
    expect(propertiesFrom(structFrom(sdk, { list: [number], number }))).toEqual({ list: [null], number: null });
  });

  it("read a missing struct as an empty one", () => {
    expect(propertiesFrom(undefined)).toEqual({});
  });
});
