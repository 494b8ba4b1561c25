import { Distinct } from "./distinct";
import { nonZero } from "./hash";

/**
 * The activities of a log: how many there are, and the first thousand by name. Each of these has a number, from 0, by its
 * first occurrence; all others are only counted.
 */

const counted = new Distinct(false);
const MAX_NAMES: u32 = 1000;
const NO_NUMBER: u32 = 0xffffffff;

/** Open addressing, never more than half full: of each its hash and its number; a hash of zero is free. */
const SLOTS: usize = 2048;
const SLOT_BYTES: usize = 16;
const slots: usize = heap.alloc(SLOTS * SLOT_BYTES);

/** By number: how many bytes the name has, and its first ones. */
export const NAME_BYTES: usize = 200;
const ENTRY_BYTES: usize = 208;
const LENGTH_BYTES: usize = 4;
const names: usize = heap.alloc((MAX_NAMES as usize) * ENTRY_BYTES);
/** How many have a number. */
let numbered: u32 = 0;

/** Forgets everything. Counts exactly up to so many. */
export function startActivities(exactUpTo: u32): void {
  counted.clear(exactUpTo);
  memory.fill(slots, 0, SLOTS * SLOT_BYTES);
  numbered = 0;
}

/** Takes the activity of one event; returns its number, or `NO_NUMBER`. */
@inline
export function noteActivity(hash: u64, from: usize, to: usize): u32 {
  const kept = nonZero(hash);
  const slot = firstSlot(kept);
  return load<u64>(slot) === kept ? load<u32>(slot, 8) : noteElsewhere(kept, from, to);
}

/** Whether `noteActivity` needs no bytes of this one. */
@inline
export function isNoted(hash: u64): bool {
  const kept = nonZero(hash);
  return load<u64>(firstSlot(kept)) === kept;
}

@inline
function firstSlot(kept: u64): usize {
  return slots + SLOT_BYTES * ((kept as usize) & (SLOTS - 1));
}

/** As `noteActivity`, where its first slot holds another, or none. */
function noteElsewhere(hash: u64, from: usize, to: usize): u32 {
  let i = (hash as usize) & (SLOTS - 1);
  let slot = slots + SLOT_BYTES * i;
  for (; load<u64>(slot) !== 0; slot = slots + SLOT_BYTES * i) {
    if (load<u64>(slot) === hash) return load<u32>(slot, 8);
    i = (i + 1) & (SLOTS - 1);
  }
  counted.add(hash);
  if (numbered === MAX_NAMES) return NO_NUMBER;
  store<u64>(slot, hash);
  store<u32>(slot, numbered, 8);
  const entry = names + ENTRY_BYTES * (numbered as usize);
  store<u32>(entry, (to - from) as u32);
  memory.copy(entry + LENGTH_BYTES, from, min(to - from, NAME_BYTES));
  return numbered++;
}

export function activityCount(): f64 {
  return counted.count();
}

export function areActivitiesEstimated(): bool {
  return counted.isEstimate();
}

export function activityNamesAt(): usize {
  return names;
}
