/**
 * Manage ProcessMind datasets, datatables and event-log uploads with Pulumi.
 *
 * @packageDocumentation
 */
export { type Candidate, type ErrorCode, ProcessMindError } from "./errors";
export {
  type DatasetDetails,
  type DatasetSummary,
  type GetDatasetArgs,
  type GetDatasetsArgs,
  getDataset,
  getDatasetOutput,
  getDatasets,
  getDatasetsOutput,
} from "./functions/datasets";
export {
  type DatatableDetails,
  type DatatableSummary,
  type GetDatatableArgs,
  type GetDatatablesArgs,
  getDatatable,
  getDatatableOutput,
  getDatatables,
  getDatatablesOutput,
} from "./functions/datatables";
export type { InputsOf, LookupOptions } from "./program";
export { Dataset, type DatasetArgs } from "./resources/dataset";
export { Datatable, type DatatableArgs, type DatatableColumn } from "./resources/datatable";
export { DatatableUpload, type DatatableUploadArgs, type EventLogColumns } from "./resources/datatable-upload";
