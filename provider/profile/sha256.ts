import { createHash } from "node:crypto";
import { read } from "node:fs";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

const readAt = promisify(read);

/** The SHA-256 of what is read or sent, in hex. */
export interface Sha256 {
  /** Takes the next bytes; their memory may be written to once this has settled. */
  update(bytes: Uint8Array): Promise<unknown>;
  /**
   * Fills `bytes` from the file, from byte `at` on, and takes what it got: less at the end of the file. Resolves to how many
   * bytes that is as soon as they are there. The same memory may be given again: what is asked for is done in turn.
   *
   * @throws the error of the disk.
   */
  read(descriptor: number, bytes: Uint8Array, at: number): Promise<number>;
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
  private turn: Promise<unknown> = Promise.resolve();

  async update(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
  }

  read(descriptor: number, bytes: Uint8Array, at: number): Promise<number> {
    return this.inTurn(async () => {
      let length = 0;
      for (let got = -1; got !== 0 && length < bytes.length; length += got) {
        got = (await readAt(descriptor, bytes, length, bytes.length - length, at + length)).bytesRead;
      }
      this.hash.update(bytes.subarray(0, length));
      return length;
    });
  }

  soFar(): Promise<string> {
    return this.inTurn(async () => this.hash.copy().digest("hex"));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    // Whoever asks may look at it much later, which Node takes for nobody.
    this.turn = done.catch(() => undefined);
    return done;
  }

  close(): void {}
}

/**
 * What the thread is asked for, each answered in its turn: to read or take bytes, for the hash so far, to forget the
 * stream.
 */
interface Order {
  stream: number;
  bytes?: Uint8Array;
  /** Of the file that `bytes` are read from first, beginning at `at`. */
  descriptor?: number;
  at?: number;
  isEnd?: boolean;
}

/** A hash, a number of bytes that were read, or why they were not. */
type Answer = string | number | { message: string; code?: string; syscall?: string };

/**
 * Runs in the worker, as text: what it uses is in it. Loaders of TypeScript, and bundlers, have no file for a worker; some
 * wrap each function that has a name in one that the text lacks, so it has none inside.
 */
function serve(): void {
  const { parentPort } = require("node:worker_threads") as typeof import("node:worker_threads");
  const crypto = require("node:crypto") as typeof import("node:crypto");
  const { readSync } = require("node:fs") as typeof import("node:fs");
  const hashes = new Map<number, import("node:crypto").Hash>();
  parentPort?.on("message", ({ stream, bytes, descriptor, at = 0, isEnd }: Order) => {
    const hash = hashes.get(stream) ?? crypto.createHash("sha256");
    hashes.set(stream, hash);
    if (bytes && descriptor !== undefined) {
      let length = 0;
      try {
        for (let got = -1; got !== 0 && length < bytes.length; length += got) {
          got = readSync(descriptor, bytes, length, bytes.length - length, at + length);
        }
      } catch (error) {
        const { message, code, syscall } = error as NodeJS.ErrnoException;
        parentPort?.postMessage({ message, ...(code && { code }), ...(syscall && { syscall }) } satisfies Answer);
        return;
      }
      // Whoever waits looks at the bytes while they are hashed.
      parentPort?.postMessage(length satisfies Answer);
      hash.update(bytes.subarray(0, length));
      return;
    }
    if (bytes) hash.update(bytes);
    if (isEnd) hashes.delete(stream);
    parentPort?.postMessage(bytes || isEnd ? "" : hash.copy().digest("hex"));
  });
}

/**
 * One for the process: two streams at a time keep it busy, and it holds megabytes. It also reads what it hashes: where there
 * are two cores, a third thread for the reads would have none.
 */
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
  private readonly waiting: { resolve(answer: string | number): void; reject(error: Error): void }[] = [];
  private streams = 0;

  constructor(private readonly onFailure: () => void) {
    this.worker.unref();
    this.worker.on("message", (answer: Answer) => {
      const asked = this.waiting.shift();
      if (typeof answer === "object") asked?.reject(Object.assign(new Error(answer.message), answer));
      else asked?.resolve(answer);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the thread that takes hashes has ended")));
  }

  nextStream(): number {
    return ++this.streams;
  }

  ask<T extends string | number = string>(order: Order): Promise<T> {
    this.worker.ref();
    const answer = new Promise<T>((resolve, reject) => {
      this.waiting.push({ resolve: (given) => resolve(given as T), reject });
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

  read(descriptor: number, bytes: Uint8Array, at: number): Promise<number> {
    return this.thread.ask<number>({ stream: this.stream, bytes, descriptor, at });
  }

  soFar(): Promise<string> {
    return this.thread.ask({ stream: this.stream });
  }

  close(): void {
    void this.thread.ask({ stream: this.stream, isEnd: true });
  }
}
