import type { Properties, Value } from "../model";
import { isRecord, isSecret, makeSecret } from "../values";

/** A parsed property path; `"*"` stands for every element. */
export type PropertyPath = (string | number)[];

/** Reads `root.nested[0]["with.dot"].*`; undefined when it is not a path. */
export function parsePath(text: string): PropertyPath | undefined {
  const part = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]/y;
  const path: PropertyPath = [];
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const [, name, index, quoted, every] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(name ?? every ?? (quoted ?? "").replace(/\\(.)/g, "$1"));
  }
  return path.length === 0 ? undefined : path;
}

/** Writes a path as Pulumi does in a detailed diff. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (/[^\p{L}\p{N}_]/u.test(part) || part === "" || /^\p{N}/u.test(part))
        return `["${part.replace(/"/g, '\\"')}"]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

/** Whether `other` lies at or below `path`. */
export function containsPath(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((part, index) => part === "*" || part === other[index]);
}

/**
 * Puts the values at `path` of `news` back to those of `olds`, in place (absent there: removed). False when the
 * path crosses an element that only one of the two has.
 */
export function resetPath(path: PropertyPath, olds: Properties, news: Properties): boolean {
  return reset(path, olds, news, false, false);
}

function reset(path: PropertyPath, oldValue: Value, newValue: Value, oldSecret: boolean, newSecret: boolean): boolean {
  if (isSecret(oldValue)) return reset(path, oldValue.value, newValue, true, newSecret);
  if (isSecret(newValue)) return reset(path, oldValue, newValue.value, oldSecret, true);
  const [key, ...rest] = path;
  if (key === undefined) return false;
  const carry = (value: Value) => (oldSecret && !newSecret && !isSecret(value) ? makeSecret(value) : value);
  const deeper = (left: Value, right: Value) => reset(rest, left, right, oldSecret, newSecret);
  if (key === "*") return resetEvery(rest.length === 0, oldValue, newValue, carry, deeper);
  if (typeof key === "number") return resetIndex(key, rest.length === 0, oldValue, newValue, carry, deeper);
  return resetKey(key, rest.length === 0, oldValue, newValue, carry, deeper);
}

type Carry = (value: Value) => Value;
type Deeper = (left: Value, right: Value) => boolean;

function resetKey(key: string, leaf: boolean, olds: Value, news: Value, carry: Carry, deeper: Deeper): boolean {
  const had = isRecord(olds) ? olds[key] : undefined;
  if (leaf) {
    if (had === undefined) {
      if (isRecord(news)) delete news[key];
      return true;
    }
    if (!isRecord(news)) return false;
    news[key] = carry(had);
    return true;
  }
  if (!isRecord(olds) || !isRecord(news)) return !isRecord(olds) && !isRecord(news);
  const has = news[key];
  if (had === undefined && has === undefined) return true;
  if (has === undefined) return false;
  return deeper(had ?? null, has);
}

function resetIndex(index: number, leaf: boolean, olds: Value, news: Value, carry: Carry, deeper: Deeper): boolean {
  if (!Array.isArray(olds) || !Array.isArray(news)) return !Array.isArray(olds) && !Array.isArray(news);
  const had = olds[index];
  const has = news[index];
  if (had === undefined || has === undefined) return leaf && had === has;
  if (!leaf) return deeper(had, has);
  news[index] = carry(had);
  return true;
}

function resetEvery(leaf: boolean, olds: Value, news: Value, carry: Carry, deeper: Deeper): boolean {
  if (Array.isArray(news)) {
    if (!Array.isArray(olds)) return leaf;
    const shared = Math.min(olds.length, news.length);
    for (let index = 0; index < shared; index++) {
      if (!resetIndex(index, leaf, olds, news, carry, deeper)) return false;
    }
    return olds.length === news.length;
  }
  if (!isRecord(news)) return false;
  if (!isRecord(olds)) return leaf;
  if (leaf) {
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      resetKey(key, true, olds, news, carry, deeper);
    }
    return true;
  }
  return Object.entries(olds).every(([key, had]) => {
    const has = news[key];
    return has !== undefined && deeper(had, has);
  });
}
