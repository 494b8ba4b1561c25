import type { WireDatatable } from "../api/wire";
import { badArguments, datasetNotReported, noDatasetId } from "../messages/program";
import type { DatasetDetails, DatasetSummary, GetDatasetArgs, GetDatasetsArgs } from "./datasets";
import type { DatatableDetails, DatatableSummary, GetDatatableArgs, GetDatatablesArgs } from "./datatables";
import { isText, onlyOneNamed, type Query, requireOneKey } from "./look-up";

/** The look-ups themselves, the same in the user's program and in the plugin. */

export const queryDatasets: Query<GetDatasetsArgs, DatasetSummary[]> = (api, connection, tenantId) =>
  api.listDatasets(connection, tenantId);

export const queryDataset: Query<GetDatasetArgs, DatasetDetails> = async (api, connection, tenantId, args) => {
  requireOneKey("Dataset", args);
  if (isText(args.id)) return api.getDataset(connection, tenantId, args.id);
  const all = await api.listDatasets(connection, tenantId);
  const found = onlyOneNamed("Dataset", String(args.displayName), `tenant "${tenantId}"`, all);
  return api.getDataset(connection, tenantId, found.id);
};

export const queryDatatables: Query<GetDatatablesArgs, DatatableSummary[]> = async (
  api,
  connection,
  tenantId,
  { datasetId },
) => {
  const all = await api.listDatatables(connection, tenantId);
  return datasetId === undefined ? all : ofDataset(all, datasetId);
};

export const queryDatatable: Query<GetDatatableArgs, DatatableDetails> = async (api, connection, tenantId, args) => {
  requireOneKey("Datatable", args);
  const { id, displayName, datasetId } = args;
  if (isText(id)) return api.getDatatable(connection, tenantId, id);
  if (!isText(datasetId)) throw badArguments("Datatable", noDatasetId());
  const there = ofDataset(await api.listDatatables(connection, tenantId), datasetId);
  const found = onlyOneNamed("Datatable", String(displayName), `Dataset "${datasetId}"`, there);
  return api.getDatatable(connection, tenantId, found.id);
};

function ofDataset(all: WireDatatable[], datasetId: string): WireDatatable[] {
  const unplaced = all.find((table) => table.datasetId === undefined);
  if (unplaced !== undefined) throw datasetNotReported(datasetId, unplaced.displayName ?? unplaced.id);
  return all.filter((table) => table.datasetId === datasetId);
}
