import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";

/** The SHA-256 of what is read or sent, in hex. */
export interface Sha256 {
  /** Takes the next bytes; their memory may be written to once this has settled. */
  update(bytes: Uint8Array): Promise<unknown>;
  /** Of the bytes so far. */
  soFar(): Promise<string>;
  /** Frees what it holds; nothing is asked of it afterwards. */
  close(): void;
}

/** A worker hashes on another core; starting it takes as long as hashing so many bytes does. */
const WORTH_A_WORKER_BYTES = 16 * 1024 * 1024;

/** @param sizeBytes - how many bytes are to come. In memory that is shared (SharedArrayBuffer) none of them is copied. */
export function openSha256(sizeBytes: number): Sha256 {
  if (sizeBytes < WORTH_A_WORKER_BYTES) return new Sha256Here();
  try {
    return new Sha256There(hashThread());
  } catch {
    return new Sha256Here(); // Node's permission model may forbid workers.
  }
}

class Sha256Here implements Sha256 {
  private readonly hash = createHash("sha256");

  async update(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
  }

  async soFar(): Promise<string> {
    return this.hash.copy().digest("hex");
  }

  close(): void {}
}

/** What the thread is asked for, each answered in its turn: to take bytes, for the hash so far, to forget the stream. */
interface Order {
  stream: number;
  bytes?: Uint8Array;
  isEnd?: boolean;
}

/** Runs in the worker, as text: what it uses is in it. Loaders of TypeScript, and bundlers, have no file for a worker. */
function serve(): void {
  const { parentPort } = require("node:worker_threads") as typeof import("node:worker_threads");
  const crypto = require("node:crypto") as typeof import("node:crypto");
  const hashes = new Map<number, import("node:crypto").Hash>();
  parentPort?.on("message", ({ stream, bytes, isEnd }: Order) => {
    const hash = hashes.get(stream) ?? crypto.createHash("sha256");
    hashes.set(stream, hash);
    if (bytes) hash.update(bytes);
    if (isEnd) hashes.delete(stream);
    parentPort?.postMessage(bytes || isEnd ? "" : hash.copy().digest("hex"));
  });
}

/** One for the process: two streams at a time keep it busy, and it holds megabytes. */
let thread: HashThread | undefined;

function hashThread(): HashThread {
  thread ??= new HashThread(() => {
    thread = undefined;
  });
  return thread;
}

class HashThread {
  private readonly worker = new Worker(`(${serve})()`, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  private readonly waiting: { resolve(hex: string): void; reject(error: Error): void }[] = [];
  private streams = 0;

  constructor(private readonly onFailure: () => void) {
    this.worker.unref();
    this.worker.on("message", (hex: string) => {
      this.waiting.shift()?.resolve(hex);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the thread that takes hashes has ended")));
  }

  nextStream(): number {
    return ++this.streams;
  }

  ask(order: Order): Promise<string> {
    this.worker.ref();
    const answer = new Promise<string>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(order);
    });
    // Whoever asks may look at it much later, which Node takes for nobody.
    answer.catch(() => undefined);
    return answer;
  }

  private fail(error: Error): void {
    this.onFailure();
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

class Sha256There implements Sha256 {
  private readonly stream: number;

  constructor(private readonly thread: HashThread) {
    this.stream = thread.nextStream();
  }

  update(bytes: Uint8Array): Promise<string> {
    return this.thread.ask({ stream: this.stream, bytes });
  }

  soFar(): Promise<string> {
    return this.thread.ask({ stream: this.stream });
  }

  close(): void {
    void this.thread.ask({ stream: this.stream, isEnd: true });
  }
}
