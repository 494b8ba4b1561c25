import { hasRoles, roleColumns, roles, takeField } from "./event-log";
import { Action, CR, LF, QUOTE, State, step } from "./grammar";
import { finished, hashOf, Lanes } from "./hash";
import { clearRows, noteRow } from "./row-sketch";
import { feed } from "./value";

/**
 * Counts the records of delimited text that arrives in chunks, and takes what their fields are. Blocks of 64 bytes are
 * looked at as bit masks; a block with anything odd in it, and the header, go byte by byte through the table of the grammar.
 */

export let state: u32 = State.recordStart;
/** An action that is a fault; nothing is counted after it. */
export let fault: u32 = Action.none;
export let records: u64 = 0;
/** Fields of the header, and those of the record that is being read so far. */
export let width: u64 = 0;
export let fields: u64 = 1;
export let lf: u64 = 0;
export let crlf: u64 = 0;
export let emptyLines: u64 = 0;
export let strayQuotes: u64 = 0;
export let strayQuoteLine: u64 = 0;
export let line: u64 = 1;
export let recordLine: u64 = 1;
export let quoteLine: u64 = 1;
/** Bytes before the end of the header; 0 while it has not ended. */
export let headerEnd: u64 = 0;
export let scanned: u64 = 0;
/** Rows that are the header again, as in files put after one another, and the line of the first. Only where rows are hashed. */
export let repeatedHeaders: u64 = 0;
export let repeatedHeaderLine: u64 = 0;
let headerHash: u64 = 0;
/** As it is after a byte order mark, which the second file brings along. */
let markedHeaderHash: u64 = 0;
let delimiter: u32 = 0;
let hashesRows: bool = false;
/** Bytes scanned before the address 0 would be. */
let base: u64 = 0;

/** Free bytes that the caller leaves before every chunk. */
const ROOM: i32 = 32;
/** The record that is being read starts here, less what is in `rowLanes` of it. */
let rowStart: usize = 0;
const rowLanes = new Lanes();
/** Its last bytes, when a chunk ends inside it. */
const rowRest: usize = memory.data(ROOM);
let rowRestBytes: usize = 0;
let fieldStart: usize = 0;

/** Forgets the text before. */
export function start(delimiterByte: u32, firstLine: u32, withRows: bool): void {
  delimiter = delimiterByte;
  hashesRows = withRows;
  state = State.recordStart;
  fault = Action.none;
  records = 0;
  width = 0;
  fields = 1;
  lf = 0;
  crlf = 0;
  emptyLines = 0;
  strayQuotes = 0;
  strayQuoteLine = 0;
  line = firstLine;
  recordLine = firstLine;
  quoteLine = firstLine;
  headerEnd = 0;
  scanned = 0;
  repeatedHeaders = 0;
  repeatedHeaderLine = 0;
  rowRestBytes = 0;
  rowLanes.clear();
  clearRows();
}

/**
 * Takes a chunk; of the one in which the header ends, no more than the header. Returns how many bytes it took. Up to 16
 * bytes are written before a chunk, and up to 15 read past its end.
 */
export function push(at: usize, length: usize): usize {
  base = scanned - (at as u64);
  memory.copy(at - rowRestBytes, rowRest, rowRestBytes);
  rowStart = at - rowRestBytes;
  fieldStart = at;
  const end = at + length;
  const next = records === 0 ? bytes(at, end) : blocks(at, end);
  scanned = base + (next as u64);
  keepRest(next);
  return next - at;
}

/** The text is complete. */
export function end(): void {
  if (fault !== Action.none || state === State.recordStart) return;
  if (state === State.quoted) {
    fault = Action.quoteLeftOpen;
    line = quoteLine;
  } else if (state >= State.crOnEmptyLine) fault = Action.loneCr;
  else {
    memory.copy(ROOM_AT_END, rowRest, rowRestBytes);
    rowStart = ROOM_AT_END;
    fieldStart = ROOM_AT_END + rowRestBytes;
    base = scanned - (fieldStart as u64);
    endField(fieldStart, recordLine);
    endRecord(fieldStart, fieldStart);
  }
}

