import { missingFrom } from "../../provider/lifecycles/shown";
import { holdsUnknown } from "../../provider/unknown";
import type { PreviewStep } from "../input/preview";

/** A guard rail that lets more through than before. */
export interface Loosened {
  step: PreviewStep;
  property: string;
  from: string;
  to: string;
}

/** Whether the change of a guard rail's value lets more through. */
const LOOSENS: { [property: string]: (before: unknown, after: unknown) => boolean } = {
  acceptSha256: (before, after) => typeof after === "string" && after !== before,
  appendOnly: (before, after) => before === true && after !== true,
  forbidNewActivities: (before, after) => before === true && after !== true,
  forceDestroy: (before, after) => before !== true && after === true,
  latestEventWithin: isHigher,
  maxCaseDropPercent: isHigher,
  maxRowDropPercent: isHigher,
  onColumnsRemoved: (before, after) => before === "error" && after !== "error",
  requireActivities: lacksSome,
  requireColumns: lacksSome,
  whenMissing: (before, after) => before !== "keepLast" && after === "keepLast",
  whenTableHasRows: (before, after) => before !== "send" && after === "send",
};

/** Of a limit: none is the highest. */
function isHigher(before: unknown, after: unknown): boolean {
  return typeof before === "number" && (typeof after !== "number" || after > before);
}

function lacksSome(before: unknown, after: unknown): boolean {
  return missingFrom(texts(after), texts(before)).length > 0;
}

/**
 * Guard rails that a change of the program loosens. The change alone sends nothing, so Pulumi calls the resource
 * unchanged, and prints it with `--show-sames` only.
 */
export function loosenedBy(steps: PreviewStep[]): Loosened[] {
  return steps.flatMap((step) => {
    const { old, now } = step;
    if (now === undefined) return [];
    return Object.entries(LOOSENS).flatMap(([property, loosens]): Loosened[] => {
      const [before, after] = [old?.guards[property], now.guards[property]];
      // Of a new resource, only what may add rows to those of others.
      if (old === undefined && property !== "whenTableHasRows") return [];
      if (holdsUnknown(after) || !loosens(before, after)) return [];
      return [{ step, property, from: formatValue(before), to: formatValue(after) }];
    });
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Nothing but plain values: an object may hold a secret. */
function formatValue(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (Array.isArray(value)) return texts(value).join(", ");
  return typeof value === "object" ? "not shown" : String(value);
}
