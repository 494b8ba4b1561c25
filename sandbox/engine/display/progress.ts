import type { EngineEvent, Verb } from "../model";
import { cleanText } from "./summary";
import { parseUrn } from "./urn";

const GERUNDS: { [verb in Verb]: string } = {
  preview: "previewing",
  up: "updating",
  refresh: "refreshing",
  destroy: "destroying",
};

/** What is going on now, for a line now and then in a long run. */
export class Progress {
  readonly #running = new Map<string, string>();
  #verb: Verb = "up";
  #dryRun = false;
  #done = 0;

  add(event: EngineEvent): void {
    switch (event.kind) {
      case "start":
        this.#verb = event.verb;
        this.#dryRun = event.dryRun;
        break;
      case "step":
        this.#running.set(event.step.urn, "");
        break;
      case "done":
      case "failed":
        this.#running.delete(event.step.urn);
        this.#done++;
        break;
      case "diagnostic": {
        const { urn, message } = event.diagnostic;
        if (this.#running.has(urn)) this.#running.set(urn, cleanText(message).split("\n").pop() ?? "");
        break;
      }
    }
  }

  isRunning(urn: string): boolean {
    return this.#running.has(urn);
  }

  /** `@ updating, 20s: 3 done; orders (sent 12 of 80 MB), customers` */
  line(seconds: number): string {
    const verb = this.#dryRun && this.#verb !== "preview" ? `previewing ${this.#verb}` : GERUNDS[this.#verb];
    const running = [...this.#running].slice(-MOST_NAMES).map(([urn, message]) => {
      const { name } = parseUrn(urn);
      return message ? `${name} (${message})` : name;
    });
    return `@ ${verb}, ${Math.round(seconds)}s: ${[`${this.#done} done`, running.join(", ")].filter(Boolean).join("; ")}`;
  }
}

const MOST_NAMES = 4;
