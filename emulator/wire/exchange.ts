import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./faults";
import type { JournalEntry } from "./journal";

/** An answer that is ready to be sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One request on its way through: its journal entry, and the fault that is due for it. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  entry: JournalEntry;
  fault?: Fault;
  /** Fires when the emulator closes. */
  closing: AbortSignal;
  /** The client waits for `100 Continue` before it sends the body, and has not got it. */
  expectsContinue: boolean;
}

/** The connection is to be reset instead of answered. */
class HangUp extends Error {}

/** Whether an error means that a fault ends the connection. */
export function isHangUp(error: unknown): boolean {
  return error instanceof HangUp;
}

const HTML_PAGE =
  "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>\n";

/** Answers one request, acting out its fault. `answer` does what was asked, and never throws for a bad request. */
export async function serve(exchange: Exchange, answer: () => Promise<Reply>): Promise<void> {
  const { res, entry } = exchange;
  // Node takes it off a request that was read to its end and then given up.
  const { socket } = exchange.req;
  const started = performance.now();
  if (exchange.fault) entry.fault = exchange.fault.kind;
  res.once("close", () => {
    if (entry.ending === "open") entry.ending = "client left";
  });
  try {
    const reply = await replyWithFault(exchange, answer);
    entry.durationMs = performance.now() - started;
    send(exchange, socket, reply);
  } catch (error) {
    entry.durationMs = performance.now() - started;
    if (error instanceof HangUp) entry.ending = "reset";
    // Also ends it for a client that went away and for a request caught by `close`.
    reset(socket);
  }
}

/** The request's body in pieces, as slowly and as far as the fault allows. */
export async function* bodyOf(exchange: Exchange): AsyncGenerator<Buffer> {
  const { req, res, entry, fault, closing } = exchange;
  if (exchange.expectsContinue) {
    res.writeContinue();
    exchange.expectsContinue = false;
  }
  const limit = fault?.kind === "reset-after-bytes" ? fault.bytes : Number.POSITIVE_INFINITY;
  if (limit === 0) throw new HangUp();
  // Whoever stops reading can still answer.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (fault?.kind === "slow-read") await wait(fault.pauseMs, undefined, { signal: closing });
    entry.receivedBytes += chunk.length;
    yield chunk;
    if (entry.receivedBytes >= limit) throw new HangUp();
  }
}

async function replyWithFault(exchange: Exchange, answer: () => Promise<Reply>): Promise<Reply> {
  const { fault, closing } = exchange;
  const commits = fault !== undefined && "commit" in fault && fault.commit === true;
  if (fault?.kind === "delay" && !commits) await wait(fault.ms, undefined, { signal: closing });
  if (fault?.kind === "early-close" || (isReplacing(fault) && !commits)) return distorted(exchange, undefined);
  return distorted(exchange, await answer());
}

function isReplacing(fault: Fault | undefined): boolean {
  return fault?.kind === "reply" || fault?.kind === "html" || fault?.kind === "reset";
}

async function distorted({ fault, closing }: Exchange, reply: Reply | undefined): Promise<Reply> {
  const real = reply ?? { status: 200, headers: {}, body: "" };
  switch (fault?.kind) {
    case "reset":
      throw new HangUp();
    case "delay":
      if (fault.commit) await wait(fault.ms, undefined, { signal: closing });
      return real;
    case "reply":
      return { status: fault.status, ...contentOf(fault.body, fault.headers) };
    case "html":
      return { status: fault.status ?? 502, headers: { "content-type": "text/html" }, body: HTML_PAGE };
    case "early-close":
      return { status: fault.status ?? 403, headers: { connection: "close" }, body: fault.body ?? "" };
    case "truncate":
      return fault.hangUp ? real : { ...real, body: half(real.body) };
    case "wrong-type":
      return { ...real, body: JSON.stringify("body" in fault ? fault.body : wrapped(real.body, fault.fields)) };
    default:
      return real;
  }
}

function contentOf(body: unknown, headers: Record<string, string> = {}): Pick<Reply, "headers" | "body"> {
  if (typeof body === "string") return { headers: { "content-type": "text/plain", ...headers }, body };
  const text = body === undefined ? "" : JSON.stringify(body);
  return { headers: { "content-type": "application/json", ...headers }, body: text };
}

function wrapped(text: string, fields?: Record<string, unknown>): unknown {
  if (!/^[[{]/.test(text)) return [text]; // The storage answers XML, or nothing.
  const value: unknown = JSON.parse(text);
  if (fields && !Array.isArray(value)) return { ...(value as object), ...fields };
  return Array.isArray(value) ? { items: value } : [value];
}

function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

function send(exchange: Exchange, socket: Socket, { status, headers, body }: Reply): void {
  const { res, entry, fault, expectsContinue } = exchange;
  const bytes = Buffer.from(body);
  // Set before the answer leaves, so that whoever has the answer finds it in the journal.
  entry.status = status;
  entry.ending = "answered";
  entry.sentBytes = bytes.length;
  // It is not known whether a client without a `100 Continue` still sends its body.
  const close = expectsContinue ? { connection: "close" } : {};
  res.writeHead(status, { "content-length": bytes.length, ...close, ...headers });
  if (fault?.kind === "truncate" && fault.hangUp) {
    entry.ending = "reset";
    res.write(half(body), () => reset(socket));
  } else if (fault?.kind === "early-close") res.end(bytes, () => socket.destroy());
  else res.end(bytes);
}

function reset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}
