/**
 * An invertible Bloom lookup table (Eppstein and others, 2011): sums over all elements of a set, in cells by their ids.
 * The cells of one set less those of another hold their difference, and give its elements back where it is small.
 * provider/core/row-sketch.ts fills them; what is here reads them.
 */

const PARTITIONS = 4;
const CELLS_EACH = 32;
export const CELLS = PARTITIONS * CELLS_EACH;
/** Sums are kept modulo primes, so that they can be divided. */
export const ID_PRIME = 2 ** 31 - 1;
export const CHECK_PRIME = 65_521;

const INDEX_BITS = 5;
const SIGN_BIT = PARTITIONS * INDEX_BITS;

/** The id of what has a hash, by its upper half. */
export function idOf(high: number): number {
  return (high >>> 1) % ID_PRIME;
}

/** An element has a number of 31 bits, which is a hash, and another that comes back with it. */
export interface Element {
  id: number;
  payload: number;
}

/** Of two sets: how often the second has an element more than the first. */
export interface Difference extends Element {
  count: number;
}

/** Sums in each cell. Of counts, ids and payloads those of elements of one sign are subtracted. */
export class SketchCells {
  readonly counts = new Int32Array(CELLS);
  readonly ids = new Float64Array(CELLS);
  readonly payloads = new Float64Array(CELLS);
  readonly checks = new Float64Array(CELLS);

  /** Adds an element so many times. */
  add({ id, payload }: Element, times: number): void {
    const signed = times * signOf(id);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const cell = cellOf(id, partition);
      this.counts[cell] = (this.counts[cell] as number) + signed;
      this.ids[cell] = plus(this.ids[cell], id, signed, ID_PRIME);
      this.payloads[cell] = plus(this.payloads[cell], payload, signed, ID_PRIME);
      this.checks[cell] = plus(this.checks[cell], checkOf(id), signed, CHECK_PRIME);
    }
  }

  /** What these hold more than others. */
  minus(others: SketchCells): SketchCells {
    const cells = new SketchCells();
    for (let i = 0; i < CELLS; i++) {
      cells.counts[i] = wrapped((this.counts[i] as number) - (others.counts[i] as number));
      cells.ids[i] = plus(this.ids[i], others.ids[i] as number, -1, ID_PRIME);
      cells.payloads[i] = plus(this.payloads[i], others.payloads[i] as number, -1, ID_PRIME);
      cells.checks[i] = plus(this.checks[i], others.checks[i] as number, -1, CHECK_PRIME);
    }
    return cells;
  }

  /** All elements, once each; undefined when there are too many to tell them apart. Takes them out. */
  takeAll(): Difference[] | undefined {
    const found: Difference[] = [];
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (let cell = 0; cell < CELLS; cell++) {
        const element = this.single(cell);
        if (!element) continue;
        this.add(element, -element.count);
        found.push(element);
        isMore = found.length <= CELLS;
      }
    }
    return this.isEmpty() ? found : undefined;
  }

  /** About how many elements there are (Alon, Matias, Szegedy, 1996). */
  estimate(): number {
    return this.counts.reduce((sum, count) => sum + count * count, 0) / PARTITIONS;
  }

  private isEmpty(): boolean {
    return [this.counts, this.ids, this.payloads, this.checks].every((lane) => lane.every((sum) => sum === 0));
  }

  /** The element of a cell that holds only one. */
  private single(cell: number): Difference | undefined {
    const signed = this.counts[cell] as number;
    if (signed === 0) return undefined;
    const id = quotient(this.ids[cell] as number, signed, ID_PRIME);
    const isSingle =
      cellOf(id, Math.floor(cell / CELLS_EACH)) === cell &&
      quotient(this.checks[cell] as number, signed, CHECK_PRIME) === checkOf(id);
    if (!isSingle) return undefined;
    return { id, payload: quotient(this.payloads[cell] as number, signed, ID_PRIME), count: signed * signOf(id) };
  }
}

/** Counts are kept in 24 bits; what two have more or less is small. */
export const COUNT_LIMIT = 2 ** 23;

function wrapped(difference: number): number {
  const half = COUNT_LIMIT / 2;
  return ((((difference + half) % COUNT_LIMIT) + COUNT_LIMIT) % COUNT_LIMIT) - half;
}

function cellOf(id: number, partition: number): number {
  return partition * CELLS_EACH + ((id >>> (partition * INDEX_BITS)) & (CELLS_EACH - 1));
}

function signOf(id: number): 1 | -1 {
  return (id >>> SIGN_BIT) & 1 ? 1 : -1;
}

/** Tells one id from a sum of several. Far from linear, so that the check of a sum is not the sum of checks. */
function checkOf(id: number): number {
  let h = Math.imul(id ^ (id >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 16) % CHECK_PRIME;
}

function plus(sum: number | undefined, value: number, times: number, prime: number): number {
  const next = ((sum as number) + value * times) % prime;
  return next < 0 ? next + prime : next;
}

/** `sum / times` modulo a prime. */
function quotient(sum: number, times: number, prime: number): number {
  const p = BigInt(prime);
  return Number((BigInt(sum) * inverse(((BigInt(times) % p) + p) % p, p)) % p);
}

/** By Euclid. */
function inverse(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [prime, value, 0n, 1n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % prime) + prime) % prime;
}
