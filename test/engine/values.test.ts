import { RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN, type Value } from "../../engine/model";
import { plainProperties, withoutSecretProperties } from "../../engine/values";

const secret = (value: Value) => ({ [SIGNATURE]: SECRET, value });
const reference = (id?: string) => ({
  [SIGNATURE]: RESOURCE_REFERENCE,
  urn: "urn:pulumi:s::p::t:m:T::r",
  ...(id === undefined ? {} : { id }),
});

describe("withoutSecretProperties", () => {
  it("unwraps at every depth and leaves other markers", () => {
    const properties = { a: secret({ b: secret([secret(1)]) }), c: reference("id-1"), d: UNKNOWN, e: secret(null) };
    expect(withoutSecretProperties(properties)).toEqual({ a: { b: [1] }, c: reference("id-1"), d: UNKNOWN, e: null });
  });
});

describe("plainProperties", () => {
  it.each<[string, Value, Value]>([
    ["a reference to a resource", reference("id-1"), "id-1"],
    ["a reference to a resource whose id is not known", reference(""), UNKNOWN],
    ["a reference to a component", reference(), "urn:pulumi:s::p::t:m:T::r"],
    ["a secret reference in a list", [secret(reference("id-1"))], ["id-1"]],
  ])("replaces %s", (_name, value, expected) => {
    expect(plainProperties({ value })).toEqual({ value: expected });
  });
});
