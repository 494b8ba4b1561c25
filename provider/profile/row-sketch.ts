import { CELLS, COUNT_LIMIT, type Difference, SketchCells } from "./sketch-cells";

/**
 * What the rows of a file are, in at most 4 KB of text, so that a later file can be compared with them: of small files
 * the ids of all rows, of others sums in cells. An id is 31 bits of a row's hash.
 */
export interface RowSketch {
  /** Of the hashes of all rows: whatever their order, and in their order. */
  sum: bigint;
  ordered: bigint;
  /** Of at most {@link LISTED_ROWS} rows. */
  list?: { row: number; caseKey: number }[];
  rows: SketchCells;
  /** Only of an event log whose cases are counted exactly. */
  cases?: CaseSketch;
}

export interface CaseSketch {
  /** Elements are a case with all its rows; the payload is the case. */
  contents: SketchCells;
  /** Whether cases are there, in sums of signs. */
  presence: Int32Array;
}

/** Up to here every difference is found exactly, beyond as far as the cells hold it. */
export const LISTED_ROWS = 350;
export const PRESENCE_BUCKETS = 64;

const VERSION = 1;
const HAS_LIST = 1;
const HAS_CASES = 2;
const HEAD_BYTES = 18;

/** The text that is kept. */
export function encodeSketch({ sum, ordered, list, rows, cases }: RowSketch): string {
  const bytes = Buffer.alloc(4096);
  bytes[0] = VERSION;
  bytes[1] = (list ? HAS_LIST : 0) | (cases ? HAS_CASES : 0);
  bytes.writeBigUInt64LE(sum, 2);
  bytes.writeBigUInt64LE(ordered, 10);
  let at = HEAD_BYTES;
  if (list) {
    for (const { row, caseKey } of list) {
      at = bytes.writeUInt32LE(row, at);
      if (cases) at = bytes.writeUInt32LE(caseKey, at);
    }
  } else {
    at = writeCells(bytes, at, rows, false);
    if (cases) at = writeCells(bytes, at, cases.contents, true);
    for (const count of cases?.presence ?? []) at = bytes.writeIntLE(count % COUNT_LIMIT, at, 3);
  }
  return bytes.toString("base64", 0, at);
}

/** Undefined when it is none, or one of another version. */
export function decodeSketch(text: unknown): RowSketch | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) return undefined;
  const flags = bytes[1] as number;
  const head = { sum: bytes.readBigUInt64LE(2), ordered: bytes.readBigUInt64LE(10) };
  const hasCases = (flags & HAS_CASES) !== 0;
  if (flags & HAS_LIST) return { ...head, ...fromList(readList(bytes, hasCases), hasCases) };
  const expected = HEAD_BYTES + CELLS * 9 + (hasCases ? CELLS * 13 + PRESENCE_BUCKETS * 3 : 0);
  if (bytes.length !== expected) return undefined;
  const rows = readCells(bytes, HEAD_BYTES, false);
  if (!hasCases) return { ...head, rows };
  const contents = readCells(bytes, HEAD_BYTES + CELLS * 9, true);
  const presence = Int32Array.from({ length: PRESENCE_BUCKETS }, (_, i) =>
    bytes.readIntLE(expected - (PRESENCE_BUCKETS - i) * 3, 3),
  );
  return { ...head, rows, cases: { contents, presence } };
}

function writeCells(bytes: Buffer, from: number, cells: SketchCells, hasPayload: boolean): number {
  let at = from;
  for (let i = 0; i < CELLS; i++) {
    at = bytes.writeIntLE((cells.counts[i] as number) % COUNT_LIMIT, at, 3);
    at = bytes.writeUInt32LE(cells.ids[i] as number, at);
    if (hasPayload) at = bytes.writeUInt32LE(cells.payloads[i] as number, at);
    at = bytes.writeUInt16LE(cells.checks[i] as number, at);
  }
  return at;
}

function readCells(bytes: Buffer, from: number, hasPayload: boolean): SketchCells {
  const cells = new SketchCells();
  let at = from;
  for (let i = 0; i < CELLS; i++) {
    cells.counts[i] = bytes.readIntLE(at, 3);
    cells.ids[i] = bytes.readUInt32LE(at + 3);
    if (hasPayload) cells.payloads[i] = bytes.readUInt32LE(at + 7);
    at += hasPayload ? 13 : 9;
    cells.checks[i] = bytes.readUInt16LE(at - 2);
  }
  return cells;
}

function readList(bytes: Buffer, hasCases: boolean): { row: number; caseKey: number }[] {
  const list: { row: number; caseKey: number }[] = [];
  const step = hasCases ? 8 : 4;
  for (let at = HEAD_BYTES; at + step <= bytes.length; at += step) {
    list.push({ row: bytes.readUInt32LE(at), caseKey: hasCases ? bytes.readUInt32LE(at + 4) : 0 });
  }
  return list;
}

/** What is kept of as many rows in cells. */
function fromList(list: { row: number; caseKey: number }[], hasCases: boolean): Omit<RowSketch, "sum" | "ordered"> {
  const rows = new SketchCells();
  const sums = new Map<number, bigint>();
  for (const { row, caseKey } of list) {
    rows.add({ id: row, payload: 0 }, 1);
    if (caseKey !== NO_CASE) sums.set(caseKey, (sums.get(caseKey) ?? 0n) + BigInt(row));
  }
  if (!hasCases) return { list, rows };
  const cases = noCases();
  for (const [caseKey, sum] of sums) addCase(cases, caseKey, sum);
  return { list, rows, cases };
}

export function noCases(): CaseSketch {
  return { contents: new SketchCells(), presence: new Int32Array(PRESENCE_BUCKETS) };
}

