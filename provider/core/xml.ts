import { hashOf } from "./hash";
import { localStart, nameEnd } from "./xml-name";
import { addLines, Problem, setLine, xmlLine } from "./xml-problem";
import { decoded, decodeError, isNoCharacter, plainEnd } from "./xml-text";
import { emit, idOf, isTextWanted, Kind, makeRoom } from "./xml-tokens";
import { xesAttribute, xesClose, xesLeaf, xesOpen, xesTagEnd } from "./xes";

/**
 * Parses XML in UTF-8 that arrives in chunks: elements, attributes, text, CDATA, the five entities and character references.
 * Comments, processing instructions and a DOCTYPE are passed over; entities that one declares are not expanded, and using
 * one is an error. Whoever calls has found the bytes to be UTF-8.
 */

const MAX_DEPTH: i32 = 256;
const MAX_MARKUP_BYTES: usize = 16 * 1024 * 1024;
const MAX_ATTRIBUTES: i32 = 1024;

export let problem: i32 = Problem.none;
/** What the problem is about: the name of a root that is none of ours. */
export let detailFrom: usize = 0;
export let detailTo: usize = 0;

let isXes: bool = false;
let depth: i32 = 0;
let hasRoot: bool = false;
/** Before the first byte, or the first after a byte order mark. */
let isAtStart: bool = true;
let mayHaveMark: bool = true;
/** Of every open element: the hash of its name, what it is to the listener, and its line. */
const names: usize = memory.data(8 * 257);
const ids: usize = memory.data(257);
const lines: usize = memory.data(8 * 257);
/** Hashes of the attributes of one tag. */
const attributes: usize = memory.data(8 * MAX_ATTRIBUTES);

let buffer: usize = 0;
let capacity: usize = 0;
/** What is in the buffer and not parsed yet. */
let at: usize = 0;
let end: usize = 0;
/** The last < in the buffer. A tag before it is whole or broken: no value may hold another. */
let lastOpening: usize = 0;

export function startXml(forXes: bool): void {
  isXes = forXes;
  problem = Problem.none;
  setLine(1);
  depth = 0;
  hasRoot = false;
  isAtStart = true;
  mayHaveMark = true;
  at = buffer;
  end = buffer;
}

/** Where the next bytes are to be written. */
export function xmlRoom(bytes: usize): usize {
  const rest = end - at;
  if (rest + bytes > capacity) {
    capacity = rest + bytes > capacity + capacity ? rest + bytes : capacity + capacity;
    const larger = heap.alloc(capacity + 64);
    memory.copy(larger, at, rest);
    if (buffer !== 0) heap.free(buffer);
    buffer = larger;
  } else memory.copy(buffer, at, rest);
  at = buffer;
  end = buffer + rest;
  return end;
}

/** Takes bytes that lie elsewhere in the core's memory, and parses them. */
export function xmlTake(from: usize, bytes: usize): void {
  memory.copy(xmlRoom(bytes), from, bytes);
  xmlRun(bytes, false);
}

/** Parses what has been written. */
export function xmlRun(bytes: usize, isLast: bool): void {
  end += bytes;
  lastOpening = end;
  // Ends what is looked for byte by byte.
  store<u8>(end, 0);
  while (lastOpening > at && load<u8>(lastOpening) !== 0x3c) lastOpening--;
  while (at < end && problem === Problem.none) {
    const before = at;
    if (load<u8>(at) === 0x3c) markup();
    else text(isLast);
    if (at === before) break;
  }
  if (problem !== Problem.none) return;
  if (end - at > MAX_MARKUP_BYTES) problem = Problem.tooLong;
  if (!isLast) return;
  if (at < end) problem = Problem.markup;
  else if (depth > 0) {
    problem = Problem.unclosed;
    setLine(load<u64>(lines + 8 * (depth as usize)));
  } else if (!hasRoot) problem = Problem.noRoot;
}

/** The line of the last byte that was written. */
export function xmlLineAtEnd(): u64 {
  return xmlLine + linesIn(at, end);
}

