import type { DeploymentResult, EngineEvent, LogMessage, Op, StackConfig, Step, Verb } from "../model";
import { parseUrn, STACK_TYPE } from "../urn";

/** A step and how far it came. In a preview every step ends as soon as it is decided. */
export interface StepRecord {
  step: Step;
  /** The step as it was decided, before anything was done. */
  begun: Step;
  state: "running" | "done" | "failed";
  seconds: number;
}

/** Everything a run reported, in order: what the text, the details and the JSON are made from. */
export class RunRecord {
  verb: Verb = "preview";
  dryRun = true;
  config: StackConfig = { values: {}, secretKeys: [] };
  result: DeploymentResult | undefined;
  readonly steps: StepRecord[] = [];
  /** The stack's step as it was last heard of. */
  stack: Step | undefined;
  readonly diagnostics: LogMessage[] = [];

  add(event: EngineEvent): void {
    switch (event.kind) {
      case "start":
        this.verb = event.verb;
        this.dryRun = event.dryRun;
        this.config = event.config;
        break;
      case "step":
        this.steps.push({ step: event.step, begun: event.step, state: "running", seconds: 0 });
        this.#noteStack(event.step);
        break;
      case "done":
        this.#end(event.step, "done", event.seconds);
        // After a run the end of the stack is its outputs, which come later.
        if (this.dryRun) this.#noteStack(event.step);
        break;
      case "failed":
        this.#end(event.step, "failed", event.seconds);
        break;
      case "outputs":
        this.#noteStack(event.step);
        break;
      case "diagnostic":
        if (!event.diagnostic.ephemeral) this.diagnostics.push(event.diagnostic);
        break;
      case "end":
        this.result = event.result;
        break;
    }
  }

  /** The steps that are shown to a user: not those of the default provider, which is Pulumi's own business. */
  get visibleSteps(): StepRecord[] {
    return this.steps.filter(({ step }) => !isDefaultProvider(step));
  }

  #noteStack(step: Step): void {
    if (step.type === STACK_TYPE) this.stack = step;
  }

  #end(step: Step, state: "done" | "failed", seconds: number): void {
    // What a refresh finds is an operation of its own.
    const begun = this.steps.findLast(
      (record) =>
        record.state === "running" && record.step.urn === step.urn && [step.op, "refresh"].includes(record.step.op),
    );
    if (begun) Object.assign(begun, { step, state, seconds });
    else this.steps.push({ step, begun: step, state, seconds });
  }
}

const PARTS: ReadonlySet<Op> = new Set<Op>([
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "discard-replaced",
  "remove-pending-replace",
]);

/** Operations that are parts of a replacement, which `replace` stands for. */
export function isReplacementPart(op: Op): boolean {
  return PARTS.has(op);
}

function isDefaultProvider(step: Step): boolean {
  return step.type.startsWith("pulumi:providers:") && parseUrn(step.urn).name.startsWith("default");
}
