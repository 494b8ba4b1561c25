/** A run of digits. `head` is the value of the first thirteen: more do not fit into a number exactly. */
export interface Digits {
  value: number;
  digits: number;
  head: number;
}

/** The digits after a decimal point, as that many of `unit`. */
export function decimals({ head, digits }: Digits, unit: number): number {
  return (head * unit) / 10 ** Math.min(digits, 13);
}

/** A place in one value of ASCII text; letters come in lower case. */
export class TimeCursor {
  private at = 0;

  constructor(
    private readonly text: Uint8Array,
    private readonly length: number,
  ) {}

  isAtEnd(): boolean {
    return this.at >= this.length;
  }

  /** The byte at this place; 0 at the end. */
  peek(): number {
    if (this.at >= this.length) return 0;
    const byte = this.text[this.at] as number;
    return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
  }

  /** As {@link peek}, and moves on. */
  next(): number {
    const byte = this.peek();
    this.at++;
    return byte;
  }

  /** Whether this byte came next; then the cursor is behind it. */
  skip(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  /** Whether this very byte came next, in its letter case; then the cursor is behind it. */
  skipExactly(byte: number): boolean {
    if (this.at >= this.length || this.text[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Spaces, and the two that programs write without a break: U+00A0 and U+202F. */
  skipSpaces(): boolean {
    const from = this.at;
    for (;;) {
      const byte = this.peek();
      if (byte === 0x20 || byte === 0x09) this.at++;
      else if (byte === 0xc2 && this.text[this.at + 1] === 0xa0) this.at += 2;
      else if (byte === 0xe2 && this.text[this.at + 1] === 0x80 && this.text[this.at + 2] === 0xaf) this.at += 3;
      else return this.at > from;
    }
  }

  /** @param most - digits of it that are taken; others are left. */
  number(most = Number.POSITIVE_INFINITY): Digits {
    const from = this.at;
    let value = 0;
    let head = 0;
    for (; this.at < this.length && this.at - from < most; this.at++) {
      const digit = (this.text[this.at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      if (this.at - from < 13) head = value;
    }
    return { value, digits: this.at - from, head };
  }

  /** A run of letters, in lower case. */
  word(): string {
    let word = "";
    for (let byte = this.peek(); byte >= 0x61 && byte <= 0x7a; byte = this.peek()) {
      word += String.fromCharCode(byte);
      this.at++;
    }
    return word;
  }

  skipRest(): void {
    this.at = this.length;
  }

  /** Moves back to where {@link mark} was. */
  back(mark: number): void {
    this.at = mark;
  }

  mark(): number {
    return this.at;
  }
}
