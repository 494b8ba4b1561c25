import pLimit from "p-limit";
import { type Action, errorMessage, perform, StepFailure } from "./action";
import type { Run } from "./run";
import { SaveFailure } from "./unsaved";

/** Runs chains of actions: the actions of a chain one after the other, up to `parallel` chains at the same time. */
export class Executor {
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly run: Run) {
    this.limit = pLimit(Math.max(1, run.options.parallel));
  }

  /** Settles when the chain has ended, be it early; never rejects. `onFailure` decides what a failure stops. */
  execute(chain: Action[], onFailure: (failure: StepFailure) => void): Promise<void> {
    const ended = this.limit(() => this.executeChain(chain, onFailure));
    this.running.add(ended);
    return ended.finally(() => this.running.delete(ended));
  }

  /** Settles when no chain is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async executeChain(chain: Action[], onFailure: (failure: StepFailure) => void): Promise<void> {
    for (const action of chain) {
      if (this.run.stopped) return;
      try {
        await perform(this.run, action);
      } catch (error) {
        this.run.stepFailed = true;
        if (error instanceof StepFailure) onFailure(error);
        // The end of the run reports what the state lacks.
        else if (!(error instanceof SaveFailure)) {
          this.run.report("error", errorMessage(error), action.step.urn);
          this.run.stop();
        }
        return;
      }
    }
  }
}
