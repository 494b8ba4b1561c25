/**
 * Each event of a log, for who needs more of it than counts: its case, its activity and its time. They come field by field,
 * and wait in three lists until the host takes those that are complete.
 */

const ENTRIES: u32 = 16_384;
const cases: usize = heap.alloc(8 * (ENTRIES as usize));
const activities: usize = heap.alloc(4 * (ENTRIES as usize));
const times: usize = heap.alloc(8 * (ENTRIES as usize));
let caseEntries: u32 = 0;
let activityEntries: u32 = 0;
let timeEntries: u32 = 0;

/** Whether anybody wants them. */
export let keepsEvents: bool = false;
/** How many times there have been, and so the number of the event that the next one is of. */
export let timesSoFar: u32 = 0;

/** For a blank activity; those without a number have one less. */
export const NO_ACTIVITY: u32 = 0xfffffffe;

/** Takes `eventCount` events. */
@external("host", "takeEvents")
declare function takeEvents(): void;

/** Begins to keep them, from the first one of a log on. */
export function keepEvents(): void {
  keepsEvents = true;
}

export function clearEvents(): void {
  keepsEvents = false;
  timesSoFar = 0;
  caseEntries = 0;
  activityEntries = 0;
  timeEntries = 0;
}

/** How many are complete. */
export function eventCount(): u32 {
  return min(min(caseEntries, activityEntries), timeEntries);
}

/** Of each the hash of its case, 0 for none. */
export function eventCasesAt(): usize {
  return cases;
}

/** Of each the number of its activity. */
export function eventActivitiesAt(): usize {
  return activities;
}

/** Of each its milliseconds since 1970 as f64; NaN where the list of unread times has it, or nothing. */
export function eventTimesAt(): usize {
  return times;
}

/** Forgets the complete ones, which were taken. */
export function dropEvents(): void {
  const taken = eventCount();
  caseEntries = moved(cases, 8, caseEntries, taken);
  activityEntries = moved(activities, 4, activityEntries, taken);
  timeEntries = moved(times, 8, timeEntries, taken);
}

function moved(list: usize, bytes: usize, entries: u32, taken: u32): u32 {
  const rest = entries - taken;
  memory.copy(list, list + bytes * (taken as usize), bytes * (rest as usize));
  return rest;
}

export function keepCase(hash: u64): void {
  store<u64>(cases + 8 * (caseEntries as usize), hash);
  if (++caseEntries === ENTRIES) takeEvents();
}

export function keepActivity(number: u32): void {
  store<u32>(activities + 4 * (activityEntries as usize), number);
  if (++activityEntries === ENTRIES) takeEvents();
}

export function keepTime(ms: f64): void {
  timesSoFar++;
  store<f64>(times + 8 * (timeEntries as usize), ms);
  if (++timeEntries === ENTRIES) takeEvents();
}
