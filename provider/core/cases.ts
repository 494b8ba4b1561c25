import { Distinct } from "./distinct";

/** The cases of an event log, each with the sum of its rows' ids, and which row is of which. */

export const cases = new Distinct(true);
/** Whether the text is an event log. */
export let isLog: bool = false;

/** The case of each record whose row is still to be hashed: of a block of 64 bytes all fields come before all rows. */
const QUEUE: u32 = 128;
const queue: usize = memory.data(8 * 128);
let first: u32 = 0;
let next: u32 = 0;

export function clearCases(): void {
  isLog = false;
  first = 0;
  next = 0;
}

export function startCases(exactUpTo: u32): void {
  clearCases();
  cases.clear(exactUpTo);
  isLog = true;
}

/** Takes the case of a record; 0 is none. */
@inline
export function pushCase(hash: u64): void {
  store<u64>(queue + 8 * ((next++ & (QUEUE - 1)) as usize), hash);
}

/** The case of the record that is the next row. */
@inline
export function popCase(): u64 {
  if (first === next) return 0;
  return load<u64>(queue + 8 * ((first++ & (QUEUE - 1)) as usize));
}
