import type { DeploymentOptions, DeploymentResult, LogMessage, Op, ResourceState, Severity, Step } from "../model";
import { STACK_TYPE } from "../urn";
import { Providers } from "./providers";
import { StackState } from "./snapshot";
import { cutShortText, type SaveFailure } from "./unsaved";

/** What has been decided for a URN so far in this run. */
export type Decision = "same" | "create" | "update" | "replace" | "read" | "delete";

/** Everything the parts of one deployment share. */
export class Run {
  readonly state: StackState;
  readonly providers: Providers;
  readonly changes: { [op in Op]?: number } = {};
  /** URNs registered or read so far, and what was decided for each. */
  readonly registered = new Set<string>();
  private readonly decisions: { [decision in Decision]: Set<string> } = {
    same: new Set(),
    create: new Set(),
    update: new Set(),
    replace: new Set(),
    read: new Set(),
    delete: new Set(),
  };
  /** Old entries that a resource of this run has adopted, be it under another URN. */
  readonly met = new Set<ResourceState>();
  /** Entries deleted early by a delete-first replacement, with the keys that condemned them. */
  readonly condemned = new Map<ResourceState, string[]>();
  /** Registrations whose step is done, for the outputs registered later. */
  readonly completed = new Map<string, Step>();
  errors = 0;
  canceled = false;
  stepFailed = false;
  /** A preview met something that the run would reject. It continues, so that all can be seen. */
  rejected = false;
  /** What a delete-first replacement deletes: what is `deletedWith` it goes with it. */
  readonly deletedFirst = new Set<string>();
  /** The program or a registration failed: nothing more is reported at the end. */
  bailed = false;
  /** The first save that failed. */
  saveFailure: SaveFailure | undefined;
  private errorLogged = false;
  private readonly started: Date;
  private readonly stopper = new AbortController();

  constructor(readonly options: DeploymentOptions) {
    const persist = options.dryRun
      ? undefined
      : (snapshot: Parameters<typeof options.save>[0]) => options.save(snapshot);
    this.started = options.now();
    this.state = new StackState(options.snapshot, persist, (failure) => {
      this.saveFailure ??= failure;
      this.stop();
    });
    this.providers = new Providers(
      options,
      () => this.state.base,
      (message) => this.log(message),
    );
    if (options.abort.aborted) this.cancel();
    else options.abort.addEventListener("abort", this.cancel, { once: true });
    options.terminate?.addEventListener("abort", this.terminate, { once: true });
  }

  /** Aborted as soon as nothing new may start. */
  get stopSignal(): AbortSignal {
    return this.stopper.signal;
  }

  get stopped(): boolean {
    return this.stopper.signal.aborted;
  }

  get ok(): boolean {
    return this.goesOn && !this.rejected;
  }

  /** Whether the next phase may begin. */
  get goesOn(): boolean {
    return !this.stepFailed && !this.bailed && !this.canceled && this.saveFailure === undefined;
  }

  /** Lets what runs finish and starts nothing new. */
  stop(): void {
    this.stopper.abort();
  }

  private readonly cancel = (): void => {
    this.canceled = true;
    this.stop();
    // As Pulumi's engine does: what waits in a provider, or sends a large file, may end early.
    void this.providers.cancel();
  };

  /** The process is about to end in the middle of whatever runs: the last chance to report it. */
  private readonly terminate = (): void => {
    this.errors += 1;
    this.report("error", `${this.kind} ${cutShortText(this.state.underWay)}`);
    this.options.emit({ kind: "end", result: this.result() });
  };

  /** What Pulumi calls it in messages. */
  get kind(): "preview" | "update" {
    return this.options.dryRun ? "preview" : "update";
  }

  /** How far the run came. */
  result(): DeploymentResult {
    const { resources } = this.state.current();
    const stack = resources.find((state) => state.type === STACK_TYPE && !state.delete);
    const { ok, changes, errors } = this;
    return { ok, changes, outputs: stack?.outputs ?? {}, seconds: this.secondsSince(this.started), errors };
  }

  /** Ends the run because a registration or the program failed. */
  bail(urn: string, message?: string): void {
    if (message !== undefined) this.report("error", message, urn);
    this.bailed = true;
    this.stop();
  }

  /** Notes a decision, taking back an earlier "delete" when `instead` says so. */
  decide(urn: string, decision: Decision): void {
    this.decisions[decision].add(urn);
  }

  /** Takes a decision back. */
  retract(urn: string, decision: Decision): void {
    this.decisions[decision].delete(urn);
  }

  /** Whether any of the decisions was made for the URN. */
  decided(urn: string, ...decisions: Decision[]): boolean {
    return decisions.some((decision) => this.decisions[decision].has(urn));
  }

  /** Counts a change for the summary. */
  count(op: Op): void {
    this.changes[op] = (this.changes[op] ?? 0) + 1;
  }

  /** Shows a message of the engine itself. */
  report(severity: Severity, message: string, urn = ""): void {
    this.options.emit({ kind: "diagnostic", diagnostic: { severity, message, urn, streamId: 0, ephemeral: false } });
  }

  /** Shows a message of the program or a provider. An error does not fail the run by itself. */
  log(message: LogMessage): void {
    if (message.severity === "error") this.errorLogged = true;
    this.options.emit({ kind: "diagnostic", diagnostic: message });
  }

  /** Whether the program or a provider has reported an error. */
  get sawLoggedError(): boolean {
    return this.errorLogged;
  }

  /** Seconds since a moment taken from the same clock. */
  secondsSince(start: Date): number {
    return (this.options.now().getTime() - start.getTime()) / 1000;
  }

  /** Lets go of the caller's signal and ends the provider processes. */
  async close(): Promise<void> {
    this.options.abort.removeEventListener("abort", this.cancel);
    this.options.terminate?.removeEventListener("abort", this.terminate);
    await this.providers.close();
  }
}
