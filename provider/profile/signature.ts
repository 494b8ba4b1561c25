/** What the first bytes of a file give away when it is not the text its name promises. */

const SIGNATURES: readonly (readonly [start: readonly number[], refusal: string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], "it is UTF-32 text. Save it as UTF-8"],
  [[0x00, 0x00, 0xfe, 0xff], "it is UTF-32 text. Save it as UTF-8"],
  [[0xff, 0xfe], "it is UTF-16 text. Save it as UTF-8"],
  [[0xfe, 0xff], "it is UTF-16 text. Save it as UTF-8"],
  [[0x50, 0x4b, 0x03, 0x04], "it is a zip archive or an Excel workbook. Unpack it, or name it by what it is"],
  [[0x1f, 0x8b], "it is compressed with gzip. Unpack it first"],
  [[0xd0, 0xcf, 0x11, 0xe0], "it is an old or a password-protected Excel workbook. Save it as CSV"],
];

/** UTF-16 without a byte order mark shows in the first characters of a header, which are ASCII nearly everywhere. */
const LOOKED_AT_BYTES = 256;

/** Why these first bytes are not those of a UTF-8 text; undefined when they may be. */
export function signatureRefusal(start: Uint8Array): string | undefined {
  const known = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (known) return known[1];
  const pairs = Math.floor(Math.min(start.length, LOOKED_AT_BYTES) / 2);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (start[2 * i] === 0) even++;
    if (start[2 * i + 1] === 0) odd++;
  }
  const isHalfZero = Math.max(even, odd) > pairs * 0.7;
  if (!isHalfZero || pairs < 2) return undefined;
  return Math.min(even, odd) > 0 ? "it is UTF-32 text. Save it as UTF-8" : "it is UTF-16 text. Save it as UTF-8";
}
