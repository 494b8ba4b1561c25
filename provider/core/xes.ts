import { isNoted, NAME_BYTES, noteActivity } from "./activities";
import { isBlank } from "./event-log";
import { keepActivity, keepCase, keepsEvents, keepTime, NO_ACTIVITY } from "./events";
import { hashOf, nonZero } from "./hash";
import { addTime, hasZone, keepUnreadTime, NO_TIME, TIME_BYTES, timeOf } from "./times";
import { plainEnd } from "./xml-text";
import { addName } from "./xml-tokens";

/** Counts the traces and events of an XES log and takes their activities and times. */

export let traces: u64 = 0;
export let events: u64 = 0;
export let withoutTime: u64 = 0;
export let withoutTimeLine: u64 = 0;
export let withoutName: u64 = 0;
export let withoutNameLine: u64 = 0;
/** Events with more than one name, or time. */
export let repeatedKeys: u64 = 0;
export let repeatedKeysLine: u64 = 0;

const LOG: u32 = 1;
const TRACE: u32 = 2;
const EVENT: u32 = 3;
const KEY: u32 = 4;
const VALUE: u32 = 5;

/** Of the event that is being read; deeper elements belong to it. */
const NO_EVENT: i32 = i32.MAX_VALUE - 1;
let eventDepth: i32 = NO_EVENT;
let eventLine: u64 = 0;
let hasTime: bool = false;
let hasName: bool = false;
let isBlankName: bool = false;
let hasRepeatedKey: bool = false;
/** Its name and its time: the last ones that it has. They count once it ends, when their bytes may have moved. */
let nameHash: u64 = 0;
let nameBytes: usize = 0;
const nameStart: usize = memory.data(208);
let ms: i64 = NO_TIME;
let isZoned: bool = false;
let timeLine: u64 = 0;
let timeBytes: usize = 0;
const timeStart: usize = memory.data(80);
let isAttributeOfEvent: bool = false;
let isAttributeOfTrace: bool = false;
/** The case that the open trace is: by its name, and without one by its place. 0 outside of traces. */
let traceHash: u64 = 0;
/** What the tag's attribute key names: an activity, a time, or neither. */
let key: u32 = 0;
const NAME_KEY: u32 = 1;
const TIME_KEY: u32 = 2;
let valueFrom: usize = 0;
let valueTo: usize = 0;

const nameKey = "concept:name";
const timeKey = "time:timestamp";

export function startXes(): void {
  traces = 0;
  events = 0;
  withoutTime = 0;
  withoutName = 0;
  repeatedKeys = 0;
  eventDepth = NO_EVENT;
  isAttributeOfEvent = false;
  isAttributeOfTrace = false;
  traceHash = 0;
  key = 0;
  valueFrom = 0;
  valueTo = 0;
  addText("log", LOG);
  addText("trace", TRACE);
  addText("event", EVENT);
  addText("key", KEY);
  addText("value", VALUE);
}

function addText(name: string, id: u32): void {
  const bytes = String.UTF8.encode(name);
  addName(hashOf(changetype<usize>(bytes), changetype<usize>(bytes) + name.length), id, false);
}

/** How tools write the attributes of a log: `<string key="concept:name" value="…"/>`, its first eight bytes as a number. */
const STRING: u64 = 0x6b20676e69727473; // string k
const DATE: u64 = 0x79656b2065746164; // date key
const INT: u64 = 0x3d79656b20746e69; // int key=
const FLOAT: u64 = 0x656b2074616f6c66; // float ke
const BOOLEAN: u64 = 0x206e61656c6f6f62; // boolean and a space
const KEY_TEXT: u64 = 0x223d79656b20; // and key="
const KEY_TEXT_BITS: u64 = 0xffffffffffff;
const VALUE_TEXT: u64 = 0x3d65756c61762022; // " value=

/**
 * Takes an attribute that is written as tools write it, as `xesOpen` to `xesClose` would. Returns the address after it; 0
 * leaves it to the parser, which knows all other forms. What follows the bytes that have arrived is a null byte.
 */
@inline
export function xesLeaf(tag: usize, parentDepth: i32, line: u64): usize {
  const first = load<u64>(tag, 1);
  const nameBytes: usize = first === STRING ? 6 : first === DATE ? 4 : first === FLOAT ? 5 : first === INT ? 3 : first === BOOLEAN ? 7 : 0;
  if (nameBytes === 0 || (load<u64>(tag + nameBytes, 1) & KEY_TEXT_BITS) !== KEY_TEXT) return 0;
  const keyFrom = tag + nameBytes + 7;
  const keyTo = plainEnd(keyFrom);
  if (load<u64>(keyTo) !== VALUE_TEXT || load<u8>(keyTo, 8) !== 0x22) return 0;
  const from = keyTo + 9;
  const to = plainEnd(from);
  if (load<u8>(to) !== 0x22) return 0;
  const close = to + 1 + ((load<u8>(to, 1) === 0x20) as usize);
  if (load<u16>(close) !== 0x3e2f) return 0;
  if (parentDepth === eventDepth) {
    if (isText(keyFrom, keyTo, nameKey)) takeName(from, to);
    else if (isText(keyFrom, keyTo, timeKey)) takeTime(from, to, line);
  } else if (keepsEvents && isInTrace(parentDepth) && isText(keyFrom, keyTo, nameKey)) traceHash = caseHashOf(from, to);
  return close + 2;
}

