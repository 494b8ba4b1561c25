import type { EngineEvent, ResourceState, Step, Verb } from "../model";
import { STACK_TYPE } from "../urn";
import { Details, outputText } from "./details";
import { digestOf } from "./digest";
import { LiveLine } from "./live-line";
import { LogRows } from "./log-rows";
import { type Paint, paintFor } from "./paint";
import { PropertyPrinter } from "./property-lines";
import { rowsOf } from "./rows";
import { RunRecord } from "./run-record";
import { gerund, Spinner } from "./spinner";
import { diagnosticText, errorCount, prefixed, summaryText } from "./summary";
import { treeLines } from "./tree";

export type { Digest } from "./digest";

/** A stream to print on. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** How a run is shown. */
export interface DisplayOptions {
  stack: string;
  project: string;
  json: boolean;
  diff: boolean;
  /** Unchanged resources are shown too. @defaultValue false */
  showSames?: boolean;
  stdout: Output;
  stderr: Output;
  env: { [name: string]: string | undefined };
  /** Milliseconds between two signs of life. @defaultValue 1000 */
  progressEvery?: number;
}

const PROGRESS_EVERY_MS = 1000;

/**
 * Shows one run, as Pulumi's CLI does: with `--diff` the details as they come, else rows as they come or, on a terminal,
 * a line in place while it goes on and a tree when it has ended; with `--json` one document.
 */
export class Display {
  readonly #options: DisplayOptions;
  readonly #record = new RunRecord();
  readonly #paint: Paint;
  readonly #stackUrn: string;
  readonly #rows: LogRows;
  #details: Details;
  #sign: Spinner | LiveLine | undefined;
  #failed = 0;

  constructor(options: DisplayOptions) {
    this.#options = options;
    this.#paint = paintFor(options.stdout, options.env);
    this.#stackUrn = `urn:pulumi:${options.stack}::${options.project}::${STACK_TYPE}::${options.project}-${options.stack}`;
    this.#rows = new LogRows(this.#stackUrn, this.#paint, options.showSames ?? false);
    this.#details = this.#newDetails(true);
  }

  /** Takes the next event of the run. */
  readonly emit = (event: EngineEvent): void => {
    // The engine completes its entries while the run goes on, and what is printed is how they were.
    const now = "step" in event ? { ...event, step: copyOf(event.step) } : event;
    this.#record.add(now);
    if (now.kind === "failed" && !this.#record.dryRun) this.#failed++;
    if (this.#options.json) return;
    if (this.#sign instanceof LiveLine) this.#sign.add(now);
    if (now.kind === "start") this.#begin(now.verb, now.dryRun);
    else if (this.#options.diff) this.#showDetails(now);
    else this.#showRow(now);
  };

  /** Prints what stands at the end; to be called once, when the run has ended, however it ended. */
  finish(): void {
    this.#sign?.stop();
    if (this.#options.json) {
      this.#print(`${JSON.stringify(digestOf(this.#record, this.#options.showSames), null, 4)}\n`);
    } else if (this.#options.diff) this.#endDetails();
    else this.#endRows();
  }

  /** The same run as details, for a reader who asks for them at the prompt. */
  details(): string {
    const details = this.#newDetails(this.#record.dryRun);
    return this.#record.visibleSteps.map(({ step }) => details.begun(step)).join("");
  }

  #newDetails(dryRun: boolean): Details {
    return new Details(this.#paint, dryRun, this.#options.showSames ?? false);
  }

  #begin(verb: Verb, dryRun: boolean): void {
    const { stack, diff, stdout, progressEvery = PROGRESS_EVERY_MS } = this.#options;
    this.#details = this.#newDetails(dryRun);
    this.#rows.add({ kind: "start", verb, dryRun, config: { values: {}, secretKeys: [] } });
    this.#print(`${this.#paint("bold", headerOf(verb, dryRun, stack))}\n${diff ? "" : "\n"}`);
    const verbText = gerund(verb, dryRun);
    if (stdout.isTTY) this.#sign = new LiveLine(verbText, stdout, progressEvery);
    else if (!diff) this.#sign = new Spinner(verbText, (text) => stdout.write(text), progressEvery);
    this.#sign?.start();
  }

  #showDetails(event: EngineEvent): void {
    if (event.kind === "step") this.#print(this.#details.begun(event.step));
    else if (event.kind === "done") {
      if (isReported(event.step, this.#record)) this.#print(this.#details.ended(event.step));
    } else if (event.kind === "outputs") this.#print(this.#details.ended(event.step));
    else if (event.kind === "diagnostic" && event.diagnostic.severity !== "debug") {
      this.#sign?.reset();
      this.#options.stderr.write(`${prefixed(event.diagnostic, this.#paint)}\n`);
    }
  }

  #showRow(event: EngineEvent): void {
    if (event.kind === "done" && !isReported(event.step, this.#record)) return;
    const line = this.#rows.add(event);
    if (line === "" || this.#options.stdout.isTTY) return;
    this.#print(`${line}\n`);
  }

  #endDetails(): void {
    const { result, dryRun } = this.#record;
    if (result) this.#print(summaryText(result, dryRun, this.#failed, this.#paint));
  }

  #endRows(): void {
    const { result, dryRun, stack } = this.#record;
    const lines = this.#options.stdout.isTTY
      ? treeLines(rowsOf(this.#record, this.#options.showSames), dryRun, this.#paint)
      : this.#rows.end();
    this.#print(lines.map((line) => `${line}\n`).join(""));
    this.#print(diagnosticText(this.#record, this.#paint, this.#stackUrn));
    const printer = new PropertyPrinter(this.#paint, dryRun);
    const outputs = stack && this.#rows.knowsStack ? outputText(stack, 1, dryRun, false, printer) : "";
    if (outputs !== "") this.#print(`${this.#paint("bold", "Outputs:")}\n${outputs}\n`);
    if (!result) return;
    const errored = errorCount(this.#record, this.#stackUrn);
    this.#print(`${summaryText(result, dryRun, errored, this.#paint)}\n`);
  }

  #print(text: string): void {
    if (text === "") return;
    this.#sign?.reset();
    this.#options.stdout.write(text);
  }
}

/** After a run the end of a component is its outputs; only of an object there is something to say before. */
function isReported(step: Step, { dryRun, verb }: RunRecord): boolean {
  const { custom } = step.new ?? step.old ?? { custom: false };
  return dryRun || custom || step.op === "delete" || step.op === "refresh" || verb === "refresh";
}

function copyOf(step: Step): Step {
  return {
    ...step,
    ...(step.old && { old: copyOfState(step.old) }),
    ...(step.new && { new: copyOfState(step.new) }),
  };
}

function copyOfState(state: ResourceState): ResourceState {
  return { ...state };
}

/** `Previewing update (dev):`, `Updating (dev):`, … */
function headerOf(verb: Verb, dryRun: boolean, stack: string): string {
  const preview = { preview: "update", up: "update", refresh: "refresh", destroy: "destroy" }[verb];
  const run = { preview: "Updating", up: "Updating", refresh: "Refreshing", destroy: "Destroying" }[verb];
  return `${dryRun ? `Previewing ${preview}` : run} (${stack}):`;
}
