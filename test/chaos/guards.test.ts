import fs from "node:fs/promises";
import path from "node:path";
import { compiledWithout, GUARDS, REPOSITORY } from "./guards";

test.each(GUARDS)("$name can be switched off", async (guard) => {
  for (const [file, text] of await compiledWithout(guard)) {
    expect(text).not.toEqual(await fs.readFile(path.join(REPOSITORY, file), "utf8"));
  }
});

test("a guard that moved is told, not passed over", async () => {
  const moved = { file: "provider/errors.ts", replaces: "no such line", by: "" };
  await expect(compiledWithout({ name: "moved", lets: "", breaks: [], edits: [moved] })).rejects.toThrow(
    'The guard "moved" is no longer where it was: provider/errors.ts should have exactly one "no such line".',
  );
});
