/** Whether a failed request may be repeated, and after how long. Pure: clock and randomness are arguments. */

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

export const MAX_ATTEMPTS = 4;
/** A server that asks for a longer pause than this gets this one. */
export const MAX_RETRY_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
const MAX_JITTER = 0.25;

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Milliseconds to wait before the next attempt; undefined: do not repeat. */
export function retryDelayMs(question: RetryQuestion): number | undefined {
  if (question.attempts >= MAX_ATTEMPTS) return undefined;
  if (!mayRepeat(question)) return undefined;
  const delay = askedDelayMs(question.outcome) ?? backOffMs(question.attempts, question.random);
  return delay < question.remainingMs ? delay : undefined;
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

function askedDelayMs(outcome: Outcome): number | undefined {
  if (outcome.kind !== "status" || outcome.retryAfterMs === undefined) return undefined;
  return Math.min(outcome.retryAfterMs, MAX_RETRY_AFTER_MS);
}

/** 0.5 s doubling to 8 s, up to a quarter less, so that many clients do not come back together. */
export function backOffMs(attempts: number, random: number): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), MAX_DELAY_MS);
  return full * (1 - MAX_JITTER * random);
}

/** Reads `Retry-After`: seconds or a date. undefined when absent or unreadable. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
