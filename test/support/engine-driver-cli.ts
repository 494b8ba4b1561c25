import path from "node:path";
import { pathToFileURL } from "node:url";
import { findCli } from "../../scripts/start/engine";
import { cliVersion } from "./cli-recording";
import type { EngineCommand } from "./engine-driver";

/** Pulumi's CLI with a state in a folder of that project; undefined when there is no CLI. */
export function cliCommand(directory: string, project: string): EngineCommand | undefined {
  const command = findCli(process.env);
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
    failedExitCode: failedExitCode(),
    stateFile: path.join(backend, ".pulumi", "stacks", project, "dev.json"),
    prepare: [["stack", "init", "dev"]],
    unlock: ["cancel", "dev", "--yes"],
  };
}

/** Since 3.227 the CLI tells kinds of errors apart, and 255 is left to its own faults. */
function failedExitCode(): number {
  const [major = 0, minor = 0] = cliVersion().split(".").map(Number);
  return major > 3 || minor >= 227 ? 1 : 255;
}
