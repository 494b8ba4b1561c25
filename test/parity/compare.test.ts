import { differences } from "./compare";
import type { Observation } from "./model";
import { stableLines } from "./text";

const said = (...stdout: string[]) => ({ stdout, stderr: [], exitCode: 0 }) as unknown as Observation;

test.each<[string, string[], string[], string[]]>([
  ["equal lines", ["a", "", "b"], ["a", "", "b"], []],
  ["a blank line that a slow CLI leaves", ["a", "", "", "b"], ["a", "", "b"], []],
  ["a blank line of ours", ["a", "b"], ["a", "", "b"], ["stdout (ours): "]],
  ["another order beside a blank line", ["b", "", "a"], ["a", "b"], ["stdout (CLI):  "]],
  ["a line of the CLI", ["a", "b"], ["a"], ["stdout (CLI):  b"]],
  ["another order", ["b", "a"], ["a", "b"], ["stdout: the same lines in another order"]],
])("finds what differs: %s", (_name, cli, ours, found) => {
  expect(differences(said(...cli), said(...ours))).toEqual(found);
});

it("compares the outputs of a resource wherever they are printed", () => {
  const begin = (name: string) => `+ test:index:Thing: (create)\n    [urn=${name}]`;
  const outputs = "    --outputs:--\n    serial: 1";
  const printed = (...blocks: string[]) => stableLines(["Updating (dev):", ...blocks].join("\n"), "/folder");
  expect(printed(begin("b"), begin("a"), outputs)).toEqual(printed(begin("b"), outputs, begin("a")));
  expect(printed(begin("b"), begin("a"), outputs)).not.toEqual(printed(begin("b"), begin("a")));
});
