import { setImmediate as nextTurn } from "node:timers/promises";
import { idOf } from "./sketch-cells";

const LANES = 4;
const SLOTS_A_TURN = 16_384 * LANES;

/**
 * Different values by their hashes, and of each a sum over its rows, or its number. A sheet has a million rows: that is
 * 32 MB at most.
 */
export class CaseContents {
  count = 0;
  /** Of each: both halves of its hash, and the sum of its rows' ids, in two halves, or its number. A free slot is all zero. */
  private slots = new Uint32Array(LANES * 1024);

  /** Takes a row of a value; returns the value's id. */
  add(high: number, low: number, rowHigh: number): number {
    const at = this.slotOf(high, low);
    const id = idOf(rowHigh);
    const sum = (this.slots[at + 2] as number) + id;
    this.slots[at + 2] = sum;
    if (sum > 0xffff_ffff) this.slots[at + 3] = (this.slots[at + 3] as number) + 1;
    if (2 * LANES * this.count > this.slots.length) this.grow();
    return idOf(high);
  }

  /** Takes a value whose rows are not summed; returns its number, from 0, by its first occurrence. */
  addNumbered(high: number, low: number): number {
    const before = this.count;
    const at = this.slotOf(high, low);
    if (this.count > before) this.slots[at + 2] = before;
    const number = this.slots[at + 2] as number;
    if (2 * LANES * this.count > this.slots.length) this.grow();
    return number;
  }

  /** Takes turns of the event loop: a visit costs a microsecond. */
  async forEach(visit: (caseKey: number, sum: bigint) => void): Promise<void> {
    const { slots } = this;
    for (let at = 0; at < slots.length; at += LANES) {
      if (at % SLOTS_A_TURN === SLOTS_A_TURN - LANES) await nextTurn();
      if (slots[at] === 0 && slots[at + 1] === 0) continue;
      const sum = (BigInt(slots[at + 3] as number) << 32n) | BigInt(slots[at + 2] as number);
      visit(idOf(slots[at] as number), sum);
    }
  }

  private slotOf(high: number, low: number): number {
    const { slots } = this;
    const kept = high === 0 && low === 0 ? 1 : low >>> 0;
    const mask = slots.length / LANES - 1;
    for (let i = low & mask; ; i = (i + 1) & mask) {
      const at = LANES * i;
      if (slots[at] === high >>> 0 && slots[at + 1] === kept) return at;
      if (slots[at] !== 0 || slots[at + 1] !== 0) continue;
      slots[at] = high;
      slots[at + 1] = kept;
      this.count++;
      return at;
    }
  }

  private grow(): void {
    const full = this.slots;
    this.slots = new Uint32Array(2 * full.length);
    this.count = 0;
    for (let from = 0; from < full.length; from += LANES) {
      if (full[from] === 0 && full[from + 1] === 0) continue;
      const at = this.slotOf(full[from] as number, full[from + 1] as number);
      this.slots[at + 2] = full[from + 2] as number;
      this.slots[at + 3] = full[from + 3] as number;
    }
  }
}
