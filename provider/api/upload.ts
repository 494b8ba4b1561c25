import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { XMLParser } from "fast-xml-parser";
import { isLoopback } from "../config";
import { ProcessMindError } from "../errors";
import { agentFor } from "./http";
import { parseRetryAfterMs } from "./retry";

/**
 * One PUT of one file to a presigned URL, in constant memory, on `node:http(s)` with a ring of buffers of its own:
 * as fast as `curl -T` at 1 GB and 55 MB of memory, where axios took 1.6 to 2 times as long and, with its defaults,
 * held the whole file.
 *
 * Nothing but the bytes the caller fingerprinted is ever stored: the last chunk leaves only when the hash of all of
 * them is the expected one, and storage drops a body that is shorter than its Content-Length.
 */

export interface PutRequest {
  /** Presigned: a credential. Its query is sent byte for byte and occurs in no message. */
  url: string;
  file: FileHandle;
  sizeBytes: number;
  /** Hex SHA-256 the bytes must have. */
  sha256: string;
  /** Sent only when given: a URL may be signed for one type, or for none. */
  contentType?: string;
  /** Wall clock for the whole PUT. */
  timeoutMs: number;
  proxyFor(url: string): string | undefined;
  /** Gerund and noun for messages. */
  doing: string;
}

/** What became of a PUT that did not throw. */
export type PutResult =
  | { kind: "stored" }
  /** Nothing was stored, or nobody knows; `mayRetry` with a fresh URL. */
  | { kind: "failed"; error: ProcessMindError; mayRetry: boolean; retryAfterMs?: number };

const CHUNK_BYTES = 1024 * 1024;
/** Four slots keep disk, hash and socket busy at once; more gained nothing when measured. */
const RING_SLOTS = 4;
/** Above this size the server is asked first, so that a refusal arrives before the body and is not lost in a reset. */
const EXPECT_CONTINUE_ABOVE_BYTES = 1024 * 1024;
/** A server that ignores the question gets the body after this long. */
const CONTINUE_PATIENCE_MS = 1_000;
/** No byte moved in either direction for this long: the connection is dead. */
const IDLE_LIMIT_MS = 60_000;
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** @throws ProcessMindError `SOURCE_CHANGED` when the file no longer has the expected bytes; nothing is stored then. */
export async function putFile(request: PutRequest): Promise<PutResult> {
  const url = new URL(request.url);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw uploadError(
      "BAD_RESPONSE",
      request,
      `the API gave an upload address that is not https (${url.protocol}//${url.host})`,
    );
  }
  return new Promise((resolve, reject) => {
    const outgoing = openRequest(url, request);
    const transfer = new Transfer(outgoing, request, resolve, reject);
    transfer.start();
  });
}

function openRequest(url: URL, request: PutRequest): http.ClientRequest {
  const headers: http.OutgoingHttpHeaders = { "Content-Length": request.sizeBytes };
  if (request.contentType !== undefined) headers["Content-Type"] = request.contentType;
  if (request.sizeBytes > EXPECT_CONTINUE_ABOVE_BYTES) headers["Expect"] = "100-continue";
  const { request: open, globalAgent } = url.protocol === "https:" ? https : http;
  const agent = agentFor(request.proxyFor(request.url)) ?? globalAgent;
  // Path and query as they were signed: a URL object would not change them, building them anew might.
  const path = request.url.slice(request.url.indexOf(url.host) + url.host.length) || "/";
  return open({
    method: "PUT",
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path,
    headers,
    agent,
  });
}

/** The state of one PUT: sends, watches the clock, and settles exactly once. */
class Transfer {
  private settled = false;
  private sending = false;
  private idleTimer: NodeJS.Timeout | undefined;
  private continueTimer: NodeJS.Timeout | undefined;
  private readonly deadline: NodeJS.Timeout;
  private wake: (() => void) | undefined;

  constructor(
    private readonly outgoing: http.ClientRequest,
    private readonly request: PutRequest,
    private readonly resolve: (result: PutResult) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.deadline = setTimeout(
      () =>
        this.fail("TIMEOUT", `not finished within ${Math.round(request.timeoutMs / 1000)} s`, "Raise timeoutSeconds."),
      request.timeoutMs,
    );
  }

  start(): void {
    this.outgoing.on("response", (response) => this.readAnswer(response));
    this.outgoing.on("error", (error: NodeJS.ErrnoException) =>
      this.fail("NETWORK", `the connection was lost (${error.code ?? error.message})`, "Try again."),
    );
    this.stillAlive();
    if (this.outgoing.getHeader("expect") === undefined) {
      this.sendBody();
      return;
    }
    this.outgoing.on("continue", () => this.sendBody());
    this.continueTimer = setTimeout(() => this.sendBody(), CONTINUE_PATIENCE_MS);
    this.outgoing.flushHeaders();
  }

  private sendBody(): void {
    if (this.sending || this.settled) return;
    this.sending = true;
    clearTimeout(this.continueTimer);
    this.pump().catch((error: unknown) => this.abandon(error));
  }

