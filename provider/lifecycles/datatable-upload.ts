import {
  checkTimeout,
  failuresOf,
  oneOf,
  onlyKnown,
  optionalBoolean,
  optionalNumberOrZero,
  optionalText,
  optionalTexts,
  optionalWholeNumber,
  requiredId,
  requiredTenant,
  requiredText,
  textWhere,
} from "./checks";
import { type Before, confirmRows, lookBefore, MAX_WAIT_SECONDS } from "./confirm-rows";
import { connectBesideUpload } from "./connect";
import type { Context, Lifecycle } from "./context";
import { DESCRIBED_KEYS, type DescribedFile, withoutDescribed } from "./data-change";
import { findDatatable } from "./datatable";
import { rowsOf } from "./delete-rule";
import { checkEventLog, describeSource, type EventLogColumns, WHEN_MISSING } from "./describe-source";
import { admitFirst, WHEN_TABLE_HAS_ROWS } from "./first-upload";
import type { GuardRails } from "./guard-rails";
import { warnOnce } from "./once";
import { inTurn, isSuperseded, noteRead } from "./one-table";
import { diffByPolicy, type Policy } from "./policy";
import { transfer } from "./transfer";

/** With what `check` adds about the file, so that a preview shows old and new. */
export interface DatatableUploadInputs extends DescribedFile, GuardRails {
  datatableId: string;
  datasetId: string;
  tenantId: string;
  source: string;
  fileName: string;
  triggers?: unknown;
  contentType?: string;
  validForSeconds?: number;
  waitForRowsSeconds?: number;
  timeoutSeconds?: number;
  eventLog?: EventLogColumns;
  whenMissing?: (typeof WHEN_MISSING)[number];
  whenTableHasRows?: (typeof WHEN_TABLE_HAS_ROWS)[number];
}

export interface DatatableUploadState extends DatatableUploadInputs {
  /** When storage had taken all bytes; ISO, UTC. Absent where the file was recorded and not sent. */
  uploadedAt?: string;
  /** Rows of the datatable once it showed the upload, or as of the last refresh. */
  loadedRowCount?: number;
}

const ARGUMENT_POLICY: Policy<Omit<DatatableUploadInputs, keyof DescribedFile>> = {
  datatableId: "replace",
  datasetId: "replace",
  tenantId: "replace",
  fileName: "update",
  triggers: "update",
  contentType: "update",
  source: "ignore",
  validForSeconds: "ignore",
  waitForRowsSeconds: "ignore",
  timeoutSeconds: "ignore",
  eventLog: "ignore",
  requireColumns: "ignore",
  onColumnsRemoved: "ignore",
  maxRowDropPercent: "ignore",
  appendOnly: "ignore",
  acceptSha256: "ignore",
  whenMissing: "ignore",
  whenTableHasRows: "ignore",
};

/** Of all that is told of the file, its content alone decides. */
const UPLOAD_POLICY: Policy<DatatableUploadInputs> = {
  ...ARGUMENT_POLICY,
  ...DESCRIBED_KEYS,
  contentSha256: "update",
};

