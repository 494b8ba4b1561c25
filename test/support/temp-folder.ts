import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Gives each test of the file a temporary folder of its own, and deletes it afterwards. */
export function eachTestInFolder(prefix: string, begin: (folder: string) => void): void {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), prefix));
    begin(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}
