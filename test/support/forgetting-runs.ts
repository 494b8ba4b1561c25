import { writeFileSync } from "node:fs";
import path from "node:path";

const FORGET = path.join(__dirname, "run-by-run.js");
let runs = 0;

/** The environment of a provider process that serves one run after another, and remembers nothing of those before. */
export function forgettingRuns(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const options = [env["NODE_OPTIONS"] ?? "", `--require ${JSON.stringify(FORGET)}`];
  return { ...env, NODE_OPTIONS: options.join(" ").trim() };
}

/** To the provider processes of a project, the next call is of a new run. Once before they start, for them to see it. */
export function beginRun(folder: string): void {
  runs += 1;
  writeFileSync(path.join(folder, "run-number"), String(runs));
}