export const datatableUploadLifecycle: Lifecycle<DatatableUploadInputs, DatatableUploadState> = {
  async check(context, old, given) {
    const { args: wanted, isFrozen } = withoutDescribed(old, given);
    const failures = failuresOf(wanted, [
      onlyKnown(ARGUMENT_POLICY),
      requiredId("datatableId", "the id of the Datatable to load", "Datatable"),
      requiredId("datasetId", "the id of the Dataset that holds the table", "Dataset"),
      requiredTenant,
      requiredText("source", "the path of the file"),
      optionalText("fileName", "the name to send"),
      textWhere("contentType", /^[!-~][ -~]*$/, "a media type such as text/csv"),
      optionalWholeNumber("validForSeconds", { from: 1, to: 604_800, unit: "seconds" }),
      optionalNumberOrZero("waitForRowsSeconds", { atMost: MAX_WAIT_SECONDS, unit: "seconds" }),
      checkTimeout,
      checkEventLog,
      oneOf("whenMissing", WHEN_MISSING),
      oneOf("whenTableHasRows", WHEN_TABLE_HAS_ROWS),
      optionalTexts("requireColumns", "names of columns"),
      oneOf("onColumnsRemoved", ["show", "error"]),
      optionalNumberOrZero("maxRowDropPercent", { atMost: 100, unit: "percent" }),
      optionalBoolean("appendOnly"),
      textWhere("acceptSha256", /^[0-9a-f]{8,64}$/, "8 to 64 first digits of a SHA-256, in lower case"),
    ]);
    // A slip in an argument must not be judged as if it had not been given.
    if (failures.length > 0) return { inputs: wanted, failures };
    return describeSource(context, old, wanted, isFrozen);
  },

  /** Deleting an upload sends nothing, so a replacement loses nothing. */
  diff: (_id, state, wanted) => diffByPolicy(UPLOAD_POLICY, state, wanted),

  async create(context, inputs) {
    return { id: inputs.datatableId, state: await inTurn(inputs, () => create(context, inputs)) };
  },

  /** Storage cannot be asked what it holds; what can be told is whether the table is still there. */
  async read(context, id, state) {
    const connection = connectBesideUpload(context, state.timeoutSeconds);
    const { tenantId } = state;
    noteRead(state);
    const found = await findDatatable(connection, state.datatableId, { tenantId });
    if (found === undefined) return undefined;
    const { loadedRowCount = found.rowCount } = state;
    if (typeof found.rowCount !== "number" || isSuperseded(state)) return { id, state };
    if (loadedRowCount !== found.rowCount) await warnOfOtherRows(context, state, found.rowCount);
    return { id, state: { ...state, loadedRowCount: found.rowCount } };
  },

  async update(context, _id, _state, inputs) {
    return inTurn(inputs, async () => upload(context, inputs, await lookBefore(context, inputs), false));
  },

  async delete(context, _id, state) {
    await warnOnce(
      context,
      "upload removed",
      `Removing an upload deletes no data: the rows of "${state.fileName}" stay as long as datatable ` +
        `${state.datatableId} does. The same holds for every other upload that this run removes.`,
    );
  },
};

async function create(context: Context, inputs: DatatableUploadInputs): Promise<DatatableUploadState> {
  const { before, heldRows } = await admitFirst(context, inputs);
  return heldRows === undefined ? upload(context, inputs, before, true) : record(context, inputs, heldRows);
}

async function upload(
  context: Context,
  inputs: DatatableUploadInputs,
  before: Before,
  isFirst: boolean,
): Promise<DatatableUploadState> {
  await transfer(context, inputs);
  const uploadedAt = new Date(context.now()).toISOString();
  return { ...inputs, uploadedAt, loadedRowCount: await confirmRows(context, inputs, before, isFirst) };
}

/** Sends nothing: what the table holds counts as this file, which later files are compared with. */
async function record(
  context: Context,
  inputs: DatatableUploadInputs,
  heldRows: number,
): Promise<DatatableUploadState> {
  const had = `recorded, not sent: the table had ${rowsOf(heldRows)}`;
  await context.info(`"${inputs.fileName}" for datatable ${inputs.datatableId}: ${had}.`);
  return { ...inputs, change: had, loadedRowCount: heldRows };
}

/** Whether another upload would replace those rows or add to them nobody says, so the file is not sent by itself. */
async function warnOfOtherRows(context: Context, state: DatatableUploadState, rowCount: number): Promise<void> {
  await context.warn(
    `Datatable ${state.datatableId} has ${rowsOf(rowCount)}, not the ${rowsOf(state.loadedRowCount)} recorded after ` +
      `loading "${state.fileName}". Nothing is sent because of that; to send the file again, change triggers.`,
  );
}
