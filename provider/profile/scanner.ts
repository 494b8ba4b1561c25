import { Action, kindsOf, STATE_BITS, STATE_MASK, State, TRANSITIONS } from "./grammar";

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

/** Counts the records of delimited text that arrives in chunks of any size. */
export interface Scanner {
  /** Memory to read into: `push` takes from there without a copy. */
  readonly slots: readonly [Buffer, Buffer];
  /** Forgets everything before and starts on a text with this delimiter (its byte). */
  start(delimiter: number): void;
  push(bytes: Uint8Array): void;
  /** The text is complete. */
  end(): void;
  /** Whether `counts` has a fault; asked after every chunk, so it makes no object. */
  readonly hasFault: boolean;
  counts(): Counts;
}

/** 64 KiB, a stream's default, takes twice as long; more than 1 MiB gains nothing. */
export const SLOT_BYTES = 1024 * 1024;

/** The reference, and what runs where WebAssembly has no SIMD. */
export class JsScanner implements Scanner {
  readonly slots: readonly [Buffer, Buffer] = [Buffer.allocUnsafeSlow(SLOT_BYTES), Buffer.allocUnsafeSlow(SLOT_BYTES)];
  private kinds = kindsOf(0);
  private state: number = State.recordStart;
  private fields = 1;
  private recordLine = 1;
  private quoteLine = 1;
  private scanned = 0;
  private found: Counts = nothingYet();

  start(delimiter: number): void {
    this.kinds = kindsOf(delimiter);
    this.state = State.recordStart;
    this.fields = 1;
    this.recordLine = 1;
    this.quoteLine = 1;
    this.scanned = 0;
    this.found = nothingYet();
  }

  push(bytes: Uint8Array): void {
    if (this.found.fault) return;
    const { kinds } = this;
    let { state, fields } = this;
    for (let i = 0; i < bytes.length; i++) {
      const step = TRANSITIONS[(state << STATE_BITS) | (kinds[bytes[i] as number] as number)] as number;
      state = step & STATE_MASK;
      if (step <= STATE_MASK) continue;
      if (step >> STATE_BITS === Action.field) fields++;
      else {
        this.act(step >> STATE_BITS, fields, this.scanned + i + 1);
        if (this.found.fault) break;
        if (state === State.recordStart) fields = 1;
      }
    }
    this.state = state;
    this.fields = fields;
    this.scanned += bytes.length;
  }

  end(): void {
    const { state, found } = this;
    if (found.fault || state === State.recordStart) return;
    if (state === State.quoted) found.fault = { kind: "openQuote", line: this.quoteLine };
    else if (state === State.cr || state === State.crOnEmptyLine) found.fault = { kind: "loneCr", line: found.line };
    else this.record(this.fields, this.scanned);
  }

  get hasFault(): boolean {
    return this.found.fault !== undefined;
  }

  counts(): Counts {
    return { ...this.found };
  }

  private act(action: number, fields: number, end: number): void {
    const { found } = this;
    if (action === Action.openQuote) this.quoteLine = found.line;
    else if (action === Action.strayQuote) {
      if (found.strayQuotes++ === 0) found.strayQuoteLine = found.line;
    } else if (action === Action.textAfterQuote)
      found.fault = { kind: "textAfterQuote", line: found.line, openedOnLine: this.quoteLine };
    else if (action === Action.loneCr) found.fault = { kind: "loneCr", line: found.line };
    else if (action === Action.nul) found.fault = { kind: "nul", line: found.line };
    else {
      if (action === Action.emptyLine) found.emptyLines++;
      else if (action !== Action.newlineInside) {
        this.record(fields, end);
        if (found.fault) return;
        if (action === Action.record) found.lf++;
        else found.crlf++;
      }
      found.line++;
      if (action !== Action.newlineInside) this.recordLine = found.line;
    }
  }

  private record(fields: number, end: number): void {
    const { found } = this;
    if (found.records === 0) {
      found.width = fields;
      found.headerEnd = end;
    } else if (fields !== found.width) {
      found.fault = { kind: "ragged", line: this.recordLine, fields };
      return;
    }
    found.records++;
  }
}

function nothingYet(): Counts {
  return {
    records: 0,
    width: 0,
    headerEnd: 0,
    lf: 0,
    crlf: 0,
    emptyLines: 0,
    strayQuotes: 0,
    strayQuoteLine: 0,
    line: 1,
  };
}
