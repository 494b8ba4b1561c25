import { fstatSync, read, readSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import { isLoopback } from "../config";
import { type ErrorText, ProcessMindError } from "../errors";
import * as says from "../messages/requests";
import { openSha256, type Sha256 } from "../profile/sha256";
import { sharedBuffer } from "../profile/slots";
import { agentFor, isCertificateFault, resetConnection } from "./agents";
import { type PutResult, resultOf } from "./storage-answer";
import { refusedTunnel } from "./tunnel";

/**
 * One PUT of one file to a presigned URL, in constant memory, on `node:http(s)` with a ring of buffers of its own:
 * as fast as `curl -T` at 1 GB and 55 MB of memory, where axios took 1.6 to 2 times as long and, with its defaults,
 * held the whole file.
 *
 * Nothing but the bytes the caller fingerprinted is ever stored: the last byte leaves only when the hash of all of
 * them is the expected one and the caller still wants it, and storage drops a body that is shorter than its
 * Content-Length.
 */

export interface PutRequest {
  /** Presigned: a credential. Its query is sent byte for byte and occurs in no message. */
  url: string;
  /** Of the open file; free to be closed once `putFile` has settled. */
  descriptor: number;
  sizeBytes: number;
  /** Hex SHA-256 the bytes must have. Only the bench goes without, to see what sending alone takes. */
  sha256: string | undefined;
  /** Sent only when given: a URL may be signed for one type, or for none. */
  contentType?: string;
  /** Wall clock for the whole PUT. */
  timeoutMs: number;
  /** No byte moved in either direction for this long: the connection is dead. Default {@link IDLE_LIMIT_MS}. */
  idleLimitMs?: number;
  /** How long a server is waited for that was asked whether it wants the body. Default {@link CONTINUE_LIMIT_MS}. */
  continueLimitMs?: number;
  /** Called as bytes leave, with how many have left so far. */
  onSent?(bytes: number): void;
  /** Aborted when nobody is left to record the upload: the connection is reset, so that storage lacks bytes. */
  abort?: AbortSignal;
  /** Awaited when all bytes but the last have left; rejects to hold the last one back. */
  beforeLastByte?(): Promise<void>;
  proxyFor(url: string): string | undefined;
  /** Gerund and noun for messages. */
  doing: string;
}

/** With the path alone, which messages may show. */
type Put = PutRequest & { path: string };

const readAt = promisify(read);
/** As fast as 1 MiB, and half as much for the collector to clear away: a 4 GB upload peaks 2 MB lower. */
const CHUNK_BYTES = 2 * 1024 * 1024;
/** Four slots keep disk, hash and socket busy at the same time; more gained nothing when measured. */
const RING_SLOTS = 4;
/** Above this size the server is asked first, so that a refusal arrives before the body and is not lost in a reset. */
const EXPECT_CONTINUE_ABOVE_BYTES = 1024 * 1024;
/** A server that ignores the question gets the body this long after the connection was made. */
const CONTINUE_LIMIT_MS = 1_000;
/** Long enough for what the system buffers, 4 MB, to drain into a line of 70 kB/s. */
const IDLE_LIMIT_MS = 60_000;
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** @throws ProcessMindError `SOURCE_CHANGED` when the file no longer has the expected bytes; nothing is stored then. */
export async function putFile(request: PutRequest): Promise<PutResult> {
  const url = new URL(request.url);
  const put = { ...request, path: url.pathname };
  refuseAddress(url, put);
  request.abort?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const outgoing = openRequest(url, put);
    const transfer = new Transfer(outgoing, put, resolve, reject);
    transfer.start();
  });
}

/**
 * Any host over https, since storage may be a private one; plain http on this machine alone. The API vouches for the
 * address, and neither the key nor a cookie goes there.
 */
function refuseAddress(url: URL, request: Put): void {
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  if (isSafe && url.username === "" && url.password === "") return;
  throw uploadError("BAD_RESPONSE", request, says.unsafeUploadUrl(`${url.protocol}//${url.host}`, isSafe));
}

