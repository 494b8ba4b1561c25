import { isUtf8 } from "node:buffer";

const NOTHING = Buffer.alloc(0);

/** Checks that text arriving in chunks is UTF-8; a character may lie across chunks. */
export class Utf8Check {
  /** The start of a character that the last chunk ended in. */
  private begun: Buffer = NOTHING;

  /**
   * How many bytes of `chunk` come before the first invalid one; undefined when there is none.
   *
   * @param isKnown - the chunk is part of a text that is UTF-8.
   */
  push(chunk: Buffer, isKnown = false): number | undefined {
    if (isKnown && this.begun.length === 0) return undefined;
    let from = 0;
    if (this.begun.length > 0) {
      from = Math.min(lengthBy(this.begun[0] as number) - this.begun.length, chunk.length);
      this.begun = Buffer.concat([this.begun, chunk.subarray(0, from)]);
      if (incompleteAt(this.begun) === 0) return undefined;
      if (!isUtf8(this.begun)) return 0;
      this.begun = NOTHING;
    }
    const to = incompleteAt(chunk.subarray(from)) + from;
    if (!isUtf8(chunk.subarray(from, to))) return from + validPrefix(chunk.subarray(from, to));
    this.begun = to === chunk.length ? NOTHING : Buffer.from(chunk.subarray(to));
    return undefined;
  }

  /** Whether the text ended in the middle of a character. */
  endsInside(): boolean {
    return this.begun.length > 0;
  }
}

/** Where the last character starts if its end is missing, else the length. */
function incompleteAt(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthBy(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Bytes of a character by its first; an invalid first byte stands alone, for isUtf8 to refuse. */
function lengthBy(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** The length of the longest valid start, by halving: runs once, before a refusal. */
function validPrefix(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, incompleteAt(part)))) valid = middle;
    else invalid = middle;
  }
  return valid;
}
