/** What the WebAssembly module offers; provider/profile/scanner.ts says what it is for. */

export {
  crlf,
  emptyLines,
  end,
  fault,
  fields,
  headerEnd,
  lf,
  line,
  push,
  quoteLine,
  recordLine,
  records,
  repeatedHeaderLine,
  repeatedHeaders,
  start,
  state,
  strayQuoteLine,
  strayQuotes,
  width,
} from "./delimited";
export {
  activityCount,
  areActivitiesEstimated,
  areCasesEstimated,
  caseCount,
  clearLog,
  giveRole,
  startLog,
  withoutActivity,
  withoutActivityLine,
  withoutCase,
  withoutCaseLine,
} from "./event-log";
export { kindsAt, transitionsAt } from "./grammar";
export {
  caseCellsAt,
  presenceAt,
  rowCellsAt,
  rowCount,
  rowListAt,
  rowOrdered,
  rowSum,
  sketchCases,
} from "./row-sketch";
export { clearUnreadTimes, firstMs, lastMs, unreadTimes, unreadTimesAt, unzonedTimes, zonedTimes } from "./times";

/** Memory that is never freed, with room for the scan to write before it and to read after it. */
export function reserve(bytes: usize): usize {
  return heap.alloc(bytes + 128) + 64;
}
