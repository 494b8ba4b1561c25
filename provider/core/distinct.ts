import { nonZero } from "./hash";

/**
 * Counts different values by their 64-bit hashes: exactly up to a limit, in at most 24 MB (48 with sums), then with a
 * HyperLogLog sketch of 16 KiB, which errs by about 1 %.
 */
export class Distinct {
  /** Of a slot: its hash, and where rows are summed, the sum. */
  private readonly slotBytes: usize;
  private slots: usize = 0;
  private capacity: u32 = 0;
  private found: u32 = 0;
  private sketch: usize = 0;
  private limit: u32 = 0;
  /** Hashes wait here and are entered together, so that the memory they miss is fetched for many at the same time. */
  private readonly waiting: usize = heap.alloc(16 * WAITING);
  private waits: u32 = 0;
  private last: u64 = 0;
  private lastSum: u64 = 0;

  /** @param sumsRows - whether to keep a sum for each value; see {@link addRow}. */
  constructor(sumsRows: bool) {
    this.slotBytes = sumsRows ? 16 : 8;
  }

  /** Forgets everything. Counts exactly up to so many values. */
  clear(exactUpTo: u32): void {
    if (this.slots !== 0) heap.free(this.slots);
    if (this.sketch !== 0) heap.free(this.sketch);
    this.sketch = 0;
    this.limit = exactUpTo;
    this.waits = 0;
    this.last = 0;
    this.lastSum = 0;
    this.allocate(SMALLEST);
  }

  @inline
  add(hash: u64): void {
    // Events of a case often follow one another.
    if (hash === this.last) return;
    this.last = hash;
    this.wait(hash, 0);
  }

  /** As `add`, and adds to the sum that is kept for the value. */
  @inline
  addRow(hash: u64, row: u64): void {
    if (hash !== this.last) {
      this.flush();
      this.last = hash;
    }
    this.lastSum += row;
  }

  /** Whether all values and their sums are in the slots. */
  isExact(): bool {
    this.flush();
    this.enter();
    return this.sketch === 0;
  }

  slotsStart(): usize {
    return this.slots;
  }

  slotsEnd(): usize {
    return this.slots + this.slotBytes * (this.capacity as usize);
  }

  @inline
  private flush(): void {
    if (this.slotBytes === 8 || this.last === 0) return;
    this.wait(this.last, this.lastSum);
    this.last = 0;
    this.lastSum = 0;
  }

  @inline
  private wait(hash: u64, sum: u64): void {
    const place = this.waiting + 16 * (this.waits as usize);
    store<u64>(place, hash);
    store<u64>(place, sum, 8);
    if (++this.waits === WAITING) this.enter();
  }

  /** How many, or about how many. */
  count(): f64 {
    this.flush();
    this.enter();
    return this.sketch !== 0 ? estimate(this.sketch) : (this.found as f64);
  }

  /** To be asked after `count`. */
  isEstimate(): bool {
    return this.sketch !== 0;
  }

  private enter(): void {
    const waits = this.waits as usize;
    this.waits = 0;
    for (let i: usize = 0; i < waits; i++) {
      const place = this.waiting + 16 * i;
      const hash = load<u64>(place);
      if (this.sketch !== 0) note(this.sketch, hash);
      else if (this.insert(hash, load<u64>(place, 8))) this.makeRoom();
    }
  }

  /** Open addressing, never more than half full; a slot of zero is free. */
  @inline
  private insert(hash: u64, sum: u64): bool {
    const kept = nonZero(hash);
    const mask = this.capacity - 1;
    let i = (kept as u32) & mask;
    while (true) {
      const slot = this.slots + this.slotBytes * (i as usize);
      const there = load<u64>(slot);
      if (there === kept) {
        if (this.slotBytes === 16) store<u64>(slot, load<u64>(slot, 8) + sum, 8);
        return false;
      }
      if (there === 0) {
        store<u64>(slot, kept);
        if (this.slotBytes === 16) store<u64>(slot, sum, 8);
        this.found++;
        return true;
      }
      i = (i + 1) & mask;
    }
  }

  private makeRoom(): void {
    const full = this.slots;
    const step = this.slotBytes;
    const end = this.slotsEnd();
    if (this.found > this.limit) {
      this.sketch = heap.alloc(REGISTERS);
      memory.fill(this.sketch, 0, REGISTERS);
      for (let slot = full; slot < end; slot += step) if (load<u64>(slot) !== 0) note(this.sketch, load<u64>(slot));
      this.slots = 0;
      heap.free(full);
    } else if (this.found > this.capacity / 2) {
      this.allocate(this.capacity * (this.capacity < LARGE ? 4 : 2));
      for (let slot = full; slot < end; slot += step) {
        if (load<u64>(slot) !== 0) this.insert(load<u64>(slot), step === 16 ? load<u64>(slot, 8) : 0);
      }
      heap.free(full);
    }
  }

  private allocate(capacity: u32): void {
    this.capacity = capacity;
    this.found = 0;
    this.slots = heap.alloc(this.slotBytes * (capacity as usize));
    memory.fill(this.slots, 0, this.slotBytes * (capacity as usize));
  }
}

const SMALLEST: u32 = 1024;
/** Up to here fourfold, since the memory of tables that became too small lies in pieces that no later one fits into. */
const LARGE: u32 = 1 << 20;
const WAITING: u32 = 128;
const INDEX_BITS: u64 = 14;
const REGISTERS: usize = 1 << 14;

function note(sketch: usize, hash: u64): void {
  const register = sketch + ((hash >> (64 - INDEX_BITS)) as usize);
  const rank = min(clz<u64>(hash << INDEX_BITS), 64 - INDEX_BITS) + 1;
  if ((load<u8>(register) as u64) < rank) store<u8>(register, rank as u8);
}

/** Flajolet and others, 2007; for counts far above the number of registers, which need no correction. */
function estimate(sketch: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < REGISTERS; i++) sum += 1 / ((1 << (load<u8>(sketch + i) as u64)) as f64);
  const registers = REGISTERS as f64;
  return Math.round(((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum);
}
