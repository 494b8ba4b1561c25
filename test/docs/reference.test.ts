import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./markdown";

function filesIn(folder: string): { [file: string]: string } {
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}

test("the reference checked in is that of the public comments", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reference-"));
  try {
    const typedoc = path.join(ROOT, "node_modules", "typedoc", "bin", "typedoc");
    const args = [typedoc, "--options", path.join(ROOT, "docs", "typedoc.json"), "--out", folder];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    const made = filesIn(folder);
    expect(Object.keys(made).length).toBeGreaterThan(20);
    // Where they differ: npm run docs:reference
    expect(filesIn(path.join(ROOT, "docs", "reference"))).toEqual(made);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
