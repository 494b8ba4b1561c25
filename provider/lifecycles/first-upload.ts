import { getDatatable } from "../api/endpoints";
import { ProcessMindError } from "../errors";
import { type Before, lookBefore, type StoredUpload } from "./confirm-rows";
import { connectBesideUpload } from "./connect";
import type { Context } from "./context";
import { rowsOf } from "./delete-rule";
import { keyOf } from "./one-table";

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
export function noteNewTable(tenantId: string, id: string): void {
  rowsBeforeThisRun.set(keyOf({ tenantId, datatableId: id }), 0);
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
): Promise<{ before: Before; heldRows?: number }> {
  const { whenTableHasRows = "error" } = upload;
  const { before, earlier } = await look(context, upload, whenTableHasRows === "send");
  if (!earlier) {
    if (earlier !== 0 && whenTableHasRows !== "send") await warnOfUnknownRows(context, upload);
    return { before };
  }
  switch (whenTableHasRows) {
    case "error":
      throw tableHasRows(upload, earlier);
    case "skip":
      return { before, heldRows: before?.rowCount ?? earlier };
    case "send":
      await warnOfEarlierRows(context, upload, earlier);
      return { before };
  }
}

async function look(
  context: Context,
  upload: FirstUpload,
  isSentAnyway: boolean,
): Promise<{ before: Before; earlier: RowCount }> {
  const key = keyOf(upload);
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

function tableHasRows({ fileName, datatableId }: FirstUpload, rowCount: number): ProcessMindError {
  return new ProcessMindError("TABLE_HAS_ROWS", {
    doing: `uploading "${fileName}" to Datatable "${datatableId}"`,
    happened: `it has ${rowsOf(rowCount)} already, and this is a first upload. Nothing was sent`,
    options: [
      'the table holds this file already: whenTableHasRows: "skip" records it and sends nothing',
      'the resource has another name than before: the resource option aliases: [{ name: "…" }] keeps its upload',
      'the file belongs there too, or replaces the rows: whenTableHasRows: "send"',
    ],
  });
}

async function warnOfUnknownRows(context: Context, { fileName, datatableId }: FirstUpload): Promise<void> {
  await context.warn(
    `Datatable ${datatableId} does not report its rows, so "${fileName}" is sent whether it has some or not.`,
  );
}

async function warnOfEarlierRows(
  context: Context,
  { datatableId, fileName }: FirstUpload,
  rowCount: number,
): Promise<void> {
  await context.warn(
    `Datatable ${datatableId} had ${rowsOf(rowCount)} before this first upload of "${fileName}": ` +
      "ProcessMind replaces them or adds to them, as it is set there.",
  );
}