function linesIn(from: usize, to: usize): u64 {
  let found: u64 = 0;
  for (let i = from; i < to; i++) if (load<u8>(i) === 0x0a) found++;
  return found;
}

/** Text up to the next markup; leaves what may go on in the next chunk. */
function text(isLast: bool): void {
  if (depth !== 0 && (isXes || !isTextWanted(load<u8>(ids + depth)))) {
    at = skipBlanks(at, end);
    if (at === end || load<u8>(at) === 0x3c) return;
  }
  const from = at;
  let to = at;
  while (to < end && load<u8>(to) !== 0x3c) to++;
  if (depth === 0) {
    // Half a byte order mark.
    if (mayHaveMark && load<u8>(at) === 0xef && end - at < 3 && !isLast) return;
    outside(to);
  } else {
    // A character, an entity or ]]> may be cut in two.
    if (to === end && !isLast) to = wholeUpTo(from, to);
    if (to === from) return;
    const length = decoded(from, to, false);
    fail(decodeError);
    if (problem !== Problem.none) return;
    const id = load<u8>(ids + depth);
    if (!isXes && isTextWanted(id)) emit(Kind.text, id, depth, from, from + (length as usize));
    at = to;
  }
}

/** How far a text may be taken whose rest has not arrived. */
function wholeUpTo(from: usize, to: usize): usize {
  let stop = to;
  while (stop > from && to - stop < 2 && (load<u8>(stop - 1) === 0x5d || load<u8>(stop - 1) === 0x0d)) stop--;
  for (let back = stop; back > from && to - back < 16; back--) {
    const byte = load<u8>(back - 1);
    if (byte === 0x26 || byte >= 0xc0) return back - 1;
  }
  return stop;
}

/** Nothing but whitespace, and a byte order mark, stands outside of the root. */
function outside(to: usize): void {
  if (mayHaveMark && end - at >= 3 && load<u16>(at) === 0xbbef && load<u8>(at, 2) === 0xbf) at += 3;
  mayHaveMark = false;
  if (at < to) isAtStart = false;
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte === 0x0a) addLines(1);
    else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) {
      problem = Problem.textOutside;
      return;
    }
  }
}

@inline
function fail(found: i32): void {
  if (found !== Problem.none) problem = found;
}

/** What begins with <; stays where it is when its end has not arrived. */
function markup(): void {
  if (isXes && depth !== 0 && depth !== MAX_DEPTH) {
    const after = xesLeaf(at, depth, xmlLine);
    if (after !== 0) {
      at = after;
      return;
    }
  }
  mayHaveMark = false;
  if (end - at < 2) return;
  const next = load<u8>(at, 1);
  if (next === 0x21) declaration();
  else if (next === 0x3f) instruction();
  else {
    const limit = at < lastOpening ? lastOpening : tagEnd(at + 1);
    if (limit === 0) return;
    isAtStart = false;
    if (next === 0x2f) closeTag(limit);
    else openTag(limit);
  }
}

/** The address after the > that ends a tag: one that is not in quotes. 0 when it has not arrived. */
function tagEnd(from: usize): usize {
  let quote: u32 = 0;
  for (let i = from; i < end; i++) {
    const byte = load<u8>(i);
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 0x3e) return i + 1;
    else if (byte === 0x22 || byte === 0x27) quote = byte;
  }
  return 0;
}

function startsWith(from: usize, text: string): bool {
  if (end - from < (text.length as usize)) return false;
  for (let i = 0; i < text.length; i++) if (load<u8>(from + i) !== text.charCodeAt(i)) return false;
  return true;
}

/** Where a text is found next; 0 when it has not arrived. */
function find(from: usize, text: string): usize {
  for (let i = from; i < end; i++) if (load<u8>(i) === text.charCodeAt(0) && startsWith(i, text)) return i;
  return 0;
}

