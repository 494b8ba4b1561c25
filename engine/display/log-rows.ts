import type { EngineEvent, LogMessage, Severity, Step } from "../model";
import { parseUrn, STACK_TYPE, shortType } from "../urn";
import { looksOf, type Paint } from "./paint";
import { statusText } from "./row-texts";
import { diffInfo, isShown } from "./step-diff";
import { cleanText, plural, prefixed } from "./summary";

/** One resource of the run. */
interface Row {
  step: Step;
  /** Steps that have ended. */
  ended: Step[];
  failed: boolean;
  hidden: boolean;
  last: LogMessage | undefined;
  counts: { [severity in Severity]: number };
  begunAt?: number | undefined;
  endedAt?: number | undefined;
}

/** The rows without a terminal: one line for each event, as Pulumi prints them. */
export class LogRows {
  private readonly rows = new Map<string, Row>();
  private dryRun = false;
  private done = false;
  /** "" until the stack has been heard of. */
  private stackUrn = "";

  /** `stack` is the URN of the stack, for messages that come before it. */
  constructor(
    private readonly stack: string,
    private readonly paint: Paint,
    private readonly showSames: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether the stack was heard of before its children, as it is but in a destroy. */
  get knowsStack(): boolean {
    return this.stackUrn !== "";
  }

  /** The line for an event, or "" when it has none. */
  add(event: EngineEvent): string {
    switch (event.kind) {
      case "start":
        this.dryRun = event.dryRun;
        return "";
      case "step":
        return this.begun(event.step);
      case "done":
      case "outputs":
        return this.ended(event.step);
      case "failed":
        return this.failed(event.step);
      case "diagnostic":
        return this.message(event.diagnostic);
      case "end":
        return "";
    }
  }

  /** The last line of every resource that is still under way: the stack's, and what was cut short. */
  end(): string[] {
    const open = [...this.rows.values()].filter((row) => !this.isDone(row));
    this.done = true;
    return open.map((row) => this.line(row)).filter((line) => line !== "");
  }

  private begun(step: Step): string {
    if (step.op === "read") return this.reads(step);
    if (isQuietRead(step)) return "";
    const row = this.rowFor(step.urn, step);
    row.begunAt = this.now();
    row.endedAt = undefined;
    row.step = step;
    return this.line(row);
  }

  private ended(step: Step): string {
    if (step.op === "read") return this.reads(step);
    if (isQuietRead(step)) return "";
    const row = this.rowFor(step.urn, step);
    const wasRefresh = row.step.op === "refresh";
    row.endedAt = this.now();
    row.step = step;
    row.ended.push(step);
    const { custom } = step.new ?? step.old ?? { custom: false };
    const isNews = wasRefresh || (!this.dryRun && custom && step.op !== "same");
    return isNews ? this.line(row) : "";
  }

  private failed(step: Step): string {
    // A preview only says why.
    if (this.dryRun || isQuietRead(step)) return "";
    if (step.op === "read") return this.reads(step);
    const row = this.rowFor(step.urn, step);
    row.failed = true;
    return this.line(row);
  }

  private message(message: LogMessage): string {
    if (message.severity === "debug" || cleanText(message.message) === "") return "";
    const row = this.rowFor(message.urn);
    row.last = message;
    if (!message.ephemeral) row.counts[message.severity]++;
    return this.line(row);
  }

  /** A read is not an operation on a resource: that it goes on is said in the stack's row. */
  private reads(step: Step): string {
    const { type, name } = parseUrn(step.urn);
    const message = `read ${shortType(type)} ${name}`;
    return this.message({ severity: "info", message, urn: "", streamId: 0, ephemeral: true });
  }

  /** The row an event belongs to; it is shown from the first event on that is worth it. */
  private rowFor(urn: string, step?: Step): Row {
    const key = urn || this.stackUrn;
    const isStackEvent = key === this.stackUrn;
    const row = this.rowOf(key, step);
    if (!step || isStackEvent || isShown(step, false, this.showSames)) row.hidden = false;
    return row;
  }

  private rowOf(urn: string, step?: Step): Row {
    let row = this.rows.get(urn);
    if (row === undefined && parseUrn(urn).type === STACK_TYPE) {
      row = this.rows.get("");
      this.stackUrn = urn;
      this.rows.delete("");
    }
    row ??= newRow(step ?? untouched(urn), true);
    this.rows.set(urn, row);
    this.ensureParent(step);
    this.ensureStack();
    return row;
  }

  /** Until the stack itself is heard of, its children make a row for it, in addition to that of its messages. */
  private ensureParent(step: Step | undefined): void {
    const parent = (step?.new ?? step?.old)?.parent ?? "";
    if (parent !== "" && parent !== this.stackUrn && !this.rows.has(parent)) {
      this.rows.set(parent, newRow(untouched(parent), true));
    }
  }

  private ensureStack(): void {
    if (!this.rows.has(this.stackUrn)) this.rows.set(this.stackUrn, newRow(untouched(""), false));
  }

  private isDone(row: Row): boolean {
    if (row.failed || this.done) return true;
    return row.step.type !== STACK_TYPE && row.ended.some(({ op }) => op === row.step.op);
  }

  private line(row: Row): string {
    if (row.hidden) return "";
    const { step } = row;
    const { type, name } = parseUrn(step.urn || this.stack);
    const looks = looksOf(step.op);
    const failed = row.failed || row.counts.error > 0;
    const progress = {
      dryRun: this.dryRun,
      done: this.isDone(row),
      failed,
      interrupted: !failed && this.isInterrupted(row),
      begunAt: row.begunAt,
      endedAt: row.endedAt,
      now: this.now(),
    };
    const status = statusText(step, progress, this.paint);
    const columns = [this.paint(looks.colour, looks.symbol), shortType(type), name, status, this.info(row)];
    return ` ${columns.join(" ")}`;
  }

  private isInterrupted({ step, ended }: Row): boolean {
    const isQuiet = step.op === "same" || step.op === "remove-pending-replace";
    const { custom } = step.new ?? step.old ?? { custom: false };
    return this.done && custom && !isQuiet && !ended.some(({ op }) => op === step.op);
  }

  private info(row: Row): string {
    const part = ["create-replacement", "delete-replaced"].includes(row.step.op);
    const step = (part && row.ended.find(({ op }) => op === "replace")) || row.step;
    const changes = diffInfo(step);
    const said = this.done ? counted(row, this.paint) : row.last ? [prefixed(row.last, this.paint)] : [];
    const [first = ""] = [...(changes ? [`[${changes}]`] : []), ...said].join("; ").split("\n");
    return first;
  }
}

function counted({ counts }: Row, paint: Paint): string[] {
  const { error, warning, info } = counts;
  return [
    ...(error > 0 ? [`${error} ${paint("red", plural("error", error))}`] : []),
    ...(warning > 0 ? [`${warning} ${paint("yellow", plural("warning", warning))}`] : []),
    ...(info > 0 ? [`${info} ${plural("message", info)}`] : []),
  ];
}

function isQuietRead({ op }: Step): boolean {
  return op === "discard" || op === "read-replacement";
}

function newRow(step: Step, hidden: boolean): Row {
  const counts = { debug: 0, info: 0, warning: 0, error: 0 };
  return { step, ended: [], failed: false, hidden, last: undefined, counts };
}

function untouched(urn: string): Step {
  const nothing = { diffKeys: null, replaceKeys: null, detailedDiff: null };
  return { op: "same", urn, type: parseUrn(urn).type, provider: "", ...nothing };
}
