import type { DeploymentResult, EngineEvent, LogMessage, Op, Properties, StackConfig, Step, Verb } from "../model";
import { parseUrn } from "./urn";

/** A step and how far it came. In a preview every step ends as soon as it is decided. */
export interface StepRecord {
  step: Step;
  state: "running" | "done" | "failed";
  seconds: number;
}

/** Everything a run told, in order: what the text, the details and the JSON are made from. */
export class RunRecord {
  verb: Verb = "preview";
  dryRun = true;
  config: StackConfig = { values: {}, secretKeys: [] };
  result: DeploymentResult | undefined;
  readonly steps: StepRecord[] = [];
  readonly outputs = new Map<string, { old: Properties; new: Properties }>();
  readonly diagnostics: LogMessage[] = [];

  add(event: EngineEvent): void {
    switch (event.kind) {
      case "start":
        this.verb = event.verb;
        this.dryRun = event.dryRun;
        this.config = event.config;
        break;
      case "step":
        this.steps.push({ step: event.step, state: "running", seconds: 0 });
        break;
      case "done":
        this.#end(event.step, "done", event.seconds);
        break;
      case "failed":
        this.#end(event.step, "failed", event.seconds);
        this.#addFailure(event.step, event.message);
        break;
      case "outputs":
        this.outputs.set(event.urn, { old: event.old, new: event.new });
        break;
      case "diagnostic":
        this.#addDiagnostic(event.diagnostic);
        break;
      case "end":
        this.result = event.result;
        break;
    }
  }

  /** The steps a user is told of: not those of the default provider, which is Pulumi's own business. */
  get visibleSteps(): StepRecord[] {
    return this.steps.filter(({ step }) => !isDefaultProvider(step));
  }

  #end(step: Step, state: "done" | "failed", seconds: number): void {
    const begun = this.steps.findLast(
      (record) => record.state === "running" && record.step.urn === step.urn && record.step.op === step.op,
    );
    if (begun) Object.assign(begun, { step, state, seconds });
    else this.steps.push({ step, state, seconds });
  }

  /** A failed step's message is a diagnostic of its resource, unless it was sent as one, too. */
  #addFailure(step: Step, message: string): void {
    const known = this.diagnostics.some(
      (diagnostic) =>
        diagnostic.severity === "error" && diagnostic.urn === step.urn && diagnostic.message.includes(message),
    );
    if (known || !message) return;
    this.diagnostics.push({ severity: "error", message, urn: step.urn, streamId: 0, ephemeral: false });
  }

  #addDiagnostic(diagnostic: LogMessage): void {
    if (diagnostic.ephemeral) return;
    const repeated =
      diagnostic.severity === "error" &&
      this.diagnostics.some(
        (known) => known.severity === "error" && known.urn === diagnostic.urn && known.message === diagnostic.message,
      );
    if (!repeated) this.diagnostics.push(diagnostic);
  }
}

/** Operations that are parts of a replacement: told as one `replace`. */
export function isReplacementPart(op: Op): boolean {
  return op === "create-replacement" || op === "delete-replaced";
}

function isDefaultProvider(step: Step): boolean {
  return step.type.startsWith("pulumi:providers:") && parseUrn(step.urn).name.startsWith("default");
}
