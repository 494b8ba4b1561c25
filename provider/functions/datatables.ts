import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf, LookupOptions } from "../program";
import type { DatatableColumn } from "../resources/datatable";
import { lifted, lookUp } from "./in-program";
import { queryDatatable, queryDatatables } from "./queries";

/** A datatable as a list shows it. What ProcessMind does not tell is absent. */
export interface DatatableSummary {
  id: string;
  displayName?: string;
  /** The id of the dataset that holds it. */
  datasetId?: string;
  /** null: ProcessMind says so; absent: it does not tell; 0: no rows. */
  rowCount?: number | null;
  /** ISO, UTC. */
  createdAt?: string;
}

/** A datatable with its columns. */
export interface DatatableDetails extends DatatableSummary {
  columns?: DatatableColumn[];
}

/** Which datatables {@link getDatatables} lists. */
export interface GetDatatablesArgs extends LookupOptions {
  /**
   * Only those of the dataset with this id. One that does not exist has none.
   *
   * @defaultValue those of the whole tenant
   */
  datasetId?: string;
}

/** Which datatable {@link getDatatable} reads: by its id, or by its exact name (but for blanks around it) in a dataset. */
export type GetDatatableArgs = LookupOptions &
  (
    | { id: string; displayName?: undefined; datasetId?: undefined }
    | { displayName: string; datasetId: string; id?: undefined }
  );

/**
 * Lists datatables: one GET of ProcessMind's API, in every preview and `up`. An error rejects, and so ends the program.
 *
 * @example
 * ```ts
 * export const rows = getDatatables().then((tables) => tables.map(({ displayName, rowCount }) => ({ displayName, rowCount })));
 * ```
 */
export async function getDatatables(args: GetDatatablesArgs = {}): Promise<DatatableSummary[]> {
  return lookUp(queryDatatables, args);
}

/** As {@link getDatatables}, with arguments that may be outputs. */
export function getDatatablesOutput(args: InputsOf<GetDatatablesArgs> = {}): pulumi.Output<DatatableSummary[]> {
  return lifted(getDatatables, args);
}

/**
 * Reads one datatable: one GET, by name a GET of the list before it, in every preview and `up`.
 *
 * @throws ProcessMindError `NOT_FOUND` when there is none, `AMBIGUOUS_NAME` when several have the name; both name what
 *   was found.
 *
 * @example
 * ```ts
 * const orders = await getDatatable({ displayName: "Orders", datasetId: sales.id });
 * ```
 */
export async function getDatatable(args: GetDatatableArgs): Promise<DatatableDetails> {
  return lookUp(queryDatatable, args);
}

/** As {@link getDatatable}, with arguments that may be outputs. */
export function getDatatableOutput(args: InputsOf<GetDatatableArgs>): pulumi.Output<DatatableDetails> {
  return lifted<GetDatatableArgs, DatatableDetails>(getDatatable, args);
}
