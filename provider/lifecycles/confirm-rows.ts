import { isDeepStrictEqual } from "node:util";
import { getDatatable } from "../api/endpoints";
import { unlessAborted } from "../api/unless-aborted";
import type { WireDatatable } from "../api/wire";
import { hasCode, ProcessMindError } from "../errors";
import { NOT_CONFIRMED, notConfirmed, rowsWereAdded, waitingForRows } from "../messages/uploads";
import { connectBesideUpload } from "./connect";
import type { Context } from "./context";

/**
 * Whether a stored file has become rows. The API has no word on it; all there is to see is the datatable's row count and
 * columns. So an upload counts as loaded once one of them is another than just before the upload, and everything else
 * is reported as "uploaded, ingestion not confirmed". Never fails: the file is stored, whatever is seen afterwards.
 */
export interface StoredUpload {
  tenantId: string;
  datatableId: string;
  fileName: string;
  waitForRowsSeconds?: number;
  timeoutSeconds?: number;
  /** Rows of the file, where they were counted: as many as the table has already would show no difference. */
  rows?: number;
}

/** What the datatable showed before the upload; undefined when it could not be read. */
export type Before = Pick<WireDatatable, "rowCount" | "columns"> | undefined;

const DEFAULT_WAIT_SECONDS = 30;
/** An hour: longer than that nobody should hold up a run. */
export const MAX_WAIT_SECONDS = 3_600;
/** Long enough to see rows that are added at once; rows that replace as many show nothing, however long one waits. */
const EQUAL_WAIT_SECONDS = 1;
const FIRST_PAUSE_MS = 100;
/** The file is stored and gets recorded: the next run does not send it again. */
const CANCELLED = NOT_CONFIRMED.cancelled();
const MAX_PAUSE_MS = 10_000;

/** Looks at the datatable before the upload; sends nothing if there will be no wait. */
export async function lookBefore(context: Context, upload: StoredUpload): Promise<Before> {
  if (waitSeconds(upload) === 0) return undefined;
  try {
    return await getDatatable(connectBesideUpload(context, upload.timeoutSeconds), upload.tenantId, upload.datatableId);
  } catch (error) {
    // A table that was made just now may not be readable yet, and has no rows.
    return hasCode(error, "NOT_FOUND") ? { rowCount: 0, columns: [] } : undefined;
  }
}

/**
 * Waits for the rows of a stored file.
 *
 * @param isFirst - whether nothing was uploaded before by this resource: a table that does not report its rows then may
 *   do so once it has some; later it never will.
 * @returns the row count once it shows the upload; undefined when that is not confirmed, after a warning.
 */
export async function confirmRows(
  context: Context,
  upload: StoredUpload,
  before: Before,
  isFirst: boolean,
): Promise<number | undefined> {
  if (waitSeconds(upload) === 0) return undefined;
  if (context.isLive()) context.status(waitingForRows(upload.fileName));
  const outcome =
    inVain(before, isFirst) ??
    (await unlessAborted(context.cancelled, waitForChange(context, upload, before))) ??
    CANCELLED;
  if (typeof outcome === "object") {
    const { rowCount } = outcome;
    if (isEqualCount(upload, before) && (rowCount ?? 0) > (before?.rowCount ?? 0)) {
      await context.warn(rowsWereAdded(upload.fileName, upload.datatableId, rowCount, upload.rows));
    }
    return rowCount ?? undefined;
  }
  await context.warn(notConfirmed(upload.fileName, upload.datatableId, outcome));
  return undefined;
}

/** Why no change can be expected to show, if so. */
function inVain(before: Before, isFirst: boolean): string | undefined {
  if (before === undefined) return NOT_CONFIRMED.notComparable();
  const isReported = typeof before.rowCount === "number";
  return isReported || isFirst ? undefined : NOT_CONFIRMED.neverReported();
}

/** Then rows that replace others show no difference; rows that are added do. */
function isEqualCount({ rows }: StoredUpload, before: Before): boolean {
  return rows !== undefined && rows === before?.rowCount;
}

/** @returns what the datatable shows once it differs, else why that was not seen. */
async function waitForChange(context: Context, upload: StoredUpload, before: Before): Promise<WireDatatable | string> {
  const isEqual = isEqualCount(upload, before);
  const seconds = isEqual ? Math.min(waitSeconds(upload), EQUAL_WAIT_SECONDS) : waitSeconds(upload);
  const deadline = context.now() + seconds * 1000;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const leftMs = deadline - context.now();
    try {
      const limitSeconds = Math.max(1, leftMs / 1000);
      const now = await getDatatable(connectBesideUpload(context, limitSeconds), upload.tenantId, upload.datatableId);
      if (showsUpload(upload, before, now)) return now;
    } catch (error) {
      return NOT_CONFIRMED.unreadable(error instanceof ProcessMindError ? error.code : "PROVIDER_BUG");
    }
    if (leftMs <= 0 && isEqual) return NOT_CONFIRMED.sameCount(upload.rows ?? 0);
    if (leftMs <= 0) return NOT_CONFIRMED.noChange(seconds);
    await context.sleep(Math.min(pauseMs, leftMs));
    if (context.cancelled.aborted) return CANCELLED;
  }
}

/** Columns may be there before the rows of the file: a count of 0, or the old one, then is not that of the upload. */
function showsUpload({ rows = 0 }: StoredUpload, before: Before, now: WireDatatable): boolean {
  const isCountToCome = now.rowCount === 0 || (typeof now.rowCount === "number" && now.rowCount === before?.rowCount);
  if (rows > 0 && isCountToCome) return false;
  return differs(before?.rowCount, now.rowCount) || differs(before?.columns ?? [], now.columns ?? []);
}

/** What is not reported is not a difference. */
function differs(before: unknown, now: unknown): boolean {
  return now !== undefined && now !== null && !isDeepStrictEqual(before, now);
}

function waitSeconds(upload: StoredUpload): number {
  return upload.waitForRowsSeconds ?? DEFAULT_WAIT_SECONDS;
}
