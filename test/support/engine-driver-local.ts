import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../../engine/commands";
import type { EngineCommand, EngineSurroundings } from "./engine-driver";
import { giveKnownSalt } from "./known-salt";

const BIN = path.resolve(__dirname, "../../engine/dist/engine/bin.js");

/**
 * The local engine for the project of that name. What may be killed is the built one in a process of its own; else it
 * runs in this process, from source, since loading it and deriving the key costs more than most runs. Programs and
 * providers run in new processes, unless `hosts` says otherwise.
 */
export function localCommand(directory: string, project: string, hosts?: EngineSurroundings["hosts"]): EngineCommand {
  if (!fs.existsSync(BIN)) {
    throw new Error(`${BIN} is missing. Run npm run build.`);
  }
  giveKnownSalt(directory);
  const stateFlag = `--state-dir=${path.join(directory, "state")}`;
  return {
    command: process.execPath,
    prefix: [BIN, stateFlag],
    env: {},
    failedExitCode: 1,
    stateFile: path.join(directory, "state", "stacks", project, "dev.json"),
    prepare: [],
    inside: (args, env, print) =>
      runCommand([stateFlag, ...args], {
        stdout: { write: (text) => print("stdout", text) },
        stderr: { write: (text) => print("stderr", text) },
        env,
        cwd: directory,
        ...(hosts && { hosts: hosts(env) }),
      }),
  };
}
