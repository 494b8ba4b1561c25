import { type Properties, type ResourceState, type Step, UNKNOWN } from "../model";
import { STACK_TYPE } from "../urn";
import { diffProperties, emptyDiff } from "./object-diff";
import { looksOf, type Paint } from "./paint";
import { diffKeys, isWorthPrinting, PropertyPrinter, widest } from "./property-lines";
import { detailedStepDiff, hiding, isShown, type StepDiff } from "./step-diff";
import { isInternal, isUnknown } from "./values";

/** The `--diff` view: every changing resource with its id, its URN and its properties, as it happens. */
export class Details {
  /** What has begun, by URN: its ancestors say how deep a resource stands. */
  private readonly seen = new Map<string, Step>();
  private readonly printer: PropertyPrinter;

  constructor(
    private readonly paint: Paint,
    private readonly dryRun: boolean,
    private readonly showSames: boolean,
  ) {
    this.printer = new PropertyPrinter(paint, dryRun);
  }

  /** The text for a step that is decided or begins. */
  begun(step: Step): string {
    this.seen.set(step.urn, step);
    if (step.op === "refresh" || !this.isShown(step)) return "";
    return this.summary(step) + this.properties(step, false);
  }

  /** The text for the outputs of a step that has ended. */
  ended(step: Step): string {
    if (!this.isShown(step)) return "";
    const refresh = this.seen.get(step.urn)?.op === "refresh";
    if (refresh && step.op === "update") return this.summary(step) + this.properties(step, true);
    const indent = this.depth(step);
    const text = outputText(step, indent + 1, this.dryRun, refresh, this.printer);
    const isOwn = step.op !== "refresh" || text !== "" || isStack(step);
    const summary = refresh && isOwn ? this.summary(step) : "";
    if (text === "") return summary;
    const header = this.paint(looksOf(step.op).colour, `${"    ".repeat(indent + 1)}--outputs:--`);
    return `${summary}${header}\n${text}`;
  }

  private isShown(step: Step): boolean {
    return isShown(step, true, this.showSames) || isStack(step);
  }

  private depth(step: Step): number {
    let depth = 0;
    for (let parent = parentOf(step); parent !== ""; ) {
      const found = this.seen.get(parent);
      if (found === undefined) break;
      if (this.isShown(found)) depth++;
      parent = parentOf(found);
    }
    return depth;
  }

  private summary(step: Step): string {
    const margin = "    ".repeat(this.depth(step));
    const { symbol, colour } = looksOf(step.op);
    const [old, current] = [step.old, step.new];
    const lock = current && !current.protect && old?.protect ? " 🔓" : (current ?? old)?.protect ? " 🔒" : "";
    const quiet = isCreateOrDelete(step) ? colour : undefined;
    const line = (text: string) => `${margin}    ${quiet ? this.paint(quiet, text) : text}\n`;
    return [
      `${this.paint(colour, `${margin}${symbol}${step.type}: (${step.op}${retainFlag(step)})${lock}`)}\n`,
      old?.id ? line(`[id=${old.id}]`) : "",
      line(`[urn=${step.urn}]`),
      this.provider(step, margin),
    ].join("");
  }

  private provider({ provider, old, new: current }: Step, margin: string): string {
    if (provider === "") return "";
    if (old && current && old.provider !== current.provider) {
      return `${margin}    [provider: ${shownReference(old)} => ${shownReference(current)}]\n`;
    }
    return isDefault(provider) ? "" : `${margin}    [provider=${provider}]\n`;
  }

  private properties(step: Step, refresh: boolean): string {
    if (step.op === "same") return "";
    const indent = this.depth(step) + 1;
    if (step.detailedDiff) return this.detailed(step, refresh, indent);
    const { old, new: current } = step;
    const outputs = current?.outputs ?? {};
    if (!old) {
      const all = Object.keys(outputs).length > 0 ? outputs : (current?.inputs ?? {});
      return this.printer.all(all, indent, markOf(step));
    }
    if (!current) return this.printer.all(old.inputs ?? {}, indent, markOf(step));
    const byOutputs = Object.keys(outputs).length > 0;
    const [from, to] = byOutputs ? [old.outputs ?? {}, outputs] : [old.inputs ?? {}, current.inputs ?? {}];
    const { isHidden, met } = hiding(step);
    const diff = diffProperties(from, to, isHidden);
    return this.diffed({ diff, hidden: met() }, to, indent);
  }

