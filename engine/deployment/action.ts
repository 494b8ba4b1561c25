import { InitError, type Op, type PendingOperation, type ResourceState, type Step } from "../model";
import { isSecret, makeSecret } from "../values";
import type { Run } from "./run";

/** A decided step together with how to do it and how it changes the state. */
export interface Action {
  step: Step;
  /** The default provider and bookkeeping: done, but neither shown nor counted. */
  hidden: boolean;
  /** False for the physical halves of a replacement, which its "replace" step stands for. */
  logical: boolean;
  /** What it counts as once done, where that is not just the op of a logical step. */
  countAs?(): Op | undefined;
  /** Noted in the state while the action runs. */
  pending?: PendingOperation["type"];
  /** Does the work and completes `step.new`. */
  apply(): Promise<void>;
  /** Records the outcome in the state; false when that alone is not worth a save. */
  record(): boolean;
  /** Lets the program go on. Not called after a failure. */
  finished?(): void;
}

/** A step failed, and it has been reported. The caller decides what continues. */
export class StepFailure extends Error {
  constructor(
    readonly action: Action,
    readonly reason: unknown,
  ) {
    super(`${action.step.op} of ${action.step.urn} failed`);
  }
}

/** Runs one action: reports it, keeps the state saved around it. Rejects with a {@link StepFailure}. */
export async function perform(run: Run, action: Action): Promise<void> {
  const { step, hidden } = action;
  const started = run.options.now();
  const subject = action.pending === "deleting" ? step.old : step.new;
  if (action.pending !== undefined && subject !== undefined) {
    await run.state.begin({ resource: subject, type: action.pending });
  }
  if (!hidden) run.options.emit({ kind: "step", step });
  const failure = await attempt(action);
  if (step.new !== undefined && step.op !== "replace") markSecretOutputs(run, step.new);
  const seconds = run.secondsSince(started);
  if (failure !== undefined) reportFailure(run, action, failure.reason, seconds);
  // On record before anything else happens: what comes next may fail, and the object exists.
  const unsaved = await record(run, action, subject, failure?.reason).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (failure !== undefined) throw failure;
  // Done is done, also when the state does not have it.
  if (!hidden) reportSuccess(run, action, seconds);
  if (unsaved !== undefined) throw unsaved.error;
  action.finished?.();
}

function reportSuccess(run: Run, action: Action, seconds: number): void {
  const { step } = action;
  const counted = action.countAs === undefined ? (action.logical ? step.op : undefined) : action.countAs();
  if (counted !== undefined) run.count(counted);
  run.options.emit({ kind: "done", step, seconds });
}

async function attempt(action: Action): Promise<StepFailure | undefined> {
  try {
    await action.apply();
    return undefined;
  } catch (error) {
    return new StepFailure(action, error);
  }
}

async function record(run: Run, action: Action, subject: ResourceState | undefined, reason: unknown): Promise<void> {
  const { step } = action;
  if (subject !== undefined) run.state.end(subject);
  let worthSaving = true;
  // What an initialization error leaves behind exists, so it is recorded like a success.
  if (reason === undefined || reason instanceof InitError) {
    // The object was not brought to the new inputs, so a failed update keeps the old ones.
    if (reason !== undefined && step.op === "update" && step.new) step.new.inputs = { ...step.old?.inputs };
    worthSaving = action.record();
    if (step.new !== undefined && action.logical && reason === undefined) run.completed.set(step.urn, step);
  }
  if (worthSaving) await run.state.save();
  else run.state.postpone();
}

function reportFailure(run: Run, action: Action, reason: unknown, seconds: number): void {
  const { step, hidden } = action;
  const message = errorMessage(reason);
  run.errors += 1;
  run.report("error", run.options.dryRun ? `Preview failed: ${message}` : message, hidden ? "" : step.urn);
  if (!hidden) run.options.emit({ kind: "failed", step, message, seconds });
}

/** The text of whatever was thrown; an initialization error lists its reasons. */
export function errorMessage(error: unknown): string {
  if (error instanceof InitError) {
    const { reasons } = error;
    if (reasons.length === 0) return "resource init failed";
    const title = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
    return `${title}\n${reasons.map((reason) => `\t* ${reason}`).join("\n")}\n\n`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Marks outputs that the program asked to be secret, and those that repeat a secret input. */
function markSecretOutputs(run: Run, state: ResourceState): void {
  const outputs = { ...state.outputs };
  for (const key of state.additionalSecretOutputs ?? []) {
    if (key === "id") {
      const message = "The 'id' property cannot be made secret. See pulumi/pulumi#2717 for more details.";
      run.report("warning", message, state.urn);
      continue;
    }
    const value = outputs[key];
    if (value !== undefined && !isSecret(value)) outputs[key] = makeSecret(value);
  }
  for (const [key, value] of Object.entries(outputs)) {
    if (!isSecret(value) && isSecret(state.inputs?.[key])) outputs[key] = makeSecret(value);
  }
  if (state.outputs !== undefined) state.outputs = outputs;
}
