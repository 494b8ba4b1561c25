import * as fs from "node:fs";
import * as path from "node:path";
import weights from "../support/weights.json";

const ROOT = path.resolve(__dirname, "../..");

it("knows the weight of test files that exist", () => {
  // Where one is missing: npx jest --runInBand --reporters=./test/support/weigh.js
  expect(Object.keys(weights).filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});
