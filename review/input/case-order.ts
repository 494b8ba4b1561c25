/** Events by case, and in each case by time; events of one time as they came. */
export interface CaseOrder {
  /** Numbers of events. */
  order: Uint32Array;
  /** Where each case begins in `order`, and behind the last one the end. */
  starts: Uint32Array;
}

export function caseOrder(caseOf: Uint32Array, cases: number, ms: Float64Array): CaseOrder {
  const starts = new Uint32Array(cases + 1);
  for (let event = 0; event < caseOf.length; event++) {
    const next = (caseOf[event] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let number = 0; number < cases; number++) {
    starts[number + 1] = (starts[number + 1] as number) + (starts[number] as number);
  }
  const order = new Uint32Array(caseOf.length);
  const next = starts.slice(0, cases);
  for (let event = 0; event < caseOf.length; event++) {
    const number = caseOf[event] as number;
    const at = next[number] as number;
    order[at] = event;
    next[number] = at + 1;
  }
  for (let number = 0; number < cases; number++) {
    sortByTime(order.subarray(starts[number] as number, starts[number + 1] as number), ms);
  }
  return { order, starts };
}

/** Most logs have the events of a case in order. */
function sortByTime(events: Uint32Array, ms: Float64Array): void {
  for (let i = 1; i < events.length; i++) {
    if ((ms[events[i] as number] as number) < (ms[events[i - 1] as number] as number)) {
      if (events.length <= SHORT) insertByTime(events, ms);
      else if (!sortAsNumbers(events, ms)) events.sort((a, b) => (ms[a] as number) - (ms[b] as number) || a - b);
      return;
    }
  }
}

/** Most cases are short: for them this takes half of what sorting by numbers does. */
const SHORT = 32;

function insertByTime(events: Uint32Array, ms: Float64Array): void {
  for (let i = 1; i < events.length; i++) {
    const event = events[i] as number;
    const time = ms[event] as number;
    let at = i;
    for (; at > 0 && (ms[events[at - 1] as number] as number) > time; at--) events[at] = events[at - 1] as number;
    events[at] = event;
  }
}

/**
 * Sorts by numbers of which each is a time and a place, which takes a third of what calling a function for each comparison
 * does. False: these would be too large to be exact.
 */
function sortAsNumbers(events: Uint32Array, ms: Float64Array): boolean {
  const { length } = events;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const time = ms[events[i] as number] as number;
    if (!Number.isInteger(time)) return false;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if ((last - first + 1) * length > Number.MAX_SAFE_INTEGER) return false;
  const keys = new Float64Array(length);
  for (let i = 0; i < length; i++) keys[i] = ((ms[events[i] as number] as number) - first) * length + i;
  keys.sort();
  const before = events.slice();
  for (let i = 0; i < length; i++) events[i] = before[(keys[i] as number) % length] as number;
  return true;
}
