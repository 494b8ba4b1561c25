/**
 * Whether a failed request may be repeated, and after how long: of the API and of storage. Pure: clock and randomness are
 * arguments.
 */

/** What one attempt came to, as far as retrying cares. */
export type Outcome =
  /** No connection was made (refused, DNS): the server surely did nothing. */
  | { kind: "not-sent" }
  /** The connection was lost, timed out, or the answer was cut: the server may have done it. */
  | { kind: "lost" }
  | { kind: "status"; status: number; retryAfterMs?: number }
  /** Repeating cannot help (a bad certificate, an answer too large, no time left). */
  | { kind: "final" };

export interface RetryQuestion {
  method: "GET" | "POST" | "DELETE";
  outcome: Outcome;
  /** Attempts made so far, at least 1. */
  attempts: number;
  /** Milliseconds until the operation's deadline. */
  remainingMs: number;
  /** From 0 to 1. */
  random: number;
}

const MAX_ATTEMPTS = 4;
/** A server that asks for a longer pause than this gets this one. */
export const MAX_RETRY_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 500;
const MAX_JITTER = 0.25;

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether what answers with this status may answer otherwise a moment later; of the API and of storage. */
export function isTransient(status: number): boolean {
  return TRANSIENT.has(status);
}

/** Milliseconds to wait before the next attempt; undefined: do not repeat. */
export function retryDelayMs(question: RetryQuestion): number | undefined {
  const { outcome } = question;
  const askedMs = outcome.kind === "status" ? outcome.retryAfterMs : undefined;
  return mayRepeat(question) ? nextDelayMs({ ...question, askedMs }) : undefined;
}

/** The same for what may be repeated; undefined: too many attempts, or too little time left. */
export function nextDelayMs({
  attempts,
  remainingMs,
  random,
  askedMs,
}: Pick<RetryQuestion, "attempts" | "remainingMs" | "random"> & { askedMs?: number }): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  const delay = pauseMs(attempts, random, askedMs);
  return delay < remainingMs ? delay : undefined;
}

function mayRepeat({ method, outcome }: RetryQuestion): boolean {
  switch (outcome.kind) {
    case "final":
      return false;
    case "not-sent":
      return true;
    case "lost":
      // A second POST could make a second object; the caller looks at the list instead.
      return method !== "POST";
    case "status":
      // 429 is an answer from in front of the service: nothing was done, whatever the method.
      return outcome.status === 429 || (method !== "POST" && TRANSIENT.has(outcome.status));
  }
}

/**
 * 0.5, 1 and 2 s, up to a quarter less, so that many clients do not come back together; longer where the server asks
 * for it. Never shorter: what asks for none, or has another clock, would be asked four times at once.
 */
function pauseMs(attempts: number, random: number, askedMs = 0): number {
  const backOffMs = FIRST_DELAY_MS * 2 ** (attempts - 1) * (1 - MAX_JITTER * random);
  return Math.max(backOffMs, Math.min(askedMs, MAX_RETRY_AFTER_MS));
}

const SECONDS = /^\d+(\.\d+)?$/;
const DATE = /^[a-z]{3,9}, .* GMT$/i;

/** Reads `Retry-After`: seconds or a date. undefined when absent or unreadable. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (SECONDS.test(text)) return Number(text) * 1000;
  // Date.parse alone reads "5, 10" as the tenth of May.
  const date = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
