import { Action, kindsOf, State, TRANSITIONS } from "./grammar";
import { type Counts, type Fault, type Scanner, SLOT_BYTES } from "./scanner";
import { SCANNER_BINARY } from "./scanner-binary";

/** Where scanner.wat has its tables and its memory for chunks. */
const KINDS_AT = 0;
const TRANSITIONS_AT = 256;
const COPY_AT = 65_536;
const COPY_BYTES = 65_536;
const SLOTS_AT = 131_072;

/** Its globals, and the value each starts a text with. */
const START = {
  state: State.recordStart,
  fault: Action.none,
  records: 0n,
  width: 0n,
  fields: 1n,
  lf: 0n,
  crlf: 0n,
  emptyLines: 0n,
  strayQuotes: 0n,
  strayQuoteLine: 0n,
  line: 1n,
  recordLine: 1n,
  quoteLine: 1n,
  headerEnd: 0n,
  scanned: 0n,
} as const;

const OPEN_QUOTE = 11;

interface Exports extends Record<keyof typeof START | "delimiter", { value: number | bigint }> {
  memory: { buffer: ArrayBuffer };
  push(at: number, length: number): void;
  end(): void;
}

/** The part that is used here: Node has it, and only the browser's type library describes it. */
declare const WebAssembly: {
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object) => { exports: Exports };
};

let compiled: object | undefined;

/** What JsScanner does, in WebAssembly with SIMD: several times as fast. */
export class WasmScanner implements Scanner {
  readonly slots: readonly [Buffer, Buffer];
  private readonly exports: Exports;
  private readonly memory: Uint8Array;

  /** @throws where there is no WebAssembly, or none with SIMD. */
  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(SCANNER_BINARY, "base64"));
    this.exports = new WebAssembly.Instance(compiled).exports;
    const { buffer } = this.exports.memory;
    this.memory = new Uint8Array(buffer);
    this.memory.set(TRANSITIONS, TRANSITIONS_AT);
    this.slots = [Buffer.from(buffer, SLOTS_AT, SLOT_BYTES), Buffer.from(buffer, SLOTS_AT + SLOT_BYTES, SLOT_BYTES)];
  }

  start(delimiter: number): void {
    this.memory.set(kindsOf(delimiter), KINDS_AT);
    this.exports.delimiter.value = delimiter;
    for (const [name, value] of Object.entries(START)) this.exports[name as keyof typeof START].value = value;
  }

  push(bytes: Uint8Array): void {
    if (bytes.buffer === this.memory.buffer) {
      this.pushAt(bytes.byteOffset, bytes.length);
      return;
    }
    for (let from = 0; from < bytes.length; from += COPY_BYTES) {
      const part = bytes.subarray(from, from + COPY_BYTES);
      this.memory.set(part, COPY_AT);
      this.pushAt(COPY_AT, part.length);
    }
  }

  end(): void {
    this.exports.end();
  }

  get hasFault(): boolean {
    return this.read("fault") !== Action.none;
  }

  counts(): Counts {
    const fault = this.fault();
    return {
      records: this.read("records"),
      width: this.read("width"),
      headerEnd: this.read("headerEnd"),
      lf: this.read("lf"),
      crlf: this.read("crlf"),
      emptyLines: this.read("emptyLines"),
      strayQuotes: this.read("strayQuotes"),
      strayQuoteLine: this.read("strayQuoteLine"),
      line: this.read("line"),
      ...(fault && { fault }),
    };
  }

  private pushAt(at: number, length: number): void {
    if (!this.hasFault) this.exports.push(at, length);
  }

  private fault(): Fault | undefined {
    switch (this.read("fault")) {
      case Action.none:
        return undefined;
      case Action.record:
        return { kind: "ragged", line: this.read("recordLine"), fields: this.read("fields") };
      case Action.textAfterQuote:
        return { kind: "textAfterQuote", line: this.read("line"), openedOnLine: this.read("quoteLine") };
      case Action.loneCr:
        return { kind: "loneCr", line: this.read("line") };
      case OPEN_QUOTE:
        return { kind: "openQuote", line: this.read("quoteLine") };
      default:
        return { kind: "nul", line: this.read("line") };
    }
  }

  private read(name: keyof typeof START): number {
    return Number(this.exports[name].value);
  }
}
