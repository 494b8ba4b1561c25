import type { EngineEvent } from "../model";
import { parseUrn } from "../urn";
import type { Output } from ".";
import { cleanText } from "./summary";

/** Back to the beginning of the line, and clears it. */
const CLEAR = "\r\u001b[K";
const MOST_NAMES = 4;
const DEFAULT_COLUMNS = 80;

/** A line on a terminal, in place: what is going on now, and the progress that resources report. */
export class LiveLine {
  readonly #running = new Map<string, string>();
  #done = 0;
  #begunMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Text without a line break is on the terminal. */
  #isOpen = false;

  /** `verbText` is what the run does, such as `updating`. */
  constructor(
    private readonly verbText: string,
    private readonly output: Output,
    private readonly everyMs: number,
  ) {}

  start(): void {
    this.#begunMs = Date.now();
    this.#timer = setInterval(() => this.#show(), this.everyMs);
    this.#timer.unref();
  }

  add(event: EngineEvent): void {
    if (event.kind === "step") this.#running.set(event.step.urn, "");
    else if (event.kind === "done" || event.kind === "failed") {
      if (this.#running.delete(event.step.urn)) this.#done++;
    } else if (event.kind === "diagnostic" && this.#running.has(event.diagnostic.urn)) {
      const { urn, message, ephemeral } = event.diagnostic;
      this.#running.set(urn, cleanText(message).split("\n").pop() ?? "");
      if (ephemeral) this.#show();
    }
  }

  /** Something else is about to be printed. */
  reset(): void {
    if (this.#isOpen) this.output.write(CLEAR);
    this.#isOpen = false;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.reset();
  }

  #show(): void {
    // A line that wraps could not be cleared.
    this.output.write(CLEAR + this.#text().slice(0, (this.output.columns || DEFAULT_COLUMNS) - 1));
    this.#isOpen = true;
  }

  /** `@ updating, 20s: 3 done; orders (sent 12 of 80 MB), customers` */
  #text(): string {
    const seconds = Math.round((Date.now() - this.#begunMs) / 1000);
    const running = [...this.#running].slice(-MOST_NAMES).map(([urn, message]) => {
      const { name } = parseUrn(urn);
      return message ? `${name} (${message})` : name;
    });
    const parts = [`${this.#done} done`, running.join(", ")].filter(Boolean);
    return `@ ${this.verbText}, ${seconds}s: ${parts.join("; ")}`;
  }
}
