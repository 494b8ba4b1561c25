import { createDataset, deleteDataset, getDataset, listDatasets } from "../api/endpoints";
import type { Connection } from "../api/http";
import type { WireDataset } from "../api/wire";
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
  oneOf,
  onlyKnown,
  optionalBoolean,
  optionalText,
  requiredTenant,
  requiredText,
} from "./checks";
import { connect, findById, listKey, unlessGone } from "./connect";
import type { Lifecycle } from "./context";
import { createOnce } from "./create-once";
import { DATA_DELETION_OPTIONS, DELETION_OPTIONS, dataInTables, deletionOf } from "./delete-rule";
import { asItWas, diffByPolicy, isChange, type Policy, refusedChanges, shown, TENANT_WAY_OUT } from "./policy";
import { SharedList } from "./shared-list";

export interface DatasetInputs {
  displayName: string;
  treeNodeType: string;
  treeParentId?: string;
  tenantId: string;
  existingId?: string;
  forceDestroy?: boolean;
  allowSameName?: boolean;
  timeoutSeconds?: number;
}

export interface DatasetState extends DatasetInputs {
  createdAt?: string;
  datatableCount?: number;
  /** Taken over by existingId: deletion leaves it alone unless forceDestroy. */
  adopted: boolean;
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

export const datasetLifecycle: Lifecycle<DatasetInputs, DatasetState> = {
  async check(context, old, wanted) {
    const inputs = { ...wanted, treeNodeType: wanted.treeNodeType ?? "Dataset" };
    const failures = firstOfEach([
      ...failuresOf(inputs, [
        onlyKnown(DATASET_POLICY),
        requiredText("displayName", "the name shown in ProcessMind"),
        oneOf("treeNodeType", ["Dataset", "TreeGroup"]),
        optionalText("treeParentId", "the id of the TreeGroup that holds the dataset"),
        requiredTenant,
        optionalText("existingId", "the id of the dataset to take over"),
        optionalBoolean("forceDestroy"),
        optionalBoolean("allowSameName"),
        checkTimeout,
      ]),
      ...refusedChanges(DATASET_POLICY, old, inputs, wayOut),
      ...adoptedReplacement(DATASET_POLICY, old, inputs),
    ]);
    noteDeclared(inputs);
    if (failures.length === 0) await announceAdoption(context, "Dataset", old, inputs);
    return { inputs, failures };
  },

  diff(id, state, wanted) {
    const difference = diffByPolicy(DATASET_POLICY, state, wanted);
    noteKept(id, state, wanted, difference);
    const staysInPlace = (["displayName", "treeParentId", "tenantId"] as const).every(
      (name) => !isChange(name, state[name], wanted[name]),
    );
    // Two of one name in one place: the new one would be refused as ALREADY_EXISTS while the old one stands.
    return { ...difference, deleteBeforeReplace: difference.replaces.length > 0 && staysInPlace };
  },

  async create(context, inputs) {
    const connection = connect(context, inputs.timeoutSeconds);
    if (inputs.existingId !== undefined) return adopt(connection, inputs, inputs.existingId);
    const { displayName, treeNodeType, treeParentId, tenantId } = inputs;
    const created = await createOnce<WireDataset>(context, {
      noun: treeNodeType,
      displayName,
      // Without the folder: where the list does not tell it, one of that name elsewhere would be taken for ours.
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
    const connection = connect(context, state.timeoutSeconds);
    // The object of a static `get` is expected to be there: its state holds only what the program passed.
    const found =
      state.adopted === undefined
        ? await getDataset(connection, requireTenantId(state.tenantId), id)
        : await find(connection, id, state);
    if (found === undefined) return undefined;
    const { createdAt, datatableCount, adopted, ...inputs } = state;
    const current: DatasetInputs = {
      ...inputs,
      displayName: sameName(found.displayName ?? inputs.displayName, inputs.displayName)
        ? inputs.displayName
        : (found.displayName ?? inputs.displayName),
      treeNodeType: found.treeNodeType ?? inputs.treeNodeType,
      // null says "at the top"; absent says nothing, and what we knew stays.
      treeParentId:
        found.treeParentId === undefined || sameId(found.treeParentId, inputs.treeParentId)
          ? inputs.treeParentId
          : (found.treeParentId ?? undefined),
    };
    // Tables are created after the dataset's own state is written: what a refresh found new is no drift.
    const outputs =
      adopted === undefined ? { adopted: false, ...outputsOf(found) } : { createdAt, datatableCount, adopted };
    return { id, inputs: current, state: { ...current, ...outputs } };
  },

  /** The service has nothing to change: what can change here is the state alone. */
  async update(_context, _id, state, inputs) {
    const { createdAt, datatableCount, adopted } = state;
    return { ...inputs, createdAt, datatableCount, adopted };
  },

  async delete(context, id, state) {
    const connection = connect(context, state.timeoutSeconds);
    if (await isHandedOver(context, nounOf(state), id, state)) return;
    const found = await find(connection, id, state);
    if (found === undefined) return;
    const deletion = deletionOf(state);
    if (deletion === "keep") {
      await context.warn(
        `Dataset "${state.displayName}" (${id}) was taken over, not created, here: it stays in ProcessMind.`,
      );
      return;
    }
    if (deletion === "guard") await refuseToLoseData(connection, id, state, found);
    const done = await unlessGone(deleteDataset(connection, state.tenantId, id));
    if (done === true) return;
    // A 404 may be that of a gateway without such a route, and another answer may mean anything: what reads say decides.
    const left = done === false || (await find(connection, id, state));
    if (left) throw unexpectedRefusal(nounOf(state), state.displayName, id, done === false);
  },
};

const lists = new SharedList<WireDataset[]>();

function currentDatasets(connection: Connection, tenantId: string): Promise<WireDataset[]> {
  return lists.ask(listKey(connection, tenantId), () => listDatasets(connection, tenantId), connection.sleep);
}

/** ProcessMind may omit the type of an imported one. */
function nounOf(state: Partial<DatasetState>): string {
  return state.treeNodeType ?? "Dataset";
}

function find(connection: Connection, id: string, state: DatasetState): Promise<WireDataset | undefined> {
  const tenantId = requireTenantId(state.tenantId);
  const what = `${nounOf(state)} "${state.displayName}" (${id})`;
  return findById(what, id, getDataset(connection, tenantId, id), () => currentDatasets(connection, tenantId));
}

async function adopt(connection: Connection, inputs: DatasetInputs, id: string) {
  const found = await getDataset(connection, inputs.tenantId, id);
  const place = found.treeParentId === undefined ? undefined : (found.treeParentId ?? "none");
  const differences = [
    compare("displayName", inputs.displayName, found.displayName),
    compare("treeNodeType", inputs.treeNodeType, found.treeNodeType),
    compare("treeParentId", inputs.treeParentId ?? "none", place),
  ].filter((difference) => difference !== undefined);
  if (differences.length > 0) throw adoptionMismatch("Dataset", inputs.displayName, id, differences);
  noteTakenOver(inputs.tenantId, found.id);
  return { id: found.id, state: { ...inputs, ...outputsOf(found), adopted: true } };
}

/** What the API does not tell cannot differ. */
function compare(property: string, wanted: string, found: string | undefined): string | undefined {
  if (found === undefined || !isChange(property, wanted, found)) return undefined;
  return `${property} is "${found}", not "${wanted}"`;
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

async function refuseToLoseData(
  connection: Connection,
  id: string,
  state: DatasetState,
  found: WireDataset,
): Promise<void> {
  const isFolder = state.treeNodeType === "TreeGroup";
  // An imported one whose type ProcessMind omits may be either.
  const mayBeFolder = isFolder || (state.treeNodeType ?? found.treeNodeType) === undefined;
  const holds =
    (isFolder ? undefined : dataInTables(found.datatables)) ??
    (mayBeFolder ? await childrenOf(connection, state.tenantId, id) : undefined);
  if (holds === undefined) return;
  throw new ProcessMindError("DATA_WOULD_BE_LOST", {
    doing: `deleting ${nounOf(state)} "${state.displayName}" (${id})`,
    happened: `${holds}, and deletion would destroy it. Nothing was deleted`,
    options: isFolder ? DELETION_OPTIONS : DATA_DELETION_OPTIONS,
  });
}

async function childrenOf(connection: Connection, tenantId: string, id: string): Promise<string | undefined> {
  const all = await currentDatasets(connection, tenantId);
  const others = all.filter((item) => !sameId(item.id, id));
  const children = others.filter((item) => sameId(item.treeParentId, id));
  if (children.length > 0) {
    return `it holds ${children.map((child) => `"${child.displayName ?? child.id}" (${child.id})`).join(", ")}`;
  }
  // A list without this folder has none, so nothing tells what lies in a folder within it.
  const cannotTell = others.length === all.length || others.some((item) => item.treeParentId === undefined);
  return cannotTell ? "ProcessMind's list does not say what lies in which folder" : undefined;
}

function wayOut(property: string, from: unknown, to: unknown): string {
  const what = `${property} cannot be changed from ${shown(from)} to ${shown(to)}: ProcessMind's API has no rename or move, and a new dataset would lose the data of this one.`;
  if (property === "tenantId") return `${what} ${TENANT_WAY_OUT}`;
  const ways =
    `${what} ${asItWas(property, from, to)} Else change it in ProcessMind, run \`pulumi refresh\` (the state takes it over), then change the program; ` +
    "or set forceDestroy: true, run `pulumi up`, then change it: that deletes the dataset with all its data and creates a new one.";
  if (property === "displayName") return ways;
  const told =
    `${ways} Where a refresh does not show the change, ProcessMind does not tell it: leave the program as it was, or ` +
    `add ignoreChanges: ["${property}"].`;
  if (property !== "treeParentId" || typeof from !== "string") return told;
  return (
    `${told} If its folder was replaced already, write treeParentId: ${shown(from)} until then; that \`pulumi up\` ` +
    "deletes the old folder, and all it holds."
  );
}
