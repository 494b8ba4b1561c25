import type { PropertyPath } from "../deployment/property-path";
import type { Properties, Value } from "../model";
import { isRecord, isSecret } from "../values";
import { isInternal, sameReference } from "./values";

/** What differs between two objects, key by key, as Pulumi's display has it. */
export interface ObjectDiff {
  adds: Properties;
  deletes: Properties;
  sames: Properties;
  updates: { [key: string]: ValueDiff };
}

/** Two values that differ; `array` or `object` say where, when both are one. */
export interface ValueDiff {
  old: Value;
  new: Value;
  array?: ArrayDiff;
  object?: ObjectDiff;
}

/** What differs between two lists, place by place. */
export interface ArrayDiff {
  adds: Map<number, Value>;
  deletes: Map<number, Value>;
  sames: Map<number, Value>;
  updates: Map<number, ValueDiff>;
}

/** An object diff without any key. */
export function emptyDiff(): ObjectDiff {
  return { adds: {}, deletes: {}, sames: {}, updates: {} };
}

/** A list diff without any place. */
export function emptyArrayDiff(): ArrayDiff {
  return { adds: new Map(), deletes: new Map(), sames: new Map(), updates: new Map() };
}

/** Says of a path that it is left out of a comparison. */
export type IsHidden = (path: PropertyPath) => boolean;

/** Undefined when nothing differs. Pulumi's own keys are left out; null is the same as absent. */
export function diffProperties(
  olds: Properties,
  news: Properties,
  isHidden: IsHidden = () => false,
  path: PropertyPath = [],
): ObjectDiff | undefined {
  const diff = emptyDiff();
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const below = [...path, key];
    if (!isInternal(key) && !isHidden(below)) placeKey(diff, key, olds[key], news[key], isHidden, below);
  }
  const differs = [diff.adds, diff.deletes, diff.updates].some((part) => Object.keys(part).length > 0);
  return differs ? diff : undefined;
}

function placeKey(
  diff: ObjectDiff,
  key: string,
  old: Value | undefined,
  current: Value | undefined,
  isHidden: IsHidden,
  path: PropertyPath,
): void {
  const [had, has] = [hasValue(old), hasValue(current)];
  if (had && !has) diff.deletes[key] = old as Value;
  else if (!had && has) diff.adds[key] = current as Value;
  else if (!had) {
    if (old !== undefined && current !== undefined) diff.sames[key] = old;
  } else {
    const change = diffValues(old as Value, current as Value, isHidden, path);
    if (change === undefined) diff.sames[key] = old as Value;
    else diff.updates[key] = change;
  }
}

/** Undefined when the two are the same. */
export function diffValues(
  old: Value,
  current: Value,
  isHidden?: IsHidden,
  path: PropertyPath = [],
): ValueDiff | undefined {
  if (Array.isArray(old) && Array.isArray(current)) return diffArrays(old, current, isHidden, path);
  if (isRecord(old) && isRecord(current)) {
    const object = diffProperties(old, current, isHidden, path);
    return object && { old, new: current, object };
  }
  return equalValues(old, current) ? undefined : { old, new: current };
}

function diffArrays(old: Value[], current: Value[], isHidden: IsHidden | undefined, path: PropertyPath) {
  const array = emptyArrayDiff();
  for (let index = 0; index < Math.max(old.length, current.length); index++) {
    const [left, right] = [old[index] as Value, current[index] as Value];
    if (index >= old.length) array.adds.set(index, right);
    else if (index >= current.length) array.deletes.set(index, left);
    else {
      const change = diffValues(left, right, isHidden, [...path, index]);
      if (change === undefined) array.sames.set(index, left);
      else array.updates.set(index, change);
    }
  }
  const differs = array.adds.size + array.deletes.size + array.updates.size > 0;
  return differs ? { old, new: current, array } : undefined;
}

/** All secrets look alike: what they hold is not shown, nor whether it changed. */
function equalValues(old: Value, current: Value): boolean {
  if (isSecret(old) || isSecret(current)) return isSecret(old) && isSecret(current);
  const reference = sameReference(old, current);
  if (reference !== undefined) return reference;
  if (Array.isArray(old) || Array.isArray(current) || isRecord(old) || isRecord(current)) return false;
  return old === current;
}

function hasValue(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}