/** An element opens. False: the root is another than that of a log. */
export function xesOpen(id: u32, depth: i32, line: u64): bool {
  isAttributeOfEvent = depth === eventDepth + 1;
  isAttributeOfTrace = keepsEvents && id !== EVENT && isInTrace(depth - 1);
  if (isAttributeOfEvent) return true;
  if (depth === 1) return id === LOG;
  if (id === TRACE && depth === 2) {
    traces++;
    // No name has the hash of so few bytes.
    traceHash = traces;
  }
  else if (id === EVENT && depth <= 3 && eventDepth === NO_EVENT) {
    events++;
    eventDepth = depth;
    eventLine = line;
    hasTime = false;
    hasName = false;
    hasRepeatedKey = false;
    ms = NO_TIME;
  }
  return true;
}

/** An attribute of the element that opens. */
export function xesAttribute(id: u32, from: usize, to: usize): void {
  if (!isAttributeOfEvent && !isAttributeOfTrace) return;
  if (id === KEY) key = isText(from, to, nameKey) ? NAME_KEY : isText(from, to, timeKey) ? TIME_KEY : 0;
  else if (id === VALUE) {
    valueFrom = from;
    valueTo = to;
  }
}

/** The tag of the element has ended. */
export function xesTagEnd(line: u64): void {
  if (isAttributeOfTrace) {
    if (key === NAME_KEY) traceHash = caseHashOf(valueFrom, valueTo);
  } else if (key === NAME_KEY) takeName(valueFrom, valueTo);
  else if (key === TIME_KEY) takeTime(valueFrom, valueTo, line);
  key = 0;
  valueFrom = 0;
  valueTo = 0;
}

@inline
function takeName(from: usize, to: usize): void {
  if (hasName) hasRepeatedKey = true;
  hasName = true;
  isBlankName = isBlank(from, to);
  nameHash = hashOf(from, to);
  if (isNoted(nameHash)) return;
  nameBytes = to - from;
  memory.copy(nameStart, from, min(nameBytes, NAME_BYTES));
}

@inline
function takeTime(from: usize, to: usize, line: u64): void {
  if (hasTime) hasRepeatedKey = true;
  hasTime = true;
  const read = timeOf(from, to);
  if (read !== NO_TIME) {
    ms = read;
    isZoned = hasZone;
  } else if (ms === NO_TIME) {
    timeLine = line;
    timeBytes = min(to - from, TIME_BYTES + 1);
    memory.copy(timeStart, from, timeBytes);
  }
}

@inline
function isInTrace(parentDepth: i32): bool {
  return parentDepth === 2 && traceHash !== 0 && eventDepth === NO_EVENT;
}

function caseHashOf(from: usize, to: usize): u64 {
  return nonZero(hashOf(from, to));
}

export function xesClose(depth: i32): void {
  if (depth === 2) traceHash = 0;
  if (depth === eventDepth) endEvent();
}

@inline
function endEvent(): void {
  eventDepth = NO_EVENT;
  const activity = hasName ? noteActivity(nameHash, nameStart, nameStart + nameBytes) : NO_ACTIVITY;
  if (ms !== NO_TIME) addTime(ms, isZoned);
  else if (hasTime) keepUnreadTime(timeStart, timeStart + timeBytes, timeLine, (events - 1) as u32);
  if (keepsEvents) {
    keepCase(traceHash);
    keepActivity(activity);
    keepTime(ms === NO_TIME ? NaN : (ms as f64));
  }
  if (!hasTime && withoutTime++ === 0) withoutTimeLine = eventLine;
  // Readers count a blank name as an activity; it is one by mistake.
  if ((!hasName || isBlankName) && withoutName++ === 0) withoutNameLine = eventLine;
  if (hasRepeatedKey && repeatedKeys++ === 0) repeatedKeysLine = eventLine;
}

@inline
function isText(from: usize, to: usize, text: string): bool {
  if (to - from !== (text.length as usize)) return false;
  for (let i = 0; i < text.length; i++) if (load<u8>(from + i) !== text.charCodeAt(i)) return false;
  return true;
}
