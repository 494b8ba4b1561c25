/** An activity or a case that is a number: one value, however it is written. Readers parse `<int>` and `<float>`. */

/** Where the number that was read last lies. */
export let numberFrom: usize = 0;
export let numberTo: usize = 0;

/** Finds the number without a plus sign and zeros that mean nothing. All other texts, such as `1e3`, stay as they are. */
export function trimNumber(from: usize, to: usize): void {
  numberFrom = from;
  numberTo = to;
  let at = from;
  while (at < to && load<u8>(at) <= 0x20) at++;
  let end = to;
  while (end > at && load<u8>(end - 1) <= 0x20) end--;
  const isNegative = at < end && load<u8>(at) === 0x2d;
  if (isNegative || (at < end && load<u8>(at) === 0x2b)) at++;
  const dot = digitsEnd(at, end);
  if (dot === at) return;
  if (dot < end) {
    if (load<u8>(dot) !== 0x2e || digitsEnd(dot + 1, end) !== end) return;
    while (load<u8>(end - 1) === 0x30) end--;
    if (end - 1 === dot) end--;
  }
  while (at + 1 < min(dot, end) && load<u8>(at) === 0x30) at++;
  const isZero = end - at === 1 && load<u8>(at) === 0x30;
  // The sign moves to the first digit that counts.
  if (isNegative && !isZero) store<u8>(--at, 0x2d);
  numberFrom = at;
  numberTo = end;
}

function digitsEnd(from: usize, to: usize): usize {
  let at = from;
  while (at < to && <u32>(load<u8>(at) - 0x30) <= 9) at++;
  return at;
}