/** Adds a case by its id and the sum of its rows' ids. */
export function addCase({ contents, presence }: CaseSketch, caseKey: number, sum: bigint): void {
  contents.add({ id: contentId(caseKey, sum), payload: caseKey }, 1);
  const bucket = caseKey % PRESENCE_BUCKETS;
  presence[bucket] = (presence[bucket] as number) + presenceSign(caseKey);
}

/** Of a row without a case id. */
export const NO_CASE = 0xffff_ffff;

function presenceSign(caseKey: number): 1 | -1 {
  return (caseKey >>> 6) & 1 ? 1 : -1;
}

/** The id of a case with the sum of its rows' ids; provider/core/row-sketch.ts computes the same. */
function contentId(caseKey: number, sum: bigint): number {
  let h = BigInt.asUintN(64, (BigInt(caseKey) << 33n) ^ sum);
  h = BigInt.asUintN(64, (h ^ (h >> 33n)) * 0xff51afd7ed558ccdn);
  h = BigInt.asUintN(64, (h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return Number((h ^ (h >> 33n)) >> 33n) % (2 ** 31 - 1);
}

/** A number of what differs; beyond what the sketches hold, an estimate. */
export interface Amount {
  count: number;
  isEstimate: boolean;
}

/** Two files of as many rows each. */
export interface RowsChange {
  /** Rows of the new file that the old one lacks. */
  other: Amount;
  /** Whether the rows that both have are in the same order; of equal rows only. */
  isSameOrder: boolean;
}

export function compareRows(old: RowSketch, now: RowSketch, rowCount: number): RowsChange {
  if (old.sum === now.sum) return { other: exactly(0), isSameOrder: old.ordered === now.ordered };
  const difference = now.list && old.list ? listDifference(old.list, now.list) : now.rows.minus(old.rows).takeAll();
  // Of equal ids one row at least differs, since the sums do.
  if (difference) return { other: exactly(Math.max(1, added(difference))), isSameOrder: false };
  const about = Math.round(now.rows.minus(old.rows).estimate() / 2);
  return { other: { count: Math.max(1, Math.min(rowCount, about)), isEstimate: true }, isSameOrder: false };
}

function exactly(count: number): Amount {
  return { count, isEstimate: false };
}

function added(difference: readonly Difference[]): number {
  return difference.reduce((sum, { count }) => sum + Math.max(0, count), 0);
}

function listDifference(old: NonNullable<RowSketch["list"]>, now: NonNullable<RowSketch["list"]>): Difference[] {
  const counts = new Map<number, number>();
  for (const { row } of now) counts.set(row, (counts.get(row) ?? 0) + 1);
  for (const { row } of old) counts.set(row, (counts.get(row) ?? 0) - 1);
  return [...counts].map(([id, count]) => ({ id, payload: 0, count }));
}

/** What became of the cases of an event log. */
export interface CasesChange {
  added: Amount;
  removed: Amount;
  changed: Amount;
}

/** By how much the estimates err, as a share of themselves: one standard deviation, of as many cells and buckets as here. */
const CONTENTS_ERROR = 0.13;
const PRESENCE_ERROR = 0.18;
/** What is less than so many deviations may be nothing. */
const CERTAIN_DEVIATIONS = 3;

/**
 * An estimate names nothing that may not have happened: what is within its own error is none.
 *
 * @param more - how many cases more the new file has than the old.
 * @param isAppended - whether the old file's rows are the first of the new one, so that no case was removed.
 */
export function compareCases(old: CaseSketch, now: CaseSketch, more: number, isAppended = false): CasesChange {
  const contents = now.contents.minus(old.contents);
  const otherContents = contents.estimate();
  const difference = contents.takeAll();
  if (difference) return exactCases(difference);
  const { bothWays, error } = isAppended ? { bothWays: 0, error: 0 } : cameAndWent(old, now, more);
  const comesAndGoes = Math.abs(more) + 2 * bothWays;
  const deviation = Math.hypot(CONTENTS_ERROR * otherContents, error);
  const changed = certain((otherContents - comesAndGoes) / 2, deviation / 2);
  const isEstimate = !isAppended;
  return {
    added: { count: Math.max(more, 0) + bothWays, isEstimate },
    removed: { count: Math.max(-more, 0) + bothWays, isEstimate },
    changed: { count: changed, isEstimate: true },
  };
}

/** How many cases came while as many others went, which `more` does not show. */
function cameAndWent(old: CaseSketch, now: CaseSketch, more: number): { bothWays: number; error: number } {
  const presence = now.presence.map((count, i) => count - (old.presence[i] as number));
  const there = presence.reduce((sum, count) => sum + count * count, 0);
  const error = PRESENCE_ERROR * there;
  return { bothWays: certain((there - Math.abs(more)) / 2, error / 2), error };
}

function certain(count: number, deviation: number): number {
  return count > CERTAIN_DEVIATIONS * deviation ? Math.round(count) : 0;
}

function exactCases(difference: readonly Difference[]): CasesChange {
  const sides = new Map<number, { isIn: boolean; wasIn: boolean }>();
  for (const { payload, count } of difference) {
    const side = sides.get(payload) ?? { isIn: false, wasIn: false };
    sides.set(payload, { isIn: side.isIn || count > 0, wasIn: side.wasIn || count < 0 });
  }
  const all = [...sides.values()];
  return {
    added: exactly(all.filter(({ wasIn }) => !wasIn).length),
    removed: exactly(all.filter(({ isIn }) => !isIn).length),
    changed: exactly(all.filter(({ isIn, wasIn }) => isIn && wasIn).length),
  };
}