/** Passes over what lies up to an address, which holds no character that is none. */
function passTo(to: usize): void {
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte === 0x0a) addLines(1);
    else if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0d) || (byte === 0xef && isNoCharacter(at, to))) {
      problem = Problem.character;
      return;
    }
  }
}

function declaration(): void {
  if (startsWith(at, "<!--")) {
    const dashes = find(at + 4, "--");
    if (dashes === 0 || dashes + 2 >= end) return;
    passTo(dashes + 2);
    if (problem === Problem.none && load<u8>(at) !== 0x3e) problem = Problem.comment;
    at++;
  } else if (startsWith(at, "<![CDATA[")) {
    const close = find(at + 9, "]]>");
    if (depth === 0) problem = Problem.textOutside;
    if (close === 0 || depth === 0) return;
    const from = at + 9;
    passTo(close + 3);
    const id = load<u8>(ids + depth);
    if (problem === Problem.none && !isXes && isTextWanted(id)) emit(Kind.text, id, depth, from, close);
  } else if (startsWith(at, "<!DOCTYPE")) {
    if (hasRoot) problem = Problem.doctype;
    const close = doctypeEnd(at + 9);
    if (close === 0 || hasRoot) return;
    passTo(close + 1);
  } else if (end - at >= 9) problem = Problem.markup;
  isAtStart = false;
}

/** The > that ends a DOCTYPE: outside of quotes, comments and brackets. 0 when it has not arrived. */
function doctypeEnd(from: usize): usize {
  let brackets = 0;
  let quote: u32 = 0;
  for (let i = from; i < end; i++) {
    const byte = load<u8>(i);
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 0x22 || byte === 0x27) quote = byte;
    else if (byte === 0x5b) brackets++;
    else if (byte === 0x5d) brackets--;
    else if (byte === 0x3e && brackets <= 0) return i;
    else if (byte === 0x3c && startsWith(i, "<!--")) {
      const close = find(i + 4, "-->");
      if (close === 0) return 0;
      i = close + 2;
    }
  }
  return 0;
}

function instruction(): void {
  const close = find(at + 2, "?>");
  if (close === 0) return;
  const target = at + 2;
  const stop = nameEnd(target);
  const isXml = stop === target + 3 && startsWith(target, "xml");
  if (stop === target || (stop !== close && load<u8>(stop) > 0x20)) problem = Problem.instruction;
  else if (isXml && !isAtStart) problem = hasRoot ? Problem.secondRoot : Problem.lateDeclaration;
  else if (isXml) {
    if (readAttributes(stop, close, DECLARATION) !== close) problem = Problem.instruction;
    at = close + 2;
  } else passTo(close + 2);
  isAtStart = false;
}

@inline
function skipBlanks(from: usize, to: usize): usize {
  let i = from;
  for (; i < to; i++) {
    const byte = load<u8>(i);
    if (byte === 0x0a) addLines(1);
    else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
  }
  return i;
}

function closeTag(limit: usize): void {
  const from = at + 2;
  const to = nameEnd(from);
  if (to === from || depth === 0 || load<u64>(names + 8 * (depth as usize)) !== hashOf(from, to)) {
    problem = Problem.closeTag;
    return;
  }
  const close = skipBlanks(to, limit);
  if (close === limit || load<u8>(close) !== 0x3e) {
    problem = Problem.closeTag;
    return;
  }
  closeElement();
  at = close + 1;
}

@inline
function closeElement(): void {
  const id = load<u8>(ids + depth);
  if (isXes) xesClose(depth);
  else if (id !== 0) emit(Kind.close, id, depth, 0, 0);
  depth--;
}

