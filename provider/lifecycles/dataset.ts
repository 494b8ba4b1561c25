import { createDataset, deleteDataset, getDataset, listDatasets } from "../api/endpoints";
import type { Connection } from "../api/http";
import type { WireDataset } from "../api/wire";
import { partiallyCreated } from "../errors";
import { adoptedCannotBeReplaced, cannotChange, WHAT } from "../messages/inputs";
import * as says from "../messages/objects";
import { sameId, sameName } from "../same";
import {
  type Check,
  checkTimeout,
  failuresOf,
  firstOfEach,
  oneOf,
  onlyKnown,
  optionalBoolean,
  optionalText,
  requiredTenant,
  requiredText,
} from "./checks";
import { connect, listKey, unlessMissing } from "./connect";
import type { Context, Lifecycle } from "./context";
import { createOnce } from "./create-once";
import { dataInTables } from "./delete-rule";
import {
  adoptedReplacement,
  adoptObject,
  announceAdoption,
  currentName,
  deleteObject,
  findObject,
  type Loss,
  type ObjectInputs,
  type ObjectKind,
  type ObjectState,
  readObject,
} from "./existing-object";
import { diffByPolicy, isChange, type Policy, rejectedChanges } from "./policy";
import { SharedList } from "./shared-list";

export interface DatasetInputs extends ObjectInputs {
  treeNodeType: string;
  treeParentId?: string;
  allowSameName?: boolean;
}

export interface DatasetState extends DatasetInputs, ObjectState {
  createdAt?: string;
  datatableCount?: number;
}

const DATASET_POLICY: Policy<DatasetInputs> = {
  displayName: "refuse",
  treeNodeType: "refuse",
  treeParentId: "refuse-parent",
  tenantId: "refuse",
  existingId: "ignore",
  forceDestroy: "update",
  allowSameName: "ignore",
  timeoutSeconds: "update",
};

const CHECKS: readonly Check[] = [
  onlyKnown(DATASET_POLICY),
  requiredText("displayName", WHAT.displayName),
  oneOf("treeNodeType", ["Dataset", "TreeGroup"]),
  optionalText("treeParentId", WHAT.treeParentId),
  requiredTenant,
  optionalText("existingId", WHAT.existingDataset),
  optionalBoolean("forceDestroy"),
  optionalBoolean("allowSameName"),
  checkTimeout,
];

export const datasetLifecycle: Lifecycle<DatasetInputs, DatasetState> = {
  hasObject: true,

  async check(context, old, wanted) {
    const inputs = { ...wanted, treeNodeType: wanted.treeNodeType ?? "Dataset" };
    const failures = firstOfEach([
      ...failuresOf(inputs, CHECKS),
      ...rejectedChanges(DATASET_POLICY, old, inputs, (property, from, to) =>
        cannotChange("dataset", property, from, to),
      ),
      ...adoptedReplacement(DATASET_POLICY, old, inputs, adoptedCannotBeReplaced),
    ]);
    if (failures.length === 0) await announceAdoption(context, "Dataset", old, inputs);
    return { inputs, failures };
  },

  diff(_id, state, wanted) {
    const difference = diffByPolicy(DATASET_POLICY, state, wanted);
    const staysInPlace = (["displayName", "treeParentId", "tenantId"] as const).every(
      (name) => !isChange(name, state[name], wanted[name]),
    );
    // Two of one name in one place: the new one would be rejected as ALREADY_EXISTS while the old one stands.
    return { ...difference, deleteBeforeReplace: difference.replaces.length > 0 && staysInPlace };
  },

  async create(context, inputs) {
    if (inputs.existingId !== undefined) return adoptObject(context, DATASET, inputs, inputs.existingId);
    const connection = connect(context, inputs.timeoutSeconds);
    const { displayName, treeNodeType, treeParentId, tenantId } = inputs;
    const created = await createOnce<WireDataset>(context, {
      noun: treeNodeType,
      displayName,
      // Without the folder: where the list does not report it, one of that name elsewhere would be taken for ours.
      key: `${connection.apiUrl} ${tenantId} ${displayName.trim()}`,
      allowSameName: inputs.allowSameName ?? false,
      listAlike: async () => (await currentDatasets(connection, tenantId)).filter((item) => isAlike(item, inputs)),
      post: () =>
        createDataset(connection, tenantId, { displayName, treeNodeType, treeParentId: treeParentId ?? null }),
    });
    const state = { ...inputs, adopted: false };
    try {
      return { id: created.id, state: { ...state, ...outputsOf(created.details()) } };
    } catch (error) {
      throw partiallyCreated(created.id, state, error);
    }
  },

  async read(context, id, state) {
    const found = await readObject(context, DATASET, id, state);
    if (found === undefined) return undefined;
    const { createdAt, datatableCount, adopted, ...inputs } = state;
    const current: DatasetInputs = {
      ...inputs,
      displayName: currentName(found.displayName, inputs.displayName),
      treeNodeType: found.treeNodeType ?? inputs.treeNodeType,
      // null says "at the top"; absent says nothing, and what is known stays.
      treeParentId:
        found.treeParentId === undefined || sameId(found.treeParentId, inputs.treeParentId)
          ? inputs.treeParentId
          : (found.treeParentId ?? undefined),
    };
    // Tables are created after the dataset's own state is written: what a refresh found new is not drift.
    const outputs =
      adopted === undefined ? { adopted: false, ...outputsOf(found) } : { createdAt, datatableCount, adopted };
    return { id, inputs: current, state: { ...current, ...outputs } };
  },

  /** The service has nothing to change: what can change here is the state alone. */
  async update(_context, _id, state, inputs) {
    const { createdAt, datatableCount, adopted } = state;
    return { ...inputs, createdAt, datatableCount, adopted };
  },

  delete: (context, id, state) => deleteObject(context, DATASET, id, state),
};

