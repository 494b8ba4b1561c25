import { closeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { presignUpload } from "../api/endpoints";
import { nextDelayMs } from "../api/retry";
import type { PutResult } from "../api/storage-answer";
import { unlessAborted } from "../api/unless-aborted";
import { putFile } from "../api/upload";
import { type Limit, limitTo } from "../limit";
import { uploading } from "../messages/doing";
import { UnusableFile } from "../messages/message";
import { hasOtherSize, sourceChanged } from "../messages/requests";
import { sourceFault, unusable, uploadCancelled } from "../messages/uploads";
import { type OpenSource, SourceFile } from "../profile/source-file";
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

const MIB = 1024 * 1024;
/** So many that the API's eight requests never wait for a PUT. */
const smallFiles = limitTo(24);
/** Each takes up to 8 MiB of memory. */
const mediumFiles = limitTo(8);
/** The link is the limit, and more at once only makes all of them late. */
const largeFiles = limitTo(2);

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
  await limitFor(request.sizeBytes)(async () => {
    const limitSeconds = uploadTimeoutSeconds(request.sizeBytes, request.timeoutSeconds);
    const deadline = context.now() + limitSeconds * 1000;
    for (let attempt = 1; ; attempt++) {
      if (context.cancelled.aborted) throw uploadCancelled(request.fileName, request.datatableId);
      const result = await attemptOnce(context, request, limitSeconds, deadline);
      if (result.kind === "stored") return;
      const remainingMs = deadline - context.now();
      const question = { attempts: attempt, remainingMs, random: context.random(), askedMs: result.retryAfterMs };
      const pause = result.mayRetry ? nextDelayMs(question) : undefined;
      if (pause === undefined) throw result.error;
      await unlessAborted(context.cancelled, context.sleep(pause));
      if (context.cancelled.aborted) throw result.error;
    }
  });
}

function limitFor(sizeBytes: number): Limit {
  if (sizeBytes <= 2 * MIB) return smallFiles;
  return sizeBytes <= 64 * MIB ? mediumFiles : largeFiles;
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
  const { descriptor, stat } = openSource(context, request);
  const progress = startProgress(context, request);
  try {
    if (stat.size !== request.sizeBytes) {
      const text = sourceChanged(hasOtherSize(stat.size, request.sizeBytes));
      throw sourceFault("SOURCE_CHANGED", request.fileName, request.datatableId, text);
    }
    const leftSeconds = Math.max(0.001, (deadline - context.now()) / 1000);
    const connection = connectBesideUpload(context, request.timeoutSeconds === undefined ? undefined : leftSeconds);
    const url = await presignUpload(connection, request.tenantId, {
      ...request,
      lastModifiedMs: Math.trunc(stat.mtimeMs),
      validForSeconds: urlLifeSeconds(limitSeconds, request.validForSeconds),
    });
    // Requests to the API are the scarcer ones: the next leaves first.
    await nextTurn();
    return await putFile({
      url,
      descriptor,
      sizeBytes: request.sizeBytes,
      sha256: request.contentSha256,
      contentType: request.contentType,
      timeoutMs: Math.max(1, deadline - context.now()),
      proxyFor: context.proxyFor,
      doing: uploading(request.fileName, request.datatableId),
      onSent: progress.onSent,
      abort: context.engineGone,
      beforeLastByte: context.verifyEngine,
    });
  } finally {
    progress.stop();
    closeSync(descriptor);
  }
}

function openSource({ programDirectory }: Context, { source, fileName, datatableId }: TransferRequest): OpenSource {
  const file = new SourceFile(programDirectory, source);
  try {
    return file.open();
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const text = unusable(file.portablePath, error.message, error.options);
    throw sourceFault("SOURCE_UNREADABLE", fileName, datatableId, text);
  }
}
