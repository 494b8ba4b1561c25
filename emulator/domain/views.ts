import type { Behaviour } from "./behaviour";
import type { Dataset, Datatable, TenantState } from "./model";

/** What a client sees of an object: documented fields, bent by the behaviour switches. */
export type View = Record<string, unknown>;

/** One line of the list of datasets. */
export function datasetLine(state: TenantState, dataset: Dataset, behaviour: Behaviour): View {
  const { id, displayName, createdAt } = dataset;
  const datatableCount = state.datatables.filter((table) => table.datasetId === id).length;
  const tree = behaviour.treeFieldsInList ? treeFields(dataset) : {};
  return read({ id, displayName, createdAt, datatableCount, ...tree }, behaviour);
}

/** One dataset with its datatables. */
export function datasetDetails(state: TenantState, dataset: Dataset, behaviour: Behaviour): View {
  const { id, displayName, createdAt } = dataset;
  const datatables = state.datatables
    .filter((table) => table.datasetId === id)
    .map((table) =>
      read({ id: table.id, displayName: table.displayName, ...loadedFields(table, behaviour, false) }, behaviour),
    );
  const tree = behaviour.treeFieldsOnRead ? treeFields(dataset) : {};
  return read({ id, displayName, createdAt, ...tree, datatables }, behaviour);
}

/** One line of the list of datatables. */
export function datatableLine(table: Datatable, behaviour: Behaviour): View {
  const { id, displayName, datasetId, createdAt } = table;
  return read({ id, displayName, datasetId, ...loadedFields(table, behaviour, false), createdAt }, behaviour);
}

/** One datatable with its columns. */
export function datatableDetails(table: Datatable, behaviour: Behaviour): View {
  const { id, displayName, datasetId, createdAt } = table;
  return read({ id, displayName, datasetId, ...loadedFields(table, behaviour, true), createdAt }, behaviour);
}

/** The reply to a create of a dataset. */
export function createdDataset(dataset: Dataset, behaviour: Behaviour): View {
  const { id, displayName, createdAt } = dataset;
  return created({ id, displayName, ...treeFields(dataset), createdAt }, behaviour);
}

/** The reply to a create of a datatable. */
export function createdDatatable(table: Datatable, behaviour: Behaviour): View {
  const { id, displayName, datasetId, createdAt } = table;
  return created({ id, displayName, datasetId, ...loadedFields(table, behaviour, true), createdAt }, behaviour);
}

function treeFields({ treeNodeType, treeParentId }: Dataset): View {
  return { treeNodeType, treeParentId };
}

function loadedFields(table: Datatable, behaviour: Behaviour, withColumns: boolean): View {
  const only = (rowCount: unknown, columns: unknown) => (withColumns ? { rowCount, columns } : { rowCount });
  if (table.rowCount !== undefined) return only(table.rowCount, table.columns ?? []);
  if (behaviour.rowCountBeforeUpload === "absent") return {};
  return behaviour.rowCountBeforeUpload === "null" ? only(null, null) : only(0, []);
}

function read(view: View, behaviour: Behaviour): View {
  const shown = Object.entries(view).filter(([name]) => !behaviour.hiddenFields.includes(name));
  return withExtras(Object.fromEntries(shown), behaviour);
}

function created(view: View, behaviour: Behaviour): View {
  const { id, ...rest } = view;
  switch (behaviour.createReply) {
    case "id":
      return withExtras({ id }, behaviour);
    case "noId":
      return withExtras(rest, behaviour);
    case "wrapped":
      return { data: withExtras(view, behaviour) };
    case "full":
      return withExtras(view, behaviour);
  }
}

function withExtras(view: View, behaviour: Behaviour): View {
  return behaviour.extraFields ? { ...view, _links: { self: "/somewhere" }, ownerId: 42, tags: [] } : view;
}
