import * as net from "node:net";

/**
 * The server that every contender sends to: a process of its own that takes a PUT and throws its bytes away, and costs as
 * little as Node lets it, so that the client is what is measured. `node:http` would halve what curl reaches.
 *
 *     node sink.js [--bytes-per-second N] [--latency-ms N]
 *
 * It prints its address, answers a GET as ProcessMind's API does, with an empty datatable or with a presigned URL of its
 * own, and ends when its standard input does.
 */

/** Larger ones leave the processor's cache, and take twice as long. */
const READ_BYTES = 64 * 1024;

interface Pace {
  bytesPerSecond: number;
  latencyMs: number;
}

/** What the parser of one connection is in the middle of: a head, or a body with so many bytes to come. */
interface Conversation {
  head: string;
  bodyBytesLeft: number;
}

function main(): void {
  const pace = paceFrom(process.argv.slice(2));
  const shared = Buffer.allocUnsafeSlow(READ_BYTES);
  const server = net.createServer({ pauseOnConnect: true, noDelay: true }, (accepted) => {
    const socket = onOneBuffer(accepted, shared, (bytes) => take(socket, conversation, pace, bytes));
    const conversation: Conversation = { head: "", bodyBytesLeft: 0 };
    socket.on("error", () => socket.destroy());
    socket.read(0);
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as net.AddressInfo;
    process.stdout.write(`http://127.0.0.1:${port}\n`);
  });
  process.stdin.resume().on("end", () => process.exit());
}

/** Servers have no `onread` option, so the accepted handle is given to a socket that has. */
function onOneBuffer(accepted: net.Socket, buffer: Buffer, onBytes: (bytes: Buffer) => boolean): net.Socket {
  const { _handle: handle } = accepted as net.Socket & { _handle: unknown };
  const onread = { buffer, callback: (length: number) => onBytes(buffer.subarray(0, length)) };
  return new net.Socket({ handle, onread } as net.SocketConstructorOpts);
}

/** @returns false to stop reading for now. */
function take(socket: net.Socket, conversation: Conversation, pace: Pace, bytes: Buffer): boolean {
  let rest = bytes;
  while (rest.length > 0) {
    if (conversation.bodyBytesLeft === 0) {
      rest = takeHead(socket, conversation, pace, rest);
      continue;
    }
    const taken = Math.min(rest.length, conversation.bodyBytesLeft);
    conversation.bodyBytesLeft -= taken;
    rest = rest.subarray(taken);
    if (conversation.bodyBytesLeft === 0) answer(socket, pace, "");
  }
  return hasBudget(socket, pace, bytes.length);
}

/** @returns what follows the head. */
function takeHead(socket: net.Socket, conversation: Conversation, pace: Pace, bytes: Buffer): Buffer {
  const before = conversation.head.length;
  conversation.head += bytes.toString("latin1");
  const end = conversation.head.indexOf("\r\n\r\n");
  if (end < 0) return Buffer.alloc(0);
  const head = conversation.head.slice(0, end);
  conversation.head = "";
  conversation.bodyBytesLeft = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (/^expect: *100-continue/im.test(head)) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
  if (conversation.bodyBytesLeft === 0) answer(socket, pace, head.startsWith("GET ") ? replyOf(head, socket) : "");
  return bytes.subarray(end + 4 - before);
}

function replyOf(head: string, socket: net.Socket): string {
  const table = /^GET \S*\/datatable\/([\w-]+) /.exec(head)?.[1];
  if (table !== undefined) return JSON.stringify({ id: table, datasetId: "set", displayName: table, rowCount: 0 });
  return JSON.stringify({ PreSignedUploadUrl: `http://127.0.0.1:${socket.localPort}/bucket/key?X-Amz-Signature=0` });
}

/** Timers count whole milliseconds and are late: without this, 20 ms would be 21.5 to the client, with it 20.0. */
const TIMER_IS_LATE_MS = 1;

function answer(socket: net.Socket, { latencyMs }: Pace, body: string): void {
  const text = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  if (latencyMs === 0) socket.write(text);
  else setTimeout(() => socket.write(text), latencyMs - TIMER_IS_LATE_MS);
}

/** When the next byte may be read, over all connections: they share one line. */
let freeAtMs = 0;
/** What a line buffers. */
const BURST_MS = 20;

function hasBudget(socket: net.Socket, { bytesPerSecond }: Pace, bytes: number): boolean {
  if (!Number.isFinite(bytesPerSecond)) return true;
  const now = performance.now();
  freeAtMs = Math.max(freeAtMs, now - BURST_MS) + (bytes / bytesPerSecond) * 1000;
  if (freeAtMs <= now) return true;
  setTimeout(() => socket.read(0), freeAtMs - now);
  return false;
}

function paceFrom(args: string[]): Pace {
  const option = (name: string, fallback: number) => {
    const at = args.indexOf(name);
    return at < 0 ? fallback : Number(args[at + 1]);
  };
  return {
    bytesPerSecond: option("--bytes-per-second", Number.POSITIVE_INFINITY),
    latencyMs: option("--latency-ms", 0),
  };
}

main();
