import * as http from "node:http";
import * as https from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** One request over `node:http(s)` and its whole answer, neither retried nor judged. Redirects are not followed. */

export interface Outgoing {
  method: string;
  /** Whole and percent-encoded. */
  url: string;
  headers: http.OutgoingHttpHeaders;
  body?: string;
  agent: http.Agent;
  /** Ends the request at any point, as {@link OutOfTime}. */
  signal: AbortSignal;
  /** Of the answer, as sent and when unpacked. */
  maxReplyBytes: number;
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** The signal ended the request. */
export class OutOfTime extends Error {}

/** The answer is longer than was allowed; its connection is closed. */
export class ReplyTooLarge extends Error {}

/** The connection ended before the answer did. */
export class ReplyCutShort extends Error {}

const unpack = promisify(gunzip);

/**
 * Resolves to the answer, whatever its status.
 *
 * @throws Node's own error, with its `code`, when the connection fails; or one of the classes above
 */
export async function exchange(outgoing: Outgoing): Promise<Reply> {
  try {
    const response = await answerTo(outgoing);
    const { statusCode: status = 0, headers } = response;
    const body = await bodyOf(response, outgoing.maxReplyBytes);
    const isPacked = headers["content-encoding"] === "gzip" && body.length > 0;
    // Unlike toString, it leaves out a byte order mark.
    const text = new TextDecoder().decode(isPacked ? await unpacked(body, outgoing.maxReplyBytes) : body);
    return { status, headers, text };
  } catch (error) {
    throw outgoing.signal.aborted ? new OutOfTime("aborted", { cause: error }) : error;
  }
}

function answerTo({ method, url, headers, body, agent, signal }: Outgoing): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    request(url, { method, headers: { "Accept-Encoding": "gzip", ...headers }, agent, signal })
      .once("response", resolve)
      .on("error", reject)
      .end(body);
  });
}

async function bodyOf(response: http.IncomingMessage, maxReplyBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxReplyBytes) throw new ReplyTooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ReplyTooLarge) throw error;
    throw new ReplyCutShort("the answer was cut short", { cause: error });
  }
  return Buffer.concat(chunks);
}

async function unpacked(body: Buffer, maxReplyBytes: number): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: maxReplyBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new ReplyTooLarge();
    throw error;
  }
}
