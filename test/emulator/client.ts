import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import type { Emulator } from "processmind-emulator";

/** What came back from one request. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape.
  json: any;
}

/** One HTTP request without any client's own ideas about headers. */
export function send(
  method: string,
  url: string,
  options: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { headers = {}, body } = options;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers: { ...length, ...headers }, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("error", reject);
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: parsed(text) });
      });
    });
    req.on("error", reject);
    req.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What it takes to reach an emulator, in this process or another. */
export type Reach = Pick<Emulator, "apiUrl" | "tenantId" | "apiKey">;

/** A call of the emulated tenant's API with the right key. */
export function api(emulator: Reach, method: string, path: string, body?: unknown): Promise<Answer> {
  return send(method, `${emulator.apiUrl}/tenant/${emulator.tenantId}${path}`, {
    headers: { "x-api-key": emulator.apiKey },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** A dataset with one empty datatable. */
export async function makeTable(emulator: Reach): Promise<{ datasetId: string; datatableId: string }> {
  const dataset = await api(emulator, "POST", "/datasets", { displayName: "Sales" });
  const table = await api(emulator, "POST", `/datasets/${dataset.json.id}/datatables`, { displayName: "Orders" });
  return { datasetId: dataset.json.id, datatableId: table.json.id };
}

/** What to ask a presigned URL for; see {@link presign}. */
export interface PresignOptions {
  fileName?: string;
  fileSize?: number;
  validForSeconds?: number;
}

/** Asks for an upload URL. */
export async function presign(
  emulator: Reach,
  table: { datasetId: string; datatableId: string },
  options: PresignOptions = {},
): Promise<string> {
  const { fileName = "orders.csv", fileSize = 4, validForSeconds } = options;
  const query = new URLSearchParams({
    datasetid: table.datasetId,
    filename: fileName,
    filesize: String(fileSize),
    filelastmodified: "1704067200000",
    ...(validForSeconds === undefined ? {} : { validforseconds: String(validForSeconds) }),
  });
  const answer = await api(emulator, "GET", `/datatable/${table.datatableId}/uploads/presignedurl?${query}`);
  return String(answer.json.PreSignedUploadUrl);
}

/** Asks for a URL, uploads, and waits until the rows are there. */
export async function upload(
  emulator: Emulator,
  table: { datasetId: string; datatableId: string },
  content: string,
  fileName = "orders.csv",
): Promise<void> {
  const url = await presign(emulator, table, { fileName, fileSize: Buffer.byteLength(content) });
  const answer = await send("PUT", url, { body: content });
  if (answer.status !== 200) throw new Error(`PUT answered ${answer.status}: ${answer.text}`);
  await emulator.settled();
}

/** A bare connection, for what no HTTP client would send. */
export class RawConnection {
  private received = "";

  private constructor(readonly socket: Socket) {
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      this.received += text;
    });
    socket.on("error", () => undefined);
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    // Half-open, as a client that has sent all it has and still reads.
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  /** Sends a request head; the Host header is added. */
  head(method: string, url: string, headers: Record<string, string> = {}): void {
    const { pathname, search, host } = new URL(url);
    const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
  }

  /** Resolves with all that was received once that contains the text. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text)) {
      if (this.socket.readableEnded || this.socket.destroyed) {
        throw new Error(`closed after ${JSON.stringify(this.received)}`);
      }
      await this.next("data", "end", "close");
    }
    return this.received;
  }

  /** Resolves with all that was received once the other side has closed. */
  async ended(): Promise<string> {
    if (!this.socket.readableEnded && !this.socket.destroyed) {
      await this.next("end", "close");
    }
    this.socket.destroy();
    return this.received;
  }

  /** Not by `once` of node:events, which fails where a write meets a connection that is closed already. */
  private next(...events: string[]): Promise<void> {
    return new Promise((resolve) => {
      for (const event of events) this.socket.once(event, () => resolve());
    });
  }
}

/** Resolves when the journal has an entry that fits. */
export async function journalled(
  emulator: Emulator,
  fits: (entry: ReturnType<Emulator["journal"]>[number]) => boolean,
): Promise<ReturnType<Emulator["journal"]>[number]> {
  for (;;) {
    const found = emulator.journal().find(fits);
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
