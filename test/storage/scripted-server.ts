import * as net from "node:net";

/** One connection to a server that does exactly what a test says, and nothing a web server would do by itself. */
export class Visit {
  private received: Buffer[] = [];
  private wake: () => void = () => undefined;
  private ended = false;

  constructor(readonly socket: net.Socket) {
    socket.on("data", (bytes: Buffer) => {
      this.received.push(bytes);
      socket.pause();
      this.wake();
    });
    for (const event of ["error", "close"] as const) {
      socket.on(event, () => {
        this.ended = true;
        this.wake();
      });
    }
    socket.pause();
  }

  /** The next bytes, undefined once the client has gone. Nothing is read from the socket before. */
  async next(): Promise<Buffer | undefined> {
    while (this.received.length === 0 && !this.ended) {
      this.socket.resume();
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
    return this.received.shift();
  }

  /** The request's head; `undefined` when none came. Body bytes behind it come next. */
  async head(): Promise<string | undefined> {
    let bytes = Buffer.alloc(0);
    while (!bytes.includes("\r\n\r\n")) {
      const more = await this.next();
      if (more === undefined) return undefined;
      bytes = Buffer.concat([bytes, more]);
    }
    const end = bytes.indexOf("\r\n\r\n") + 4;
    if (bytes.length > end) this.received.unshift(bytes.subarray(end));
    return bytes.toString("latin1", 0, end - 4);
  }

  /** Reads up to so many bytes of a body. */
  async body(atMost: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let total = 0;
    while (total < atMost) {
      const more = await this.next();
      if (more === undefined) break;
      parts.push(more);
      total += more.length;
    }
    return Buffer.concat(parts);
  }

  say(text: string): void {
    this.socket.write(text);
  }
}

export const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** An answer as S3 gives it. */
export function refusal(status: string, code: string, message: string): string {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `HTTP/1.1 ${status}\r\nContent-Type: application/xml\r\nx-amz-request-id: R1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** A server on which each connection is met by the script that is set at that moment. */
export class ScriptedServer {
  connections = 0;
  script: (visit: Visit) => Promise<void> = async () => undefined;
  /** Rejections of scripts, such as failed expectations. */
  readonly failures: unknown[] = [];
  private readonly sockets = new Set<net.Socket>();

  private readonly server = net.createServer((socket) => {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    this.script(new Visit(socket)).catch((error: unknown) => this.failures.push(error));
  });

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** Starts a server for each test of the file; a script that failed fails its test. `url` is a presigned one. */
export function eachTestWithServer(begin: (server: ScriptedServer, url: string) => void): void {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = new ScriptedServer();
    begin(server, `${await server.listen()}/bucket/key?X-Amz-Signature=s3cret`);
  });
  afterEach(async () => {
    await server.close();
    expect(server.failures).toEqual([]);
  });
}
