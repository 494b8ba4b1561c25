import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** A copy of Node that starts the plugin: Node's single executable application. */

/** Node's own mark, at which the program is put in. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * @param node - the executable of Node to put the program into; one of another platform makes a plugin for that platform.
 */
export function makeSingleExecutable(code: string, node: string, output: string, platform: string): void {
  const work = fs.mkdtempSync(path.join(path.dirname(output), "sea-"));
  try {
    const main = path.join(work, "plugin.js");
    const blob = path.join(work, "plugin.blob");
    const config = path.join(work, "config.json");
    fs.writeFileSync(main, code);
    // Neither snapshot nor cached code: both are bound to the version and platform that made them.
    const options = {
      main,
      output: blob,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: false,
    };
    fs.writeFileSync(config, JSON.stringify(options));
    execFileSync(process.execPath, ["--experimental-sea-config", config], { stdio: "ignore" });
    fs.copyFileSync(node, output);
    fs.chmodSync(output, 0o755);
    const segment = platform.startsWith("darwin") ? ["--macho-segment-name", "NODE_SEA"] : [];
    const postject = require.resolve("postject/dist/cli.js");
    const args = [postject, output, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE, ...segment];
    execFileSync(process.execPath, args, { stdio: "ignore" });
  } finally {
    fs.rmSync(work, { recursive: true });
  }
}