/** Where the last record's last bytes are put when the text ends without a line end. */
const ROOM_AT_END: usize = memory.data(64);

/** What is not complete is put aside: the caller reads into the chunk's memory again. */
function keepRest(end: usize): void {
  if (fault !== Action.none) return;
  if (fields <= width && load<u8>(roles + ((fields - 1) as usize)) !== 0 && state >= State.unquoted) feed(fieldStart, end);
  if (!hashesRows) return;
  // A CR may be no part of the row, and so stays outside of the lanes.
  const rest = rowStart < end ? ((end - rowStart - 1) & 15) + 1 : 0;
  rowLanes.fold(rowStart, end - rest);
  memory.copy(rowRest, end - rest, rest);
  rowRestBytes = rest;
}

/** Takes bytes one by one, up to the header's end where that is among them; returns where it stopped. */
function bytes(from: usize, to: usize): usize {
  for (let at = from; at < to; at++) {
    const next = step(state, load<u8>(at));
    state = next & 7;
    const action = next >> 3;
    if (action === Action.none) continue;
    if (action === Action.field) {
      endField(at, recordLine);
      fields++;
      fieldStart = at + 1;
    } else {
      const isHeader = records === 0;
      act(action, at);
      if (fault !== Action.none || (isHeader && records !== 0)) return at + 1;
    }
  }
  return to;
}

function act(action: u32, at: usize): void {
  if (action >= Action.textAfterQuote) {
    fault = action;
    return;
  }
  if (action === Action.openQuote) {
    quoteLine = line;
    return;
  }
  if (action === Action.strayQuote) {
    if (strayQuotes++ === 0) strayQuoteLine = line;
    return;
  }
  if (action !== Action.newlineInside) {
    if (action === Action.emptyLine) emptyLines++;
    else {
      const isCrlf = action === Action.recordAfterCr;
      const contentEnd = at - (isCrlf as usize);
      endField(contentEnd, recordLine);
      endRecord(contentEnd, at + 1);
      if (fault !== Action.none) return;
      if (isCrlf) crlf++;
      else lf++;
    }
    rowStart = at + 1;
    fieldStart = at + 1;
    recordLine = line + 1;
  }
  line++;
}

@inline
function endField(to: usize, line: u64): void {
  // The header has no roles yet, and a field too many is a fault.
  const role: u32 = fields <= width ? load<u8>(roles + ((fields - 1) as usize)) : 0;
  if (role !== 0) takeField(role, fieldStart, to, line);
}

function endRecord(contentEnd: usize, after: usize): void {
  if (records === 0) {
    width = fields;
    if (hashesRows) {
      markedHeaderHash = hashAfterMark(contentEnd);
      headerHash = rowHash(contentEnd);
    }
    headerEnd = base + (after as u64);
  } else if (fields !== width) {
    fault = Action.record;
    return;
  } else if (hashesRows) endRow(contentEnd, recordLine);
  records++;
  fields = 1;
}

@inline
function endRow(contentEnd: usize, line: u64): void {
  const hash = rowHash(contentEnd);
  if ((hash === headerHash || hash === markedHeaderHash) && repeatedHeaders++ === 0) repeatedHeaderLine = line;
  noteRow(hash);
}

/** 0 when the header came in pieces. */
function hashAfterMark(contentEnd: usize): u64 {
  if (rowLanes.bytes !== 0) return 0;
  const length = contentEnd - rowStart;
  const marked = heap.alloc(length + 32);
  store<u32>(marked, 0xbfbbef);
  memory.copy(marked + 3, rowStart, length);
  const hash = hashOf(marked, marked + length + 3);
  heap.free(marked);
  return hash;
}

