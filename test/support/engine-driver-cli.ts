import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { EngineCommand } from "./engine-driver";

/** Pulumi's CLI with a state in a folder of the project; undefined when there is no CLI. */
export function cliCommand(directory: string): EngineCommand | undefined {
  const command = findCli();
  if (!command) {
    return undefined;
  }
  const backend = path.join(directory, "state");
  return {
    command,
    prefix: ["--non-interactive"],
    env: {
      PULUMI_BACKEND_URL: pathToFileURL(backend).href,
      // The language plugin is found beside the CLI.
      PATH: [path.dirname(command), process.env["PATH"]].join(path.delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
    },
    stateFile: path.join(backend, ".pulumi", "stacks", "demo", "dev.json"),
    prepare: [["stack", "init", "dev"]],
    unlock: ["cancel", "dev", "--yes"],
  };
}

function findCli(): string | undefined {
  const name = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  const home = process.env["PULUMI_HOME"];
  const folders = [
    ...(process.env["PATH"] ?? "").split(path.delimiter),
    ...(home ? [path.join(home, "bin"), ...versions(path.join(home, "versions"))] : []),
    path.join(os.homedir(), ".pulumi", "bin"),
  ];
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function versions(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((version) => path.join(folder, version, "bin")) : [];
}

/** The npm package `pulumi` has a bin of that name too, which would download the CLI. */
function isProgram(file: string): boolean {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && !fs.realpathSync(file).includes(`${path.sep}node_modules${path.sep}`);
}
