import type { Difference } from "./context";

/** An object in ProcessMind. */
export interface ObjectKey {
  /** URL of the API. */
  address: string;
  tenantId: unknown;
  id: string;
}

/** One text for one object: ids mean the same in upper and lower case. */
export function keyOf({ address, tenantId, id }: ObjectKey): string {
  return JSON.stringify([address, `${tenantId}`.toLowerCase(), id.toLowerCase()]);
}

/** The same text for the same properties, in whatever order their keys come. */
export function canonical(inputs: object): string {
  return JSON.stringify(sorted(inputs));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const properties = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(properties)
      .sort()
      .map((key) => [key, sorted(properties[key])]),
  );
}

/** Where a datatable is, in the words of its declaration. */
export interface TablePlace {
  address: string;
  tenantId?: unknown;
  datasetId?: unknown;
  displayName?: unknown;
}

/**
 * What the resources of a run declare: one object a run, since Pulumi creates and compares all resources before it
 * deletes any. The deletion of what was renamed without `aliases` then sees that the new resource has the object, too.
 */
export class DeclaredObjects {
  readonly #inputs = new Set<string>();
  /** True where a resource of the run adopted the object, in this run or before. */
  readonly #objects = new Map<string, boolean>();
  readonly #leftBehind = new Map<string, string>();

  /** Remembers the inputs of a resource: Pulumi calls `check` for what is declared alone, `diff` for a refresh, too. */
  addInputs(inputs: object): void {
    this.#inputs.add(canonical(inputs));
  }

  /** Remembers an object that a resource of this run has adopted. */
  addAdopted(object: ObjectKey): void {
    this.#objects.set(keyOf(object), true);
  }

  /** Remembers an object that a resource has from an earlier run, if the program declares it and keeps it. */
  addKept(object: ObjectKey, isAdopted: boolean, inputs: object, { replaces }: Difference): void {
    if (replaces.length > 0 || !this.#inputs.has(canonical(inputs))) return;
    const key = keyOf(object);
    this.#objects.set(key, isAdopted || this.#objects.get(key) === true);
  }

  /**
   * Whether a resource of the run has the object, and one of the two adopted it.
   *
   * @param isAdopted - whether the resource that asks has adopted it.
   */
  has(object: ObjectKey, isAdopted: boolean): boolean {
    const byAdoption = this.#objects.get(keyOf(object));
    return byAdoption !== undefined && (byAdoption || isAdopted);
  }

  /** Remembers a table that left the stack in this run and could not be deleted. */
  addLeftBehind(place: TablePlace, id: string): void {
    this.#leftBehind.set(placeOf(place), id);
  }

  /** Its id, if there is one: it must not keep the table that replaces it from being created. */
  leftBehindAt(place: TablePlace): string | undefined {
    return this.#leftBehind.get(placeOf(place));
  }

  /** A table that is declared anew after all is another matter. */
  forgetLeftBehind(place: TablePlace): void {
    this.#leftBehind.delete(placeOf(place));
  }
}

function placeOf({ address, tenantId, datasetId, displayName }: TablePlace): string {
  return JSON.stringify([address, `${tenantId}`, `${datasetId}`, `${displayName}`.trim()]);
}
