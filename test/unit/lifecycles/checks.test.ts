import * as checks from "../../../provider/lifecycles/checks";
import type { CheckFailure } from "../../../provider/lifecycles/context";
import * as says from "../../../provider/messages/inputs";
import { holdsUnknown, UNKNOWN } from "../../../provider/unknown";

const { failuresOf } = checks;
type Check = Parameters<typeof failuresOf>[1][number];

const KINDS = ["Dataset", "TreeGroup"];
const leftOut = says.idIsRequired("p", "the id of the table", "Datatable");
const isText = checks.requiredText("p", "the name");
const isId = checks.requiredId("p", "the id of the table", "Datatable");
const mayBeText = checks.optionalText("p", "the id");
const mayBeTrue = checks.optionalBoolean("p");
const isKind = checks.oneOf("p", KINDS);
const hasLimit = checks.optionalNumber("p", { above: 0, atMost: 100, unit: "seconds" });
const limit = says.mustBeNumber("p", says.numberOf("seconds"), says.above(0, 100));

test.each<[string, Check, unknown, CheckFailure | undefined]>([
  ["required text", isText, "a", undefined],
  ["required text", isText, " a ", undefined],
  ["required text", isText, undefined, says.isRequired("p", "the name")],
  ["required text", isText, null, says.isRequired("p", "the name")],
  ["required text", isText, "", says.mustNotBeEmpty("p", "the name")],
  ["required text", isText, " \t\n", says.mustNotBeEmpty("p", "the name")],
  ["required text", isText, 5, says.mustBeText("p", "a number", "the name")],
  ["required text", isText, ["a"], says.mustBeText("p", "a list", "the name")],
  ["required text", isText, {}, says.mustBeText("p", "an object", "the name")],
  ["required id", isId, "a", undefined],
  ["required id", isId, undefined, leftOut],
  ["required id", isId, null, leftOut],
  ["required id", isId, "", says.mustNotBeEmpty("p", "the id of the table")],
  ["required id", isId, 5, says.mustBeText("p", "a number", "the id of the table")],
  ["optional text", mayBeText, undefined, undefined],
  ["optional text", mayBeText, null, undefined],
  ["optional text", mayBeText, "a", undefined],
  ["optional text", mayBeText, " ", says.mustNotBeEmpty("p", "the id")],
  ["optional text", mayBeText, true, says.mustBeText("p", "a boolean", "the id")],
  ["a switch", mayBeTrue, undefined, undefined],
  ["a switch", mayBeTrue, false, undefined],
  ["a switch", mayBeTrue, "true", says.mustBeBoolean("p", "a string")],
  ["a switch", mayBeTrue, 1, says.mustBeBoolean("p", "a number")],
  ["one of a few", isKind, undefined, undefined],
  ["one of a few", isKind, "TreeGroup", undefined],
  ["one of a few", isKind, "treegroup", says.mustBeOneOf("p", KINDS, "treegroup")],
  ["one of a few", isKind, null, says.mustBeOneOf("p", KINDS, null)],
  ["a number", hasLimit, undefined, undefined],
  ["a number", hasLimit, 0.1, undefined],
  ["a number", hasLimit, 100, undefined],
  ["a number", hasLimit, 0, limit],
  ["a number", hasLimit, -1, limit],
  ["a number", hasLimit, 100.5, limit],
  ["a number", hasLimit, Number.NaN, limit],
  ["a number", hasLimit, "5", limit],
  ["the time limit", checks.checkTimeout, 5, undefined],
])("%s: %# %j", (_what, check, p, failure) => {
  expect(failuresOf({ p }, [check])).toEqual(failure === undefined ? [] : [failure]);
});

test.each([
  [0, 1],
  [86_400, 0],
  [86_401, 1],
  [UNKNOWN, 0],
])("a time limit of %s s: %i failures", (timeoutSeconds, failures) => {
  expect(failuresOf({ timeoutSeconds }, [checks.checkTimeout])).toHaveLength(failures);
});

test("no tenant: the failure names every way to set it", () => {
  expect(failuresOf({}, [checks.requiredTenant])).toEqual([says.tenantIsRequired()]);
});

test("an unknown value passes every check", () => {
  expect(failuresOf({ p: UNKNOWN }, [isText, mayBeText, mayBeTrue, isKind, hasLimit])).toEqual([]);
});

test.each([
  [{ name: 1, __provider: "x", __defaults: [] }, []],
  [{ a: UNKNOWN, b: undefined }, ["a", "b"]],
  [{ constructor: 1, toString: 1 }, ["constructor", "toString"]],
])("properties nobody knows: %# %j", (inputs, unknown) => {
  const failures = failuresOf(inputs, [checks.onlyKnown({ name: "", forceDestroy: "" })]);
  expect(failures).toEqual(unknown.map((name) => says.notAProperty(name, undefined, ["name", "forceDestroy"])));
});

test.each(["forcedestroy", "forceDestory", "force_destroy", "ForceDestroy"])(
  "names the nearest property when %s is a slip",
  (slip) => {
    const [failure] = failuresOf({ [slip]: true }, [checks.onlyKnown({ name: "", forceDestroy: "" })]);
    expect(failure).toEqual(says.notAProperty(slip, "forceDestroy", ["name", "forceDestroy"]));
  },
);

test("all that is wrong is told at once", () => {
  const failures = failuresOf({ p: 5 }, [isText, mayBeTrue, checks.requiredTenant]);
  expect(failures.map(({ property }) => property)).toEqual(["p", "p", "tenantId"]);
});

test.each([
  [UNKNOWN, true],
  [[1, UNKNOWN], true],
  [{ a: { b: [UNKNOWN] } }, true],
  [`x${UNKNOWN}`, false],
  [{ [UNKNOWN]: 1 }, false],
  [null, false],
  [undefined, false],
])("holds an unknown: %# %j", (value, expected) => {
  expect(holdsUnknown(value)).toBe(expected);
});
