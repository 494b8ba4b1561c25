/** A 64-bit hash of values that come in pieces, in two halves. */
export class ValueHash {
  private high = SEED_HIGH;
  private low = SEED_LOW;

  addByte(byte: number): void {
    this.high = Math.imul(this.high ^ byte, 0x01000193);
    this.low = Math.imul(this.low ^ byte, 0x5bd1e995);
    this.low ^= this.low >>> 15;
  }

  addBytes(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.addByte(bytes[i] as number);
  }

  /** Takes another hash in, as part of this one. */
  addHash(high: number, low: number): void {
    this.high = Math.imul(this.high ^ high, 0x85ebca6b);
    this.low = Math.imul(this.low ^ low, 0xc2b2ae35);
    this.high ^= this.low >>> 13;
    this.low ^= this.high >>> 16;
  }

  /** The halves of what was added, as unsigned numbers; then it begins anew. */
  take(): [high: number, low: number] {
    const high = mixed(this.high);
    const low = mixed(this.low + high);
    this.high = SEED_HIGH;
    this.low = SEED_LOW;
    return [high >>> 0, low >>> 0];
  }
}

const SEED_HIGH = 0x811c9dc5 | 0;
const SEED_LOW = 0x2545f491 | 0;

/** Spreads every bit over all others, one to one: the finish of MurmurHash3. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
