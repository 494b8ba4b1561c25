import type { LogMessage, Op, Properties, Severity, Step } from "../model";
import { isReplacementPart, type RunRecord, type StepRecord } from "./run-record";
import { parseUrn, STACK_TYPE, shortType } from "./urn";
import { isInternal, sameValue } from "./values";

/** One resource in the tree. */
export interface Row {
  urn: string;
  parent: string;
  type: string;
  name: string;
  op: Op;
  failed: boolean;
  done: boolean;
  seconds: number;
  /** `[diff: +a-b~c]` without the brackets; "" when nothing is to be said. */
  diff: string;
  counts: { [severity in Severity]: number };
  depth: number;
}

/** The rows of a run, parents before children, unchanged ones left out. */
export function rowsOf(record: RunRecord): Row[] {
  const rows = new Map<string, Row>();
  const steps = new Map<string, StepRecord[]>();
  for (const entry of record.visibleSteps) {
    steps.set(entry.step.urn, [...(steps.get(entry.step.urn) ?? []), entry]);
  }
  for (const [urn, entries] of steps) rows.set(urn, rowOf(urn, entries, record));
  const stack = [...rows.values()].find((row) => row.type === STACK_TYPE) ?? untouchedStack(record);
  for (const diagnostic of record.diagnostics) countDiagnostic(diagnostic, rows, stack);
  return arrange([...rows.values()], stack && rows.get(stack.urn));
}

function rowOf(urn: string, entries: StepRecord[], record: RunRecord): Row {
  const chosen = decisive(entries);
  const { step } = chosen;
  const { type, name } = parseUrn(urn);
  const replaced = entries.some((entry) => entry.step.op === "replace" || entry.step.op === "create-replacement");
  return {
    urn,
    parent: step.new?.parent ?? step.old?.parent ?? "",
    type: shortType(type),
    name,
    op: replaced ? "replace" : step.op,
    failed: entries.some((entry) => entry.state === "failed"),
    done: entries.every((entry) => entry.state !== "running"),
    seconds: entries.reduce((sum, entry) => sum + entry.seconds, 0),
    diff: diffInfo(replaced ? (entries.find((entry) => entry.step.op === "replace") ?? chosen).step : step, record),
    counts: noCounts(),
    depth: 0,
  };
}

/** The step that says what happens to the resource in the end. */
function decisive(entries: StepRecord[]): StepRecord {
  const whole = entries.filter((entry) => !isReplacementPart(entry.step.op));
  const list = whole.length > 0 ? whole : entries;
  return list[list.length - 1] as StepRecord;
}

/** `diff: +a,b-c~d` over the keys the provider or the engine named, else over all that differ. */
function diffInfo(step: Step, record: RunRecord): string {
  if (!step.old || !step.new) return "";
  const [olds, news] = comparedSides(step, record);
  const named = step.diffKeys && step.diffKeys.length > 0 ? new Set(step.diffKeys.map(topKey)) : undefined;
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => !isInternal(key) && (named?.has(key) ?? true) && !sameValue(olds[key], news[key]))
    .sort();
  const added = keys.filter((key) => olds[key] === undefined);
  const deleted = keys.filter((key) => news[key] === undefined);
  const updated = [...keys.filter((key) => olds[key] !== undefined && news[key] !== undefined), ...metadataKeys(step)];
  const part = (mark: string, list: string[]) => (list.length > 0 ? mark + list.join(",") : "");
  const text = part("+", added) + part("-", deleted) + part("~", updated.sort());
  return text && `diff: ${text}`;
}

/**
 * What to compare for a step: the inputs, as Pulumi does without a detailed diff; after a refresh, where drift is
 * what was found, the outputs.
 */
export function comparedSides(step: Step, record: Pick<RunRecord, "verb">): [Properties, Properties] {
  const outputs = step.op === "refresh" || record.verb === "refresh";
  if (outputs) return [step.old?.outputs ?? {}, step.new?.outputs ?? {}];
  return [step.old?.inputs ?? {}, step.new?.inputs ?? {}];
}

function metadataKeys(step: Step): string[] {
  const keys: string[] = [];
  const [from, to] = [step.old?.provider, step.new?.provider];
  if (from && to && providerUrn(from) !== providerUrn(to)) keys.push("provider");
  if ((step.old?.protect ?? false) !== (step.new?.protect ?? false)) keys.push("protect");
  return keys;
}

function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** `tags.owner` and `list[0]` belong to `tags` and `list`. */
function topKey(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

function countDiagnostic(diagnostic: LogMessage, rows: Map<string, Row>, stack: Row | undefined): void {
  if (diagnostic.severity === "debug") return;
  let row = diagnostic.urn ? rows.get(diagnostic.urn) : stack;
  if (!row && diagnostic.urn) {
    row = emptyRow(diagnostic.urn, stack?.urn ?? "");
    rows.set(diagnostic.urn, row);
  }
  if (!row) return;
  rows.set(row.urn, row);
  row.counts[diagnostic.severity]++;
}

/** A run that came to no step of the stack itself still has messages of its own, and a root for its tree. */
function untouchedStack(record: RunRecord): Row | undefined {
  const parents = record.visibleSteps.map(({ step }) => step.new?.parent ?? step.old?.parent ?? "");
  const urn = parents.find((parent) => parent !== "" && parseUrn(parent).type === STACK_TYPE);
  return urn === undefined ? undefined : emptyRow(urn, "");
}

function emptyRow(urn: string, parent: string): Row {
  const { type, name } = parseUrn(urn);
  const shown = { type: shortType(type), name, op: "same" as const, failed: false, done: true, seconds: 0, diff: "" };
  return { urn, parent, ...shown, counts: noCounts(), depth: 0 };
}

function noCounts(): Row["counts"] {
  return { debug: 0, info: 0, warning: 0, error: 0 };
}

function isWorthShowing(row: Row): boolean {
  const { info, warning, error } = row.counts;
  const changes = row.op !== "same" && row.op !== "remove-pending-replace";
  return changes || row.failed || row.diff !== "" || info + warning + error > 0;
}

/** Depth-first from the stack; a row whose parent is not known stands directly under the stack. */
function arrange(rows: Row[], stack: Row | undefined): Row[] {
  const known = new Set(rows.map((row) => row.urn));
  const children = new Map<string, Row[]>();
  const roots: Row[] = [];
  for (const row of rows) {
    const parent = known.has(row.parent) ? row.parent : stack && row !== stack ? stack.urn : "";
    if (parent === "") roots.push(row);
    else children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const visit = (row: Row, depth: number): Row[] => {
    const below = (children.get(row.urn) ?? []).flatMap((child) => visit(child, depth + 1));
    return below.length > 0 || isWorthShowing(row) || row === stack ? [{ ...row, depth }, ...below] : [];
  };
  return roots.flatMap((row) => visit(row, 0));
}
