/** Numbers the cases of a log by the hashes of their ids, from 0, in the order in which they come. */
export class CaseIndex {
  count = 0;
  private highs = new Uint32Array(1024);
  private lows = new Uint32Array(1024);
  /** Open addressing, at most half full: the number of a case and 1; 0 is free. */
  private slots = new Uint32Array(4096);
  /** The case of the event before: events of a case often follow one another. */
  private last = 0;

  /** One that came out of another thread. */
  static from(fields: CaseIndex): CaseIndex {
    return Object.assign(new CaseIndex(), fields);
  }

  /** The number of a case; it is new where the number equals the `count` before. */
  numberOf(high: number, low: number): number {
    const { last } = this;
    if (this.highs[last] === high && this.lows[last] === low && this.count > 0) return last;
    const at = this.slotOf(high, low);
    const found = this.slots[at] as number;
    this.last = found === 0 ? this.count : found - 1;
    if (found !== 0) return this.last;
    const number = this.count++;
    if (number === this.highs.length) {
      this.highs = grown(this.highs);
      this.lows = grown(this.lows);
    }
    this.highs[number] = high;
    this.lows[number] = low;
    this.slots[at] = number + 1;
    if (2 * this.count > this.slots.length) this.rehash();
    return number;
  }

  /** The number of a case; undefined for one that is not here. */
  find(high: number, low: number): number | undefined {
    const found = this.slots[this.slotOf(high, low)] as number;
    return found === 0 ? undefined : found - 1;
  }

  high(number: number): number {
    return this.highs[number] as number;
  }

  low(number: number): number {
    return this.lows[number] as number;
  }

  private slotOf(high: number, low: number): number {
    const mask = this.slots.length - 1;
    for (let at = (high ^ low) & mask; ; at = (at + 1) & mask) {
      const found = this.slots[at] as number;
      if (found === 0 || (this.highs[found - 1] === high && this.lows[found - 1] === low)) return at;
    }
  }

  private rehash(): void {
    this.slots = new Uint32Array(2 * this.slots.length);
    for (let number = 0; number < this.count; number++) {
      this.slots[this.slotOf(this.high(number), this.low(number))] = number + 1;
    }
  }
}

/** The same numbers, with room for as many again. */
export function grown<T extends Uint32Array | Uint16Array | Float64Array>(numbers: T): T {
  const larger = new (numbers.constructor as new (length: number) => T)(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
