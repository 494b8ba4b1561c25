/** What the rows of a table are, whatever their order: how many, and the sum and the exclusive or of their hashes. */

export let rowCount: u64 = 0;
export let rowSum: u64 = 0;
export let rowXor: u64 = 0;

export function clearRows(): void {
  rowCount = 0;
  rowSum = 0;
  rowXor = 0;
}

/** Takes the hash of one row. */
@inline
export function noteRow(hash: u64): void {
  rowCount++;
  rowSum += hash;
  rowXor ^= hash;
}
