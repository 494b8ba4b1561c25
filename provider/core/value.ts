import { Action, State, step } from "./grammar";
import { finished, Lanes } from "./hash";

/** The value of one field that does not lie in memory as it is: it reaches over chunks, or has quotes inside quotes. */

/** More than a time has, or an activity whose name is kept. */
const START_BYTES: usize = 208;
/** Its first bytes; behind them room to read past their end. */
const start: usize = memory.data(240);
/** Bytes on their way into the lanes. */
const pending: usize = memory.data(32);
const lanes = new Lanes();
let state: u32 = State.fieldStart;
let length: usize = 0;
let blank: bool = true;

/** Whether a part of a value is here. */
export let isOpen: bool = false;

/** Takes the next raw bytes of the field. */
export function feed(from: usize, to: usize): void {
  isOpen = true;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    const next = step(state, byte);
    state = next & 7;
    // Of a pair of quotes the second one counts.
    if (state === State.unquoted || (state === State.quoted && next >> 3 !== Action.openQuote)) add(byte);
  }
}

@inline
function add(byte: u32): void {
  if (length < START_BYTES) store<u8>(start + length, byte);
  store<u8>(pending + (length & 15), byte);
  length++;
  if (byte > 0x20) blank = false;
  if ((length & 15) === 0) lanes.fold(pending, pending + 16);
}

export function isFedBlank(): bool {
  return blank;
}

export function fedHash(): u64 {
  return finished(lanes, pending, pending + (length & 15));
}

/** Where its first bytes are. */
export function fedStart(): usize {
  return start;
}

export function fedStartEnd(): usize {
  return start + min(length, START_BYTES);
}

export function forget(): void {
  isOpen = false;
  state = State.fieldStart;
  length = 0;
  blank = true;
  lanes.clear();
}
