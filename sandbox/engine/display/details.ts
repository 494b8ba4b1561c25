import type { Op, Step } from "../model";
import { looksOf, type Paint } from "./paint";
import { PropertyPrinter } from "./property-lines";
import { comparedSides } from "./rows";
import { isReplacementPart, type RunRecord } from "./run-record";
import { parseUrn, STACK_TYPE, shortType } from "./urn";

/** The `--diff` view: every changing resource with its id, its URN and what differs, old => new. */
export function detailLines(record: RunRecord, paint: Paint): string[] {
  const parents = new Map(
    record.visibleSteps.map(({ step }) => [step.urn, step.new?.parent ?? step.old?.parent ?? ""] as const),
  );
  const printer = new PropertyPrinter(paint);
  return record.visibleSteps
    .filter(({ step }) => isShown(step))
    .flatMap(({ step }) => stepLines(step, 4 * depthOf(step.urn, parents), record, printer, paint));
}

/** The stack's outputs, changed ones marked. Unchanged ones are shown only after a run. */
export function outputLines(record: RunRecord, paint: Paint): string[] {
  const [, outputs] = [...record.outputs].find(([urn]) => parseUrn(urn).type === STACK_TYPE) ?? [];
  return outputs ? new PropertyPrinter(paint).diff(outputs.old, outputs.new, 2, !record.dryRun) : [];
}

function stepLines(step: Step, indent: number, record: RunRecord, printer: PropertyPrinter, paint: Paint): string[] {
  const { symbol, colour } = looksOf(step.op);
  const margin = " ".repeat(indent);
  const id = step.old?.id ?? step.new?.id;
  return [
    paint(colour, `${margin}${symbol}${shortType(step.type)}: (${step.op})`),
    ...(id ? [`${margin}    [id=${id}]`] : []),
    `${margin}    [urn=${step.urn}]`,
    ...propertiesOf(step, indent, record, printer),
  ];
}

function propertiesOf(step: Step, indent: number, record: RunRecord, printer: PropertyPrinter): string[] {
  if (step.type === STACK_TYPE) return [];
  if (step.new && !step.old) return printer.all(step.new.inputs ?? {}, indent + 2);
  if (!step.new || !step.old) return [];
  const [olds, news] = comparedSides(step, record);
  const lines = printer.diff(olds, news, indent + 2);
  if ((step.old.protect ?? false) !== (step.new.protect ?? false)) {
    lines.push(
      ...printer.diff({ protect: step.old.protect ?? false }, { protect: step.new.protect ?? false }, indent + 2),
    );
  }
  return lines;
}

const QUIET: ReadonlySet<Op> = new Set<Op>(["same", "remove-pending-replace"]);

function isShown(step: Step): boolean {
  if (step.type === STACK_TYPE) return true;
  if ((step.old?.protect ?? false) !== (step.new?.protect ?? false) && step.old && step.new) return true;
  return !QUIET.has(step.op) && !isReplacementPart(step.op);
}

function depthOf(urn: string, parents: Map<string, string>): number {
  let depth = 0;
  const seen = new Set<string>();
  for (let parent = parents.get(urn); parent && !seen.has(parent); parent = parents.get(parent)) {
    seen.add(parent);
    depth++;
  }
  return depth;
}
