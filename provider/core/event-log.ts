import { noteActivity, startActivities } from "./activities";
import { cases, clearCases, pushCase, startCases } from "./cases";
import { clearEvents, keepActivity, keepCase, keepsEvents, keepTime, NO_ACTIVITY, timesSoFar } from "./events";
import { QUOTE } from "./grammar";
import { hashOf, nonZero } from "./hash";
import { clearTimes, keepUnreadTime, noteTime, readMs } from "./times";
import { fedHash, fedStart, fedStartEnd, feed, forget, isFedBlank, isOpen } from "./value";

/** Counts cases and activities and collects times, field by field, in text that has been found to be sound. */

/** What a column is to the log; one may be several things. */
const CASE: u32 = 1;
const ACTIVITY: u32 = 2;
const TIME: u32 = 4;
const MAX_COLUMNS: i32 = 16_384;

/** One byte a column. */
export const roles: usize = memory.data(MAX_COLUMNS);
/** Whether any column has one. */
export let hasRoles: bool = false;
/** Columns up to the last that has one. */
export let roleColumns: usize = 0;

export let withoutCase: u64 = 0;
export let withoutCaseLine: u64 = 0;
export let withoutActivity: u64 = 0;
export let withoutActivityLine: u64 = 0;

export function clearLog(): void {
  memory.fill(roles, 0, MAX_COLUMNS);
  hasRoles = false;
  roleColumns = 0;
  clearCases();
  withoutCase = 0;
  withoutActivity = 0;
  clearTimes();
  clearEvents();
  forget();
}

/** Starts a log; cases and activities are counted exactly up to these limits. */
export function startLog(exactCases: u32, exactActivities: u32): void {
  startCases(exactCases);
  startActivities(exactActivities);
}

/** Gives a column the roles of these bits, from here on. */
export function giveRole(column: u32, role: u32): void {
  hasRoles = true;
  roleColumns = max(roleColumns, (column as usize) + 1);
  store<u8>(roles + column, load<u8>(roles + column) | role);
}

export function caseCount(): f64 {
  return cases.count();
}

export function areCasesEstimated(): bool {
  return cases.isEstimate();
}

/** Takes the field between two addresses, quotes and all. */
export function takeField(role: u32, from: usize, to: usize, line: u64): void {
  let start = from;
  let end = to;
  if (!isOpen && start < end && load<u8>(start) === QUOTE) {
    start++;
    end--;
    // With quotes inside its value is shorter than its bytes.
    if (hasQuote(start, end)) feed(from, to);
  } else if (isOpen) feed(from, to);
  if (isOpen) {
    takeValue(role, fedStart(), fedStartEnd(), isFedBlank(), fedHash(), line);
    forget();
  } else takeValue(role, start, end, isBlank(start, end), role === TIME ? 0 : hashOf(start, end), line);
}

@inline
function takeValue(role: u32, from: usize, to: usize, blank: bool, hash: u64, line: u64): void {
  if (role & TIME) {
    const isRead = noteTime(from, to);
    if (!isRead) keepUnreadTime(from, to, line, timesSoFar);
    if (keepsEvents) keepTime(isRead ? (readMs as f64) : NaN);
  }
  if (role & CASE) {
    const caseHash = blank ? 0 : nonZero(hash);
    // Its row counts it.
    pushCase(caseHash);
    if (keepsEvents) keepCase(caseHash);
    if (blank && withoutCase++ === 0) withoutCaseLine = line;
  }
  if (role & ACTIVITY) {
    const number = blank ? NO_ACTIVITY : noteActivity(hash, from, to);
    if (keepsEvents) keepActivity(number);
    if (blank && withoutActivity++ === 0) withoutActivityLine = line;
  }
}

@inline
function hasQuote(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) === QUOTE) return true;
  return false;
}

/** Nothing but spaces and control characters. */
@inline
export function isBlank(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) > 0x20) return false;
  return true;
}
