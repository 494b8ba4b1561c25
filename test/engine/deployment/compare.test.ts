import {
  applyIgnoreChanges,
  applyReplaceOnChanges,
  asksReplacement,
  bareDiff,
  compareInputs,
  invertDiff,
} from "../../../engine/deployment/diff";
import { containsPath, formatPath, parsePath } from "../../../engine/deployment/property-path";
import { RESOURCE_REFERENCE, SIGNATURE, UNKNOWN } from "../../../engine/model";
import { containsSecret, containsUnknown, equal, plain, remarkSecrets } from "../../../engine/values";
import { secret } from "./test-stack";

describe("property paths", () => {
  test.each([
    ["root", ["root"]],
    ["root.nested", ["root", "nested"]],
    ["root[0].x", ["root", 0, "x"]],
    ['root["with.dot"]', ["root", "with.dot"]],
    ['["a \\"quote\\""].b', ['a "quote"', "b"]],
    ["root.*", ["root", "*"]],
    ["root[*].x", ["root", "*", "x"]],
  ])("%s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  test.each(["", "a[", "a[x]", '["open'])("%j is none", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  test.each([
    [["a"], "a"],
    [["a", "b", 1], "a.b[1]"],
    [["a", "b.c"], 'a["b.c"]'],
    [["a-b"], '["a-b"]'],
  ])("%j is written as %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  test.each([
    ["a", "a", true],
    ["a", "a.b[0]", true],
    ["a.b", "a", false],
    ["a[*].c", "a[3].c.d", true],
    ["*", "anything", true],
    ["a", "ab", false],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(containsPath(parsePath(outer) ?? [], parsePath(inner) ?? [])).toBe(expected);
  });
});

