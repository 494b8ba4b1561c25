import pLimit, { type Limit } from "p-limit";

/** What several uploads of one table need of each other: several files may make up a table, one after another. */

interface OfTable {
  tenantId: string;
  datatableId: string;
}

const queues = new Map<string, Limit>();

/** One upload of a table at a time: two at once would each take the other's rows for their own. */
export function inTurn<T>(upload: OfTable, task: () => Promise<T>): Promise<T> {
  const key = keyOf(upload);
  const queue = queues.get(key) ?? pLimit(1);
  queues.set(key, queue);
  return queue(task);
}

const newest = new Map<string, string>();

/** Remembers an upload that this run reads. */
export function noteRead(upload: OfTable & { uploadedAt?: string }): void {
  const key = keyOf(upload);
  const { uploadedAt = "" } = upload;
  if (uploadedAt >= (newest.get(key) ?? "")) newest.set(key, uploadedAt);
}

/** Whether another upload that this run reads is newer: then its row count is that of the table, and this one's is history. */
export function isSuperseded(upload: OfTable & { uploadedAt?: string }): boolean {
  return (upload.uploadedAt ?? "") < (newest.get(keyOf(upload)) ?? "");
}

/** Ids are the same in either case. */
export function keyOf({ tenantId, datatableId }: OfTable): string {
  return `${tenantId} ${datatableId}`.toLowerCase();
}
