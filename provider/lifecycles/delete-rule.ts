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
  return rowCount === 0 ? undefined : `it holds data (${rowsOf(rowCount)})`;
}

/** @returns what the deletion of a guarded dataset would lose; undefined when surely nothing. */
export function dataInTables(tables: readonly DeletableTable[] | undefined): string | undefined {
  if (tables === undefined) return "ProcessMind does not report whether it holds datatables";
  const full = tables.filter(({ rowCount }) => dataIn(rowCount) !== undefined);
  if (full.length === 0) return undefined;
  const [first, ...others] = full as [DeletableTable, ...DeletableTable[]];
  const more = others.length === 0 ? "" : ` and in ${others.length} more datatable${others.length === 1 ? "" : "s"}`;
  return `it holds data: "${first.displayName ?? first.id}" (${rowsOf(first.rowCount)})${more}`;
}

export function rowsOf(rowCount: number | null | undefined): string {
  if (rowCount === undefined || rowCount === null) return "row count unknown";
  return `${rowCount.toLocaleString("en-US")} row${rowCount === 1 ? "" : "s"}`;
}

/** What a rejected deletion leaves open. It changes nothing to put the resource back, so that comes first. */
export const DELETION_OPTIONS = [
  "keep it: put it back in the program",
  "leave it in ProcessMind: put it back with retainOnDelete: true, run `pulumi up`, then remove it",
  "delete it with its data: put it back with forceDestroy: true, run `pulumi up`, then remove it",
] as const;

/** Pulumi deletes what depends on an object first, so an upload has left the state when its table's deletion is rejected. */
export const DATA_DELETION_OPTIONS = [
  'keep it: put it back in the program, its DatatableUpload with whenTableHasRows: "skip", which sends nothing',
  DELETION_OPTIONS[1],
  DELETION_OPTIONS[2],
] as const;
