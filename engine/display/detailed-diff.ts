import { parsePath } from "../deployment/property-path";
import { type Properties, type PropertyDiff, type Step, UNKNOWN, type Value } from "../model";
import { isRecord } from "../values";
import { diffValues, emptyArrayDiff, emptyDiff, type ObjectDiff, type ValueDiff } from "./object-diff";
import { isOpaque } from "./values";

/** The paths of a step's detailed diff, as a diff of objects. Undefined when there are none. */
export function translateDetailedDiff(step: Step, refresh: boolean): ObjectDiff | undefined {
  const root: ValueDiff = { old: null, new: null };
  for (const [path, part] of Object.entries(step.detailedDiff ?? {})) {
    const olds: Properties = (part.inputDiff ? step.old?.inputs : step.old?.outputs) ?? {};
    const news: Properties = (refresh && !part.inputDiff ? step.new?.outputs : step.new?.inputs) ?? {};
    place(root, parsePath(path) ?? [path], part.kind, olds, news);
  }
  return root.object;
}

type Kind = PropertyDiff["kind"];

function place(parent: ValueDiff, path: (string | number)[], kind: Kind, olds: Value, news: Value): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const parts = partsOf(parent, key);
  const [old, current] = [childOf(olds, key), childOf(news, key)];
  if (rest.length > 0) {
    if (isNothing(old) && !isNothing(current)) parts.add(current as Value);
    else if (!isNothing(old) && isNothing(current)) parts.delete(old as Value);
    else {
      const below = parts.updated() ?? { old: null, new: null };
      place(below, rest, kind, old ?? null, current ?? null);
      parts.update(below);
    }
  } else if (kind.startsWith("add")) parts.add(current ?? UNKNOWN);
  else if (kind.startsWith("delete")) parts.delete(old ?? UNKNOWN);
  else {
    const [from, to] = [old ?? null, current ?? null];
    parts.update(diffValues(from, to) ?? { old: from, new: to });
  }
}

function partsOf(parent: ValueDiff, key: string | number) {
  if (typeof key === "number") {
    parent.array ??= emptyArrayDiff();
    const { adds, deletes, updates } = parent.array;
    return {
      add: (value: Value) => adds.set(key, value),
      delete: (value: Value) => deletes.set(key, value),
      update: (diff: ValueDiff) => updates.set(key, diff),
      updated: () => updates.get(key),
    };
  }
  parent.object ??= emptyDiff();
  const { adds, deletes, updates } = parent.object;
  return {
    add: (value: Value) => Object.assign(adds, { [key]: value }),
    delete: (value: Value) => Object.assign(deletes, { [key]: value }),
    update: (diff: ValueDiff) => Object.assign(updates, { [key]: diff }),
    updated: () => updates[key],
  };
}

/** What is unknown or secret is the same at every path below. */
function childOf(value: Value, key: string | number): Value | undefined {
  if (isOpaque(value)) return value;
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isRecord(value) && typeof key === "string" ? value[key] : undefined;
}

function isNothing(value: Value | undefined): boolean {
  return value === undefined || value === null;
}
