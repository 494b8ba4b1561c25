import type { IncomingMessage } from "node:http";

/** One request that reached the API or the storage, and what came of it. */
export interface JournalEntry {
  /** Counts from 1, in order of arrival. */
  number: number;
  at: string;
  server: "api" | "storage";
  /** A name from `ROUTES`, or `unknown`. */
  route: string;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. The API key is replaced by `[given]`. */
  headers: Record<string, string>;
  /** The parsed JSON body of an API request, up to 64 KiB. */
  body?: unknown;
  /** Null while the request is open, and for ever when no answer was sent. */
  status: number | null;
  ending: "open" | "answered" | "reset" | "client left";
  /** From arrival to answer. */
  durationMs: number;
  receivedBytes: number;
  sentBytes: number;
  /** Whether the request changed what the server holds, whatever the response says. */
  committed: boolean;
  /** The kind of the fault that was acted out. */
  fault?: string;
  /** Set when an API key reached the storage, where it does not belong. */
  apiKeyAtStorage?: true;
  /** Set when a PUT had another size than the presigned URL was asked for. */
  sizeMismatch?: { declaredBytes: number; receivedBytes: number };
}

const LONGEST = 10_000;
/** Larger ones would make a long journal a large one. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_BODIES_BYTES = 64 * 1024 * 1024;

/** All requests, oldest first; the oldest fall out past ten thousand, or 64 MiB of bodies. */
export class Journal {
  private entries: JournalEntry[] = [];
  private count = 0;
  private bodiesBytes = 0;

  constructor(private readonly maxBodiesBytes: number = MAX_BODIES_BYTES) {}

  open(server: JournalEntry["server"], route: string, req: IncomingMessage): JournalEntry {
    // As it came: what a URL parser rejects, such as "//", is a request too.
    const [path = "", ...search] = (req.url ?? "").split("?");
    this.count += 1;
    const entry: JournalEntry = {
      number: this.count,
      at: new Date().toISOString(),
      server,
      route,
      method: req.method ?? "",
      path,
      query: Object.fromEntries(new URLSearchParams(search.join("?"))),
      headers: headersOf(req),
      status: null,
      ending: "open",
      durationMs: 0,
      receivedBytes: 0,
      sentBytes: 0,
      committed: false,
      ...(server === "storage" && req.headers["x-api-key"] !== undefined ? { apiKeyAtStorage: true as const } : {}),
    };
    this.entries.push(entry);
    this.dropOldest();
    return entry;
  }

  /** Keeps the parsed body of a request that was read to its end, unless it is large or the request fell out already. */
  keepBody(entry: JournalEntry, body: unknown): void {
    if (entry.receivedBytes > MAX_BODY_BYTES || !this.entries.includes(entry)) return;
    entry.body = body;
    this.bodiesBytes += entry.receivedBytes;
    this.dropOldest();
  }

  /** A copy: what happens later does not change it. */
  list(): JournalEntry[] {
    return structuredClone(this.entries);
  }

  clear(): void {
    this.entries = [];
    this.count = 0;
    this.bodiesBytes = 0;
  }

  private dropOldest(): void {
    while (this.entries.length > LONGEST || this.bodiesBytes > this.maxBodiesBytes) {
      const oldest = this.entries.shift();
      if (oldest?.body !== undefined) this.bodiesBytes -= oldest.receivedBytes;
    }
  }
}

function headersOf(req: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [name, name === "x-api-key" ? "[given]" : String(value)]),
  );
}
