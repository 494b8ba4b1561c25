import { diffProperties } from "../../../engine/display/object-diff";
import { plain } from "../../../engine/display/paint";
import { PropertyPrinter } from "../../../engine/display/property-lines";
import { diffSequences } from "../../../engine/display/sequence-diff";
import { type Properties, RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN } from "../../../engine/model";

/** One step of four columns deep, as it is below a resource. */
const diff = (olds: Properties, news: Properties) => {
  const found = diffProperties(olds, news);
  return found ? new PropertyPrinter(plain, true).diff(found, 1) : "";
};
const secret = (value: string) => ({ [SIGNATURE]: SECRET, value });

describe("a property diff", () => {
  it.each<[string, Properties, Properties, string]>([
    ["a number", { rows: 15000 }, { rows: 15320 }, "  ~ rows: 15000 => 15320\n"],
    ["another type", { a: 1 }, { a: "1" }, '  ~ a: 1 => "1"\n'],
    ["an addition", {}, { a: true }, "  + a: true\n"],
    ["a null that is removed", { a: null }, {}, ""],
    ["aligned keys, with the unchanged", { a: 1, long: 1 }, { a: 2, long: 1 }, "  ~ a   : 1 => 2\n    long: 1\n"],
    ["a changed secret", { a: secret("x") }, { a: secret("y") }, ""],
    ["a value that became secret", { a: "x" }, { a: secret("x") }, '  ~ a: "x" => [secret]\n'],
    ["an unknown", { a: "x" }, { a: UNKNOWN }, '  ~ a: "x" => [unknown]\n'],
    ["an internal key", { __provider: "a" }, { __provider: "b" }, ""],
    ["an object", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, "  ~ a: {\n      ~ b: 1 => 2\n        c: 1\n    }\n"],
    ["an object for a text", { a: "x" }, { a: { b: 1 } }, '  - a: "x"\n  + a: {\n      + b: 1\n    }\n'],
    ["an empty list filled", { a: [] }, { a: ["x"] }, '  ~ a: [\n      + [0]: "x"\n    ]\n'],
    ["a text over lines", { a: "1\n2\n3" }, { a: "1\n3\n4" }, "  ~ a: \n        1\n      - 2\n        3\n      + 4\n"],
    ["a new text over lines", {}, { a: "1\n2" }, '  + a: "1\\n2"\n'],
    ["JSON in a text", { a: '{"x":1}' }, { a: '{"x":2}' }, "  ~ a: (json) {\n      ~ x: 1 => 2\n    }\n"],
    ["a new text of 400 characters", {}, { a: "y".repeat(400) }, `  + a: "${"y".repeat(150)}..."\n`],
    ["what steers a terminal", { a: "x" }, { a: "\u001b\u009b31m" }, '  ~ a: "x" => "\\x1b\\u009b31m"\n'],
    ["numbers", {}, { a: 1e21, b: 1.5e-7, c: 0.1 }, "  + a: 1000000000000000000000\n  + b: 1.5e-07\n  + c: 0.1\n"],
  ])("of %s", (_name, olds, news, expected) => {
    expect(diff(olds, news)).toBe(expected);
  });

  it("prints a resource reference with its URN and its id", () => {
    const reference = { [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:x", id: "1" };
    expect(diff({}, { a: reference })).toContain('URN           : "urn:x"'.replace("           ", ""));
  });
});

describe("the difference of two sequences", () => {
  const kinds = (olds: string, news: string) =>
    diffSequences([...olds], [...news], (a, b) => a === b).map((change) =>
      change.kind === "same" ? `=${change.old}` : `${change.kind}@${change.index}`,
    );

  it.each([
    ["abc", "abc", ["=a", "=b", "=c"]],
    ["abc", "axbc", ["=a", "add@1", "=b", "=c"]],
    ["abc", "ac", ["=a", "delete@1", "=c"]],
    ["abc", "axc", ["=a", "update@1", "=c"]],
    ["abcd", "bxd", ["delete@0", "=b", "update@1", "=d"]],
    ["", "ab", ["add@0", "add@1"]],
    ["aa", "a", ["=a", "delete@1"]],
  ])("of %p and %p", (olds, news, expected) => {
    expect(kinds(olds, news)).toEqual(expected);
  });

  it("gives the new sequence back when it is applied, however long both are", () => {
    const olds = Array.from({ length: 3000 }, (_, index) => index);
    const news = olds.map((value) => (value % 2 ? value : -value - 1));
    const changes = diffSequences(olds, news, (a, b) => a === b);
    expect(changes.flatMap((change) => (change.kind === "delete" ? [] : [change.new]))).toEqual(news);
    expect(changes.flatMap((change) => (change.kind === "add" ? [] : [change.old]))).toEqual(olds);
  });
});
