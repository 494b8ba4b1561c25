import type { ResourceState, Value } from "../model";
import { equal } from "../values";

const compared = [
  "urn",
  "type",
  "custom",
  "id",
  "provider",
  "parent",
  "deletedWith",
  "protect",
  "retainOnDelete",
] as const satisfies (keyof ResourceState)[];

/**
 * Whether an unchanged resource still has to be saved immediately. Purely descriptive changes (source positions, options
 * that only matter in the program) can wait until the run saves anyway.
 */
export function sameNeedsSave(old: ResourceState, next: ResourceState): boolean {
  return (
    compared.some((key) => !equal(filled(old[key]), filled(next[key]))) ||
    !equal(old.inputs ?? {}, next.inputs ?? {}) ||
    !equal(old.outputs ?? {}, next.outputs ?? {}) ||
    !equal([...(old.dependencies ?? [])].sort(), [...(next.dependencies ?? [])].sort())
  );
}

function filled(value: string | boolean | undefined): Value {
  return value === undefined || value === "" || value === false ? null : value;
}
