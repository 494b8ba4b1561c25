import { plain } from "../../../sandbox/engine/display/paint";
import { PropertyPrinter } from "../../../sandbox/engine/display/property-lines";
import { diffSequences } from "../../../sandbox/engine/display/sequence-diff";
import { type Properties, RESOURCE_REFERENCE, SECRET, SIGNATURE, UNKNOWN } from "../../../sandbox/engine/model";

const diff = (olds: Properties, news: Properties) => new PropertyPrinter(plain).diff(olds, news, 0).join("\n");
const secret = (value: string) => ({ [SIGNATURE]: SECRET, value });

describe("a property diff", () => {
  it.each<[string, Properties, Properties, string]>([
    ["a number", { rows: 15000 }, { rows: 15320 }, "~ rows: 15000 => 15320"],
    ["another type", { a: 1 }, { a: "1" }, '~ a: 1 => "1"'],
    ["an addition", {}, { a: true }, "+ a: true"],
    ["a removal", { a: null }, {}, "- a: null"],
    ["aligned keys", { a: 1, long: 1 }, { a: 2, long: 2 }, "~ a   : 1 => 2\n~ long: 1 => 2"],
    ["a changed secret", { a: secret("x") }, { a: secret("y") }, "~ a: [secret] => [secret]"],
    ["a value that became secret", { a: "x" }, { a: secret("x") }, ""],
    ["an unknown", { a: "x" }, { a: UNKNOWN }, '~ a: "x" => output<string>'],
    ["an internal key", { __provider: "a" }, { __provider: "b" }, ""],
    ["a nested object", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, "~ a: {\n    ~ b: 1 => 2\n  }"],
    ["an object for a text", { a: "x" }, { a: { b: 1 } }, '- a: "x"\n+ a: {\n    + b: 1\n  }'],
    ["an empty list filled", { a: [] }, { a: ["x"] }, '~ a: [\n    + [0]: "x"\n  ]'],
    ["a text over lines", { a: "1\n2\n3" }, { a: "1\n3\n4" }, '~ a: """\n    - 2\n    + 4\n  """'],
    ["a new text over lines", {}, { a: "1\n2" }, '+ a: """\n    + 1\n    + 2\n  """'],
    ["a resource reference", {}, { a: { [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:x", id: "1" } }, "+ a: urn:x"],
    ["a long text", { a: "" }, { a: "y".repeat(400) }, `~ a: "" => "${"y".repeat(300)}"… (400 characters)`],
    ["what steers a terminal", { a: "" }, { a: "\u001b\u009b31m" }, '~ a: "" => "\\u001b\\u009b31m"'],
    ["the same over lines", {}, { a: "1\n\u001b[2J\tx" }, '+ a: """\n    + 1\n    + \\u001b[2J\tx\n  """'],
  ])("of %s", (_name, olds, news, expected) => {
    expect(diff(olds, news)).toBe(expected);
  });

  it("stays short for five hundred columns", () => {
    const columns = (prefix: string) => Array.from({ length: 500 }, (_, index) => `${prefix}${index}`);
    const text = diff({ columns: columns("a"), rows: 1 }, { columns: columns("b"), rows: 2 });
    expect(text.split("\n").length).toBeLessThan(30);
    expect(text.length).toBeLessThan(3000);
    expect(text).toContain("… 488 more changes");
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
