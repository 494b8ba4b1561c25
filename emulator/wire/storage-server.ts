import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Upload } from "../domain/model";
import type { Runtime } from "../runtime";
import type { ObjectWriter } from "../store/store";
import { bodyOf, type Exchange, isHangUp, type Reply, serve } from "./exchange";
import { BUCKET, checkPresigned, expired } from "./presign";
import { errorReply, requestIds, StorageError } from "./storage-errors";

/** The largest object one PUT may make, by AWS's own rule (5 GB, which AWS counts as GiB). */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** The presigned storage: one bucket, PUT only, S3's rules and S3's errors. */
export function createStorageServer(runtime: Runtime): Server {
  const open = new WeakMap<Socket, Exchange>();
  const receive = (req: IncomingMessage, res: ServerResponse, expectsContinue: boolean) => {
    const method = req.method ?? "";
    const path = (req.url ?? "").split("?")[0] ?? "";
    const route = method === "PUT" ? "storage.put" : "unknown";
    const entry = runtime.journal.open("storage", route, req);
    const fault = runtime.faults.due(method, route, path);
    const exchange: Exchange = { req, res, entry, fault, expectsContinue, closing: runtime.closing.signal };
    open.set(req.socket, exchange);
    runtime.track(serve(exchange, () => answer(runtime, exchange)));
  };
  const server = createServer((req, res) => receive(req, res, false));
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => receive(req, res, true));
  server.on("clientError", (_error, socket) => refuseBrokenRequest(socket as Socket, open.get(socket as Socket)));
  return server;
}

async function answer(runtime: Runtime, exchange: Exchange): Promise<Reply> {
  try {
    return await put(runtime, exchange);
  } catch (error) {
    if (error instanceof StorageError) return errorReply(error);
    const isConnectionLost = exchange.req.errored || exchange.closing.aborted || isHangUp(error);
    if (isConnectionLost) throw error;
    return errorReply(new StorageError("InternalError", `The emulator could not store the object: ${String(error)}`));
  }
}

async function put(runtime: Runtime, exchange: Exchange): Promise<Reply> {
  const { req, entry } = exchange;
  const { key, upload } = authorise(runtime, exchange);
  const sizeBytes = checkLength(req, runtime.maxObjectBytes);
  const contentMd5 = checkContentMd5(req);
  if (!upload && runtime.behaviour.uploadToDeletedTable === "noSuchKey") throw noSuchKey(key);
  const writer = await runtime.createObject();
  try {
    const { sha256, md5 } = await receiveBytes(exchange, writer);
    if (entry.receivedBytes !== sizeBytes) throw incompleteBody();
    if (contentMd5 && !contentMd5.equals(md5)) {
      throw new StorageError("BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    if (upload && upload.declaredSizeBytes !== sizeBytes) {
      entry.sizeMismatch = { declaredBytes: upload.declaredSizeBytes, receivedBytes: sizeBytes };
    }
    const contentType = req.headers["content-type"] ?? null;
    const found = { sizeBytes, sha256, md5: md5.toString("hex"), contentType };
    entry.committed = upload ? await runtime.storeObject(upload.id, writer, found) : false;
    if (upload && !entry.committed && runtime.behaviour.uploadToDeletedTable === "noSuchKey") throw noSuchKey(key);
    return { status: 200, headers: { etag: `"${md5.toString("hex")}"`, ...requestIds() }, body: "" };
  } finally {
    if (!entry.committed) await writer.abort();
  }
}

/** Everything S3 looks at before it reads the body. */
function authorise(runtime: Runtime, { req, fault }: Exchange): { key: string; upload: Upload | undefined } {
  const { method = "", url = "", headers } = req;
  const [bucket, key] = splitPath(url);
  const now = runtime.now();
  checkPresigned({ method, url, headers }, runtime.tenant.state.signingSecret, now);
  if (bucket !== BUCKET) throw new StorageError("NoSuchBucket", "The specified bucket does not exist");
  if (method !== "PUT") throw new StorageError("MethodNotAllowed", "The specified method is not allowed");
  const upload = runtime.tenant.uploadByKey(key);
  const expiresMs = upload ? Date.parse(upload.expiresAt) : Number.POSITIVE_INFINITY;
  if (fault?.kind === "expire-url" || expiresMs <= now) {
    const seconds = Number(new URL(url, "http://emulator").searchParams.get("X-Amz-Expires"));
    throw expired(seconds, Math.min(expiresMs, now), now);
  }
  return { key, upload };
}

function splitPath(url: string): [string, string] {
  const path = url.split("?")[0] ?? "";
  try {
    const [, bucket = "", ...key] = path.split("/");
    return [decodeURIComponent(bucket), key.map(decodeURIComponent).join("/")];
  } catch {
    throw new StorageError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function checkLength(req: IncomingMessage, maxBytes: number): number {
  if (req.headers["transfer-encoding"] !== undefined) {
    throw new StorageError("NotImplemented", "A header you provided implies functionality that is not implemented", {
      Header: "Transfer-Encoding",
    });
  }
  if (req.headers["content-length"] === undefined) {
    throw new StorageError("MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const length = Number(req.headers["content-length"]);
  if (length > maxBytes) {
    throw new StorageError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(length),
      MaxSizeAllowed: String(maxBytes),
    });
  }
  return length;
}

function checkContentMd5(req: IncomingMessage): Buffer | undefined {
  const header = req.headers["content-md5"];
  if (header === undefined) return undefined;
  const digest = Buffer.from(String(header), "base64");
  if (digest.length === 16) return digest;
  throw new StorageError("InvalidDigest", "The Content-MD5 you specified was invalid.");
}

async function receiveBytes(exchange: Exchange, writer: ObjectWriter): Promise<{ sha256: string; md5: Buffer }> {
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  for await (const chunk of bodyOf(exchange)) {
    sha256.update(chunk);
    md5.update(chunk);
    await writer.write(chunk);
  }
  return { sha256: sha256.digest("hex"), md5: md5.digest() };
}

function incompleteBody(): StorageError {
  const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
  return new StorageError("IncompleteBody", message);
}

function noSuchKey(key: string): StorageError {
  return new StorageError("NoSuchKey", "The specified key does not exist.", { Key: key });
}

/** A client that closes its half of the connection too early can still be answered, past Node's own handling. */
function refuseBrokenRequest(socket: Socket, exchange: Exchange | undefined): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const isCutShort = exchange?.entry.ending === "open";
  const { status, headers, body } = errorReply(
    isCutShort ? incompleteBody() : new StorageError("InvalidURI", "The request is not valid HTTP."),
  );
  if (isCutShort) Object.assign(exchange.entry, { status, ending: "answered", sentBytes: body.length });
  const lines = Object.entries({ ...headers, "content-length": body.length, connection: "close" });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${head}\r\n${body}`, () => socket.destroy());
}
