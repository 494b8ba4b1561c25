import * as says from "../messages/objects";

/**
 * What may be deleted. The lifecycles ask with what ProcessMind reports, `processmind-review` with what a state records:
 * one rule for both, so that a review announces what a run rejects.
 */

/** The part of a state that decides on a deletion. */
export interface Deletable {
  forceDestroy?: unknown;
  adopted?: unknown;
}

/** A table, as far as it counts for the deletion of its dataset. */
export interface DeletableTable {
  id: string;
  displayName?: string;
  rowCount?: number | null;
}

/** `delete`: with all data. `keep`: it leaves the stack alone. `guard`: deleted only if no data is lost. */
export function deletionOf({ forceDestroy, adopted }: Deletable): "delete" | "keep" | "guard" {
  if (forceDestroy === true) return "delete";
  return adopted === true ? "keep" : "guard";
}

/** @returns what the deletion of a guarded table would lose; undefined when surely nothing. Unknown rows may be some. */
export function dataIn(rowCount: number | null | undefined): string | undefined {
  return rowCount === 0 ? undefined : says.holdsRows(rowCount);
}

/** @returns what the deletion of a guarded dataset would lose; undefined when surely nothing. */
export function dataInTables(tables: readonly DeletableTable[] | undefined): string | undefined {
  if (tables === undefined) return says.tablesNotReported();
  const full = tables.filter(({ rowCount }) => dataIn(rowCount) !== undefined);
  if (full.length === 0) return undefined;
  const [first, ...others] = full as [DeletableTable, ...DeletableTable[]];
  return says.holdsTableWithRows(first.displayName ?? first.id, first.rowCount, others.length);
}
