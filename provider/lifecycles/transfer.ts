import { closeSync } from "node:fs";
import pLimit from "p-limit";
import { presignUpload } from "../api/endpoints";
import { pauseMs } from "../api/retry";
import type { PutResult } from "../api/storage-answer";
import { unlessAborted } from "../api/unless-aborted";
import { putFile } from "../api/upload";
import { ProcessMindError } from "../errors";
import { type OpenSource, openSourceNow, portablePath, UnusableFile } from "../profile/source-file";
import { connectBesideUpload } from "./connect";
import type { Context } from "./context";
import { startProgress } from "./progress";

/**
 * One upload: for every attempt a fresh URL, the file read again from byte 0, and one PUT. Never again after a 2xx.
 *
 * A cancelled run begins no attempt, and lets the one under way end: cut off near its end, nobody could tell whether
 * storage has the file.
 */

export interface TransferRequest {
  tenantId: string;
  datasetId: string;
  datatableId: string;
  source: string;
  fileName: string;
  contentSha256: string;
  sizeBytes: number;
  contentType?: string;
  validForSeconds?: number;
  timeoutSeconds?: number;
}

const MAX_ATTEMPTS = 4;
/** Above this the link is the limit, and more at once only makes all of them late. */
const LARGE_BYTES = 64 * 1024 * 1024;
const largeSlots = pLimit(2);
const smallSlots = pLimit(16);

const MIN_TIMEOUT_SECONDS = 600;
/** What a slow but usable line carries; sets the default time limit of large files. */
const SLOW_BYTES_PER_SECOND = 500_000;
const DEFAULT_URL_LIFE_SECONDS = 3_600;
const MAX_URL_LIFE_SECONDS = 604_800;

/**
 * Its time limit holds over all attempts together, and runs from when its turn has come.
 *
 * @throws ProcessMindError `SOURCE_CHANGED`, `SOURCE_UNREADABLE`, or what the last attempt met.
 */
export async function transfer(context: Context, request: TransferRequest): Promise<void> {
  const slots = request.sizeBytes > LARGE_BYTES ? largeSlots : smallSlots;
  await slots(async () => {
    const limitSeconds = uploadTimeoutSeconds(request.sizeBytes, request.timeoutSeconds);
    const deadline = context.now() + limitSeconds * 1000;
    for (let attempt = 1; ; attempt++) {
      if (context.cancelled.aborted) throw notStarted(request);
      const result = await attemptOnce(context, request, limitSeconds, deadline);
      if (result.kind === "stored") return;
      const pause = pauseMs(attempt, context.random(), result.retryAfterMs);
      const isInTime = context.now() + pause < deadline;
      if (!result.mayRetry || attempt === MAX_ATTEMPTS || !isInTime) throw result.error;
      await unlessAborted(context.cancelled, context.sleep(pause));
      if (context.cancelled.aborted) throw result.error;
    }
  });
}

/** Time limit of one upload, in seconds: the resource's own, else by size and at least ten minutes. */
export function uploadTimeoutSeconds(sizeBytes: number, timeoutSeconds?: number): number {
  return timeoutSeconds ?? Math.max(MIN_TIMEOUT_SECONDS, Math.ceil(sizeBytes / SLOW_BYTES_PER_SECOND));
}

/** Life to ask for: undefined leaves it to the service, unless the upload may take longer than that. */
export function urlLifeSeconds(timeoutSeconds: number, validForSeconds?: number): number | undefined {
  if (validForSeconds !== undefined) return validForSeconds;
  return timeoutSeconds > DEFAULT_URL_LIFE_SECONDS
    ? Math.min(Math.ceil(timeoutSeconds), MAX_URL_LIFE_SECONDS)
    : undefined;
}

async function attemptOnce(
  context: Context,
  request: TransferRequest,
  limitSeconds: number,
  deadline: number,
): Promise<PutResult> {
  const { descriptor, stat } = open(context, request);
  const progress = startProgress(context, request);
  try {
    if (stat.size !== request.sizeBytes) throw changed(request, `it has ${stat.size} bytes, not ${request.sizeBytes}`);
    const leftSeconds = Math.max(0.001, (deadline - context.now()) / 1000);
    const connection = connectBesideUpload(context, request.timeoutSeconds === undefined ? undefined : leftSeconds);
    const url = await presignUpload(connection, request.tenantId, {
      ...request,
      lastModifiedMs: Math.trunc(stat.mtimeMs),
      validForSeconds: urlLifeSeconds(limitSeconds, request.validForSeconds),
    });
    return await putFile({
      url,
      descriptor,
      sizeBytes: request.sizeBytes,
      sha256: request.contentSha256,
      contentType: request.contentType,
      timeoutMs: Math.max(1, deadline - context.now()),
      proxyFor: context.proxyFor,
      doing: doing(request),
      onSent: progress.onSent,
      abort: context.engineGone,
      beforeLastByte: context.verifyEngine,
    });
  } finally {
    progress.stop();
    closeSync(descriptor);
  }
}

function open(context: Context, request: TransferRequest): OpenSource {
  try {
    return openSourceNow(context.programDirectory, request.source);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const file = portablePath(context.programDirectory, request.source);
    throw new ProcessMindError("SOURCE_UNREADABLE", { doing: doing(request), happened: `"${file}": ${error.message}` });
  }
}

function changed(request: TransferRequest, what: string): ProcessMindError {
  return new ProcessMindError("SOURCE_CHANGED", {
    doing: doing(request),
    happened: `the file changed after it was checked: ${what}. Nothing was sent and the recorded hash is the old one`,
    todo: "Let whatever writes the file finish, then run again.",
  });
}

function notStarted(request: TransferRequest): ProcessMindError {
  return new ProcessMindError("CANCELLED", {
    doing: doing(request),
    happened: "the run was cancelled before the upload began. Nothing was sent",
  });
}

function doing(request: TransferRequest): string {
  return `uploading "${request.fileName}" to Datatable "${request.datatableId}"`;
}
