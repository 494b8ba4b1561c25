import * as pulumi from "@pulumi/pulumi";
import { sent as sentText } from "../messages/changes";
import { counted } from "../messages/message";

/** One line at the end of a run that sent files, so that nobody has to add up rows of a table: files, bytes, rows. */

interface Sent {
  sizeBytes: number;
  /** Not counted in every format. */
  rows: number | undefined;
}

/** The outputs that tell whether this run has sent the file, and what it was. */
interface UploadOutputs {
  uploadedAt: pulumi.Output<string | undefined>;
  sizeBytes: pulumi.Output<number>;
  rows: pulumi.Output<number | undefined>;
}

let pending = 0;
let beganMs = 0;
let sent: Sent[] = [];

/**
 * Counts this upload in. Once all that were declared are known, those that were sent meanwhile are summed up. A run in
 * which one fails has no sum: Pulumi ends the program then.
 */
export function countIn(upload: UploadOutputs): void {
  if (pulumi.runtime.isDryRun()) return;
  if (pending === 0) beganMs = Date.now();
  pending += 1;
  pulumi.all([upload.uploadedAt, upload.sizeBytes, upload.rows]).apply(([uploadedAt, sizeBytes, rows]) => {
    pending -= 1;
    // Of an upload that had nothing to do, it is the time of an earlier run; a mocked or a recorded one may have none.
    if (uploadedAt !== undefined && Date.parse(uploadedAt) >= beganMs) sent.push({ sizeBytes, rows });
    if (pending > 0 || sent.length === 0) return;
    const text = summaryOf(sent);
    sent = [];
    return pulumi.log.info(text);
  });
}

function summaryOf(all: Sent[]): string {
  const bytes = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const rowCounts = all.flatMap(({ rows }) => (rows === undefined ? [] : [rows]));
  const rows = rowCounts.reduce((sum, each) => sum + each, 0);
  return sentText(all.length, bytesText(bytes), rowCounts.length > 0 ? rows : undefined, all.length - rowCounts.length);
}

function bytesText(bytes: number): string {
  if (bytes < 1e3) return counted(bytes, "byte");
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
