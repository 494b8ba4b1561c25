import type { Verb } from "../model";

const GERUNDS: { [verb in Verb]: string } = {
  preview: "previewing update",
  up: "updating",
  refresh: "refreshing",
  destroy: "destroying",
};

/** `previewing update`, `updating`, … */
export function gerund(verb: Verb, dryRun: boolean): string {
  return dryRun && verb !== "preview" ? `previewing ${verb}` : GERUNDS[verb];
}

/** A sign of life where there is no terminal: `@ updating....`, a dot a second, on a line of its own. */
export class Spinner {
  private text: string;
  private isOpen = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    verbText: string,
    private readonly write: (text: string) => void,
    private readonly everyMs: number,
  ) {
    this.text = `@ ${verbText}...`;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.write(this.isOpen ? "." : `${this.text}.`);
      this.isOpen = true;
    }, this.everyMs);
    this.timer.unref();
  }

  /** Something else is about to be printed. */
  reset(): void {
    if (this.isOpen) this.write("\n");
    this.isOpen = false;
  }

  stop(): void {
    clearInterval(this.timer);
    this.reset();
  }
}
