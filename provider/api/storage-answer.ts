import type { IncomingMessage } from "node:http";
import { XMLParser } from "fast-xml-parser";
import { type ErrorDetails, ProcessMindError, redactAndCut } from "../errors";
import { parseRetryAfterMs } from "./retry";

/** What became of a PUT that did not throw. */
export type PutResult =
  | { kind: "stored" }
  /** Nothing was stored, or nobody knows; `mayRetry` with a fresh URL. */
  | { kind: "failed"; error: ProcessMindError; mayRetry: boolean; retryAfterMs?: number };

const RETRIED_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/**
 * What storage's answer means.
 *
 * @param isBodySent - whether all bytes had left before the answer came: without them nothing can have been stored.
 */
export function resultOf(
  response: IncomingMessage,
  body: string,
  request: { doing: string; path: string; isBodySent: boolean },
): PutResult {
  const status = response.statusCode ?? 0;
  const details: ErrorDetails = { method: "PUT", path: request.path, status, requestId: requestIdOf(response) };
  if (status >= 200 && status < 300) {
    const wrong = whyNotStored(body, request.isBodySent);
    if (wrong === undefined) return { kind: "stored" };
    // After a whole body nobody knows whether it was stored, and a service that appends would have it twice.
    return { kind: "failed", mayRetry: !request.isBodySent, error: notByStorage(request.doing, wrong, details) };
  }
  const { code, message } = readS3Error(body);
  const said = [code, message].filter(Boolean).join(": ");
  const happened = said === "" ? "storage refused" : `storage answered "${said}"`;
  const isExpired = status === 403 && message === "Request has expired";
  const todo = isExpired ? "The upload took longer than its address lives: raise validForSeconds." : adviceFor(status);
  const text = { doing: request.doing, happened, todo };
  return {
    kind: "failed",
    error: new ProcessMindError("UPLOAD_REJECTED", text, details),
    mayRetry: isExpired || RETRIED_STATUS.has(status),
    retryAfterMs: parseRetryAfterMs(response.headers["retry-after"], Date.now()),
  };
}

/** Storage answers a PUT with nothing or a line of XML, once it has all bytes; in its place a proxy may say yes. */
function whyNotStored(body: string, isBodySent: boolean): string | undefined {
  if (!isBodySent) return "the answer said it was stored before the bytes had been sent";
  return /<(!doctype\s+html|html|head|title|body|script|meta)\b/i.test(body)
    ? "the answer is a web page, not storage's, so whether it was stored is not known"
    : undefined;
}

function notByStorage(doing: string, happened: string, details: ErrorDetails): ProcessMindError {
  const todo = "Check whether a proxy answers in storage's place.";
  return new ProcessMindError("BAD_RESPONSE", { doing, happened, todo }, details);
}

/** S3 says what is wrong in XML: `<Error><Code>…</Code><Message>…</Message></Error>`. */
function readS3Error(body: string): { code?: string; message?: string } {
  try {
    const parsed: unknown = new XMLParser({ parseTagValue: false, processEntities: true }).parse(body);
    const fields = (parsed as { Error?: Record<string, unknown> }).Error ?? {};
    return { code: asText(fields["Code"]), message: asText(fields["Message"]) };
  } catch {
    return {};
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? redactAndCut(value, 300) : undefined;
}

function requestIdOf(response: IncomingMessage): string | undefined {
  const id = response.headers["x-amz-request-id"];
  return typeof id === "string" ? id : undefined;
}

function adviceFor(status: number): string {
  if (status === 403)
    return "If the message names the signature or the type, set contentType to what the URL is signed for.";
  if (status >= 300 && status < 400)
    return "Redirects are not followed. Check whether a proxy answers in storage's place.";
  return "Try again.";
}
