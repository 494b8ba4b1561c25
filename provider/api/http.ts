import { Axios, type AxiosResponse } from "axios";
import { type ErrorCode, type ErrorDetails, type ErrorText, ProcessMindError, redactAndCut } from "../errors";
import { limitTo } from "../limit";
import * as says from "../messages/requests";
import { agentFor, isCertificateFault, wasNeverConnected } from "./agents";
import { type Outcome, parseRetryAfterMs, retryDelayMs } from "./retry";
import { refusedTunnel } from "./tunnel";
import { unlessAborted } from "./unless-aborted";

/** One call of the API: retried where that is safe, its answer parsed JSON, everything else a ProcessMindError. */

/** What reaching the API takes. The clock and the randomness are arguments so that tests need not wait. */
export interface Connection {
  apiUrl: string;
  apiKey: string;
  /** Deadline over all attempts of one call. */
  timeoutSeconds: number;
  proxyFor(url: string): string | undefined;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
  /** Ends pauses before another attempt: what the last one met is then the error. */
  cancelled?: AbortSignal;
  /** Asked before whatever changes something; rejects when nobody is left to record it. */
  verifyEngine?(): Promise<void>;
}

export interface ApiRequest {
  method: "GET" | "POST" | "DELETE";
  /** Path segments, not yet encoded: ids are opaque text and may hold anything. */
  segments: string[];
  query?: Record<string, string>;
  body?: object;
  /** Gerund and noun for messages: `reading Dataset "…"`. */
  doing: string;
  /** Read-after-write delay: from the first 404 on, it is repeated for this long before it counts. */
  patienceOn404Ms?: number;
}

/** Requests to the API in flight at most, over the whole process. */
const MAX_IN_FLIGHT = 8;
/** A reply beyond this is refused: a list of 5,000 tables with all their columns stays below, and can be parsed. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const SHOWN_MESSAGE_CHARACTERS = 300;
const SHOWN_HEADER_CHARACTERS = 40;

const slots = limitTo(MAX_IN_FLIGHT);

/** Without the defaults and interceptors of the package's own instance, which other code of this process may change. */
const client = new Axios({ adapter: "http" });

/** @returns the parsed JSON body of a 2xx answer. */
export async function requestJson(connection: Connection, request: ApiRequest): Promise<unknown> {
  refuseBadSegments(request);
  const deadline = connection.now() + connection.timeoutSeconds * 1000;
  let firstMissed: number | undefined;
  for (let attempts = 1; ; attempts++) {
    const attempt = await slots(() => attemptOnce(connection, request, deadline - connection.now()));
    if ("json" in attempt) return attempt.json;
    const now = connection.now();
    const remainingMs = deadline - now;
    if (isMissing(attempt)) firstMissed ??= now;
    const delay =
      patienceDelayMs(attempt, request, now - (firstMissed ?? now), remainingMs) ??
      retryDelayMs({
        method: request.method,
        outcome: attempt.outcome,
        attempts,
        remainingMs,
        random: connection.random(),
      });
    if (delay === undefined) throw attempt.error(attempts);
    await unlessAborted(connection.cancelled, connection.sleep(delay));
    if (connection.cancelled?.aborted) throw attempt.error(attempts);
  }
}

