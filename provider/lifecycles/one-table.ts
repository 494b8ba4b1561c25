import { type Limit, limitTo } from "../limit";
import type { Context } from "./context";
import { keyOf } from "./declared-objects";

/** What several uploads of one table need of each other: several files may make up a table, one after another. */

interface OfTable {
  tenantId: string;
  datatableId: string;
}

const queues = new Map<string, Limit>();

/** One upload of a table at a time: two at the same time would each count the other's rows as their own. */
export function inTurn<T>(context: Context, upload: OfTable, task: () => Promise<T>): Promise<T> {
  const key = tableKey(context, upload);
  const queue = queues.get(key) ?? limitTo(1);
  queues.set(key, queue);
  return queue(task);
}

const newest = new Map<string, string>();

/** Remembers an upload that this run reads. */
export function noteRead(context: Context, upload: OfTable & { uploadedAt?: string }): void {
  const key = tableKey(context, upload);
  const { uploadedAt = "" } = upload;
  if (uploadedAt >= (newest.get(key) ?? "")) newest.set(key, uploadedAt);
}

/** Whether another upload that this run reads is newer: then its row count is that of the table, and this one's is history. */
export function isSuperseded(context: Context, upload: OfTable & { uploadedAt?: string }): boolean {
  return (upload.uploadedAt ?? "") < (newest.get(tableKey(context, upload)) ?? "");
}

/** One text for one table. */
export function tableKey(context: Context, { tenantId, datatableId }: OfTable): string {
  return keyOf({ address: context.address(), tenantId, id: datatableId });
}