function rowHash(contentEnd: usize): u64 {
  if (rowLanes.bytes === 0) return hashOf(rowStart, contentEnd);
  const hash = finished(rowLanes, rowStart, contentEnd);
  rowLanes.clear();
  return hash;
}

/** One bit for each of 64 bytes: whether it is this one. */
@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return (
    (i8x16.bitmask(i8x16.eq(a, byte)) as u64) |
    ((i8x16.bitmask(i8x16.eq(b, byte)) as u64) << 16) |
    ((i8x16.bitmask(i8x16.eq(c, byte)) as u64) << 32) |
    ((i8x16.bitmask(i8x16.eq(d, byte)) as u64) << 48)
  );
}

/** Turns over from every set bit on: of quotes, whether a byte is inside. */
@inline
function prefixXor(bits: u64): u64 {
  let inside = bits;
  inside ^= inside << 1;
  inside ^= inside << 2;
  inside ^= inside << 4;
  inside ^= inside << 8;
  inside ^= inside << 16;
  return inside ^ (inside << 32);
}

/** Takes a chunk that begins after the header; returns its end. */
function blocks(from: usize, to: usize): usize {
  const last = from + ((to - from) & ~63);
  const quoteByte = i8x16.splat(QUOTE as i8);
  const delimiterByte = i8x16.splat(delimiter as i8);
  const lfByte = i8x16.splat(LF as i8);
  const crByte = i8x16.splat(CR as i8);
  const takesFields = hasRoles;
  // What the bytes before a block have left open: one bit each, or all for what is inside quotes.
  let wasInside: u64 = state === State.quoted ? u64.MAX_VALUE : 0;
  let wasClosing = (state === State.closed) as u64;
  let wasCr = (state === State.cr) as u64;
  let wasLf = (state === State.recordStart) as u64;
  let wasSeparator = (state <= State.fieldStart) as u64;
  let wasCrOnEmptyLine = state === State.crOnEmptyLine;
  for (let at = from; at < last; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const quotes = bitsOf(a, b, c, d, quoteByte);
    const lfs = bitsOf(a, b, c, d, lfByte);
    // A pair of quotes inside a quoted field closes and opens again, which comes to the same.
    const inside = prefixXor(quotes) ^ wasInside;
    const outside = ~inside;
    const opening = quotes & inside;
    const closing = quotes & outside;
    const delimiters = bitsOf(a, b, c, d, delimiterByte) & outside;
    const newlines = lfs & outside;
    const crs = bitsOf(a, b, c, d, crByte) & outside;

    // Bytes by what comes before them.
    const lineStart = (newlines << 1) | wasLf;
    const fieldStarts = lineStart | (delimiters << 1) | wasSeparator;
    const afterClosing = (closing << 1) | wasClosing;
    const afterCr = (crs << 1) | wasCr;

    // A stray quote, text after a closing quote, a lone CR, an empty line, a NUL.
    const odd =
      (opening & ~(fieldStarts | afterClosing)) |
      (afterClosing & ~(delimiters | newlines | crs | quotes)) |
      (afterCr & ~newlines) |
      (lineStart & (newlines | crs));
    const hasNul = !i8x16.all_true(i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
    if (odd !== 0 || hasNul || wasCrOnEmptyLine || !areEven(newlines, delimiters)) {
      if (!wasCrOnEmptyLine) state = stateOf(wasInside, wasClosing, wasCr, wasLf, wasSeparator);
      bytes(at, at + 64);
      if (fault !== Action.none) return to;
      wasInside = state === State.quoted ? u64.MAX_VALUE : 0;
      wasClosing = (state === State.closed) as u64;
      wasCr = (state === State.cr) as u64;
      wasLf = (state === State.recordStart) as u64;
      wasSeparator = (state <= State.fieldStart) as u64;
      wasCrOnEmptyLine = state === State.crOnEmptyLine;
      continue;
    }

    // Nothing is left to go wrong: from here on everything is counted.
    if (takesFields) takeFields(at, delimiters, newlines, afterCr, lfs);
    if (newlines !== 0) {
      if (hashesRows) takeRows(at, newlines, afterCr, lfs);
      const ends = popcnt(newlines);
      const crlfs = popcnt(newlines & afterCr);
      records += ends;
      crlf += crlfs;
      lf += ends - crlfs;
      const through = u64.MAX_VALUE >> clz(newlines);
      recordLine = line + popcnt(lfs & through);
      fields = 1 + popcnt(delimiters & ~through);
    } else fields += popcnt(delimiters);
    // A quote closed by the last byte may turn out to be the first of a pair.
    const newOpening = opening & ~afterClosing;
    if (newOpening !== 0 && ((inside | closing) as i64) < 0) quoteLine = line + popcnt(lfs & (u64.MAX_VALUE >> clz(newOpening)));
    line += popcnt(lfs);
    wasInside = ((inside as i64) >> 63) as u64;
    wasClosing = closing >> 63;
    wasCr = crs >> 63;
    wasLf = newlines >> 63;
    wasSeparator = (newlines | delimiters) >> 63;
  }
  if (!wasCrOnEmptyLine) state = stateOf(wasInside, wasClosing, wasCr, wasLf, wasSeparator);
  bytes(last, to);
  return to;
}

/** The state that these bits stand for. */
@inline
function stateOf(wasInside: u64, wasClosing: u64, wasCr: u64, wasLf: u64, wasSeparator: u64): u32 {
  if (wasInside !== 0) return State.quoted;
  if (wasClosing !== 0) return State.closed;
  if (wasLf !== 0) return State.recordStart;
  if (wasSeparator !== 0) return State.fieldStart;
  return wasCr !== 0 ? State.cr : State.unquoted;
}

/** Whether every record that ends in a block has as many fields as the header. */
@inline
function areEven(newlines: u64, delimiters: u64): bool {
  let counted = fields;
  let below: u64 = 0;
  for (let rest = newlines; rest !== 0; rest &= rest - 1) {
    // Ones up to this record's end.
    const through = rest ^ (rest - 1);
    if (counted + popcnt(delimiters & through & ~below) !== width) return false;
    counted = 1;
    below = through;
  }
  return true;
}

/** Hands over the fields with a role that end in a block. */
@inline
function takeFields(at: usize, delimiters: u64, newlines: u64, afterCr: u64, lfs: u64): void {
  let column = (fields - 1) as usize;
  let recordAt = recordLine;
  for (let rest = delimiters | newlines; rest !== 0; rest &= rest - 1) {
    if (column >= roleColumns) {
      // What is left of this record concerns nobody.
      const ends = rest & newlines;
      if (ends === 0) return;
      rest &= -(ends & -ends);
    }
    const bit = rest & -rest;
    const place = at + (ctz(rest) as usize);
    const role: u32 = column < roleColumns ? load<u8>(roles + column) : 0;
    const isEnd = (newlines & bit) !== 0;
    if (role !== 0) takeField(role, fieldStart, place - ((isEnd && (afterCr & bit) !== 0) as usize), recordAt);
    fieldStart = place + 1;
    column = isEnd ? 0 : column + 1;
    if (isEnd) recordAt = line + popcnt(lfs & (bit | (bit - 1)));
  }
}

/** Hashes the rows that end in a block. */
@inline
function takeRows(at: usize, newlines: u64, afterCr: u64, lfs: u64): void {
  let rowLine = recordLine;
  for (let rest = newlines; rest !== 0; rest &= rest - 1) {
    const place = at + (ctz(rest) as usize);
    endRow(place - ((afterCr & (rest & -rest)) !== 0 ? 1 : 0), rowLine);
    rowStart = place + 1;
    rowLine = line + popcnt(lfs & (rest ^ (rest - 1)));
  }
}
