import * as api from "../../provider/api/endpoints";
import type { Connection } from "../../provider/api/http";

/** Every call the provider makes of the API. */
export const CALLS = {
  listDatasets: (to) => api.listDatasets(to, "t"),
  createDataset: (to) =>
    api.createDataset(to, "t", { displayName: "Sales", treeNodeType: "Dataset", treeParentId: null }),
  getDataset: (to) => api.getDataset(to, "t", "d"),
  deleteDataset: (to) => api.deleteDataset(to, "t", "d"),
  listDatatables: (to) => api.listDatatables(to, "t"),
  createDatatable: (to) => api.createDatatable(to, "t", "d", { displayName: "Orders" }),
  getDatatable: (to) => api.getDatatable(to, "t", "dt"),
  deleteDatatable: (to) => api.deleteDatatable(to, "t", "dt"),
  presignUpload: (to) =>
    api.presignUpload(to, "t", {
      datasetId: "d",
      datatableId: "dt",
      fileName: "a.csv",
      sizeBytes: 1,
      lastModifiedMs: 1,
    }),
} satisfies Record<string, (to: Connection) => Promise<unknown>>;

export type CallName = keyof typeof CALLS;

export const LISTS: CallName[] = ["listDatasets", "listDatatables"];
export const CREATES: CallName[] = ["createDataset", "createDatatable"];
export const DELETES: CallName[] = ["deleteDataset", "deleteDatatable"];
