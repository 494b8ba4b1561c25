/** Memory that a file is read into, piece by piece, while pieces before are looked at and hashed. */

/** 64 KiB, a stream's default, takes twice as long; more than 1 MiB gains nothing. */
export const SLOT_BYTES = 1024 * 1024;
/** One is read into, one is looked at, two may wait for their hash. */
export const SLOTS = 4;

/**
 * Where a slot begins in its page. Some processors (AMD's Zen) copy into the first 16 bytes of a page, from the start of
 * another, four times slower: from the page cache, which a file is read from, every copy begins there.
 */
const PAGE_OFFSET_BYTES = 1024;

/** Memory that a worker sees too. */
export function sharedBuffer(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(PAGE_OFFSET_BYTES + bytes), PAGE_OFFSET_BYTES);
}

export function sharedSlots(): readonly Buffer[] {
  return Array.from({ length: SLOTS }, () => sharedBuffer(SLOT_BYTES));
}