  private detailed(step: Step, refresh: boolean, indent: number): string {
    const found = detailedStepDiff(step, refresh);
    return this.diffed(found, step.old?.inputs ?? {}, indent);
  }

  /** Without a difference: the properties as they are. */
  private diffed({ diff, hidden }: StepDiff, otherwise: Properties, indent: number): string {
    const hiddenLines = this.printer.hidden(hidden, indent);
    if (diff) return hiddenLines + this.printer.diff(diff, indent);
    return hidden.length > 0 ? hiddenLines : this.printer.all(otherwise, indent, "same", true);
  }
}

/**
 * The outputs that are worth printing: those that differ from before, else those that the inputs do not say already.
 * `indent` is in steps of four columns. The stack's are all printed after a run.
 */
export function outputText(
  step: Step,
  indent: number,
  dryRun: boolean,
  refresh: boolean,
  printer: PropertyPrinter,
): string {
  const isWhole = isStack(step) && !dryRun;
  const isKnown = refresh || isStack(step) || step.op === "read" || step.op === "read-replacement";
  if (dryRun && !isKnown) return "";
  if ((step.old?.initErrors ?? []).length > 0) return "";
  const outputs = step.new?.outputs ?? {};
  const inputs = step.new?.outputs ? (step.new.inputs ?? {}) : {};
  const { isHidden, met } = hiding(step);
  const found = step.old?.outputs && diffProperties(step.old.outputs, outputs, isHidden);
  const hidden = met();
  const diff = found ?? (hidden.length > 0 ? emptyDiff() : undefined);
  if (step.old?.outputs && !diff && !isWhole) return "";
  if (diff && dryRun && isStack(step)) leaveOutUnknown(diff.updates);
  const keys = diff ? diffKeys(diff) : Object.keys(outputs).sort();
  const width = widest(keys);
  const isAsGiven = (key: string) =>
    key in inputs && !diffProperties({ [key]: outputs[key] ?? null }, { [key]: inputs[key] ?? null }, isHidden);
  const lines = keys
    .filter((key) => {
      if (!diff && (isInternal(key) || !isWorthPrinting(outputs[key] ?? null))) return false;
      if (!refresh && isAsGiven(key)) return false;
      return isWhole || !diff || [diff.adds, diff.deletes, diff.updates].some((part) => key in part);
    })
    .map((key) =>
      diff
        ? printer.diffKey(key, width, diff, indent)
        : printer.one(key, width, outputs[key] ?? null, indent, markOf(step)),
    );
  return printer.hidden(hidden, indent) + lines.join("");
}

/** An output that a preview does not know is not a change of it. */
function leaveOutUnknown(updates: { [key: string]: { new: unknown } }): void {
  for (const [key, { new: current }] of Object.entries(updates)) {
    if (isUnknown(current as never)) delete updates[key];
  }
}

function isStack(step: Step): boolean {
  return step.type === STACK_TYPE;
}

function parentOf(step: Step): string {
  return (step.new ?? step.old)?.parent ?? "";
}

function isDefault(reference: string): boolean {
  return reference.split("::")[3] === "default";
}

function shownReference(state: ResourceState): string {
  return (state.provider ?? "").replace(UNKNOWN, "[unknown]");
}

function isCreateOrDelete({ op }: Step): boolean {
  return ["create", "delete", "delete-replaced", "discard", "discard-replaced"].includes(op);
}

/** Deleting it leaves the object behind. */
export function retainFlag({ op, old }: Step): string {
  const deletes = ["delete", "replace", "create-replacement", "delete-replaced"].includes(op);
  return old?.retainOnDelete && deletes ? "[retain]" : "";
}

type PrintedMark = Parameters<PropertyPrinter["all"]>[2];

function markOf({ op }: Step): PrintedMark {
  const marks: { [op: string]: PrintedMark } = { create: "create", "create-replacement": "create", delete: "delete" };
  return (
    marks[op] ??
    (op.startsWith("delete") || op.startsWith("discard") ? "delete" : op.startsWith("read") ? "read" : "same")
  );
}