/** Path and query as they were signed: a URL object would encode some characters anew. */
function signedPath(text: string, url: URL): string {
  if (/[^!-~]|[\\#]/.test(text)) return url.pathname + url.search;
  const path = text.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  return path.startsWith("/") ? path : `/${path}`;
}

function openRequest(url: URL, request: Put): http.ClientRequest {
  const headers: http.OutgoingHttpHeaders = { "Content-Length": request.sizeBytes };
  if (request.contentType !== undefined) headers["Content-Type"] = request.contentType;
  if (request.sizeBytes > EXPECT_CONTINUE_ABOVE_BYTES) headers["Expect"] = "100-continue";
  const { request: open } = url.protocol === "https:" ? https : http;
  return open({
    method: "PUT",
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    path: signedPath(request.url, url),
    headers,
    agent: agentFor(request.url, request.proxyFor(request.url)),
  });
}

/** The state of one PUT: sends, watches the clock, and settles exactly once. */
class Transfer {
  private settled = false;
  private sending = false;
  private isBodySent = false;
  private continueTimer: NodeJS.Timeout | undefined;
  private quietHalves = 0;
  private readonly idleTimer: NodeJS.Timeout;
  private readonly deadline: NodeJS.Timeout;
  private pumping = Promise.resolve();
  private wake: (() => void) | undefined;
  /** Tells what was answered; there once the status is known. */
  private finish: (() => void) | undefined;

  constructor(
    private readonly outgoing: http.ClientRequest,
    private readonly request: Put,
    private readonly resolve: (result: PutResult) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    const { timeoutMs, idleLimitMs = IDLE_LIMIT_MS } = request;
    this.deadline = setTimeout(() => {
      this.fail("TIMEOUT", says.uploadTooSlow(seconds(timeoutMs)));
    }, timeoutMs);
    // Halves, since after a pause of the whole process, a machine that slept, timers fire before sockets are looked at.
    this.idleTimer = setInterval(() => {
      this.quietHalves += 1;
      if (this.quietHalves < 2) return;
      this.fail("TIMEOUT", says.noByteMoved(seconds(idleLimitMs)));
    }, idleLimitMs / 2);
  }

  start(): void {
    this.request.abort?.addEventListener("abort", this.cutOff, { once: true });
    this.outgoing.on("response", (response) => this.readAnswer(response));
    this.outgoing.on("error", (error: NodeJS.ErrnoException) => {
      // A reset within the answer's body comes here first.
      if (this.finish) return this.finish();
      if (isCertificateFault(error.code ?? "")) {
        this.fail("NETWORK", says.untrustedCertificate("storage", String(error.code)), false);
        return;
      }
      const refusal = refusedTunnel(error);
      if (refusal !== undefined) {
        this.fail("NETWORK", says.tunnelRejected(refusal.proxyHost, refusal.status), refusal.mayRetry);
        return;
      }
      this.fail("NETWORK", says.connectionLost(error.code ?? error.message));
    });
    if (this.outgoing.getHeader("expect") === undefined) {
      this.sendBody();
      return;
    }
    this.outgoing.on("continue", () => this.sendBody());
    this.outgoing.once("socket", (socket: Socket) => {
      if (socket.connecting) socket.once("connect", () => this.startPatience());
      else this.startPatience();
    });
    this.outgoing.flushHeaders();
  }

  /** Closed as usual, the system would go on sending what it has taken already: megabytes, for as long as that takes. */
  private readonly cutOff = (): void => {
    if (this.outgoing.socket !== null) resetConnection(this.outgoing.socket);
    this.fail("NETWORK", says.engineEnded(), false);
  };

  private startPatience(): void {
    if (this.settled || this.sending) return;
    this.stillAlive();
    const { continueLimitMs = CONTINUE_LIMIT_MS } = this.request;
    this.continueTimer = setTimeout(() => this.sendBody(), continueLimitMs);
  }

  private sendBody(): void {
    if (this.sending || this.settled) return;
    this.sending = true;
    clearTimeout(this.continueTimer);
    this.pumping = this.pump().catch((error: unknown) => this.abandon(error));
  }

  private async pump(): Promise<void> {
    const sha256 = this.request.sha256 === undefined ? undefined : openSha256(this.request.sizeBytes);
    try {
      await this.send(sha256);
    } finally {
      sha256?.close();
    }
    if (this.settled) return;
    this.isBodySent = true;
    this.outgoing.end();
  }

  private async send(sha256: Sha256 | undefined): Promise<void> {
    const { sizeBytes } = this.request;
    const free = ringFor(sizeBytes);
    let sent = 0;
    while (sent < sizeBytes && !this.settled) {
      const slot = free.pop();
      if (slot === undefined) {
        await this.until(() => free.length > 0);
        continue;
      }
      const bytesRead = await readNext(this.request, slot, sent);
      if (bytesRead === 0) throw sourceChanged(this.request, says.endedEarly(sent, sizeBytes));
      sent += bytesRead;
      const chunk = slot.subarray(0, bytesRead);
      const hashed = sha256?.update(chunk);
      if (sent === sizeBytes) {
        checkUnchanged(this.request, await sha256?.soFar());
        await this.allButLastByte(chunk, sent);
      }
      if (this.settled) return;
      this.write(sent === sizeBytes ? chunk.subarray(-1) : chunk, sent, hashed, () => free.push(slot));
    }
  }

  /** Once the system has taken all that comes before it, the last byte alone is still ours to hold back. */
  private async allButLastByte(chunk: Buffer, sentBytes: number): Promise<void> {
    const { beforeLastByte } = this.request;
    let isOut = chunk.length === 1 || this.settled;
    if (!isOut) {
      this.write(chunk.subarray(0, -1), sentBytes - 1, undefined, () => {
        isOut = true;
      });
    }
    await this.until(() => isOut);
    if (!this.settled) await beforeLastByte?.();
  }

  private async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue() && !this.settled) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
  }

  /** A slot is free again when the system has taken its bytes, and the hash has. */
  private write(chunk: Buffer, sentBytes: number, hashed: Promise<unknown> | undefined, release: () => void): void {
    this.outgoing.write(chunk, async () => {
      this.stillAlive();
      if (!this.settled) this.request.onSent?.(sentBytes);
      try {
        await hashed;
      } catch (error) {
        this.abandon(error);
        return;
      }
      release();
      this.wake?.();
    });
  }

  /** Also the way a refusal reaches us while the body is still going out. */
  private readAnswer(response: http.IncomingMessage): void {
    const { isBodySent } = this;
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      this.stillAlive();
      chunks.push(chunk);
      bytes += chunk.length;
      // Nothing that matters comes later, and an answer without end would hold the operation to its limit.
      if (bytes >= MAX_ERROR_BODY_BYTES) finish();
    });
    const finish = () => {
      const body = Buffer.concat(chunks).subarray(0, MAX_ERROR_BODY_BYTES).toString("utf8");
      const { doing, path } = this.request;
      const result = resultOf(response, body, { doing, path, isBodySent });
      this.settle(() => this.resolve(result), response.complete);
    };
    this.finish = finish;
    response.on("end", finish);
    // A 2xx status line means stored, and a refusal is a refusal, even when the rest of the answer is lost.
    response.on("error", finish);
  }

  private stillAlive(): void {
    if (this.settled) return;
    this.quietHalves = 0;
    this.idleTimer.refresh();
  }

  private fail(code: "TIMEOUT" | "NETWORK", text: Omit<ErrorText, "doing">, mayRetry = true): void {
    const error = uploadError(code, this.request, text);
    this.settle(() => this.resolve({ kind: "failed", error, mayRetry }));
  }

  private abandon(error: unknown): void {
    this.settle(() => this.reject(error));
  }

  private settle(report: () => void, isAnswerWhole = false): void {
    if (this.settled) return;
    this.settled = true;
    clearInterval(this.idleTimer);
    clearTimeout(this.continueTimer);
    clearTimeout(this.deadline);
    this.request.abort?.removeEventListener("abort", this.cutOff);
    // Only a socket with a whole request and a whole answer behind it can serve again.
    if (!isAnswerWhole || !this.outgoing.writableFinished) this.outgoing.destroy();
    this.wake?.();
    // A read may be under way, and must not meet a descriptor that is another file's by then.
    void this.pumping.then(report);
  }
}

