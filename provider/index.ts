/**
 * ProcessMind datasets, datatables and event-log uploads as Pulumi resources.
 *
 * @packageDocumentation
 */
export { Dataset, type DatasetArgs } from "./resources/dataset";
export { Datatable, type DatatableArgs, type DatatableColumn } from "./resources/datatable";
export { DatatableUpload, type DatatableUploadArgs } from "./resources/datatable-upload";
