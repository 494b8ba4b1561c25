import * as says from "../messages/inputs";
import { otherRows, recorded, recordedNotSent, recordedWithMoreRows, uploadRemoved } from "../messages/uploads";
import {
  type Check,
  checkTimeout,
  failuresOf,
  oneOf,
  onlyKnown,
  optionalBoolean,
  optionalNumber,
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
import { checkEventLog, describeSource, type EventLogColumns, WHEN_MISSING } from "./describe-source";
import { admitFirst, WHEN_TABLE_HAS_ROWS } from "./first-upload";
import type { GuardRails } from "./guard-rails";
import { warnOnce } from "./once";
import { inTurn, isSuperseded, noteRead } from "./one-table";
import { diffByPolicy, type Policy } from "./policy";
import { checkNeedsEventLog, MAX_HOURS } from "./process-rails";
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
  requireActivities: "ignore",
  forbidNewActivities: "ignore",
  maxCaseDropPercent: "ignore",
  latestEventWithin: "ignore",
  acceptSha256: "ignore",
  whenMissing: "ignore",
  whenTableHasRows: "ignore",
};

/** Of all that is recorded of the file, its content alone decides. */
const UPLOAD_POLICY: Policy<DatatableUploadInputs> = {
  ...ARGUMENT_POLICY,
  ...DESCRIBED_KEYS,
  contentSha256: "update",
};

const CHECKS: readonly Check[] = [
  onlyKnown(ARGUMENT_POLICY),
  requiredId("datatableId", says.WHAT.datatableId, "Datatable"),
  requiredId("datasetId", says.WHAT.datasetId, "Dataset"),
  requiredTenant,
  requiredText("source", says.WHAT.source),
  optionalText("fileName", says.WHAT.fileName),
  textWhere("contentType", /^[!-~][ -~]*$/, says.WHAT.contentType),
  optionalWholeNumber("validForSeconds", { from: 1, to: 604_800, unit: "seconds" }),
  optionalNumberOrZero("waitForRowsSeconds", { atMost: MAX_WAIT_SECONDS, unit: "seconds" }),
  checkTimeout,
  checkEventLog,
  oneOf("whenMissing", WHEN_MISSING),
  oneOf("whenTableHasRows", WHEN_TABLE_HAS_ROWS),
  optionalTexts("requireColumns", says.WHAT.requireColumns),
  oneOf("onColumnsRemoved", ["show", "error"]),
  optionalNumberOrZero("maxRowDropPercent", { atMost: 100, unit: "percent" }),
  optionalBoolean("appendOnly"),
  optionalTexts("requireActivities", says.WHAT.requireActivities),
  optionalBoolean("forbidNewActivities"),
  optionalNumberOrZero("maxCaseDropPercent", { atMost: 100, unit: "percent" }),
  optionalNumber("latestEventWithin", { above: 0, atMost: MAX_HOURS, unit: "hours" }),
  checkNeedsEventLog,
  textWhere("acceptSha256", /^[0-9a-f]{8,64}$/, says.WHAT.acceptSha256),
];

export const datatableUploadLifecycle: Lifecycle<DatatableUploadInputs, DatatableUploadState> = {
  hasObject: false,

  async check(context, old, inputs) {
    const { args: wanted, isFrozen } = withoutDescribed(old, inputs);
    const failures = failuresOf(wanted, CHECKS);
    // A slip in an argument must not be judged as if the argument were not set.
    if (failures.length > 0) return { inputs: wanted, failures };
    return describeSource(context, old, wanted, isFrozen);
  },

  /** Deleting an upload sends nothing, so a replacement loses nothing. */
  diff: (_id, state, wanted) => diffByPolicy(UPLOAD_POLICY, state, wanted),

  async create(context, inputs) {
    return { id: inputs.datatableId, state: await inTurn(context, inputs, () => create(context, inputs)) };
  },

  /** Storage reports nothing of what it holds; a refresh can see whether the table is still there. */
  async read(context, id, state) {
    const connection = connectBesideUpload(context, state.timeoutSeconds);
    const { tenantId } = state;
    noteRead(context, state);
    const found = await findDatatable(connection, state.datatableId, tenantId);
    if (found === undefined) return undefined;
    const { loadedRowCount = found.rowCount } = state;
    if (typeof found.rowCount !== "number" || isSuperseded(context, state)) return { id, state };
    // Whether another upload would replace those rows or add to them is not reported, so the file is not sent by itself.
    if (loadedRowCount !== found.rowCount) {
      await context.warn(otherRows(state.fileName, state.datatableId, found.rowCount, state.loadedRowCount));
    }
    return { id, state: { ...state, loadedRowCount: found.rowCount } };
  },

  async update(context, _id, _state, inputs) {
    return inTurn(context, inputs, async () => upload(context, inputs, await lookBefore(context, inputs), false));
  },

  async delete(context, _id, state) {
    await warnOnce(context, "upload removed", uploadRemoved(state.fileName, state.datatableId));
  },
};

async function create(context: Context, inputs: DatatableUploadInputs): Promise<DatatableUploadState> {
  const { before, recordedRows } = await admitFirst(context, inputs);
  return recordedRows === undefined ? upload(context, inputs, before, true) : record(context, inputs, recordedRows);
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
  rowCount: number,
): Promise<DatatableUploadState> {
  const { fileName, datatableId, rows = 0 } = inputs;
  // Fewer rows prove nothing: another upload may have filled the table too.
  if (rows > rowCount) await context.warn(recordedWithMoreRows(fileName, datatableId, rowCount, rows));
  else await context.info(recorded(fileName, datatableId, rowCount));
  return { ...inputs, change: recordedNotSent(rowCount), loadedRowCount: rowCount };
}
