import { cases, isLog, popCase } from "./cases";

/**
 * What the rows of a table are, to compare them with those of another file: provider/profile/row-sketch.ts says how, and
 * keeps what is here; provider/profile/sketch-builder.ts makes the same of the rows of a workbook.
 */

const ID_PRIME: u64 = 0x7fffffff;
const CHECK_PRIME: u32 = 65_521;
const ORDER_FACTOR: u64 = 0x9e3779b97f4a7c15;
const PARTITIONS: u32 = 4;
const INDEX_BITS: u32 = 5;
const CELLS: usize = 128;
/** A sum of each: counts, ids, checks, and for cases payloads. */
const CELL_BYTES: usize = 32;
const LISTED_ROWS: u64 = 350;
const PRESENCE_BUCKETS: usize = 64;
const NO_CASE: u32 = 0xffffffff;

const rowCells: usize = memory.data(128 * 32, 8);
const caseCells: usize = memory.data(128 * 32, 8);
const presence: usize = memory.data(64 * 4, 8);
/** Of each of the first rows its id and its case. */
const list: usize = memory.data(350 * 8, 8);

export let rowCount: u64 = 0;
export let rowSum: u64 = 0;
export let rowOrdered: u64 = 0;

export function rowCellsAt(): usize {
  addWaitingRows();
  return rowCells;
}

export function caseCellsAt(): usize {
  return caseCells;
}

export function presenceAt(): usize {
  return presence;
}

export function rowListAt(): usize {
  return list;
}

export function clearRows(): void {
  rowCount = 0;
  rowSum = 0;
  rowOrdered = 0;
  memory.fill(rowCells, 0, CELLS * CELL_BYTES);
  memory.fill(waitingRows, 0, 2 * PAIRS * PAIR_BYTES);
}

/** Takes the hash of one row. */
@inline
export function noteRow(hash: u64): void {
  const id = idOf(hash);
  let caseKey = NO_CASE;
  if (isLog) {
    const caseHash = popCase();
    if (caseHash !== 0) {
      caseKey = idOf(caseHash);
      cases.addRow(caseHash, id as u64);
    }
  }
  if (rowCount < LISTED_ROWS) {
    const entry = list + 8 * (rowCount as usize);
    store<u32>(entry, id);
    store<u32>(entry, caseKey, 4);
  }
  rowSum += hash;
  rowOrdered = rowOrdered * ORDER_FACTOR + hash;
  const sign = signOf(id);
  const sums = i64x2.replace_lane(i64x2.splat(sign * (id as i64)), 1, sign * (ONE_ROW + (checkOf(id) as i64)));
  addToPair(waitingRows, id, sums);
  addToPair(waitingRows + PAIRS * PAIR_BYTES, id >> PAIR_BITS, sums);
  if ((++rowCount & (MOST_WAITING - 1)) === 0) addWaitingRows();
}

/**
 * Rows on their way into the cells: a sum for each two cells, of the first two partitions and of the last two. Two sums a
 * row take 5 % less of the whole than four. Each has the sum of ids, and in one number those of the counts and the checks.
 */
const PAIR_BITS: u32 = 2 * INDEX_BITS;
const PAIRS: usize = 1 << PAIR_BITS;
const PAIR_BYTES: usize = 16;
const waitingRows: usize = heap.alloc(2 * PAIRS * PAIR_BYTES);
const CHECK_BITS: i64 = 40;
const ONE_ROW: i64 = 1 << CHECK_BITS;
/** The checks of so many rows do not reach the counts, and these no sign. */
const MOST_WAITING: u64 = 1 << 22;

@inline
function addToPair(pairs: usize, id: u32, sums: v128): void {
  const pair = pairs + ((id as usize) & (PAIRS - 1)) * PAIR_BYTES;
  v128.store(pair, i64x2.add(v128.load(pair), sums));
}

