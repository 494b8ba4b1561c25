import * as says from "../messages/uploads";
import type { Context } from "./context";

/** What an upload shows while it runs: name, percent, speed, time left. Never an address: it is a credential. */

/** How much had been sent at one moment. */
export interface Mark {
  atMs: number;
  sentBytes: number;
}

const LOOK_EVERY_MS = 1_000;
/** A line of a log, where rows do not change in place; so shorter uploads show none. */
const LINE_EVERY_LOOKS = 15;
/** The speed is that of the last five seconds: over one it jumps, over all it hides a line that stalls. */
const MARKS_KEPT = 6;

interface Upload {
  fileName: string;
  sizeBytes: number;
}

/**
 * Shows how an upload gets on until it is stopped: each second on a terminal, else each 15 seconds.
 *
 * @returns `onSent`, to be called with the bytes sent so far, and `stop`.
 */
export function startProgress(
  context: Pick<Context, "status" | "isLive" | "now">,
  upload: Upload,
): { onSent(bytes: number): void; stop(): void } {
  const looksForLine = context.isLive() ? 1 : LINE_EVERY_LOOKS;
  const marks: Mark[] = [{ atMs: context.now(), sentBytes: 0 }];
  let sentBytes = 0;
  let looks = 0;
  const timer = setInterval(() => {
    marks.push({ atMs: context.now(), sentBytes });
    if (marks.length > MARKS_KEPT) marks.shift();
    if (++looks % looksForLine === 0) context.status(progressLine(upload, marks));
  }, LOOK_EVERY_MS);
  return {
    onSent: (bytes) => {
      sentBytes = bytes;
    },
    stop: () => clearInterval(timer),
  };
}

/**
 * Figures first: a row of a narrow terminal is cut at its end.
 *
 * @param marks - at least two, oldest first.
 */
export function progressLine({ fileName, sizeBytes }: Upload, marks: Mark[]): string {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined) return says.uploadBegins(fileName);
  const bytesPerSecond = ((last.sentBytes - first.sentBytes) / Math.max(1, last.atMs - first.atMs)) * 1000;
  const percent = Math.floor((last.sentBytes / sizeBytes) * 100);
  const left = leftText(sizeBytes - last.sentBytes, bytesPerSecond);
  return says.progress(fileName, percent, (bytesPerSecond / 1e6).toFixed(1), left);
}

function leftText(bytes: number, bytesPerSecond: number): string {
  if (bytes <= 0) return says.waitingForStorage();
  const seconds = bytes / bytesPerSecond;
  return says.timeLeft(seconds);
}
