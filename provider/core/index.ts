/** What the WebAssembly module offers; provider/profile/scanner.ts says what it is for. */

export { activityCount, activityNamesAt, areActivitiesEstimated } from "./activities";
export { dropEvents, eventActivitiesAt, eventCasesAt, eventCount, eventTimesAt, keepEvents } from "./events";
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
import { hashOf } from "./hash";
import { addName } from "./xml-tokens";

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
  startCaseSketch,
} from "./row-sketch";
export { clearUnreadTimes, firstMs, lastMs, unreadTimes, unreadTimesAt, unzonedTimes, zonedTimes } from "./times";

export {
  events,
  misplacedEvents,
  misplacedEventsLine,
  repeatedKeys,
  repeatedKeysLine,
  startXes,
  traces,
  withoutName,
  withoutNameLine,
  withoutTime,
  withoutTimeLine,
} from "./xes";
export { namedTraces, traceNames, unnamedTraces, unnamedTracesLine } from "./xes-traces";
export { detailFrom, detailTo, problem, startXml, xmlLineAtEnd, xmlRoom, xmlRun, xmlTake } from "./xml";
export { xmlLine } from "./xml-problem";
export { clearNames, clearTokens, tokens, tokensAt } from "./xml-tokens";

/** From here on the bytes that lie between two addresses are the name with this number, from 1 to 31. */
export function nameXml(from: usize, to: usize, id: u32, isText: bool): void {
  addName(hashOf(from, to), id, isText);
}

/** Memory that is never freed, with room for the scan to write before it and to read after it. */
export function reserve(bytes: usize): usize {
  return heap.alloc(bytes + 128) + 64;
}
