import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf, LookupOptions } from "../program";
import type { DatatableSummary } from "./datatables";
import { lifted, lookUp } from "./in-program";
import { queryDataset, queryDatasets } from "./queries";

/** A dataset, or a folder of datasets, as a list shows it. What ProcessMind does not tell is absent. */
export interface DatasetSummary {
  id: string;
  displayName?: string;
  /** ISO, UTC. */
  createdAt?: string;
  datatableCount?: number;
  /** `Dataset` or `TreeGroup`, a folder. */
  treeNodeType?: string;
  /** The id of the folder that holds it; null at the top. */
  treeParentId?: string | null;
}

/** A dataset with its datatables. */
export interface DatasetDetails extends DatasetSummary {
  datatables?: DatatableSummary[];
}

/** Where {@link getDatasets} looks. */
export type GetDatasetsArgs = LookupOptions;

/** Which dataset {@link getDataset} reads: by its id, or by its exact name, but for blanks around it. */
export type GetDatasetArgs = LookupOptions &
  ({ id: string; displayName?: undefined } | { displayName: string; id?: undefined });

/**
 * Lists the datasets of a tenant: one GET of ProcessMind's API, in every preview and `up`. An error rejects, and so ends
 * the program.
 *
 * @example
 * ```ts
 * export const names = getDatasets().then((datasets) => datasets.map(({ displayName }) => displayName));
 * ```
 */
export async function getDatasets(args: GetDatasetsArgs = {}): Promise<DatasetSummary[]> {
  return lookUp(queryDatasets, args);
}

/** As {@link getDatasets}, with arguments that may be outputs. */
export function getDatasetsOutput(args: InputsOf<GetDatasetsArgs> = {}): pulumi.Output<DatasetSummary[]> {
  return lifted(getDatasets, args);
}

/**
 * Reads one dataset: one GET, by name a GET of the list before it, in every preview and `up`. To have it in the stack as a
 * resource that others can depend on, see `Dataset.get`; to manage it, `existingId`.
 *
 * @throws ProcessMindError `NOT_FOUND` when there is none, `AMBIGUOUS_NAME` when several have the name; both name what
 *   was found.
 *
 * @example
 * ```ts
 * const sales = getDatasetOutput({ displayName: "Sales" });
 * new Datatable("orders", { datasetId: sales.id, displayName: "Orders" });
 * ```
 */
export async function getDataset(args: GetDatasetArgs): Promise<DatasetDetails> {
  return lookUp(queryDataset, args);
}

/** As {@link getDataset}, with arguments that may be outputs. */
export function getDatasetOutput(args: InputsOf<GetDatasetArgs>): pulumi.Output<DatasetDetails> {
  return lifted<GetDatasetArgs, DatasetDetails>(getDataset, args);
}
