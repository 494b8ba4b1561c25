import type { IncomingMessage } from "node:http";
import { type ErrorDetails, type ProcessMindError, redactAndCut } from "../errors";
import { notByStorage, storageRejected } from "../messages/requests";
import { isTransient, parseRetryAfterMs } from "./retry";

/** What became of a PUT that did not throw. */
export type PutResult =
  | { kind: "stored" }
  /** Nothing was stored, or nobody knows; `mayRetry` with a fresh URL. */
  | { kind: "failed"; error: ProcessMindError; mayRetry: boolean; retryAfterMs?: number };

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
    return {
      kind: "failed",
      mayRetry: wrong === "early",
      error: notByStorage(request.doing, wrong === "early", details),
    };
  }
  const { code, message } = readS3Error(body);
  const said = [code, message].filter(Boolean).join(": ");
  const isExpired = status === 403 && message === "Request has expired";
  return {
    kind: "failed",
    error: storageRejected(request.doing, said === "" ? undefined : `"${said}"`, isExpired, details),
    mayRetry: isExpired || isTransient(status),
    retryAfterMs: parseRetryAfterMs(response.headers["retry-after"], Date.now()),
  };
}

/** Storage answers a PUT with nothing or a line of XML, once it has all bytes; in its place a proxy may say yes. */
function whyNotStored(body: string, isBodySent: boolean): "early" | "web page" | undefined {
  if (!isBodySent) return "early";
  return /<(!doctype\s+html|html|head|title|body|script|meta)\b/i.test(body) ? "web page" : undefined;
}

/**
 * S3 says what is wrong in XML: `<Error><Code>…</Code><Message>…</Message></Error>`. Two elements of a text of at most
 * 64 kB: a parser would bring 8 packages to every installation.
 */
function readS3Error(body: string): { code?: string; message?: string } {
  const error = body.indexOf("<Error>");
  if (error < 0) return {};
  return { code: textOf(body, "Code", error), message: textOf(body, "Message", error) };
}

function textOf(xml: string, element: "Code" | "Message", from: number): string | undefined {
  const start = xml.indexOf(`<${element}>`, from) + element.length + 2;
  const end = xml.indexOf("<", start);
  if (start < from + element.length + 2 || !xml.startsWith(`</${element}>`, end)) return undefined;
  return redactAndCut(xml.slice(start, end).replace(ENTITY, characterOf), 300);
}

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|quot|apos|amp));/gi;
const NAMED: { [name: string]: string } = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function characterOf(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : entity;
}

function requestIdOf(response: IncomingMessage): string | undefined {
  const id = response.headers["x-amz-request-id"];
  return typeof id === "string" ? id : undefined;
}
