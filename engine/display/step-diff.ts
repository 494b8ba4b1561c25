import { containsPath, formatPath, type PropertyPath, parsePath } from "../deployment/property-path";
import type { Step } from "../model";
import { translateDetailedDiff } from "./detailed-diff";
import { diffProperties, emptyDiff, type ObjectDiff } from "./object-diff";
import { isReplacementPart } from "./run-record";

/** What differs by a step, and the paths whose difference the program asked to hide. */
export interface StepDiff {
  diff: ObjectDiff | undefined;
  hidden: string[];
}

/** Which paths `hideDiffs` names, and which of them were met. */
export function hiding(step: Step): { isHidden: (path: PropertyPath) => boolean; met: () => string[] } {
  const wanted = ((step.new ?? step.old)?.hideDiff ?? []).map((text) => parsePath(text) ?? [text]);
  const met = new Set<string>();
  const isHidden = (path: PropertyPath) => {
    const found = wanted.find((candidate) => containsPath(candidate, path));
    if (found) met.add(formatPath(found));
    return found !== undefined;
  };
  return { isHidden, met: () => [...met].sort() };
}

/** By the detailed diff, when there is one. Its paths may name Pulumi's own keys. */
export function detailedStepDiff(step: Step, refresh: boolean): StepDiff {
  const { isHidden, met } = hiding(step);
  const shown = Object.entries(step.detailedDiff ?? {}).filter(([path]) => !isHidden(parsePath(path) ?? [path]));
  return { diff: translateDetailedDiff({ ...step, detailedDiff: Object.fromEntries(shown) }, refresh), hidden: met() };
}

/** `diff: +a,b-c~d` for a row; "" when there is nothing to compare. */
export function diffInfo(step: Step): string {
  if (!step.old || !step.new) return "";
  let diff: ObjectDiff | undefined;
  // What is the same is never shown with a difference, even where there is one.
  if (step.op !== "same") {
    if (step.detailedDiff) diff = detailedStepDiff(step, false).diff;
    else diff = diffProperties(step.old.inputs ?? {}, step.new.inputs ?? {});
  }
  for (const key of metadataKeys(step)) {
    diff ??= emptyDiff();
    diff.updates[key] = { old: null, new: null };
  }
  if (diff === undefined) return "";
  const named = step.diffKeys && step.diffKeys.length > 0 ? new Set(step.diffKeys) : undefined;
  const part = (mark: string, record: object) => {
    const keys = Object.keys(record).filter((key) => named?.has(key) ?? true);
    return keys.length > 0 ? mark + keys.sort().join(",") : "";
  };
  return `diff: ${part("+", diff.adds)}${part("-", diff.deletes)}${part("~", diff.updates)}`;
}

function metadataKeys({ old, new: current }: Step): string[] {
  return [
    ...((old?.provider ?? "") !== (current?.provider ?? "") ? ["provider"] : []),
    ...((old?.protect ?? false) !== (current?.protect ?? false) ? ["protect"] : []),
  ];
}

/** Whether a step is shown in rows, or (by `whole`) in the details and the JSON, where a replacement is one step. */
export function isShown(step: Step, whole: boolean, showSames = false): boolean {
  if (step.op === "same") return showSames || (step.old?.protect ?? false) !== (step.new?.protect ?? false);
  return !whole || !isReplacementPart(step.op);
}
