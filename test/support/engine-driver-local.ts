import fs from "node:fs";
import path from "node:path";
import type { EngineCommand } from "./engine-driver";

const BIN = path.resolve(__dirname, "../../engine/dist/engine/bin.js");

/** The local engine, as built, for the project of that name. */
export function localCommand(directory: string, project: string): EngineCommand {
  if (!fs.existsSync(BIN)) {
    throw new Error(`${BIN} is missing. Run npm run build.`);
  }
  return {
    command: process.execPath,
    prefix: [BIN, `--state-dir=${path.join(directory, "state")}`],
    env: {},
    failedExitCode: 1,
    stateFile: path.join(directory, "state", "stacks", project, "dev.json"),
    prepare: [],
  };
}
