/** Hashes of sequences, made of names and not of their numbers in a file, so that those of two files can be compared. */

const [FACTOR_HIGH, FACTOR_LOW] = [0x85ebca6b, 0xc2b2ae35];

/** The hashes of names, in two halves. */
export class NameHashes {
  private readonly highs: Uint32Array;
  private readonly lows: Uint32Array;

  constructor(names: readonly string[]) {
    const hash = new SequenceHash();
    this.highs = new Uint32Array(names.length);
    this.lows = new Uint32Array(names.length);
    for (const [number, name] of names.entries()) {
      hash.clear();
      for (const byte of Buffer.from(name)) hash.add(byte, byte);
      this.highs[number] = hash.high;
      this.lows[number] = hash.low;
    }
  }

  high(number: number): number {
    return this.highs[number] as number;
  }

  low(number: number): number {
    return this.lows[number] as number;
  }
}

/** The hash of a sequence in the making: two lanes of 32 bits, each mixed as MurmurHash3 mixes. */
export class SequenceHash {
  high = 0;
  low = 0;

  clear(): void {
    this.high = 0x9e3779b9;
    this.low = 0x7f4a7c15;
  }

  add(high: number, low: number): void {
    this.high = mixed(this.high, high, FACTOR_HIGH);
    this.low = mixed(this.low, low, FACTOR_LOW);
  }

  /** As `add`, with a time; parts of a millisecond do not count. */
  addTimed(high: number, low: number, ms: number): void {
    const upper = Math.floor(ms / 2 ** 32);
    const lower = ms >>> 0;
    this.add(high ^ lower, low ^ Math.imul(lower, FACTOR_HIGH) ^ upper);
  }

  /** Its first 53 bits. */
  key(): number {
    return this.high * 2 ** 21 + (this.low >>> 11);
  }
}

function mixed(lane: number, value: number, factor: number): number {
  let h = Math.imul(lane ^ value, factor);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + 0x6b43a9b5;
  return (h ^ (h >>> 13)) >>> 0;
}
