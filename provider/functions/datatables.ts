import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf, LookupOptions } from "../program";
import type { DatatableColumn } from "../resources/datatable";
import { lifted, lookUp } from "./in-program";
import { queryDatatable, queryDatatables } from "./queries";

/** A datatable as a list shows it. Fields that ProcessMind does not report are absent. */
export interface DatatableSummary {
  /** The id in ProcessMind. */
  id: string;
  /** The name in ProcessMind. */
  displayName?: string;
  /** The id of the dataset that holds it. */
  datasetId?: string;
  /** Number of rows: 0 if there are none, null if ProcessMind says null, absent if it does not report them. */
  rowCount?: number | null;
  /** When it was created, ISO UTC. */
  createdAt?: string;
}

/** A datatable with its columns. */
export interface DatatableDetails extends DatatableSummary {
  /** Its columns. */
  columns?: DatatableColumn[];
}

/** Arguments of {@link getDatatables}. */
export interface GetDatatablesArgs extends LookupOptions {
  /**
   * The id of a dataset, to list its datatables only. A dataset that does not exist has none.
   *
   * @defaultValue the datatables of the whole tenant
   */
  datasetId?: string;
}

/**
 * Arguments of {@link getDatatable}: the id of the datatable, or its exact name and the id of its dataset. Whitespace
 * around the name is ignored.
 */
export type GetDatatableArgs = LookupOptions &
  (
    | { id: string; displayName?: undefined; datasetId?: undefined }
    | { displayName: string; datasetId: string; id?: undefined }
  );

/**
 * Lists datatables: one GET of ProcessMind's API, in every preview and `up`. An error ends the program.
 *
 * @param args - dataset, tenant and time limit
 *
 * @example
 * ```ts
 * export const rows = getDatatables().then((tables) => tables.map(({ displayName, rowCount }) => ({ displayName, rowCount })));
 * ```
 */
export async function getDatatables(args: GetDatatablesArgs = {}): Promise<DatatableSummary[]> {
  return lookUp(queryDatatables, args);
}

/** Like {@link getDatatables}, with arguments that may be outputs. */
export function getDatatablesOutput(args: InputsOf<GetDatatablesArgs> = {}): pulumi.Output<DatatableSummary[]> {
  return lifted(getDatatables, args);
}

/**
 * Reads one datatable with one GET, in every preview and `up`. A lookup by name lists the datatables first.
 *
 * @param args - id, or name and dataset, of the datatable; tenant and time limit
 * @throws {@link ProcessMindError} `NOT_FOUND` if no datatable matches, `AMBIGUOUS_NAME` if several have the name. Both list the
 *   candidates.
 *
 * @example
 * ```ts
 * const orders = await getDatatable({ displayName: "Orders", datasetId: sales.id });
 * ```
 */
export async function getDatatable(args: GetDatatableArgs): Promise<DatatableDetails> {
  return lookUp(queryDatatable, args);
}

/** Like {@link getDatatable}, with arguments that may be outputs. */
export function getDatatableOutput(args: InputsOf<GetDatatableArgs>): pulumi.Output<DatatableDetails> {
  return lifted<GetDatatableArgs, DatatableDetails>(getDatatable, args);
}
