import { createDatatable, deleteDatatable, getDatatable, listDatatables } from "../api/endpoints";
import type { Connection } from "../api/http";
import type { WireColumn, WireDatatable } from "../api/wire";
import { requireTenantId } from "../config";
import { ProcessMindError, partiallyCreated } from "../errors";
import { sameId, sameName } from "../same";
import {
  adoptedReplacement,
  adoptionMismatch,
  announceAdoption,
  isHandedOver,
  noteDeclared,
  noteKept,
  noteTakenOver,
  unexpectedRefusal,
} from "./adopt";
import {
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
import { connect, findById, listKey, unlessGone } from "./connect";
import type { Context, Lifecycle, Loose } from "./context";
import { createOnce } from "./create-once";
import { DATA_DELETION_OPTIONS, dataIn, deletionOf } from "./delete-rule";
import { noteNewTable } from "./first-upload";
import { warnOnce } from "./once";
import { asItWas, diffByPolicy, type Policy, refusedChanges, shown, TENANT_WAY_OUT } from "./policy";
import { SharedList } from "./shared-list";

export interface DatatableInputs {
  datasetId: string;
  displayName: string;
  tenantId: string;
  existingId?: string;
  forceDestroy?: boolean;
  allowSameName?: boolean;
  timeoutSeconds?: number;
}

export interface DatatableState extends DatatableInputs {
  /** null: the API says so; absent: it does not say; 0: no rows. Three different things. */
  rowCount?: number | null;
  columns?: WireColumn[];
  createdAt?: string;
  /** Taken over by existingId: deletion leaves it alone unless forceDestroy. */
  adopted: boolean;
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

export const datatableLifecycle: Lifecycle<DatatableInputs, DatatableState> = {
  async check(context, old, wanted) {
    const failures = firstOfEach([
      ...failuresOf(wanted, [
        onlyKnown(DATATABLE_POLICY),
        requiredId("datasetId", "the id of the Dataset that holds the table", "Dataset"),
        requiredText("displayName", "the name shown in ProcessMind"),
        requiredTenant,
        optionalText("existingId", "the id of the datatable to take over"),
        optionalBoolean("forceDestroy"),
        optionalBoolean("allowSameName"),
        checkTimeout,
      ]),
      ...refusedChanges(DATATABLE_POLICY, old, wanted, wayOut),
      ...adoptedReplacement(DATATABLE_POLICY, old, wanted),
    ]);
    noteDeclared(wanted);
    if (failures.length === 0) await announceAdoption(context, "Datatable", old, wanted);
    leftBehind.delete(placeOf(wanted));
    return { inputs: wanted, failures };
  },

  /** Created first, deleted after: every property that replaces also changes the name or the place. */
  diff(id, state, wanted) {
    const difference = diffByPolicy(DATATABLE_POLICY, state, wanted);
    noteKept(id, state, wanted, difference);
    return difference;
  },

  async create(context, inputs) {
    const connection = connect(context, inputs.timeoutSeconds);
    if (inputs.existingId !== undefined) return adopt(connection, inputs, inputs.existingId);
    const { displayName, datasetId, tenantId } = inputs;
    const created = await createOnce<WireDatatable>(context, {
      noun: "Datatable",
      displayName,
      key: `${connection.apiUrl} ${tenantId} ${datasetId} ${displayName.trim()}`,
      allowSameName: inputs.allowSameName ?? false,
      listAlike: async () => {
        const alike = (await currentDatatables(connection, tenantId)).filter((item) => isAlike(item, inputs));
        return alike.filter(({ id }) => id !== leftBehind.get(placeOf(inputs)));
      },
      post: () => createDatatable(connection, tenantId, datasetId, { displayName }),
    });
    noteNewTable(tenantId, created.id);
    const state = { ...inputs, adopted: false };
    try {
      return { id: created.id, state: { ...state, ...outputsOf(created.details()) } };
    } catch (error) {
      throw partiallyCreated(created.id, state, error);
    }
  },

  async read(context, id, state) {
    const connection = connect(context, state.timeoutSeconds);
    // The object of a static `get` is expected to be there: its state holds only what the program passed.
    const found =
      state.adopted === undefined
        ? await getDatatable(connection, requireTenantId(state.tenantId), id)
        : await findDatatable(connection, id, state);
    if (found === undefined) return undefined;
    const { rowCount, columns, createdAt, adopted, ...inputs } = state;
    const displayName = found.displayName ?? inputs.displayName;
    const current: DatatableInputs = {
      ...inputs,
      displayName: sameName(displayName, inputs.displayName) ? inputs.displayName : displayName,
      datasetId: sameId(found.datasetId, inputs.datasetId) ? inputs.datasetId : (found.datasetId ?? inputs.datasetId),
    };
    // Uploads change rows and columns after the table's own state is written: what a refresh found new is no drift.
    const outputs =
      adopted === undefined ? { adopted: false, ...outputsOf(found) } : { rowCount, columns, createdAt, adopted };
    return { id, inputs: current, state: { ...current, ...outputs } };
  },

  /** The service has nothing to change: what can change here is the state alone. */
  async update(_context, _id, state, inputs) {
    const { rowCount, columns, createdAt, adopted } = state;
    return { ...inputs, rowCount, columns, createdAt, adopted };
  },

  async delete(context, id, state) {
    const connection = connect(context, state.timeoutSeconds);
    if (await isHandedOver(context, "Datatable", id, state)) return;
    const found = await findDatatable(connection, id, state);
    if (found === undefined) return;
    const deletion = deletionOf(state);
    if (deletion === "keep") {
      await context.warn(
        `Datatable "${state.displayName}" (${id}) was taken over, not created, here: it stays in ProcessMind.`,
      );
      return;
    }
    const holds = dataIn(found.rowCount);
    if (deletion === "guard" && holds !== undefined) throw dataWouldBeLost(id, state, holds);
    await deleteIfPossible(context, connection, id, state);
  },
};

/**
 * Tables that left the stack in this run and could not be deleted, by their place: they must not keep the table that
 * replaces them from being created.
 */
const leftBehind = new Map<string, string>();

function placeOf({ tenantId, datasetId, displayName }: Loose<DatatableInputs>): string {
  return `${tenantId} ${datasetId} ${String(displayName).trim()}`;
}

const lists = new SharedList<WireDatatable[]>();

function currentDatatables(connection: Connection, tenantId: string): Promise<WireDatatable[]> {
  return lists.ask(listKey(connection, tenantId), () => listDatatables(connection, tenantId), connection.sleep);
}

/** A datatable by its id; undefined when it is gone. */
export function findDatatable(
  connection: Connection,
  id: string,
  state: { tenantId: string; displayName?: string },
): Promise<WireDatatable | undefined> {
  const tenantId = requireTenantId(state.tenantId);
  const what = state.displayName === undefined ? `Datatable "${id}"` : `Datatable "${state.displayName}" (${id})`;
  return findById(what, id, getDatatable(connection, tenantId, id), () => currentDatatables(connection, tenantId));
}

/** The reference has no DELETE of one datatable, so the answer to it proves nothing: a GET afterwards decides. */
async function deleteIfPossible(
  context: Context,
  connection: Connection,
  id: string,
  state: DatatableState,
): Promise<void> {
  let done: boolean | undefined;
  try {
    done = await deleteDatatable(connection, state.tenantId, id);
    if (done === false) throw unexpectedRefusal("Datatable", state.displayName, id);
  } catch (error) {
    // What a service answers that has no such route: not found, forbidden (its gateway), or not allowed.
    const isNoRoute = error instanceof ProcessMindError && [403, 404, 405, 501].includes(error.status ?? 0);
    if (!isNoRoute) throw error;
  }
  // Its list may show for a while what is surely deleted.
  const left = done
    ? await unlessGone(getDatatable(connection, state.tenantId, id))
    : await findDatatable(connection, id, state);
  if (left === undefined) return;
  leftBehind.set(placeOf(state), id);
  if (done) {
    await context.warn(
      `Datatable "${state.displayName}" (${id}) is still in ProcessMind, though its API said that it was deleted. ` +
        "It leaves this stack, and is deleted with its dataset; or delete it in ProcessMind.",
    );
    return;
  }
  await warnOnce(
    context,
    "datatable stays",
    `ProcessMind's API cannot delete a single datatable: "${state.displayName}" (${id}) leaves this stack, and is ` +
      "deleted with its dataset. The same holds for every other datatable that this run deletes.",
  );
}

async function adopt(connection: Connection, inputs: DatatableInputs, id: string) {
  const found = await getDatatable(connection, inputs.tenantId, id);
  const { displayName = inputs.displayName, datasetId = inputs.datasetId } = found;
  const differences: string[] = [];
  if (!sameName(displayName, inputs.displayName)) {
    differences.push(`displayName is "${displayName}", not "${inputs.displayName}"`);
  }
  if (!sameId(datasetId, inputs.datasetId)) differences.push(`datasetId is "${datasetId}", not "${inputs.datasetId}"`);
  if (differences.length > 0) throw adoptionMismatch("Datatable", inputs.displayName, id, differences);
  noteTakenOver(inputs.tenantId, found.id);
  return { id: found.id, state: { ...inputs, ...outputsOf(found), adopted: true } };
}

/** A list that does not tell the dataset leaves it open whose table it is; such a one counts. */
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

function dataWouldBeLost(id: string, state: DatatableState, holds: string): ProcessMindError {
  return new ProcessMindError("DATA_WOULD_BE_LOST", {
    doing: `deleting Datatable "${state.displayName}" (${id})`,
    happened: `${holds}, and deletion would destroy it. Nothing was deleted`,
    options: DATA_DELETION_OPTIONS,
  });
}

function wayOut(property: string, from: unknown, to: unknown): string {
  if (property === "datasetId") {
    return (
      `datasetId cannot be changed from ${shown(from)} to ${shown(to)}: ProcessMind's API cannot move a datatable, and ` +
      `this one's rows would be lost with it. ${asItWas(property, from, to)} If its dataset is to be replaced, or the rows may go: set forceDestroy: true ` +
      "on this datatable, run `pulumi up`, then make the change. If its dataset was replaced already, write " +
      `datasetId: ${shown(from)} until then; that \`pulumi up\` deletes the old dataset, and its tables with it.`
    );
  }
  const what = `${property} cannot be changed from ${shown(from)} to ${shown(to)}: ProcessMind's API has no rename or move, and a new datatable would lose the rows of this one.`;
  if (property === "tenantId") return `${what} ${TENANT_WAY_OUT}`;
  return (
    `${what} ${asItWas(property, from, to)} Else rename it in ProcessMind, run \`pulumi refresh\` (the state takes the new name), then change the program; ` +
    "or set forceDestroy: true, run `pulumi up`, then change it: that deletes the datatable with its rows and creates a new one."
  );
}
