import { getDatatable } from "../api/endpoints";
import { sentDespiteRows, sentDespiteUnknownRows, tableHasRows } from "../messages/uploads";
import { type Before, lookBefore, type StoredUpload } from "./confirm-rows";
import { connectBesideUpload } from "./connect";
import type { Context } from "./context";
import { tableKey } from "./one-table";

/**
 * What a first upload does in a table that has rows. Whether ProcessMind replaces rows or adds to them its API does not
 * report, so a file that is in the table already may be there twice afterwards: after a run that was cut short, a
 * rejected deletion of the table, an adoption or a renamed resource.
 */
export const WHEN_TABLE_HAS_ROWS = ["error", "send", "skip"] as const;

export interface FirstUpload extends StoredUpload {
  whenTableHasRows?: (typeof WHEN_TABLE_HAS_ROWS)[number];
}

type RowCount = number | null | undefined;

/** Rows of each table before this run uploaded anything to it. */
const rowsBeforeThisRun = new Map<string, RowCount>();

/** Remembers that this run has created the table: all of its rows are those this run uploads. */
export function noteNewTable(context: Context, tenantId: string, id: string): void {
  rowsBeforeThisRun.set(tableKey(context, { tenantId, datatableId: id }), 0);
}

/**
 * Looks at the table before a first upload. Rows that another upload of this run has loaded do not count, so that a
 * program may load several files into one new table.
 *
 * @returns what the table shows now, and the rows it had before this run where the file is not to be sent.
 * @throws ProcessMindError `TABLE_HAS_ROWS`, or what the look at the table met: nothing is sent then.
 */
export async function admitFirst(
  context: Context,
  upload: FirstUpload,
): Promise<{ before: Before; recordedRows?: number }> {
  const { whenTableHasRows = "error", fileName, datatableId } = upload;
  const { before, earlier } = await look(context, upload, whenTableHasRows === "send");
  if (!earlier) {
    if (earlier !== 0 && whenTableHasRows !== "send") {
      await context.warn(sentDespiteUnknownRows(fileName, datatableId));
    }
    return { before };
  }
  switch (whenTableHasRows) {
    case "error":
      throw tableHasRows(fileName, datatableId, earlier);
    case "skip":
      return { before, recordedRows: before?.rowCount ?? earlier };
    case "send":
      await context.warn(sentDespiteRows(fileName, datatableId, earlier));
      return { before };
  }
}

async function look(
  context: Context,
  upload: FirstUpload,
  isSentAnyway: boolean,
): Promise<{ before: Before; earlier: RowCount }> {
  const key = tableKey(context, upload);
  if (rowsBeforeThisRun.has(key)) {
    return { before: await lookBefore(context, upload), earlier: rowsBeforeThisRun.get(key) };
  }
  if (isSentAnyway) {
    const before = await lookBefore(context, upload);
    return { before, earlier: before?.rowCount };
  }
  const { tenantId, datatableId, timeoutSeconds } = upload;
  const before = await getDatatable(connectBesideUpload(context, timeoutSeconds), tenantId, datatableId);
  rowsBeforeThisRun.set(key, before.rowCount);
  return { before, earlier: before.rowCount };
}
