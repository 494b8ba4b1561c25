import { createDatatable, deleteDatatable, getDatatable, listDatatables } from "../api/endpoints";
import type { Connection } from "../api/http";
import type { WireColumn, WireDatatable } from "../api/wire";
import { requireTenantId } from "../config";
import { ProcessMindError, partiallyCreated } from "../errors";
import { reading } from "../messages/doing";
import { adoptedCannotBeReplaced, cannotChange, WHAT } from "../messages/inputs";
import * as says from "../messages/objects";
import { sameId, sameName } from "../same";
import {
  type Check,
  checkTimeout,
  failuresOf,
  firstOfEach,
  onlyKnown,
  optionalBoolean,
  optionalText,
  requiredId,
  requiredTenant,
  requiredText,
} from "./checks";
import { connect, findById, listKey, unlessMissing } from "./connect";
import type { Context, Lifecycle, Loose } from "./context";
import { createOnce } from "./create-once";
import type { TablePlace } from "./declared-objects";
import { dataIn } from "./delete-rule";
import {
  adoptedReplacement,
  adoptObject,
  announceAdoption,
  currentId,
  currentName,
  deleteObject,
  findObject,
  type ObjectInputs,
  type ObjectKind,
  type ObjectState,
  readObject,
} from "./existing-object";
import { noteNewTable } from "./first-upload";
import { warnOnce } from "./once";
import { diffByPolicy, type Policy, rejectedChanges } from "./policy";
import { SharedList } from "./shared-list";

export interface DatatableInputs extends ObjectInputs {
  datasetId: string;
  allowSameName?: boolean;
}

export interface DatatableState extends DatatableInputs, ObjectState {
  /** null: the API says so; absent: it does not say; 0: no rows. Three different things. */
  rowCount?: number | null;
  columns?: WireColumn[];
  createdAt?: string;
}

const DATATABLE_POLICY: Policy<DatatableInputs> = {
  datasetId: "refuse-parent",
  displayName: "refuse",
  tenantId: "refuse",
  existingId: "ignore",
  forceDestroy: "update",
  allowSameName: "ignore",
  timeoutSeconds: "update",
};

const CHECKS: readonly Check[] = [
  onlyKnown(DATATABLE_POLICY),
  requiredId("datasetId", WHAT.datasetId, "Dataset"),
  requiredText("displayName", WHAT.displayName),
  requiredTenant,
  optionalText("existingId", WHAT.existingDatatable),
  optionalBoolean("forceDestroy"),
  optionalBoolean("allowSameName"),
  checkTimeout,
];

export const datatableLifecycle: Lifecycle<DatatableInputs, DatatableState> = {
  hasObject: true,

  async check(context, old, wanted) {
    const failures = firstOfEach([
      ...failuresOf(wanted, CHECKS),
      ...rejectedChanges(DATATABLE_POLICY, old, wanted, (property, from, to) =>
        cannotChange("datatable", property, from, to),
      ),
      ...adoptedReplacement(DATATABLE_POLICY, old, wanted, adoptedCannotBeReplaced),
    ]);
    if (failures.length === 0) await announceAdoption(context, "Datatable", old, wanted);
    context.declared.forgetLeftBehind(placeOf(context, wanted));
    return { inputs: wanted, failures };
  },

  /** Created first, deleted after: every property that replaces also changes the name or the place. */
  diff: (_id, state, wanted) => diffByPolicy(DATATABLE_POLICY, state, wanted),

  async create(context, inputs) {
    if (inputs.existingId !== undefined) return adoptObject(context, DATATABLE, inputs, inputs.existingId);
    const connection = connect(context, inputs.timeoutSeconds);
    const { displayName, datasetId, tenantId } = inputs;
    const created = await createOnce<WireDatatable>(context, {
      noun: "Datatable",
      displayName,
      key: `${connection.apiUrl} ${tenantId} ${datasetId} ${displayName.trim()}`,
      allowSameName: inputs.allowSameName ?? false,
      listAlike: async () => {
        const alike = (await currentDatatables(connection, tenantId)).filter((item) => isAlike(item, inputs));
        return alike.filter(({ id }) => id !== context.declared.leftBehindAt(placeOf(context, inputs)));
      },
      post: () => createDatatable(connection, tenantId, datasetId, { displayName }),
    });
    noteNewTable(context, tenantId, created.id);
    const state = { ...inputs, adopted: false };
    try {
      return { id: created.id, state: { ...state, ...outputsOf(created.details()) } };
    } catch (error) {
      throw partiallyCreated(created.id, state, error);
    }
  },

  async read(context, id, state) {
    const found = await readObject(context, DATATABLE, id, state);
    if (found === undefined) return undefined;
    const { rowCount, columns, createdAt, adopted, ...inputs } = state;
    const current: DatatableInputs = {
      ...inputs,
      displayName: currentName(found.displayName, inputs.displayName),
      datasetId: currentId(found.datasetId, inputs.datasetId),
    };
    // Uploads change rows and columns after the table's own state is written: what a refresh found new is not drift.
    const outputs =
      adopted === undefined ? { adopted: false, ...outputsOf(found) } : { rowCount, columns, createdAt, adopted };
    return { id, inputs: current, state: { ...current, ...outputs } };
  },

  /** The service has nothing to change: what can change here is the state alone. */
  async update(_context, _id, state, inputs) {
    const { rowCount, columns, createdAt, adopted } = state;
    return { ...inputs, rowCount, columns, createdAt, adopted };
  },

  delete: (context, id, state) => deleteObject(context, DATATABLE, id, state),
};

