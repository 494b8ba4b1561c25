/**
 * Counts different values by 64-bit hashes: exactly up to a limit, in at most 32 MB, then with a HyperLogLog sketch of
 * 16 KiB, which errs by about 1 %. The kept packages that have one hash every value again, from a string.
 */
export class Distinct {
  private slots = new Uint32Array(2 * 1024);
  private found = 0;
  private sketch: Uint8Array | undefined;

  constructor(private readonly exactUpTo = 1_000_000) {}

  add(high: number, low: number): void {
    if (this.sketch) note(this.sketch, high, low);
    else if (this.insert(high, low)) this.makeRoom();
  }

  addText(text: string): void {
    const hash = new Hash();
    for (let i = 0; i < text.length; i++) {
      hash.add(text.charCodeAt(i) & 0xff);
      hash.add(text.charCodeAt(i) >> 8);
    }
    hash.addTo(this);
  }

  get isEstimate(): boolean {
    return this.sketch !== undefined;
  }

  count(): number {
    return this.sketch ? estimate(this.sketch) : this.found;
  }

  /** Open addressing, never more than half full; a slot of zeros is free. */
  private insert(high: number, low: number): boolean {
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    const kept = high === 0 && low === 0 ? 1 : low >>> 0;
    for (let i = high & mask; ; i = (i + 1) & mask) {
      const a = slots[2 * i];
      const b = slots[2 * i + 1];
      if (a === 0 && b === 0) {
        slots[2 * i] = high;
        slots[2 * i + 1] = kept;
        this.found++;
        return true;
      }
      if (a === high >>> 0 && b === kept) return false;
    }
  }

  private makeRoom(): void {
    const full = this.slots;
    if (this.found > this.exactUpTo) {
      const sketch = new Uint8Array(REGISTERS);
      this.sketch = sketch;
      forEach(full, (high, low) => note(sketch, high, low));
      this.slots = new Uint32Array(0);
    } else if (4 * this.found > full.length) {
      this.slots = new Uint32Array(2 * full.length);
      this.found = 0;
      forEach(full, (high, low) => this.insert(high, low));
    }
  }
}

/** A 64-bit hash of the bytes of one value. */
export class Hash {
  private high = SEED_HIGH;
  private low = SEED_LOW;

  add(byte: number): void {
    this.high = Math.imul(this.high ^ byte, 0x01000193);
    this.low = Math.imul(this.low ^ byte, 0x5bd1e995);
    this.low ^= this.low >>> 15;
  }

  addTo(distinct: Distinct): void {
    const high = mixed(this.high);
    distinct.add(high, mixed(this.low + high));
  }

  clear(): void {
    this.high = SEED_HIGH;
    this.low = SEED_LOW;
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

const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;

function note(sketch: Uint8Array, high: number, low: number): void {
  const register = high >>> (32 - INDEX_BITS);
  sketch[register] = Math.max(sketch[register] as number, Math.clz32(low) + 1);
}

/** Flajolet and others, 2007; for counts far above the number of registers, which need no correction. */
function estimate(sketch: Uint8Array): number {
  const sum = sketch.reduce((total, rank) => total + 2 ** -rank, 0);
  return Math.round(((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS ** 2) / sum);
}

function forEach(slots: Uint32Array, visit: (high: number, low: number) => void): void {
  for (let i = 0; i < slots.length; i += 2) {
    const [high, low] = [slots[i] as number, slots[i + 1] as number];
    if (high !== 0 || low !== 0) visit(high, low);
  }
}
