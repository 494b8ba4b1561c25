import fs from "node:fs";
import path from "node:path";
import { recorded } from "../support/cli-recording";

test("README shows the update of an upload as Pulumi's CLI printed it", () => {
  const { printed } = recorded("quickstart");
  const updates = printed["appended rows"] as { [name: string]: string[] };
  const shown = (updates["orders"] ?? []).map((line) => line.slice(4)).join("\n");
  expect(shown).toContain('~ change       : "first upload" => "appended 320 rows, all earlier bytes unchanged"');
  expect(fs.readFileSync(path.resolve(__dirname, "../../README.md"), "utf8")).toContain(shown);
});
