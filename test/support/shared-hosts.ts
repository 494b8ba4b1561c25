import type { CommandIo } from "../../engine/commands";
import { beginRun, forgettingRuns } from "./forgetting-runs";
import { LastingPrograms } from "./lasting-programs";
import { LastingProviders } from "./lasting-providers";

/** Processes that serve the runs of one program folder, and remember nothing of the runs before. */
export class SharedHosts {
  private readonly programs: LastingPrograms;
  private readonly providers = new LastingProviders();

  constructor(private readonly folder: string) {
    this.programs = new LastingPrograms(folder);
  }

  forNextRun(env: NodeJS.ProcessEnv): CommandIo["hosts"] {
    beginRun(this.folder);
    const forgetting = forgettingRuns(env);
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