/** The path as sent: every segment percent-encoded. */
export function pathFrom(segments: string[]): string {
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

/** Axios would write + for a blank, which not every server reads as one. */
function queryFrom(query: Record<string, string> = {}): string {
  const texts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return texts.length === 0 ? "" : `?${texts.join("&")}`;
}

/** An empty, "." or ".." segment would silently make another path, and so reach another object. */
function refuseBadSegments({ segments, doing }: ApiRequest): void {
  const bad = segments.find((segment) => segment === "" || segment === "." || segment === "..");
  if (bad !== undefined) throw says.badSegment(doing, bad);
}

interface FailedAttempt {
  outcome: Outcome;
  error(attempts: number): ProcessMindError;
}

const PATIENCE_STEP_MS = 500;

function patienceDelayMs(
  failed: FailedAttempt,
  request: ApiRequest,
  missedForMs: number,
  remainingMs: number,
): number | undefined {
  const patienceMs = Math.min(remainingMs - 1, (request.patienceOn404Ms ?? 0) - missedForMs);
  return isMissing(failed) && PATIENCE_STEP_MS <= patienceMs ? PATIENCE_STEP_MS : undefined;
}

function isMissing({ outcome }: FailedAttempt): boolean {
  return outcome.kind === "status" && outcome.status === 404;
}

async function attemptOnce(
  connection: Connection,
  request: ApiRequest,
  remainingMs: number,
): Promise<{ json: unknown } | FailedAttempt> {
  const path = pathFrom(request.segments);
  const url = `${connection.apiUrl}${path}`;
  const where = { method: request.method, path };
  if (remainingMs <= 0) return outOfTime(connection, request, where);
  // Half of what is left, so that one silent connection still leaves time for another try or for a look at the list.
  // Whole, since AbortSignal refuses anything else.
  const limitMs = Math.max(
    1,
    Math.floor(remainingMs > connection.timeoutSeconds * 500 ? remainingMs / 2 : remainingMs),
  );
  const agent = agentFor(url, connection.proxyFor(url));
  if (request.method !== "GET") await connection.verifyEngine?.();
  try {
    const response = await client.request<string>({
      method: request.method,
      url: `${url}${queryFrom(request.query)}`,
      data: request.body && JSON.stringify(request.body),
      headers: {
        "x-api-key": connection.apiKey,
        Accept: "application/json",
        ...(request.body && { "Content-Type": "application/json" }),
      },
      // A redirect would carry the key to wherever it points.
      maxRedirects: 0,
      maxContentLength: MAX_REPLY_BYTES,
      responseType: "text",
      transformResponse: (text: string) => text,
      validateStatus: () => true,
      signal: AbortSignal.timeout(limitMs),
      proxy: false,
      httpAgent: agent,
      httpsAgent: agent,
    });
    return readResponse(response, request, where, connection.now());
  } catch (error) {
    // What a user knows is the limit of all attempts, and not this one's part.
    return failureOf(error, request, where, connection.timeoutSeconds - (remainingMs - limitMs) / 1000);
  }
}

/** Waiting for a free slot took all the time: nothing is sent that nobody would wait for. */
function outOfTime(connection: Connection, request: ApiRequest, where: ErrorDetails): FailedAttempt {
  return failed({ kind: "final" }, "TIMEOUT", request, where, says.outOfTime(connection.timeoutSeconds));
}

function readResponse(
  response: AxiosResponse<string>,
  request: ApiRequest,
  where: ErrorDetails,
  nowMs: number,
): { json: unknown } | FailedAttempt {
  const details = { ...where, status: response.status, requestId: requestIdOf(response) };
  const json = parseJson(response.data);
  if (response.status >= 200 && response.status < 300) {
    if (json !== undefined) return { json: json.value };
    return failed({ kind: "lost" }, "BAD_RESPONSE", request, { ...details, mayHaveHappened: true }, notJson(response));
  }
  const retryAfterMs = parseRetryAfterMs(headerOf(response, "retry-after"), nowMs);
  const outcome: Outcome = { kind: "status", status: response.status, retryAfterMs };
  return failed(
    outcome,
    codeOf(response.status),
    request,
    { ...details, retryAfterMs, mayHaveHappened: response.status >= 500 || response.status === 408 },
    says.rejected(response.status, messageOf(json?.value), details.requestId !== undefined),
  );
}

function failureOf(error: unknown, request: ApiRequest, where: ErrorDetails, waitedSeconds: number): FailedAttempt {
  // Only its code and message are taken: an axios error carries the request's headers, and with them the key.
  const code = String((error as { code?: unknown })?.code ?? "");
  const message = error instanceof Error ? error.message : String(error);
  const lost = { ...where, mayHaveHappened: true };
  if (code === "ERR_CANCELED" || code === "ECONNABORTED" || code === "ETIMEDOUT") {
    return failed({ kind: "lost" }, "TIMEOUT", request, lost, says.noResponse(Number(waitedSeconds.toFixed(1))));
  }
  if (message.startsWith("maxContentLength")) {
    return failed({ kind: "final" }, "BAD_RESPONSE", request, lost, says.responseTooLarge(MAX_REPLY_BYTES / 1024 ** 2));
  }
  const refusal = refusedTunnel(error);
  if (refusal !== undefined) {
    const outcome: Outcome = { kind: refusal.mayRetry ? "not-sent" : "final" };
    return failed(outcome, "NETWORK", request, where, says.tunnelRejected(refusal.proxyHost, refusal.status));
  }
  if (wasNeverConnected(error)) {
    return failed({ kind: "not-sent" }, "NETWORK", request, where, says.unreachable(code));
  }
  if (isCertificateFault(code)) {
    return failed({ kind: "final" }, "NETWORK", request, where, says.untrustedCertificate("the API", code));
  }
  const isCut = message === "stream has been aborted";
  const text = isCut ? says.responseCutShort() : says.connectionLost(code || message);
  return failed({ kind: "lost" }, "NETWORK", request, lost, text);
}

function failed(
  outcome: Outcome,
  code: ErrorCode,
  request: ApiRequest,
  details: ErrorDetails,
  text: Omit<ErrorText, "doing">,
): FailedAttempt {
  return {
    outcome,
    error: (attempts) => new ProcessMindError(code, { doing: request.doing, ...text }, { ...details, attempts }),
  };
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return "UNAUTHORIZED";
  if (status === 403) return "FORBIDDEN";
  if (status === 404) return "NOT_FOUND";
  if (status === 408) return "TIMEOUT";
  if (status === 409) return "CONFLICT";
  if (status === 429) return "RATE_LIMITED";
  if (status >= 500) return "SERVER_ERROR";
  if (status >= 300 && status < 400) return "BAD_RESPONSE";
  return "INVALID_REQUEST";
}

function notJson(response: AxiosResponse<string>): Omit<ErrorText, "doing"> {
  const type = redactAndCut(headerOf(response, "content-type") ?? "no content type", SHOWN_HEADER_CHARACTERS);
  const size = Buffer.byteLength(response.data ?? "");
  return size === 0 ? says.emptyResponse() : says.notJson(type, size);
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function messageOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { message, Message, error } = json as Record<string, unknown>;
  const text = [message, Message, error].find((candidate) => typeof candidate === "string" && candidate !== "");
  return typeof text === "string" ? redactAndCut(text, SHOWN_MESSAGE_CHARACTERS).replace(/\s+/g, " ") : undefined;
}

function requestIdOf(response: AxiosResponse): string | undefined {
  return ["x-amzn-requestid", "apigw-requestid", "x-request-id"].map((name) => headerOf(response, name)).find(Boolean);
}

function headerOf(response: AxiosResponse, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === "string" ? value : undefined;
}
