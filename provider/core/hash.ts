/**
 * The 64-bit hash of values and rows. Its definition is kept: sketches made of it are compared with those of earlier
 * runs. Each 16 bytes go through two lanes, the rest as if zeros followed, then the length; so it may be taken in parts
 * of any multiple of 16 bytes.
 */

export const SEED_A: u64 = 0x9e3779b97f4a7c15;
export const SEED_B: u64 = 0xc2b2ae3d27d4eb4f;
const FACTOR_A: u64 = 0x9fb21c651e98df25;
const FACTOR_B: u64 = 0xd6e8feb86659fd93;

/** Both lanes of a hash in the making, and how many bytes are in them. */
export class Lanes {
  a: u64 = SEED_A;
  b: u64 = SEED_B;
  bytes: u64 = 0;

  @inline
  clear(): void {
    this.a = SEED_A;
    this.b = SEED_B;
    this.bytes = 0;
  }

  /** Takes bytes in, a multiple of 16. */
  @inline
  fold(from: usize, to: usize): void {
    let a = this.a;
    let b = this.b;
    for (let at = from; at < to; at += 16) {
      a = rotl((a ^ load<u64>(at)) * FACTOR_A, 29);
      b = rotl((b ^ load<u64>(at, 8)) * FACTOR_B, 31);
    }
    this.a = a;
    this.b = b;
    this.bytes += to - from;
  }
}

/** The hash of what is in the lanes and the bytes that follow; leaves the lanes as they are. */
@inline
export function finished(lanes: Lanes, from: usize, to: usize): u64 {
  return hashFrom(lanes.a, lanes.b, lanes.bytes, from, to);
}

/** The hash of bytes that lie together. Memory is read up to 15 bytes past their end. */
@inline
export function hashOf(from: usize, to: usize): u64 {
  return hashFrom(SEED_A, SEED_B, 0, from, to);
}

@inline
function hashFrom(seedA: u64, seedB: u64, before: u64, from: usize, to: usize): u64 {
  let a = seedA;
  let b = seedB;
  let at = from;
  for (; at + 16 <= to; at += 16) {
    a = rotl((a ^ load<u64>(at)) * FACTOR_A, 29);
    b = rotl((b ^ load<u64>(at, 8)) * FACTOR_B, 31);
  }
  // Without a branch, since the lengths of rows cannot be foreseen.
  const rest = (to - at) as u64;
  const nextA = rotl((a ^ (load<u64>(at) & (rest < 8 ? ones(rest) : u64.MAX_VALUE))) * FACTOR_A, 29);
  const nextB = rotl((b ^ (load<u64>(at, 8) & ones(rest - 8))) * FACTOR_B, 31);
  a = rest > 0 ? nextA : a;
  b = rest > 8 ? nextB : b;
  return mixed(mixed(a ^ (before + ((to - from) as u64))) ^ b);
}

/** As tables keep it: there, zero is a free slot, or none. */
@inline
export function nonZero(hash: u64): u64 {
  return hash | ((hash === 0) as u64);
}

/** The lowest bits of so many bytes, of one to seven; of others what does not matter. */
@inline
function ones(bytes: u64): u64 {
  return u64.MAX_VALUE >> ((64 - 8 * bytes) & 63);
}

/** Spreads every bit over all others, one to one: the finish of MurmurHash3. */
@inline
function mixed(hash: u64): u64 {
  let h = hash;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}