const DATASET: ObjectKind<WireDataset, DatasetInputs, DatasetState> = {
  /** ProcessMind may omit the type of an imported one. */
  nounOf: ({ treeNodeType = "Dataset" }) => treeNodeType,
  get: getDataset,
  list: currentDatasets,
  compared: (inputs, found) => [
    ["displayName", inputs.displayName, found.displayName],
    ["treeNodeType", inputs.treeNodeType, found.treeNodeType],
    ["treeParentId", inputs.treeParentId, found.treeParentId],
  ],
  outputsOf,
  lossOf,
  remove,
};

const lists = new SharedList<WireDataset[]>();

function currentDatasets(connection: Connection, tenantId: string): Promise<WireDataset[]> {
  return lists.ask(listKey(connection, tenantId), () => listDatasets(connection, tenantId), connection.sleep);
}

async function remove(_context: Context, connection: Connection, id: string, state: DatasetState): Promise<void> {
  const done = await unlessMissing(deleteDataset(connection, state.tenantId, id));
  if (done === true) return;
  // A 404 may be that of a gateway without such a route, and another response may mean anything: reads decide.
  const left = done === false || (await findObject(connection, DATASET, id, state));
  if (left) throw says.notDeleted(DATASET.nounOf(state), state.displayName, id, done === false);
}

function isAlike(item: WireDataset, inputs: DatasetInputs): boolean {
  const inOurPlace = item.treeParentId === undefined || sameId(item.treeParentId ?? undefined, inputs.treeParentId);
  return sameName(item.displayName, inputs.displayName) && inOurPlace;
}

function outputsOf(found: WireDataset): { createdAt?: string; datatableCount?: number } {
  const { createdAt, datatables, datatableCount = datatables?.length } = found;
  return {
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(datatableCount === undefined ? {} : { datatableCount }),
  };
}

async function lossOf(
  connection: Connection,
  id: string,
  state: DatasetState,
  found: WireDataset,
): Promise<Loss | undefined> {
  const isFolder = state.treeNodeType === "TreeGroup";
  // An imported one whose type ProcessMind omits may be either.
  const mayBeFolder = isFolder || (state.treeNodeType ?? found.treeNodeType) === undefined;
  const holds =
    (isFolder ? undefined : dataInTables(found.datatables)) ??
    (mayBeFolder ? await childrenOf(connection, state.tenantId, id) : undefined);
  const options = isFolder ? says.DELETION_OPTIONS : says.DATA_DELETION_OPTIONS;
  return holds === undefined ? undefined : { holds, options };
}

async function childrenOf(connection: Connection, tenantId: string, id: string): Promise<string | undefined> {
  const all = await currentDatasets(connection, tenantId);
  const others = all.filter((item) => !sameId(item.id, id));
  const children = others.filter((item) => sameId(item.treeParentId, id));
  if (children.length > 0) return says.holdsChildren(children);
  // A list without this folder has none, so nothing shows what lies in a folder within it.
  const cannotTell = others.length === all.length || others.some((item) => item.treeParentId === undefined);
  return cannotTell ? says.childrenNotReported() : undefined;
}
