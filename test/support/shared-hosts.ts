import { writeFileSync } from "node:fs";
import path from "node:path";
import type { CommandIo } from "../../engine/commands";
import { LastingPrograms } from "./lasting-programs";
import { LastingProviders } from "./lasting-providers";

const FORGET = path.join(__dirname, "run-by-run.js");

/** Processes that serve the runs of one program folder, and remember nothing of the runs before. */
export class SharedHosts {
  private readonly programs: LastingPrograms;
  private readonly providers = new LastingProviders();
  private runs = 0;

  constructor(private readonly folder: string) {
    this.programs = new LastingPrograms(folder);
  }

  forNextRun(env: NodeJS.ProcessEnv): CommandIo["hosts"] {
    this.runs += 1;
    writeFileSync(path.join(this.folder, "run-number"), String(this.runs));
    const options = [env["NODE_OPTIONS"] ?? "", `--require ${JSON.stringify(FORGET)}`];
    const forgetting = { ...env, NODE_OPTIONS: options.join(" ").trim() };
    return {
      program: { run: (options, monitor, abort) => this.programs.run(options, monitor, abort, env) },
      provider: { start: (options, log) => this.providers.start(options, log, forgetting) },
    };
  }

  async close(): Promise<void> {
    await this.programs.close();
    await this.providers.close();
  }
}
