import { diffByPolicy, differs, type Effect, type Policy, rejectedChanges } from "../../../provider/lifecycles/policy";
import { formatValue } from "../../../provider/messages/message";
import { UNKNOWN } from "../../../provider/unknown";

interface Inputs {
  p?: unknown;
  forceDestroy?: boolean;
}

const policy = (p: Effect): Policy<Inputs> => ({ p, forceDestroy: "update" });
const rejection = (property: string, from: unknown, to: unknown) => ({
  property,
  reason: `${property}: ${formatValue(from)} to ${formatValue(to)}`,
});

const REFUSED = { refused: true, changes: true, replaces: ["p"] };
const NOTHING = { refused: false, changes: false, replaces: [] };
const UPDATE = { refused: false, changes: true, replaces: [] };
const REPLACE = { refused: false, changes: true, replaces: ["p"] };

/** What each effect comes to when the value changes, is unknown, or either with forceDestroy in the stored state. */
const TABLE: Record<Effect, { changed: object; unknown: object; changedForced: object; unknownForced: object }> = {
  update: { changed: UPDATE, unknown: UPDATE, changedForced: UPDATE, unknownForced: UPDATE },
  replace: { changed: REPLACE, unknown: REPLACE, changedForced: REPLACE, unknownForced: REPLACE },
  refuse: { changed: REFUSED, unknown: UPDATE, changedForced: REPLACE, unknownForced: REPLACE },
  "refuse-parent": { changed: REFUSED, unknown: REFUSED, changedForced: REPLACE, unknownForced: REPLACE },
  ignore: { changed: NOTHING, unknown: NOTHING, changedForced: NOTHING, unknownForced: NOTHING },
};

describe.each(Object.entries(TABLE) as [Effect, (typeof TABLE)[Effect]][])("%s", (effect, expected) => {
  test.each([
    ["no change", "a", false, NOTHING],
    ["a change", "b", false, expected.changed],
    ["an unknown", UNKNOWN, false, expected.unknown],
    ["a list with an unknown", ["a", UNKNOWN], false, expected.unknown],
    ["a change, with forceDestroy stored", "b", true, expected.changedForced],
    ["an unknown, with forceDestroy stored", UNKNOWN, true, expected.unknownForced],
    ["no change, with forceDestroy stored", "a", true, NOTHING],
  ])("%s", (_what, p, forceDestroy, outcome) => {
    const old = { p: "a", forceDestroy };
    const wanted = { p, forceDestroy };
    const { changes, replaces, deleteBeforeReplace } = diffByPolicy(policy(effect), old, wanted);
    const refused = rejectedChanges(policy(effect), old, wanted, rejection).length > 0;
    expect({ refused, changes, replaces, deleteBeforeReplace }).toEqual({ ...outcome, deleteBeforeReplace: false });
  });
});

describe("what is refused", () => {
  test.each<[string, object, object, string[]]>([
    ["a change", { p: "a" }, { p: "b" }, ['p: "a" to "b"']],
    ["a value taken away", { p: "a" }, {}, ['p: "a" to none']],
    ["a value added", { forceDestroy: false }, { p: "a" }, ['p: none to "a"']],
    ["a list", { p: ["a"] }, { p: ["a", "b"] }, ['p: ["a"] to ["a","b"]']],
    [
      "forceDestroy that is only wanted",
      { p: "a", forceDestroy: false },
      { p: "b", forceDestroy: true },
      ['p: "a" to "b"'],
    ],
    ["forceDestroy that is not quite true", { p: "a", forceDestroy: "true" }, { p: "b" }, ['p: "a" to "b"']],
    ["nothing of a new resource", {}, { p: "b" }, []],
    ["nothing of a new resource that Pulumi has marked", { __provider: "x" }, { p: "b" }, []],
    [
      "nothing once forceDestroy is stored, even if it is taken back now",
      { p: "a", forceDestroy: true },
      { p: "b", forceDestroy: false },
      [],
    ],
  ])("%s", (_what, old, wanted, reasons) => {
    expect(rejectedChanges(policy("refuse"), old, wanted, rejection)).toEqual(
      reasons.map((reason) => ({ property: "p", reason })),
    );
  });

  test("a parent that is not known yet, in words", () => {
    expect(rejectedChanges(policy("refuse-parent"), { p: "a" }, { p: UNKNOWN }, rejection)).toEqual([
      { property: "p", reason: 'p: "a" to a value not known yet' },
    ]);
  });
});

test.each([
  [undefined, undefined, false],
  [undefined, null, false],
  [null, undefined, false],
  ["a", "a", false],
  ["a", "A", true],
  [0, false, true],
  [0, null, true],
  ["", undefined, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, false],
  [[1, 2], [2, 1], true],
  ["a", UNKNOWN, true],
  [UNKNOWN, UNKNOWN, true],
  [UNKNOWN, "a", true],
])("differs: %# %j, %j", (before, after, expected) => {
  expect(differs(before, after)).toBe(expected);
});
