import type { Properties, PropertyDiff, Value } from "../model";
import { equal, isRecord, withoutSecretProperties } from "../values";
import { containsPath, formatPath, type PropertyPath, parsePath, resetPath } from "./property-path";

/** What a comparison of a resource with its old state came to. */
export interface Diff {
  changes: boolean;
  replaceKeys: string[];
  /** null: not computed, because the provider answered by itself. */
  changedKeys: string[] | null;
  detailedDiff: { [path: string]: PropertyDiff } | null;
  deleteBeforeReplace: boolean;
}

/** A diff that only says whether something changed, and which keys ask for a replacement. */
export function bareDiff(changes: boolean, replaceKeys: string[] = [], deleteBeforeReplace = false): Diff {
  return { changes, replaceKeys, changedKeys: null, detailedDiff: null, deleteBeforeReplace };
}

/** Whether the diff asks for a replacement. */
export function asksReplacement(diff: Diff): boolean {
  return (
    diff.replaceKeys.length > 0 || Object.values(diff.detailedDiff ?? {}).some((part) => part.kind.endsWith("-replace"))
  );
}

/** Compares inputs key by key, secrets unwrapped: the keys that differ, and how, down to the property paths. */
export function compareInputs(
  olds: Properties,
  news: Properties,
): { changedKeys: string[]; detailedDiff: { [path: string]: PropertyDiff } } {
  const detailedDiff: { [path: string]: PropertyDiff } = {};
  const changed = compareRecords([], withoutSecretProperties(olds), withoutSecretProperties(news), detailedDiff);
  return { changedKeys: changed.sort(), detailedDiff };
}

type Details = { [path: string]: PropertyDiff };

function compareRecords(path: PropertyPath, olds: Properties, news: Properties, details: Details): string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return keys.filter((key) => compareValues([...path, key], olds[key], news[key], details));
}

function compareValues(path: PropertyPath, left: Value | undefined, right: Value | undefined, details: Details) {
  if (equal(left, right)) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      // Within an array null is an element, not an absence.
      if (index >= left.length) details[formatPath([...path, index])] = { kind: "add", inputDiff: true };
      else if (index >= right.length) details[formatPath([...path, index])] = { kind: "delete", inputDiff: true };
      else compareValues([...path, index], left[index], right[index], details);
    }
  } else if (isRecord(left) && isRecord(right)) {
    compareRecords(path, left, right, details);
  } else {
    const kind = (left ?? null) === null ? "add" : (right ?? null) === null ? "delete" : "update";
    details[formatPath(path)] = { kind, inputDiff: true };
  }
  return true;
}

/** Sets the ignored paths of `news` back to the old inputs; `invalid` lists the paths that cannot be. */
export function applyIgnoreChanges(
  olds: Properties,
  news: Properties,
  ignoreChanges: string[],
): { inputs: Properties; invalid: string[] } {
  const inputs = structuredClone(news);
  const source = structuredClone(olds);
  const invalid = ignoreChanges.filter((text) => {
    const path = parsePath(text);
    return path !== undefined && !resetPath(path, source, inputs);
  });
  return { inputs, invalid };
}

const INIT_ERROR_KEY = "#initerror";

/**
 * Turns changes below the paths of `replaceOnChanges` into replacements. It sees only what the engine compared
 * itself: a provider's own answer names no changed keys.
 */
export function applyReplaceOnChanges(diff: Diff, replaceOnChanges: string[], hasInitErrors: boolean): Diff {
  if (!diff.changes && !hasInitErrors) return diff;
  const paths = replaceOnChanges.map((text) => parsePath(text)).filter((path) => path !== undefined);
  const covered = (path: PropertyPath | undefined) =>
    path !== undefined && paths.some((candidate) => containsPath(candidate, path));
  const result: Diff = { ...diff, replaceKeys: [...diff.replaceKeys] };
  if (diff.detailedDiff !== null) {
    result.detailedDiff = Object.fromEntries(
      Object.entries(diff.detailedDiff).map(([path, part]) => [
        path,
        covered(parsePath(path)) ? replacing(part) : part,
      ]),
    );
  }
  for (const key of diff.changedKeys ?? []) {
    if (covered([key]) && !result.replaceKeys.includes(key)) result.replaceKeys.push(key);
  }
  if (hasInitErrors && covered([INIT_ERROR_KEY])) {
    result.changes = true;
    result.replaceKeys.push(INIT_ERROR_KEY);
    if (result.detailedDiff !== null)
      result.detailedDiff[INIT_ERROR_KEY] = { kind: "update-replace", inputDiff: false };
  }
  return result;
}

function replacing(part: PropertyDiff): PropertyDiff {
  const kinds = { add: "add-replace", delete: "delete-replace", update: "update-replace" } as const;
  return part.kind in kinds ? { ...part, kind: kinds[part.kind as keyof typeof kinds] } : part;
}

/** The diff that would undo this one: adds become deletes and the other way round. */
export function invertDiff(diff: Diff): Diff {
  if (diff.detailedDiff === null) return diff;
  const inverted = Object.entries(diff.detailedDiff).map(([path, part]) => [
    path,
    { ...part, kind: opposite[part.kind] },
  ]);
  return { ...diff, detailedDiff: Object.fromEntries(inverted) };
}

const opposite: { [kind in PropertyDiff["kind"]]: PropertyDiff["kind"] } = {
  add: "delete",
  delete: "add",
  update: "update",
  "add-replace": "delete-replace",
  "delete-replace": "add-replace",
  "update-replace": "update-replace",
};
