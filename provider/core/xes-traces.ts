import { Distinct } from "./distinct";

/** The names of an XES log's traces: readers that make a table of it take them for case ids. */

export let unnamedTraces: u64 = 0;
export let unnamedTracesLine: u64 = 0;
/** Those that have one, with and without another of the same name. */
export let namedTraces: u64 = 0;

const names = new Distinct(false);

/** Forgets everything. Counts names exactly up to so many. */
export function startTraceNames(exactUpTo: u32): void {
  unnamedTraces = 0;
  namedTraces = 0;
  names.clear(exactUpTo);
}

/** How many different ones, exactly; 0 when they are too many for that. */
export function traceNames(): f64 {
  const count = names.count();
  return names.isEstimate() ? 0 : count;
}

export function noteTraceName(hash: u64): void {
  namedTraces++;
  names.add(hash);
}

export function noteUnnamedTrace(line: u64): void {
  if (unnamedTraces++ === 0) unnamedTracesLine = line;
}
