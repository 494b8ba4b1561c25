import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processPicture } from "../../scripts/process-picture";

test("is the picture in the README", () => {
  const committed = readFileSync(join(__dirname, "../../docs/images/process-map.svg"), "utf8");
  // Made by `npx ts-node --transpile-only scripts/process-picture.ts`.
  expect(committed).toBe(processPicture());
  expect(committed.length).toBeLessThan(60_000);
});