describe("comparing inputs", () => {
  test.each([
    ["nothing", { a: 1 }, { a: 1 }, [], {}],
    ["an added key", {}, { a: 1 }, ["a"], { a: "add" }],
    ["a removed key", { a: 1 }, {}, ["a"], { a: "delete" }],
    ["null as absence", { a: null }, {}, [], {}],
    ["null to a value", { a: null }, { a: 1 }, ["a"], { a: "add" }],
    ["a nested change", { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, ["a"], { "a.b[1].c": "update" }],
    ["a longer list", { a: [1] }, { a: [1, 2] }, ["a"], { "a[1]": "add" }],
    ["a shorter list", { a: [1, 2] }, { a: [1] }, ["a"], { "a[1]": "delete" }],
    ["another type", { a: [1] }, { a: "x" }, ["a"], { a: "update" }],
    ["keys to quote", { "a.b": 1 }, { "a.b": 2 }, ["a.b"], { '["a.b"]': "update" }],
    ["a value become secret", { a: 1 }, { a: secret(1) }, [], {}],
    ["a changed secret", { a: secret(1) }, { a: secret(2) }, ["a"], { a: "update" }],
    ["something become unknown", { a: 1 }, { a: UNKNOWN }, ["a"], { a: "update" }],
  ])("%s", (_, olds, news, keys, kinds) => {
    const { changedKeys, detailedDiff } = compareInputs(olds, news);
    expect(changedKeys).toEqual(keys);
    expect(detailedDiff).toEqual(
      Object.fromEntries(Object.entries(kinds).map(([path, kind]) => [path, { kind, inputDiff: true }])),
    );
  });

  test("a diff inverted swaps adds and deletes", () => {
    const diff = { ...bareDiff(true), ...compareInputs({ a: 1, c: 1 }, { b: 1, c: 2 }) };
    expect(invertDiff(diff).detailedDiff).toEqual({
      a: { kind: "add", inputDiff: true },
      b: { kind: "delete", inputDiff: true },
      c: { kind: "update", inputDiff: true },
    });
  });
});

describe("ignoreChanges", () => {
  test.each([
    ["a changed key", { a: 1 }, { a: 2 }, ["a"], { a: 1 }],
    ["an added key", {}, { a: 2 }, ["a"], {}],
    ["a removed key", { a: 1 }, {}, ["a"], { a: 1 }],
    ["a nested key", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, ["a.b"], { a: { b: 1, c: 2 } }],
    ["an element", { a: [1, 2] }, { a: [3, 4] }, ["a[1]"], { a: [3, 2] }],
    ["every key", { a: { b: 1, d: 1 } }, { a: { b: 2, c: 2 } }, ["a.*"], { a: { b: 1, d: 1 } }],
    ["a key of every element", { a: [{ b: 1 }] }, { a: [{ b: 2, c: 2 }] }, ["a[*].b"], { a: [{ b: 1, c: 2 }] }],
    ["everything", { a: 1 }, { a: 2, b: 2 }, ["*"], { a: 1 }],
    ["inside a secret", { a: secret({ b: 1 }) }, { a: { b: 2 } }, ["a.b"], { a: { b: secret(1) } }],
    ["several paths", { a: 1, b: 1 }, { a: 2, b: 2 }, ["a", "b"], { a: 1, b: 1 }],
  ])("%s", (_, olds, news, paths, expected) => {
    const given = structuredClone(news);
    expect(applyIgnoreChanges(olds, news, paths)).toEqual({ inputs: expected, invalid: [] });
    expect(news).toEqual(given);
  });

  test.each([
    ["an element only one list has", { a: [1] }, { a: [1, 2] }, "a[1]"],
    ["a path below an added key", { a: { b: {} } }, { a: {} }, "a.b.c"],
    ["lists of different length", { a: [1, 2] }, { a: [1] }, "a[*]"],
  ])("cannot: %s", (_, olds, news, path) => {
    expect(applyIgnoreChanges(olds, news, [path]).invalid).toEqual([path]);
  });
});

describe("replaceOnChanges", () => {
  const compared = (olds: object, news: object) => ({
    ...bareDiff(true),
    ...compareInputs(olds as { [key: string]: number }, news as { [key: string]: number }),
  });

  test.each([
    ["its own key", ["a"], true],
    ["another key", ["b"], false],
    ["a path below", ["a.b"], true],
    ["every key", ["*"], true],
  ])("%s", (_, paths, expected) => {
    expect(asksReplacement(applyReplaceOnChanges(compared({ a: { b: 1 } }, { a: { b: 2 } }), paths, false))).toBe(
      expected,
    );
  });

  test("the kinds of the detailed diff say so", () => {
    const diff = applyReplaceOnChanges(compared({ a: 1 }, { a: 2, b: 1 }), ["a", "b"], false);
    expect(diff.detailedDiff).toEqual({
      a: { kind: "update-replace", inputDiff: true },
      b: { kind: "add-replace", inputDiff: true },
    });
    expect(diff.replaceKeys).toEqual(["a", "b"]);
  });

  test("does nothing on a provider's explicit answer", () => {
    expect(asksReplacement(applyReplaceOnChanges(bareDiff(true), ["a", "*"], false))).toBe(false);
  });

  test.each([[["#initerror"]], [["*"]]])("%j replaces what failed to initialize", (paths) => {
    expect(applyReplaceOnChanges(bareDiff(false), paths, true)).toMatchObject({
      changes: true,
      replaceKeys: ["#initerror"],
    });
    expect(applyReplaceOnChanges(bareDiff(false), paths, false)).toEqual(bareDiff(false));
  });
});

describe("values", () => {
  const reference = (id: string) => ({ [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:x", id });

  test.each([
    ["a secret", secret("x"), "x"],
    ["nested secrets", { a: [secret({ b: secret(1) })] }, { a: [{ b: 1 }] }],
    ["a resource reference", reference("id-1"), "id-1"],
    ["a component reference", { [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:x" }, "urn:x"],
    ["a reference not known yet", reference(UNKNOWN), UNKNOWN],
  ])("plain: %s", (_, value, expected) => {
    expect(plain(value)).toEqual(expected);
  });

  test("unknowns and secrets are found at any depth", () => {
    expect(containsUnknown({ a: [secret(UNKNOWN)] })).toBe(true);
    expect(containsUnknown({ a: ["x"] })).toBe(false);
    expect(containsSecret([{ a: secret(1) }])).toBe(true);
    expect(containsSecret([{ a: 1 }])).toBe(false);
  });

  test.each([
    [{ a: 1 }, { a: 1, b: null }, true],
    [[1, null], [1], false],
    [{ a: [1] }, { a: { 0: 1 } }, false],
    [secret(1), 1, false],
    [secret(1), secret(1), true],
  ])("%j equals %j: %s", (left, right, expected) => {
    expect(equal(left, right)).toBe(expected);
  });

  test.each([
    ["the same key", { a: "x" }, { a: secret("x") }, { a: secret("x") }],
    ["a nested key", { a: { b: 1, c: 1 } }, { a: { b: secret(1) } }, { a: { b: secret(1), c: 1 } }],
    ["a list as a whole", { a: [1, 2] }, { a: [secret(1), 2] }, { a: secret([1, 2]) }],
    ["an object that was one secret", { a: { b: 1 } }, { a: secret({ b: 1 }) }, { a: secret({ b: 1 }) }],
    ["another key not", { b: "x" }, { a: secret("x") }, { b: "x" }],
  ])("re-marking: %s", (_, results, given, expected) => {
    expect(remarkSecrets(results, given)).toEqual(expected);
  });
});