/** Memory that the worker with the hash sees too; of a small file, which has none, as much as it needs. */
function ringFor(sizeBytes: number): Buffer[] {
  const slots = Math.max(1, Math.min(RING_SLOTS, Math.ceil(sizeBytes / CHUNK_BYTES)));
  const bytes = Math.min(CHUNK_BYTES, sizeBytes);
  return Array.from({ length: slots }, () => (slots === 1 ? Buffer.allocUnsafeSlow(bytes) : sharedBuffer(bytes)));
}

/** A file of one chunk is read at once: for many small ones, turns of the event loop are most of the time. */
async function readNext(request: Put, slot: Buffer, position: number): Promise<number> {
  const { descriptor, sizeBytes } = request;
  const length = Math.min(slot.length, sizeBytes - position);
  try {
    if (sizeBytes <= CHUNK_BYTES) return readSync(descriptor, slot, 0, length, position);
    return (await readAt(descriptor, slot, 0, length, position)).bytesRead;
  } catch (error) {
    throw uploadError("SOURCE_UNREADABLE", request, says.sourceUnreadable((error as NodeJS.ErrnoException).code));
  }
}

/** Asked before the last bytes leave: until then storage keeps nothing. */
function checkUnchanged(request: Put, sha256: string | undefined): void {
  const { size } = fstatSync(request.descriptor);
  if (size !== request.sizeBytes) {
    throw sourceChanged(request, says.hasOtherSize(size, request.sizeBytes));
  }
  if (sha256 !== request.sha256) throw sourceChanged(request, says.hasOtherBytes());
}

function sourceChanged(request: Put, what: string): ProcessMindError {
  return uploadError("SOURCE_CHANGED", request, says.sourceChanged(what));
}

function uploadError(
  code: "TIMEOUT" | "NETWORK" | "BAD_RESPONSE" | "SOURCE_CHANGED" | "SOURCE_UNREADABLE",
  request: Put,
  text: Omit<ErrorText, "doing">,
): ProcessMindError {
  const details = { method: "PUT", path: request.path };
  return new ProcessMindError(code, { doing: request.doing, ...text }, details);
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
