import * as api from "../../provider/api/endpoints";
import type { Connection } from "../../provider/api/http";

/** Every call the provider makes of the API, with these ids and names. */
function callsWith({ tenant, dataset, table, name }: Record<"tenant" | "dataset" | "table" | "name", string>) {
  return {
    listDatasets: (to) => api.listDatasets(to, tenant),
    createDataset: (to) =>
      api.createDataset(to, tenant, { displayName: name, treeNodeType: "Dataset", treeParentId: null }),
    getDataset: (to) => api.getDataset(to, tenant, dataset),
    deleteDataset: (to) => api.deleteDataset(to, tenant, dataset),
    listDatatables: (to) => api.listDatatables(to, tenant),
    createDatatable: (to) => api.createDatatable(to, tenant, dataset, { displayName: name }),
    getDatatable: (to) => api.getDatatable(to, tenant, table),
    deleteDatatable: (to) => api.deleteDatatable(to, tenant, table),
    presignUpload: (to) =>
      api.presignUpload(to, tenant, {
        datasetId: dataset,
        datatableId: table,
        fileName: name,
        sizeBytes: 1,
        lastModifiedMs: 1,
      }),
  } satisfies Record<string, (to: Connection) => Promise<unknown>>;
}

export const CALLS = callsWith({ tenant: "t", dataset: "1", table: "1", name: "Sales" });

/** The same, where every id and name is this text. */
export function callsNaming(text: string): typeof CALLS {
  return callsWith({ tenant: text, dataset: text, table: text, name: text });
}

export type CallName = keyof typeof CALLS;

export const LISTS: CallName[] = ["listDatasets", "listDatatables"];
export const CREATES: CallName[] = ["createDataset", "createDatatable"];
export const DELETES: CallName[] = ["deleteDataset", "deleteDatatable"];