const DATATABLE: ObjectKind<WireDatatable, DatatableInputs, DatatableState> = {
  nounOf: () => "Datatable",
  get: getDatatable,
  list: currentDatatables,
  compared: (inputs, found) => [
    ["displayName", inputs.displayName, found.displayName],
    ["datasetId", inputs.datasetId, found.datasetId],
  ],
  outputsOf,
  async lossOf(_connection, _id, _state, { rowCount }) {
    const holds = dataIn(rowCount);
    return holds === undefined ? undefined : { holds, options: says.DATA_DELETION_OPTIONS };
  },
  remove,
};

function placeOf(context: Context, { tenantId, datasetId, displayName }: Loose<DatatableInputs>): TablePlace {
  return { address: context.address(), tenantId, datasetId, displayName };
}

const lists = new SharedList<WireDatatable[]>();

function currentDatatables(connection: Connection, tenantId: string): Promise<WireDatatable[]> {
  return lists.ask(listKey(connection, tenantId), () => listDatatables(connection, tenantId), connection.sleep);
}

/** The datatable of an upload; undefined when it is deleted. */
export function findDatatable(
  connection: Connection,
  id: string,
  tenantId: string,
): Promise<WireDatatable | undefined> {
  const tenant = requireTenantId(tenantId);
  const get = getDatatable(connection, tenant, id);
  return findById(reading("Datatable", id), id, get, () => currentDatatables(connection, tenant));
}

/** The reference has no DELETE of one datatable, so the response to it proves nothing: a GET afterwards decides. */
async function remove(context: Context, connection: Connection, id: string, state: DatatableState): Promise<void> {
  let done: boolean | undefined;
  try {
    done = await deleteDatatable(connection, state.tenantId, id);
    if (done === false) throw says.notDeleted("Datatable", state.displayName, id, true);
  } catch (error) {
    // What a service answers that has no such route: not found, forbidden (its gateway), or not allowed.
    const isNoRoute = error instanceof ProcessMindError && [403, 404, 405, 501].includes(error.status ?? 0);
    if (!isNoRoute) throw error;
  }
  // Its list may show for a while what is surely deleted.
  const left = done
    ? await unlessMissing(getDatatable(connection, state.tenantId, id))
    : await findObject(connection, DATATABLE, id, state);
  if (left === undefined) return;
  context.declared.addLeftBehind(placeOf(context, state), id);
  if (done) await context.warn(says.tableStillThere(state.displayName, id));
  else await warnOnce(context, "datatable stays", says.tablesStay(state.displayName, id));
}

/** A list that does not report the dataset leaves it open whose table it is; such a one counts. */
function isAlike(item: WireDatatable, inputs: DatatableInputs): boolean {
  const inOurDataset = item.datasetId === undefined || sameId(item.datasetId, inputs.datasetId);
  return sameName(item.displayName, inputs.displayName) && inOurDataset;
}

function outputsOf(found: WireDatatable): Pick<DatatableState, "rowCount" | "columns" | "createdAt"> {
  const { rowCount, columns, createdAt } = found;
  return {
    ...(rowCount === undefined ? {} : { rowCount }),
    ...(columns === undefined ? {} : { columns }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}
