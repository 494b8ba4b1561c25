import { isNoted, NAME_BYTES, noteActivity } from "./activities";
import { isBlank } from "./event-log";
import { keepActivity, keepCase, keepsEvents, keepTime, NO_ACTIVITY } from "./events";
import { hashOf, nonZero } from "./hash";
import { addTime, hasZone, keepUnreadTime, NO_TIME, TIME_BYTES, timeOf } from "./times";
import { numberFrom, numberTo, trimNumber } from "./xes-number";
import { noteTraceName, noteUnnamedTrace, startTraceNames } from "./xes-traces";
import { Problem } from "./xml-problem";
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
/** Outside of traces, or inside another event. Readers ignore them, or reject the file. */
export let misplacedEvents: u64 = 0;
export let misplacedEventsLine: u64 = 0;

const LOG: u32 = 1;
const TRACE: u32 = 2;
const EVENT: u32 = 3;
const KEY: u32 = 4;
const VALUE: u32 = 5;
/** The elements of attributes that have a value, from here to `FLOAT_ELEMENT`. */
const STRING_ELEMENT: u32 = 6;
const DATE_ELEMENT: u32 = 7;
const INT_ELEMENT: u32 = 10;
const FLOAT_ELEMENT: u32 = 11;
/** Parts of a log of OCEL, whose root is named as that of an XES log. */
const OBJECTS: u32 = 12;

const TRACE_NAMES_EXACT_UP_TO: u32 = 1_000_000;

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
let isTimeDate: bool = false;
const timeStart: usize = memory.data(80);
let isAttributeOfEvent: bool = false;
let isAttributeOfTrace: bool = false;
/** What the element that opens holds; a text may read as either. */
let isNumber: bool = false;
let isDate: bool = false;
/** Of the trace that is open. */
const NO_TRACE: i32 = i32.MAX_VALUE - 1;
let traceDepth: i32 = NO_TRACE;
let traceLine: u64 = 0;
let hasTraceName: bool = false;
/** The case that the open trace is: by its name, and without one by its place. */
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
  misplacedEvents = 0;
  startTraceNames(TRACE_NAMES_EXACT_UP_TO);
  eventDepth = NO_EVENT;
  traceDepth = NO_TRACE;
  isAttributeOfEvent = false;
  isAttributeOfTrace = false;
  key = 0;
  valueFrom = 0;
  valueTo = 0;
  addText("log", LOG);
  addText("trace", TRACE);
  addText("event", EVENT);
  addText("key", KEY);
  addText("value", VALUE);
  addText("string", STRING_ELEMENT);
  addText("date", DATE_ELEMENT);
  addText("boolean", 8);
  addText("id", 9);
  addText("int", INT_ELEMENT);
  addText("float", FLOAT_ELEMENT);
  addText("objects", OBJECTS);
  addText("object-types", OBJECTS);
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
    if (isText(keyFrom, keyTo, nameKey)) takeName(from, to, first === INT || first === FLOAT);
    else if (isText(keyFrom, keyTo, timeKey)) takeTime(from, to, line, first === DATE);
  } else if (parentDepth === traceDepth && isText(keyFrom, keyTo, nameKey)) {
    takeTraceName(from, to, first === INT || first === FLOAT);
  }
  return close + 2;
}

/** An element opens. Returns why the file is no XES log that can be read. */
export function xesOpen(id: u32, depth: i32, line: u64): i32 {
  const isAttribute = id >= STRING_ELEMENT && id <= FLOAT_ELEMENT;
  isAttributeOfEvent = isAttribute && depth === eventDepth + 1;
  isAttributeOfTrace = isAttribute && depth === traceDepth + 1;
  isNumber = id === INT_ELEMENT || id === FLOAT_ELEMENT;
  isDate = id === DATE_ELEMENT;
  if (depth === 1) return id === LOG ? Problem.none : Problem.root;
  if (id === TRACE) return openTrace(depth, line);
  if (id === EVENT) openEvent(depth, line);
  return id === OBJECTS && depth === 2 && traces === 0 ? Problem.objectCentric : Problem.none;
}

function openTrace(depth: i32, line: u64): i32 {
  if (traceDepth !== NO_TRACE) return Problem.nestedTrace;
  traces++;
  traceDepth = depth;
  traceLine = line;
  hasTraceName = false;
  // No name has the hash of so few bytes.
  traceHash = traces;
  return Problem.none;
}

function openEvent(depth: i32, line: u64): void {
  if (traceDepth === NO_TRACE || eventDepth !== NO_EVENT) {
    if (misplacedEvents++ === 0) misplacedEventsLine = line;
    return;
  }
  events++;
  eventDepth = depth;
  eventLine = line;
  hasTime = false;
  hasName = false;
  hasRepeatedKey = false;
  ms = NO_TIME;
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
    if (key === NAME_KEY) takeTraceName(valueFrom, valueTo, isNumber);
  } else if (key === NAME_KEY) takeName(valueFrom, valueTo, isNumber);
  else if (key === TIME_KEY) takeTime(valueFrom, valueTo, line, isDate);
  key = 0;
  valueFrom = 0;
  valueTo = 0;
}

@inline
function takeName(from: usize, to: usize, isNumber: bool): void {
  if (hasName) hasRepeatedKey = true;
  hasName = true;
  isBlankName = isBlank(from, to);
  if (isNumber) trimNumber(from, to);
  const start = isNumber ? numberFrom : from;
  const end = isNumber ? numberTo : to;
  nameHash = hashOf(start, end);
  if (isNoted(nameHash)) return;
  nameBytes = end - start;
  memory.copy(nameStart, start, min(nameBytes, NAME_BYTES));
}

function takeTraceName(from: usize, to: usize, isNumber: bool): void {
  hasTraceName = !isBlank(from, to);
  if (isNumber) trimNumber(from, to);
  traceHash = nonZero(isNumber ? hashOf(numberFrom, numberTo) : hashOf(from, to));
}

@inline
function takeTime(from: usize, to: usize, line: u64, isDate: bool): void {
  if (hasTime) hasRepeatedKey = true;
  hasTime = true;
  const read = timeOf(from, to);
  if (read !== NO_TIME) {
    ms = read;
    isZoned = hasZone;
  } else if (ms === NO_TIME) {
    timeLine = line;
    isTimeDate = isDate;
    timeBytes = min(to - from, TIME_BYTES + 1);
    memory.copy(timeStart, from, timeBytes);
  }
}

export function xesClose(depth: i32): void {
  if (depth === eventDepth) endEvent();
  else if (depth === traceDepth) endTrace();
}

function endTrace(): void {
  traceDepth = NO_TRACE;
  if (hasTraceName) noteTraceName(traceHash);
  else noteUnnamedTrace(traceLine);
}

@inline
function endEvent(): void {
  eventDepth = NO_EVENT;
  const activity = hasName ? noteActivity(nameHash, nameStart, nameStart + nameBytes) : NO_ACTIVITY;
  if (ms !== NO_TIME) addTime(ms, isZoned);
  else if (hasTime) keepUnreadTime(timeStart, timeStart + timeBytes, timeLine, (events - 1) as u32, isTimeDate);
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