function openTag(limit: usize): void {
  const from = at + 1;
  const to = nameEnd(from);
  if (to === from) problem = Problem.name;
  else if (depth === 0 && hasRoot) problem = Problem.secondRoot;
  else if (depth === MAX_DEPTH) problem = Problem.tooDeep;
  if (problem !== Problem.none) return;
  const line = xmlLine;
  const id = enter(from, to);
  if (problem !== Problem.none) return;
  const stop = readAttributes(to, limit, id);
  if (problem !== Problem.none) return;
  const isEmpty = stop < limit && load<u8>(stop) === 0x2f;
  const close = stop + (isEmpty as usize);
  if (close >= limit || load<u8>(close) !== 0x3e) {
    problem = Problem.attribute;
    return;
  }
  if (isXes) xesTagEnd(line);
  if (isEmpty) closeElement();
  at = close + 1;
}

/** An element begins; returns the number of its name. */
@inline
function enter(from: usize, to: usize): u32 {
  hasRoot = true;
  depth++;
  const hash = hashOf(from, to);
  const id = idOf(localStart === from ? hash : hashOf(localStart, to));
  store<u64>(names + 8 * (depth as usize), hash);
  store<u8>(ids + depth, id as u8);
  store<u64>(lines + 8 * (depth as usize), xmlLine);
  if (!isXes) {
    makeRoom();
    if (id !== 0) emit(Kind.open, id, depth, 0, 0);
  } else {
    problem = xesOpen(id, depth, xmlLine);
    detailFrom = from;
    detailTo = to;
  }
  return id;
}

/** Reads attributes up to what is none: the end of the tag, unless it is broken. Returns where that is. */
function readAttributes(from: usize, limit: usize, element: u32): usize {
  let at = from;
  let count = 0;
  while (true) {
    const start = skipBlanks(at, limit);
    const stop = nameEnd(start);
    if (start === at || stop === start || start === limit) return start;
    const hash = hashOf(start, stop);
    const local = localStart;
    let valueStart = skipBlanks(stop, limit);
    if (valueStart < limit && load<u8>(valueStart) === 0x3d) valueStart = skipBlanks(valueStart + 1, limit);
    const quote: u32 = valueStart < limit && valueStart !== stop ? load<u8>(valueStart) : 0;
    if (quote !== 0x22 && quote !== 0x27) {
      problem = Problem.attribute;
      return at;
    }
    valueStart++;
    let valueEnd = plainEnd(valueStart);
    let length = valueEnd - valueStart;
    if (valueEnd >= limit || load<u8>(valueEnd) !== quote) {
      while (valueEnd < limit && load<u8>(valueEnd) !== quote) valueEnd++;
      length = decoded(valueStart, valueEnd, true) as usize;
      fail(decodeError);
      if (valueEnd === limit && problem === Problem.none) problem = limit === lastOpening ? Problem.lessThan : Problem.attribute;
    }
    if (problem !== Problem.none || !isNew(hash, count++)) return at;
    if (element === DECLARATION) {
      if (!isDeclared(start, valueStart, count)) problem = Problem.instruction;
    } else {
      const id = idOf(local === start ? hash : hashOf(local, stop));
      if (isXes) xesAttribute(id, valueStart, valueStart + length);
      else if (id !== 0 && element !== 0) emit(Kind.attribute, id, depth, valueStart, valueStart + length);
    }
    if (problem !== Problem.none) return at;
    at = valueEnd + 1;
  }
}

/** Stands for the XML declaration, which is written as a tag is. */
const DECLARATION: u32 = 255;

/** Whether the XML declaration may have this attribute as its first, second or third. */
function isDeclared(from: usize, value: usize, place: i32): bool {
  if (place === 1) return startsWith(from, "version") && startsWith(value, "1.");
  return (place === 2 && startsWith(from, "encoding")) || (place <= 3 && startsWith(from, "standalone"));
}

/** Whether an attribute occurs for the first time in its tag. */
@inline
function isNew(hash: u64, count: i32): bool {
  if (count === MAX_ATTRIBUTES) {
    problem = Problem.manyAttributes;
    return false;
  }
  for (let i = 0; i < count; i++)
    if (load<u64>(attributes + 8 * (i as usize)) === hash) {
      problem = Problem.twice;
      return false;
    }
  store<u64>(attributes + 8 * (count as usize), hash);
  return true;
}
