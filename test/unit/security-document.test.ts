import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../..");

test("every test SECURITY.md refers to is there", () => {
  const text = fs.readFileSync(path.join(ROOT, "SECURITY.md"), "utf8");
  const files = [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});
