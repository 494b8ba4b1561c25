import { definedInputs, serializable } from "../../provider/host";

describe("what leaves a lifecycle", () => {
  class Point {
    constructor(
      readonly x: number,
      readonly name?: string,
    ) {}
  }

  test.each<[string, object]>([
    ["texts, numbers and flags", { name: "sales", rows: 3, isNew: false, none: null }],
    ["lists and objects in it", { names: ["a", "b"], log: { caseId: "case", more: [{ of: ["it"] }] } }],
    ["what is not set", { name: "sales", rows: undefined, log: { caseId: undefined }, list: [undefined] }],
    ["no numbers", { rows: Number.NaN, log: { most: Number.POSITIVE_INFINITY } }],
    ["a date", { at: new Date(0) }],
    ["what has a class", { points: [new Point(1), new Point(2, "two")] }],
    ["what has no class", Object.assign(Object.create(null), { x: 1, y: undefined })],
    ["functions and symbols", { run: () => 1, symbol: Symbol("it") }],
  ])("is what JSON keeps of it: %s", (_, result) => {
    expect(serializable(result)).toStrictEqual(JSON.parse(JSON.stringify(result)));
  });
});

test("inputs that are null or not set are left out, and Pulumi's text of the provider", () => {
  const inputs = { __provider: "text", name: "sales", rows: 0, isNew: false, none: null, unset: undefined };
  expect(definedInputs(inputs)).toStrictEqual({ name: "sales", rows: 0, isNew: false });
});
