import type { LogMessage, Op, Severity } from "../model";
import { parseUrn, STACK_TYPE, shortType } from "../urn";
import { isReplacementPart, type RunRecord, type StepRecord } from "./run-record";
import { diffInfo } from "./step-diff";

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

/** The rows of a run, parents before children; unchanged ones are left out unless `showSames` says otherwise. */
export function rowsOf(record: RunRecord, showSames = false): Row[] {
  const rows = new Map<string, Row>();
  const steps = new Map<string, StepRecord[]>();
  for (const entry of record.visibleSteps) {
    steps.set(entry.step.urn, [...(steps.get(entry.step.urn) ?? []), entry]);
  }
  for (const [urn, entries] of steps) rows.set(urn, rowOf(urn, entries));
  const stack = [...rows.values()].find((row) => row.type === STACK_TYPE) ?? untouchedStack(record);
  for (const diagnostic of record.diagnostics) countDiagnostic(diagnostic, rows, stack);
  const isWanted = (row: Row) => showSames || isWorthShowing(row);
  return arrange([...rows.values()], stack && rows.get(stack.urn), isWanted);
}

function rowOf(urn: string, entries: StepRecord[]): Row {
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
    diff: diffInfo(replaced ? (entries.find((entry) => entry.step.op === "replace") ?? chosen).step : step),
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
function arrange(rows: Row[], stack: Row | undefined, isWanted: (row: Row) => boolean): Row[] {
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
    return below.length > 0 || isWanted(row) || row === stack ? [{ ...row, depth }, ...below] : [];
  };
  return roots.flatMap((row) => visit(row, 0));
}