function addWaitingRows(): void {
  for (let half: u32 = 0; half < 2; half++) {
    for (let index: u32 = 0; index < (PAIRS as u32); index++) {
      const pair = waitingRows + ((half << PAIR_BITS) + index) * PAIR_BYTES;
      const counted = load<i64>(pair, 8);
      const checks = (counted << (64 - CHECK_BITS)) >> (64 - CHECK_BITS);
      const countAndId = i64x2.replace_lane(i64x2.splat((counted - checks) >> CHECK_BITS), 1, load<i64>(pair));
      const id = index << (half * PAIR_BITS);
      addTo(cellOf(rowCells, id, 2 * half), countAndId, checks);
      addTo(cellOf(rowCells, id, 2 * half + 1), countAndId, checks);
    }
  }
  memory.fill(waitingRows, 0, 2 * PAIRS * PAIR_BYTES);
}

/** So many at a time take milliseconds. */
const SLOTS_AT_ONCE: usize = 1 << 17;
let nextSlot: usize = 0;

/** Begins the sketch of the cases, once all rows are known; false when there are too many cases. */
export function startCaseSketch(): bool {
  if (!isLog || !cases.isExact()) return false;
  memory.fill(caseCells, 0, CELLS * CELL_BYTES);
  memory.fill(presence, 0, PRESENCE_BUCKETS * 4);
  nextSlot = cases.slotsStart();
  return true;
}

/** Takes some of the cases in; true when there are more. */
export function sketchCases(): bool {
  const end = min(nextSlot + 16 * SLOTS_AT_ONCE, cases.slotsEnd());
  for (; nextSlot < end; nextSlot += 16) {
    const hash = load<u64>(nextSlot);
    if (hash === 0) continue;
    const caseKey = idOf(hash);
    addWithPayload(caseCells, contentId(caseKey, load<u64>(nextSlot, 8)), caseKey);
    const bucket = presence + (((caseKey as usize) & (PRESENCE_BUCKETS - 1)) << 2);
    store<i32>(bucket, load<i32>(bucket) + (((caseKey >> 6) & 1) !== 0 ? 1 : -1));
  }
  return nextSlot < cases.slotsEnd();
}

@inline
function add(cells: usize, id: u32): void {
  const sign = signOf(id);
  const countAndId = i64x2.replace_lane(i64x2.splat(sign), 1, sign * (id as i64));
  const check = sign * (checkOf(id) as i64);
  addTo(cellOf(cells, id, 0), countAndId, check);
  addTo(cellOf(cells, id, 1), countAndId, check);
  addTo(cellOf(cells, id, 2), countAndId, check);
  addTo(cellOf(cells, id, 3), countAndId, check);
}

@inline
function addTo(cell: usize, countAndId: v128, check: i64): void {
  v128.store(cell, i64x2.add(v128.load(cell), countAndId));
  store<i64>(cell, load<i64>(cell, 16) + check, 16);
}

function addWithPayload(cells: usize, id: u32, payload: u32): void {
  add(cells, id);
  const signed = signOf(id) * (payload as i64);
  for (let partition: u32 = 0; partition < PARTITIONS; partition++) {
    const cell = cellOf(cells, id, partition);
    store<i64>(cell, load<i64>(cell, 24) + signed, 24);
  }
}

@inline
function signOf(id: u32): i64 {
  return (((id >> (PARTITIONS * INDEX_BITS - 1)) & 2) as i64) - 1;
}

@inline
function cellOf(cells: usize, id: u32, partition: u32): usize {
  const index = (partition << INDEX_BITS) + ((id >> (partition * INDEX_BITS)) & 31);
  return cells + (index as usize) * CELL_BYTES;
}

/** 31 bits of a hash. */
@inline
function idOf(hash: u64): u32 {
  const id = hash >> 33;
  return (id === ID_PRIME ? 0 : id) as u32;
}

@inline
function checkOf(id: u32): u32 {
  let h = (id ^ (id >> 15)) * 0x2c1b3c6d;
  h = (h ^ (h >> 12)) * 0x297a2d39;
  const check = (h ^ (h >> 15)) >> 16;
  return check < CHECK_PRIME ? check : check - CHECK_PRIME;
}

/** The id of a case with the sum of its rows' ids. */
function contentId(caseKey: u32, sum: u64): u32 {
  let h = ((caseKey as u64) << 33) ^ sum;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  return (((h ^ (h >> 33)) >> 33) % ID_PRIME) as u32;
}
