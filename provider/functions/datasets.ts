import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf, LookupOptions } from "../program";
import type { DatatableSummary } from "./datatables";
import { lifted, lookUp } from "./in-program";
import { queryDataset, queryDatasets } from "./queries";

/** A dataset, or a folder of datasets, as a list shows it. Fields that ProcessMind does not report are absent. */
export interface DatasetSummary {
  /** The id in ProcessMind. */
  id: string;
  /** The name in ProcessMind. */
  displayName?: string;
  /** When it was created, ISO UTC. */
  createdAt?: string;
  /** Number of its datatables. */
  datatableCount?: number;
  /** `Dataset` or `TreeGroup`, a folder. */
  treeNodeType?: string;
  /** The id of the folder that holds it; null at the top. */
  treeParentId?: string | null;
}

/** A dataset with its datatables. */
export interface DatasetDetails extends DatasetSummary {
  /** Its datatables. */
  datatables?: DatatableSummary[];
}

/** Arguments of {@link getDatasets}. */
export type GetDatasetsArgs = LookupOptions;

/** Arguments of {@link getDataset}: the id of the dataset, or its exact name. Whitespace around the name is ignored. */
export type GetDatasetArgs = LookupOptions &
  ({ id: string; displayName?: undefined } | { displayName: string; id?: undefined });

/**
 * Lists the datasets of a tenant: one GET of ProcessMind's API, in every preview and `up`. An error ends the program.
 *
 * @param args - tenant and time limit
 *
 * @example
 * ```ts
 * export const names = getDatasets().then((datasets) => datasets.map(({ displayName }) => displayName));
 * ```
 */
export async function getDatasets(args: GetDatasetsArgs = {}): Promise<DatasetSummary[]> {
  return lookUp(queryDatasets, args);
}

/** Like {@link getDatasets}, with arguments that may be outputs. */
export function getDatasetsOutput(args: InputsOf<GetDatasetsArgs> = {}): pulumi.Output<DatasetSummary[]> {
  return lifted(getDatasets, args);
}

/**
 * Reads one dataset with one GET, in every preview and `up`. A lookup by name lists the datasets first. To put the dataset
 * into the stack as a resource, use `Dataset.get`. To manage it, use `existingId`.
 *
 * @param args - id or name of the dataset, tenant and time limit
 * @throws {@link ProcessMindError} `NOT_FOUND` if no dataset matches, `AMBIGUOUS_NAME` if several have the name. Both list the
 *   candidates.
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

/** Like {@link getDataset}, with arguments that may be outputs. */
export function getDatasetOutput(args: InputsOf<GetDatasetArgs>): pulumi.Output<DatasetDetails> {
  return lifted<GetDatasetArgs, DatasetDetails>(getDataset, args);
}
