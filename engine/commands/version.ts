import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's version. Its package.json is one level further up from the built code than from the source. */
export function packageVersion(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${__dirname}`);
  }
}