  private async pump(): Promise<void> {
    const { file, sizeBytes, sha256 } = this.request;
    const slots = Math.max(1, Math.min(RING_SLOTS, Math.ceil(sizeBytes / CHUNK_BYTES)));
    const free = Array.from({ length: slots }, () => Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, sizeBytes)));
    const hash = createHash("sha256");
    let sent = 0;
    while (sent < sizeBytes && !this.settled) {
      const slot = free.pop();
      if (slot === undefined) {
        await new Promise<void>((wake) => {
          this.wake = wake;
        });
        continue;
      }
      const { bytesRead } = await file.read(slot, 0, Math.min(slot.length, sizeBytes - sent), sent);
      if (bytesRead === 0) throw sourceChanged(this.request, `it ended after ${sent} of ${sizeBytes} bytes`);
      sent += bytesRead;
      const chunk = slot.subarray(0, bytesRead);
      hash.update(chunk);
      if (sent === sizeBytes && hash.digest("hex") !== sha256)
        throw sourceChanged(this.request, "its bytes are others");
      if (this.settled) return;
      this.outgoing.write(chunk, () => {
        free.push(slot);
        this.stillAlive();
        this.wake?.();
      });
    }
    if (!this.settled) this.outgoing.end();
  }

  /** Also the way a refusal reaches us while the body is still going out. */
  private readAnswer(response: http.IncomingMessage): void {
    const status = response.statusCode ?? 0;
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      this.stillAlive();
      if (bytes < MAX_ERROR_BODY_BYTES) chunks.push(chunk);
      bytes += chunk.length;
    });
    const finish = () => {
      const isStored = status >= 200 && status < 300;
      const body = Buffer.concat(chunks).subarray(0, MAX_ERROR_BODY_BYTES).toString("utf8");
      const result: PutResult = isStored ? { kind: "stored" } : rejection(this.request, response, body);
      this.settle(() => this.resolve(result), response.complete);
    };
    response.on("end", finish);
    // A 2xx status line means stored, and a refusal is a refusal, even when the rest of the answer is lost.
    response.on("error", finish);
  }

  private stillAlive(): void {
    if (this.settled) return;
    clearTimeout(this.idleTimer);
    const happened = `no byte moved for ${IDLE_LIMIT_MS / 1000} s`;
    this.idleTimer = setTimeout(() => this.fail("TIMEOUT", happened, "Try again."), IDLE_LIMIT_MS);
  }

  private fail(code: "TIMEOUT" | "NETWORK", happened: string, todo: string): void {
    const error = uploadError(code, this.request, happened, todo);
    this.settle(() => this.resolve({ kind: "failed", error, mayRetry: true }));
  }

  private abandon(error: unknown): void {
    this.settle(() => this.reject(error));
  }

  private settle(tell: () => void, isAnswerWhole = false): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.idleTimer);
    clearTimeout(this.continueTimer);
    clearTimeout(this.deadline);
    // Only a socket with a whole request and a whole answer behind it can serve again.
    if (!isAnswerWhole || !this.outgoing.writableFinished) this.outgoing.destroy();
    this.wake?.();
    tell();
  }
}

const RETRIED_STATUS = new Set([408, 429, 500, 502, 503, 504]);

function rejection(request: PutRequest, response: http.IncomingMessage, body: string): PutResult {
  const status = response.statusCode ?? 0;
  const { code, message } = readS3Error(body);
  const expired = status === 403 && message === "Request has expired";
  const said = [code, message].filter(Boolean).join(": ");
  const error = new ProcessMindError(
    "UPLOAD_REJECTED",
    {
      doing: request.doing,
      happened: said === "" ? "storage refused" : `storage answered "${said}"`,
      todo: expired ? "The upload took longer than its address lives: raise validForSeconds." : adviceFor(status),
    },
    { method: "PUT", path: new URL(request.url).pathname, status, requestId: storageRequestId(response) },
  );
  const retryAfterMs = parseRetryAfterMs(response.headers["retry-after"], Date.now());
  return { kind: "failed", error, mayRetry: expired || RETRIED_STATUS.has(status), retryAfterMs };
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
  return typeof value === "string" ? value.slice(0, 300) : undefined;
}

function storageRequestId(response: http.IncomingMessage): string | undefined {
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

function sourceChanged(request: PutRequest, what: string): ProcessMindError {
  return uploadError(
    "SOURCE_CHANGED",
    request,
    `the file changed after it was checked: ${what}. Nothing was stored and the recorded hash is the old one`,
    "Let whatever writes the file finish, then run again.",
  );
}

function uploadError(
  code: "TIMEOUT" | "NETWORK" | "BAD_RESPONSE" | "SOURCE_CHANGED",
  request: PutRequest,
  happened: string,
  todo?: string,
): ProcessMindError {
  const path = new URL(request.url).pathname;
  return new ProcessMindError(code, { doing: request.doing, happened, todo }, { method: "PUT", path });
}
