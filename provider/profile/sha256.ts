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
   * Fills `bytes` from the file, from byte `at` on, and takes what it got: less at the end of the file. Resolves as soon as
   * they are there. The same memory may be given again: what is asked for is done in turn.
   *
   * @param looksAtText - whether to say if it is UTF-8, where another thread reads.
   * @throws the error of the disk.
   */
  read(descriptor: number, bytes: Uint8Array, at: number, looksAtText: boolean): Promise<BytesRead>;
  /** Of the bytes so far. */
  soFar(): Promise<string>;
  /** Frees what it holds; nothing is asked of it afterwards. */
  close(): void;
}

/** What was read from a file. */
export interface BytesRead {
  length: number;
  /** Whether all of it is UTF-8; false where it is not, or nobody has looked. */
  isUtf8: boolean;
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

  update(bytes: Uint8Array): Promise<unknown> {
    return this.inTurn(async () => this.hash.update(bytes));
  }

  read(descriptor: number, bytes: Uint8Array, at: number): Promise<BytesRead> {
    return this.inTurn(async () => {
      let length = 0;
      for (let got = -1; got !== 0 && length < bytes.length; length += got) {
        got = (await readAt(descriptor, bytes, length, bytes.length - length, at + length)).bytesRead;
      }
      this.hash.update(bytes.subarray(0, length));
      return { length, isUtf8: false };
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
  looksAtText?: boolean;
  isEnd?: boolean;
}

/** A hash, what was read, or why it was not. */
type Answer = string | BytesRead | { message: string; code?: string; syscall?: string };

/**
 * Runs in the worker, as text: what it uses is in it. Loaders of TypeScript, and bundlers, have no file for a worker; some
 * wrap each function that has a name in one that the text lacks, so it has none inside.
 */
function serve(): void {
  const { parentPort } = require("node:worker_threads") as typeof import("node:worker_threads");
  const crypto = require("node:crypto") as typeof import("node:crypto");
  const { readSync } = require("node:fs") as typeof import("node:fs");
  const { isUtf8 } = require("node:buffer") as typeof import("node:buffer");
  const hashes = new Map<number, import("node:crypto").Hash>();
  parentPort?.on("message", ({ stream, bytes, descriptor, at = 0, looksAtText, isEnd }: Order) => {
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
      const read = bytes.subarray(0, length);
      // Whoever waits looks at the bytes while they are hashed.
      parentPort?.postMessage({ length, isUtf8: looksAtText === true && isUtf8(read) } satisfies Answer);
      hash.update(read);
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
  private readonly waiting: { resolve(answer: string | BytesRead): void; reject(error: Error): void }[] = [];
  private streams = 0;

  constructor(private readonly onFailure: () => void) {
    this.worker.unref();
    this.worker.on("message", (answer: Answer) => {
      const asked = this.waiting.shift();
      if (typeof answer === "object" && "message" in answer)
        asked?.reject(Object.assign(new Error(answer.message), answer));
      else asked?.resolve(answer);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the thread that takes hashes has ended")));
  }

  nextStream(): number {
    return ++this.streams;
  }

  ask<T extends string | BytesRead = string>(order: Order): Promise<T> {
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

  read(descriptor: number, bytes: Uint8Array, at: number, looksAtText: boolean): Promise<BytesRead> {
    return this.thread.ask<BytesRead>({ stream: this.stream, bytes, descriptor, at, looksAtText });
  }

  soFar(): Promise<string> {
    return this.thread.ask({ stream: this.stream });
  }

  close(): void {
    void this.thread.ask({ stream: this.stream, isEnd: true });
  }
}
