import * as path from "node:path";
import { getDatatable } from "../api/endpoints";
import { profileFile } from "../profile/profile-file";
import { EXTENSIONS, type Format, portablePath, UnusableFile } from "../profile/source-file";
import {
  checkTimeout,
  failuresOf,
  isUnknown,
  onlyKnown,
  optionalNumber,
  optionalNumberOrZero,
  optionalText,
  requiredTenant,
  requiredText,
  UNKNOWN,
} from "./checks";
import { confirmRows, lookBefore, MAX_WAIT_SECONDS } from "./confirm-rows";
import { connect, unlessGone } from "./connect";
import type { CheckFailure, Context, Lifecycle, Loose } from "./context";
import { rowsOf } from "./dataset";
import { diffByPolicy, type Policy } from "./policy";
import { transfer } from "./transfer";

export interface DatatableUploadInputs {
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
  /** Added by `check`, so that a preview shows old and new. */
  contentSha256: string;
  sizeBytes: number;
}

export interface DatatableUploadState extends DatatableUploadInputs {
  /** When storage had taken all bytes; ISO, UTC. */
  uploadedAt: string;
  /** Rows of the datatable once it showed the upload, or as of the last refresh. */
  loadedRowCount?: number;
}

const UPLOAD_POLICY: Policy<DatatableUploadInputs> = {
  datatableId: "replace",
  datasetId: "replace",
  tenantId: "replace",
  contentSha256: "update",
  fileName: "update",
  triggers: "update",
  contentType: "update",
  source: "ignore",
  sizeBytes: "ignore",
  validForSeconds: "ignore",
  waitForRowsSeconds: "ignore",
  timeoutSeconds: "ignore",
};

export const datatableUploadLifecycle: Lifecycle<DatatableUploadInputs, DatatableUploadState> = {
  async check(context, _old, wanted) {
    const failures = failuresOf(wanted, [
      onlyKnown(UPLOAD_POLICY),
      requiredText("datatableId", "the id of the Datatable to load"),
      requiredText("datasetId", "the id of the Dataset that holds the table"),
      requiredTenant,
      requiredText("source", "the path of the file"),
      optionalText("fileName", "the name to send"),
      optionalText("contentType", "a media type such as text/csv"),
      optionalNumber("validForSeconds", { above: 0, atMost: 604_800, unit: "seconds" }),
      optionalNumberOrZero("waitForRowsSeconds", { atMost: MAX_WAIT_SECONDS, unit: "seconds" }),
      checkTimeout,
    ]);
    const source = failures.some(({ property }) => property === "source") ? undefined : wanted.source;
    const described = await describe(context, source, wanted);
    return { inputs: { ...wanted, ...described.inputs }, failures: [...failures, ...described.failures] };
  },

  /** Deleting an upload sends nothing, so a replacement loses nothing. */
  diff: (state, wanted) => diffByPolicy(UPLOAD_POLICY, state, wanted),

  async create(context, inputs) {
    return { id: inputs.datatableId, state: await upload(context, inputs, true) };
  },

  /** Storage cannot be asked what it holds; what can be told is whether the table is still there. */
  async read(context, id, state) {
    const connection = connect(context, state.timeoutSeconds);
    const found = await unlessGone(getDatatable(connection, state.tenantId, state.datatableId));
    if (found === undefined) return undefined;
    const { uploadedAt: _, loadedRowCount = found.rowCount, ...inputs } = state;
    if (typeof found.rowCount !== "number") return { id, inputs, state };
    if (loadedRowCount !== found.rowCount) await warnOfOtherRows(context, state, found.rowCount);
    return { id, inputs, state: { ...state, loadedRowCount: found.rowCount } };
  },

  async update(context, _id, _state, inputs) {
    return upload(context, inputs, false);
  },

  async delete(context, _id, state) {
    await context.warn(
      `The rows of "${state.fileName}" stay in datatable ${state.datatableId}: removing an upload deletes no data.`,
    );
  },
};

async function upload(
  context: Context,
  inputs: DatatableUploadInputs,
  isFirst: boolean,
): Promise<DatatableUploadState> {
  const before = await lookBefore(context, inputs);
  await transfer(context, inputs);
  const uploadedAt = new Date(context.now()).toISOString();
  return { ...inputs, uploadedAt, loadedRowCount: await confirmRows(context, inputs, before, isFirst) };
}

/** Whether another upload would replace those rows or add to them nobody says, so the file is not sent by itself. */
async function warnOfOtherRows(context: Context, state: DatatableUploadState, rowCount: number): Promise<void> {
  await context.warn(
    `Datatable ${state.datatableId} has ${rowsOf(rowCount)}, not the ${rowsOf(state.loadedRowCount)} recorded after ` +
      `loading "${state.fileName}". Nothing is sent because of that; to send the file again, change triggers.`,
  );
}

/** What the file adds to the inputs. A path not known yet leaves everything about it unknown; nothing is opened. */
async function describe(
  context: Context,
  source: unknown,
  wanted: Loose<DatatableUploadInputs>,
): Promise<{ inputs: Loose<DatatableUploadInputs>; failures: CheckFailure[] }> {
  if (source === undefined) return { inputs: {}, failures: [] };
  if (isUnknown(source)) {
    return {
      inputs: { fileName: wanted.fileName ?? UNKNOWN, contentSha256: UNKNOWN, sizeBytes: UNKNOWN },
      failures: [],
    };
  }
  const file = String(source);
  const portable = portablePath(context.programDirectory, file);
  const fileName = wanted.fileName ?? path.posix.basename(portable);
  const failures = nameFailures(portable, fileName);
  if (failures.length > 0) return { inputs: { source: portable, fileName }, failures };
  try {
    const format = extensionOf(isUnknown(fileName) ? portable : String(fileName)) as Format;
    const { contentSha256, sizeBytes } = await profileFile({
      programDirectory: context.programDirectory,
      file,
      format,
    });
    return { inputs: { source: portable, fileName, contentSha256, sizeBytes }, failures: [] };
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const reason = `source "${portable}" cannot be uploaded: ${error.message}.`;
    return { inputs: { source: portable, fileName }, failures: [{ property: "source", reason }] };
  }
}

/** ProcessMind chooses its reader by the extension of the name that is sent. */
function nameFailures(source: string, fileName: unknown): CheckFailure[] {
  if (isUnknown(fileName)) return [];
  const name = String(fileName);
  const extension = extensionOf(name);
  if (/[/\\]/.test(name))
    return [{ property: "fileName", reason: `fileName "${name}" must be a name without folders` }];
  if ((EXTENSIONS as readonly string[]).includes(extension)) return [];
  const what = extension === "" ? "has no extension" : `has the extension .${extension}`;
  const property = name === path.posix.basename(source) ? "source" : "fileName";
  return [{ property, reason: `${property} "${name}" ${what}; ProcessMind reads ${EXTENSIONS.join(", ")}` }];
}

function extensionOf(name: string): string {
  return path.posix.extname(name).slice(1).toLowerCase();
}
