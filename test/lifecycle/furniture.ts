import type { Dataset, Datatable } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { CREATED_AT, type Scene, TENANT } from "./scene";

/** Objects that have always been in ProcessMind: put there without a request. Each returns the state Pulumi would have of it. */

export async function putDataset(
  scene: Scene,
  dataset: Partial<Dataset> & { id: string },
  rowCounts: (number | undefined)[] = [],
): Promise<Properties> {
  const { id, displayName = "Sales", treeNodeType = "Dataset", treeParentId = null } = dataset;
  await scene.emulator.change((state) => {
    state.datasets.push({ id, displayName, treeNodeType, treeParentId, createdAt: CREATED_AT });
  });
  for (const [index, rowCount] of rowCounts.entries()) {
    await putTable(scene, { id: `table-${index}`, displayName: `Table ${index}`, datasetId: id, rowCount });
  }
  const place: Properties = treeParentId === null ? {} : { treeParentId };
  return { displayName, treeNodeType, ...place, tenantId: TENANT, createdAt: CREATED_AT, adopted: false };
}

/** Without a row count nothing was ever loaded into it. */
export async function putTable(scene: Scene, table: Partial<Datatable> & { id: string }): Promise<Properties> {
  const { id, displayName = "Orders", datasetId = "set-1", rowCount, columns = [] } = table;
  const loaded = rowCount === undefined ? {} : { rowCount, columns };
  await scene.emulator.change((state) => {
    state.datatables.push({ id, datasetId, displayName, createdAt: CREATED_AT, ...loaded });
  });
  return { datasetId, displayName, tenantId: TENANT, createdAt: CREATED_AT, adopted: false };
}
