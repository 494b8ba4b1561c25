import type { EngineEvent, Verb } from "../model";
import { detailLines, outputLines } from "./details";
import { digestOf } from "./digest";
import { type Paint, paintFor } from "./paint";
import { Progress } from "./progress";
import { rowsOf } from "./rows";
import { RunRecord } from "./run-record";
import { diagnosticLines, summaryLines } from "./summary";
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
  /** Unchanged resources are in the JSON too. @defaultValue false */
  showSames?: boolean;
  stdout: Output;
  env: { [name: string]: string | undefined };
  /** Milliseconds between two progress lines. @defaultValue 10000 */
  progressEvery?: number;
}

const PROGRESS_EVERY = 10_000;

/** Back to the beginning of the line, and clears it. */
const CLEAR = "\r\u001b[K";

/**
 * Shows one run: a header at once, a line now and then while it takes long, the result when it has ended. What a
 * resource tells of its progress shows as it comes: in place on a terminal, else as a line.
 */
export class Display {
  readonly #options: DisplayOptions;
  readonly #record = new RunRecord();
  readonly #progress = new Progress();
  readonly #paint: Paint;
  #timer: NodeJS.Timeout | undefined;
  #begunMs = 0;
  /** Text without a line break is on the terminal. */
  #isOpen = false;

  constructor(options: DisplayOptions) {
    this.#options = options;
    this.#paint = paintFor(options.stdout, options.env);
  }

  /** Takes the next event of the run. */
  readonly emit = (event: EngineEvent): void => {
    this.#record.add(event);
    this.#progress.add(event);
    if (this.#options.json) return;
    if (event.kind === "diagnostic" && event.diagnostic.ephemeral && this.#progress.isRunning(event.diagnostic.urn)) {
      this.#showProgress();
    }
    if (event.kind !== "start") return;
    this.#print([this.#paint("bold", headerOf(event.verb, event.dryRun, this.#options.stack))]);
    this.#startProgress();
  };

  /** Prints the result; to be called once, when the run has ended, however it ended. */
  finish(): void {
    clearInterval(this.#timer);
    if (this.#options.json) {
      this.#options.stdout.write(`${JSON.stringify(digestOf(this.#record, this.#options.showSames), null, 2)}\n`);
      return;
    }
    this.#print(textLines(this.#record, this.#options, this.#paint));
  }

  /** The same run as details, for a reader who asks for them at the prompt. */
  details(): string {
    return `${detailLines(this.#record, this.#paint).join("\n")}\n`;
  }

  #print(lines: string[]): void {
    this.#options.stdout.write((this.#isOpen ? CLEAR : "") + lines.map((line) => `${line}\n`).join(""));
    this.#isOpen = false;
  }

  #startProgress(): void {
    this.#begunMs = Date.now();
    this.#timer = setInterval(() => this.#showProgress(), this.#options.progressEvery ?? PROGRESS_EVERY);
    this.#timer.unref();
  }

  #showProgress(): void {
    const { stdout } = this.#options;
    const line = this.#progress.line((Date.now() - this.#begunMs) / 1000);
    if (!stdout.isTTY) {
      this.#print([line]);
      return;
    }
    // A line that wraps could not be cleared.
    stdout.write(CLEAR + line.slice(0, (stdout.columns || 80) - 1));
    this.#isOpen = true;
  }
}

/** The text of a run that has ended, below its header. */
function textLines(
  record: RunRecord,
  options: { diff: boolean; stack: string; project: string },
  paint: Paint,
): string[] {
  const body = options.diff ? detailLines(record, paint) : treeLines(rowsOf(record), record.dryRun, paint);
  const outputs = outputLines(record, paint);
  const stackName = `${options.project}-${options.stack}`;
  const { result } = record;
  const seconds = Math.ceil(result?.seconds ?? 0);
  const sections: string[][] = [
    body,
    titled("Diagnostics:", diagnosticLines(record, paint, stackName), paint),
    titled("Outputs:", outputs, paint),
    titled("Resources:", summaryLines(record, paint), paint),
    result && !record.dryRun ? [`${paint("bold", "Duration:")} ${seconds}s`] : [],
  ];
  return sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
}

/** `Previewing update (dev):`, `Updating (dev):`, … */
function headerOf(verb: Verb, dryRun: boolean, stack: string): string {
  const preview = { preview: "update", up: "update", refresh: "refresh", destroy: "destroy" }[verb];
  const run = { preview: "Updating", up: "Updating", refresh: "Refreshing", destroy: "Destroying" }[verb];
  return `${dryRun ? `Previewing ${preview}` : run} (${stack}):`;
}

function titled(title: string, lines: string[], paint: Paint): string[] {
  return lines.length > 0 ? [paint("bold", title), ...lines] : [];
}
