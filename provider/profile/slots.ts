/** Memory that a file is read into, piece by piece, while pieces before are looked at and hashed. */

/** 64 KiB, a stream's default, takes twice as long; more than 1 MiB gains nothing. */
export const SLOT_BYTES = 1024 * 1024;
/** One is read into, one is looked at, two may wait for their hash. */
export const SLOTS = 4;

/** Slots that a worker sees too. */
export function sharedSlots(): readonly Buffer[] {
  return Array.from({ length: SLOTS }, () => Buffer.from(new SharedArrayBuffer(SLOT_BYTES)));
}
