import { addLines, Problem } from "./xml-problem";

/** Decodes text and the values of attributes where they lie: what is decoded is never longer. */

/** Why the last one is not sound. */
export let decodeError: i32 = Problem.none;

/** By byte: 0 as it is, 1 to be looked at. */
const special: usize = memory.data(256);
for (let byte = 0; byte < 0x20; byte++) store<u8>(special + byte, 1);
store<u8>(special + 0x26, 1); // &
store<u8>(special + 0x3c, 1); // <
store<u8>(special + 0x5d, 1); // ]
store<u8>(special + 0xef, 1); // U+FFFE and U+FFFF begin with it

/**
 * Where a value ends, or what needs to be decoded begins: at a control character, ", &, ' or <, or what U+FFFE and U+FFFF
 * begin with. A null byte, at the latest, is behind the buffer. Memory is read up to 15 bytes past the end.
 */
@inline
export function plainEnd(from: usize): usize {
  let at = from;
  while (true) {
    const bytes = v128.load(at);
    // A bit for each set of characters by both of its digits: 0x00 to 0x1f, 0x22, 0x26 and 0x27, 0x3c, 0xef.
    const low = i8x16.swizzle(i8x16(1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 1, 1, 5, 1, 1, 9), v128.and(bytes, i8x16.splat(0x0f)));
    const high = i8x16.swizzle(i8x16(1, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0), i8x16.shr_u(bytes, 4));
    const ends = v128.and(low, high);
    if (v128.any_true(ends)) return at + (ctz(~i8x16.bitmask(i8x16.eq(ends, i8x16.splat(0)))) as usize);
    at += 16;
  }
}

/** Whether U+FFFE or U+FFFF begins here, which are none. */
@inline
export function isNoCharacter(at: usize, to: usize): bool {
  return at + 3 <= to && load<u8>(at, 1) === 0xbf && load<u8>(at, 2) >= 0xbe;
}

/** Returns the length of what the bytes between two addresses come to, which then lie at the first of them. */
export function decoded(from: usize, to: usize, isAttribute: bool): isize {
  decodeError = Problem.none;
  let at = from;
  let out = from;
  while (true) {
    const start = at;
    while (at < to && load<u8>(special + load<u8>(at)) === 0) at++;
    if (out !== start) memory.copy(out, start, at - start);
    out += at - start;
    if (at === to) return out - from;
    const byte = load<u8>(at);
    if (byte === 0x26) {
      const length = reference(at, to, out);
      if (length === 0) {
        if (decodeError === Problem.none) decodeError = Problem.entity;
        return -1;
      }
      at = referenceEnd;
      out += length;
      continue;
    }
    if (byte === 0x0a) addLines(1);
    else if (byte === 0x3c) decodeError = Problem.lessThan;
    else if (byte === 0x5d) {
      if (!isAttribute && at + 3 <= to && load<u8>(at, 1) === 0x5d && load<u8>(at, 2) === 0x3e) decodeError = Problem.cdataEnd;
    } else if (byte === 0xef) {
      if (isNoCharacter(at, to)) decodeError = Problem.character;
    } else if (byte !== 0x09 && byte !== 0x0d) decodeError = Problem.character;
    if (decodeError !== Problem.none) return -1;
    at++;
    // CR LF is one line end, and in attributes blanks of all kinds are spaces.
    if (byte === 0x0d && at < to && load<u8>(at) === 0x0a) continue;
    const kept: u32 = byte === 0x0d ? 0x0a : byte;
    store<u8>(out++, isAttribute && kept < 0x20 ? 0x20 : kept);
  }
}

let referenceEnd: usize = 0;

/** Writes what a reference stands for; returns its length, 0 when there is no such thing. */
function reference(at: usize, to: usize, out: usize): usize {
  let end = at + 1;
  while (end < to && end - at < 16 && load<u8>(end) !== 0x3b) end++;
  if (end === to || load<u8>(end) !== 0x3b) return 0;
  referenceEnd = end + 1;
  const first = load<u8>(at, 1);
  if (first === 0x23) return character(at + 2, end, out);
  const length = end - at - 1;
  let byte: u32 = 0;
  if (length === 2 && load<u8>(at, 2) === 0x74) byte = first === 0x6c ? 0x3c : first === 0x67 ? 0x3e : 0;
  else if (length === 3 && first === 0x61 && load<u8>(at, 2) === 0x6d && load<u8>(at, 3) === 0x70) byte = 0x26;
  else if (length === 4 && load<u32>(at + 1) === 0x746f7571) byte = 0x22;
  else if (length === 4 && load<u32>(at + 1) === 0x736f7061) byte = 0x27;
  if (byte === 0) return 0;
  store<u8>(out, byte);
  return 1;
}

/** The character of a number, as UTF-8. */
function character(from: usize, to: usize, out: usize): usize {
  const isHex = from < to && load<u8>(from) === 0x78;
  let code: u32 = 0;
  let at = from + (isHex as usize);
  if (at === to) return 0;
  for (; at < to; at++) {
    const byte: u32 = load<u8>(at);
    const digit: u32 = byte <= 0x39 ? byte - 0x30 : isHex && (byte | 0x20) >= 0x61 ? (byte | 0x20) - 0x57 : 99;
    if (digit >= ((isHex ? 16 : 10) as u32) || code > 0x10ffff) return 0;
    code = code * (isHex ? 16 : 10) + digit;
  }
  const isControl = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  if (isControl || (code >= 0xd800 && code < 0xe000) || code === 0xfffe || code === 0xffff || code > 0x10ffff) {
    decodeError = Problem.character;
    return 0;
  }
  if (code < 0x80) {
    store<u8>(out, code);
    return 1;
  }
  const length: usize = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (let i = length - 1; i > 0; i--) {
    store<u8>(out + i, 0x80 | (code & 0x3f));
    code >>= 6;
  }
  store<u8>(out, ((0xf00 >> (length as u32)) & 0xff) | code);
  return length;
}
