/** Names of elements, attributes and instructions, by the production Name of XML 1.0. */

/** What a byte may be in a name, as bits. */
const START: u32 = 1;
const INSIDE: u32 = 2;
const COLON: u32 = 4;
const OTHER_SCRIPT: u32 = 8;
const kinds: usize = memory.data(256);
for (let byte: u32 = 0; byte < 256; byte++) store<u8>(kinds + byte, kindOf(byte) as u8);

function kindOf(byte: u32): u32 {
  if (byte >= 0x80) return START | INSIDE | OTHER_SCRIPT;
  if (byte === 0x3a) return START | INSIDE | COLON;
  if ((byte | 0x20) - 0x61 <= 25 || byte === 0x5f) return START | INSIDE;
  return byte - 0x30 <= 9 || byte === 0x2d || byte === 0x2e ? INSIDE : 0;
}

/** Where the name that was read last begins without its prefix. */
export let localStart: usize = 0;

/** The address after a name; `from` itself when none begins there. */
@inline
export function nameEnd(from: usize): usize {
  localStart = from;
  let kind: u32 = load<u8>(kinds + load<u8>(from));
  if ((kind & START) === 0) return from;
  let seen = kind;
  let to = from + 1;
  while (true) {
    kind = load<u8>(kinds + load<u8>(to));
    if (kind === 0) break;
    seen |= kind;
    to++;
  }
  return (seen & (COLON | OTHER_SCRIPT)) === 0 ? to : longNameEnd(from, to, seen);
}

function longNameEnd(from: usize, to: usize, seen: u32): usize {
  const end = (seen & OTHER_SCRIPT) === 0 ? to : nameEndOfAny(from);
  for (let i = from; i < end && localStart === from; i++) if (load<u8>(i) === 0x3a) localStart = i + 1;
  return end;
}

/** As `nameEnd`, character by character. */
function nameEndOfAny(from: usize): usize {
  let at = from;
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte < 0x80) {
      if ((load<u8>(kinds + byte) & (at === from ? START : INSIDE)) === 0) return at;
      at++;
      continue;
    }
    const length: usize = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    let code: u32 = byte & (0x7f >> (length as u32));
    for (let i: usize = 1; i < length; i++) code = (code << 6) | (load<u8>(at + i) & 0x3f);
    if (!isStartCode(code) && (at === from || !isInsideCode(code))) return at;
    at += length;
  }
}

function isStartCode(code: u32): bool {
  return (
    (code >= 0xc0 && code <= 0x2ff && code !== 0xd7 && code !== 0xf7) ||
    (code >= 0x370 && code <= 0x1fff && code !== 0x37e) ||
    code === 0x200c ||
    code === 0x200d ||
    (code >= 0x2070 && code <= 0x218f) ||
    (code >= 0x2c00 && code <= 0x2fef) ||
    (code >= 0x3001 && code <= 0xd7ff) ||
    (code >= 0xf900 && code <= 0xfdcf) ||
    (code >= 0xfdf0 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0xeffff)
  );
}

function isInsideCode(code: u32): bool {
  return code === 0xb7 || (code >= 0x300 && code <= 0x36f) || code === 0x203f || code === 0x2040;
}
