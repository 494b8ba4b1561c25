import { Core } from "./core";
import { Action, kindsOf, TRANSITIONS } from "./grammar";
import { SLOT_BYTES, SLOTS } from "./slots";

/** Why a text's records cannot be counted with certainty. Line numbers start at 1 and count LF bytes. */
export type Fault =
  | { kind: "ragged"; line: number; fields: number }
  | { kind: "textAfterQuote"; line: number; openedOnLine: number }
  | { kind: "loneCr" | "nul" | "openQuote"; line: number };

/** What a scanner has counted so far. */
export interface Counts {
  /** The header is one. Empty lines are none. */
  records: number;
  /** Fields of the header. */
  width: number;
  /** Where the header ends: bytes from the first byte scanned; 0 while it has not ended. */
  headerEnd: number;
  /** Records that ended in LF, and in CRLF. */
  lf: number;
  crlf: number;
  emptyLines: number;
  /** Quotes inside unquoted fields, and the line of the first. */
  strayQuotes: number;
  strayQuoteLine: number;
  /** The line that the next byte is on. */
  line: number;
  /** The first one met; nothing is counted after it. */
  fault?: Fault;
}

export interface ScanOptions {
  /** The number of the text's first line. Default 1. */
  firstLine?: number;
  /** Whether the rows below the header are hashed. Default no. */
  hashesRows?: boolean;
}

const COPY_BYTES = 64 * 1024;
/** What the core calls a quote that is still open at the end. */
const QUOTE_LEFT_OPEN = 11;

/** Counts the records of delimited text that arrives in chunks of any size: in WebAssembly, with SIMD. */
export class Scanner {
  readonly core = new Core();
  /** Memory to read into: `push` takes from there without a copy. */
  readonly slots: readonly Buffer[];
  private readonly copy: Buffer;

  /** @throws UnusableFile where Node runs without WebAssembly. */
  constructor() {
    const [copy] = this.core.reserve(1, COPY_BYTES) as [Buffer];
    this.copy = copy;
    this.slots = this.core.reserve(SLOTS, SLOT_BYTES);
    const { exports } = this.core;
    this.core.bytesAt(exports.transitionsAt(), exports.transitionsAt() + TRANSITIONS.length).set(TRANSITIONS);
  }

  /** Forgets everything before and starts on a text with this delimiter (its byte). */
  start(delimiter: number, { firstLine = 1, hashesRows = false }: ScanOptions = {}): void {
    const { exports } = this.core;
    this.core.bytesAt(exports.kindsAt(), exports.kindsAt() + 256).set(kindsOf(delimiter));
    exports.clearLog();
    exports.start(delimiter, firstLine, hashesRows);
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.hasFault; ) at += this.pushToHeader(bytes.subarray(at));
  }

  /** Takes the bytes; of those in which the header ends, no more than the header. Returns how many it took. */
  pushToHeader(bytes: Uint8Array): number {
    if (bytes.buffer === this.slots[0]?.buffer) return this.core.exports.push(bytes.byteOffset, bytes.length);
    let taken = 0;
    for (let from = 0; from < bytes.length && !this.hasFault; from += COPY_BYTES) {
      const part = bytes.subarray(from, from + COPY_BYTES);
      this.copy.set(part);
      const took = this.core.exports.push(this.copy.byteOffset, part.length);
      taken += took;
      if (took < part.length) break;
    }
    return taken;
  }

  /** The text is complete. */
  end(): void {
    this.core.exports.end();
  }

  /** Whether `counts` has a fault; asked after every chunk, so it makes no object. */
  get hasFault(): boolean {
    return this.core.read("fault") !== Action.none;
  }

  counts(): Counts {
    const { core } = this;
    const fault = this.fault();
    return {
      records: core.read("records"),
      width: core.read("width"),
      headerEnd: core.read("headerEnd"),
      lf: core.read("lf"),
      crlf: core.read("crlf"),
      emptyLines: core.read("emptyLines"),
      strayQuotes: core.read("strayQuotes"),
      strayQuoteLine: core.read("strayQuoteLine"),
      line: core.read("line"),
      ...(fault && { fault }),
    };
  }

  private fault(): Fault | undefined {
    const { core } = this;
    switch (core.read("fault")) {
      case Action.none:
        return undefined;
      case Action.record:
        return { kind: "ragged", line: core.read("recordLine"), fields: core.read("fields") };
      case Action.textAfterQuote:
        return { kind: "textAfterQuote", line: core.read("line"), openedOnLine: core.read("quoteLine") };
      case Action.loneCr:
        return { kind: "loneCr", line: core.read("line") };
      case QUOTE_LEFT_OPEN:
        return { kind: "openQuote", line: core.read("quoteLine") };
      default:
        return { kind: "nul", line: core.read("line") };
    }
  }
}
