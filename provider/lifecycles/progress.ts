import type { Context } from "./context";

/** What a large upload tells while it runs: name, percent, speed, time left. Never an address: it is a credential. */

/** How much had been sent at one moment. */
export interface Mark {
  atMs: number;
  sentBytes: number;
}

/** Smaller uploads are over before anyone asks. */
const SILENT_UP_TO_BYTES = 50_000_000;
const LOOK_EVERY_MS = 1_000;
const AT_MOST_EVERY_MS = 1_000;
/** With the second until the next look: every 15 seconds. */
const AT_LEAST_EVERY_MS = 14_000;
/** Between those two limits, a line for every tenth of the file. */
const STEPS = 10;

interface Upload {
  fileName: string;
  sizeBytes: number;
}

/**
 * Tells how an upload gets on until it is stopped; silent for small files.
 *
 * @returns `onSent`, to be called with the bytes sent so far, and `stop`, which settles when all is told.
 */
export function startProgress(
  context: Pick<Context, "info" | "now">,
  upload: Upload,
): { onSent(bytes: number): void; stop(): Promise<void> } {
  if (upload.sizeBytes <= SILENT_UP_TO_BYTES) return { onSent: () => undefined, stop: async () => undefined };
  let last: Mark = { atMs: context.now(), sentBytes: 0 };
  let sentBytes = 0;
  let told = Promise.resolve();
  const timer = setInterval(() => {
    const now = { atMs: context.now(), sentBytes };
    const line = progressLine(upload, last, now);
    if (line === undefined) return;
    last = now;
    told = context.info(line);
  }, LOOK_EVERY_MS);
  return {
    onSent: (bytes) => {
      sentBytes = bytes;
    },
    stop: async () => {
      clearInterval(timer);
      await told;
    },
  };
}

/** The line that is due now; undefined: none. */
export function progressLine({ fileName, sizeBytes }: Upload, last: Mark, now: Mark): string | undefined {
  const elapsedMs = now.atMs - last.atMs;
  const steps = stepOf(now.sentBytes, sizeBytes) - stepOf(last.sentBytes, sizeBytes);
  const isDue = elapsedMs >= AT_LEAST_EVERY_MS || (elapsedMs >= AT_MOST_EVERY_MS && steps > 0);
  if (!isDue) return undefined;
  const percent = Math.floor((now.sentBytes / sizeBytes) * 100);
  const bytesPerSecond = ((now.sentBytes - last.sentBytes) / elapsedMs) * 1000;
  const left = durationText((sizeBytes - now.sentBytes) / bytesPerSecond);
  return `uploading "${fileName}": ${percent} %, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${left}`;
}

function stepOf(bytes: number, sizeBytes: number): number {
  return Math.floor((bytes / sizeBytes) * STEPS);
}

function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "waiting";
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
