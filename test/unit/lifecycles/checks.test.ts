import * as checks from "../../../provider/lifecycles/checks";

const { UNKNOWN, failuresOf } = checks;
type Check = Parameters<typeof failuresOf>[1][number];

const isText = checks.requiredText("p", "the name");
const isId = checks.requiredId("p", "the id of the table", "Datatable");
const leftOut =
  "p is required: the id of the table. If it is set, this run leaves the Datatable out: name it with --target too, or not with --exclude";
const mayBeText = checks.optionalText("p", "the id");
const mayBeTrue = checks.optionalBoolean("p");
const isKind = checks.oneOf("p", ["Dataset", "TreeGroup"]);
const hasLimit = checks.optionalNumber("p", { above: 0, atMost: 100, unit: "seconds" });
const limit = "p must be a number of seconds above 0 and at most 100";

test.each<[string, Check, unknown, string | undefined]>([
  ["required text", isText, "a", undefined],
  ["required text", isText, " a ", undefined],
  ["required text", isText, undefined, "p is required: the name"],
  ["required text", isText, null, "p is required: the name"],
  ["required text", isText, "", "p must not be empty: the name"],
  ["required text", isText, " \t\n", "p must not be empty: the name"],
  ["required text", isText, 5, "p must be text, not a number: the name"],
  ["required text", isText, ["a"], "p must be text, not a list: the name"],
  ["required text", isText, {}, "p must be text, not an object: the name"],
  ["required id", isId, "a", undefined],
  ["required id", isId, undefined, leftOut],
  ["required id", isId, null, leftOut],
  ["required id", isId, "", "p must not be empty: the id of the table"],
  ["required id", isId, 5, "p must be text, not a number: the id of the table"],
  ["optional text", mayBeText, undefined, undefined],
  ["optional text", mayBeText, null, undefined],
  ["optional text", mayBeText, "a", undefined],
  ["optional text", mayBeText, " ", "p must not be empty when given: the id"],
  ["optional text", mayBeText, true, "p must be text, not a boolean: the id"],
  ["a switch", mayBeTrue, undefined, undefined],
  ["a switch", mayBeTrue, false, undefined],
  ["a switch", mayBeTrue, "true", "p must be true or false, not a string"],
  ["a switch", mayBeTrue, 1, "p must be true or false, not a number"],
  ["one of a few", isKind, undefined, undefined],
  ["one of a few", isKind, "TreeGroup", undefined],
  ["one of a few", isKind, "treegroup", 'p must be "Dataset" or "TreeGroup", not "treegroup"'],
  ["one of a few", isKind, null, 'p must be "Dataset" or "TreeGroup", not null'],
  ["a number", hasLimit, undefined, undefined],
  ["a number", hasLimit, 0.1, undefined],
  ["a number", hasLimit, 100, undefined],
  ["a number", hasLimit, 0, limit],
  ["a number", hasLimit, -1, limit],
  ["a number", hasLimit, 100.5, limit],
  ["a number", hasLimit, Number.NaN, limit],
  ["a number", hasLimit, "5", limit],
  ["the time limit", checks.checkTimeout, 5, undefined],
])("%s: %# %j", (_what, check, p, reason) => {
  expect(failuresOf({ p }, [check])).toEqual(reason === undefined ? [] : [{ property: "p", reason }]);
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
  expect(failuresOf({}, [checks.requiredTenant])).toEqual([
    {
      property: "tenantId",
      reason:
        "tenantId is required: the ProcessMind tenant. Set the argument, `pulumi config set processmind:tenantId`, or PROCESSMIND_TENANT_ID",
    },
  ]);
});

test("an unknown value passes every check", () => {
  expect(failuresOf({ p: UNKNOWN }, [isText, mayBeText, mayBeTrue, isKind, hasLimit])).toEqual([]);
});

test.each([
  [{ name: 1, __provider: "x", __defaults: [] }, []],
  [{ a: UNKNOWN, b: undefined }, ["a", "b"]],
  [{ constructor: 1, toString: 1 }, ["constructor", "toString"]],
])("properties nobody knows: %# %j", (inputs, unknown) => {
  const reason = (name: string) => `${name} is not a property of this resource; it has name, forceDestroy`;
  expect(failuresOf(inputs, [checks.onlyKnown({ name: "", forceDestroy: "" })])).toEqual(
    unknown.map((property) => ({ property, reason: reason(property) })),
  );
});

test.each(["forcedestroy", "forceDestory", "force_destroy", "ForceDestroy"])(
  "names the nearest property when %s is a slip",
  (slip) => {
    const [failure] = failuresOf({ [slip]: true }, [checks.onlyKnown({ name: "", forceDestroy: "" })]);
    expect(failure?.reason).toBe(
      `${slip} is not a property of this resource (did you mean forceDestroy?); it has name, forceDestroy`,
    );
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
  expect(checks.holdsUnknown(value)).toBe(expected);
});
