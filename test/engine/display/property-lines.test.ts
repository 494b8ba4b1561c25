import { diffProperties } from "../../../engine/display/object-diff";
import { plain } from "../../../engine/display/paint";
import { PropertyPrinter } from "../../../engine/display/property-lines";
import { diffTextLines } from "../../../engine/display/text-diff";
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

describe("the difference of two texts", () => {
  const lines = (old: string, current: string) => {
    const marks = { same: " ", create: "+", delete: "-" };
    return diffTextLines([...old].join("\n"), [...current].join("\n")).map(({ mark, text }) => marks[mark] + text);
  };

  it.each([
    ["abc", "abc", [" a", " b", " c"]],
    ["abc", "axbc", [" a", "+x", " b", " c"]],
    ["abc", "ac", [" a", "-b", " c"]],
    ["abc", "axc", [" a", "-b", "+x", " c"]],
    ["abcd", "bxd", ["-a", " b", "-c", "+x", " d"]],
    ["aa", "a", [" a", "-a"]],
    ["abcdefgh", "abcdefgX", [" ...", " f", " g", "-h", "+X"]],
  ])("of %p and %p", (old, current, expected) => {
    expect(lines(old, current)).toEqual(expected);
  });

  it("shows every line between the first and the last change as changed when the texts differ in very many", () => {
    const old = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
    const current = old.map((line, index) => (index % 2 ? `new ${index}` : line));
    const [head = "", ...changed] = diffTextLines(["a", ...old].join("\n"), ["a", ...current].join("\n")).map(
      ({ mark, text }) => `${mark} ${text}`,
    );
    const between = (mark: string, lines: string[]) => lines.slice(1).map((line) => `${mark} ${line}`);
    expect(head).toBe("same a");
    expect(changed.join("\n")).toBe(
      ["same line 0", ...between("delete", old), ...between("create", current)].join("\n"),
    );
  });
});
