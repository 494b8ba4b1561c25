import { differences } from "./compare";
import type { Observation } from "./model";

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
