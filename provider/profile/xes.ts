import * as says from "../messages/files";
import { readActivityNames } from "./activity-names";
import { EventTimes } from "./event-times";
import type { ContentReader, Findings } from "./file-profile";
import { type EventTaker, LogEvents } from "./log-events";
import { noMarkupFault, signatureFault } from "./signature";
import { UnreadTimes } from "./unread-times";
import { XmlInput } from "./xml-core";

const SIGNATURE_BYTES = 512;
const ACTIVITIES_EXACT_UP_TO = 1_000_000;

/** Reads an XES log: counts its traces, which are cases, and events; finds the activities and the time span. */
export class XesReader implements ContentReader {
  private readonly xml = new XmlInput("it", true);
  readonly slots = this.xml.reserveSlots();
  private readonly times = new EventTimes();
  private readonly unread: UnreadTimes;
  private hasBegun = false;

  private readonly events: LogEvents | undefined;

  constructor(taker?: EventTaker) {
    const { exports } = this.xml.core;
    exports.clearNames();
    exports.clearLog();
    exports.startLog(0, ACTIVITIES_EXACT_UP_TO);
    exports.startXml(true);
    exports.startXes();
    this.unread = new UnreadTimes(this.xml.core, this.times);
    if (taker) this.events = new LogEvents(this.xml.core, this.unread, taker);
  }

  push(chunk: Buffer, isUtf8 = false): void {
    if (!this.hasBegun) {
      const start = chunk.subarray(0, SIGNATURE_BYTES);
      const fault = signatureFault(start) ?? noMarkupFault(start);
      if (fault) throw fault;
      this.hasBegun = true;
    }
    this.xml.push(chunk, isUtf8);
  }

  end(): Findings {
    this.xml.end();
    this.events?.end();
    this.unread.end();
    const { core } = this.xml;
    const events = core.read("events");
    const activityNames = readActivityNames(core);
    const { firstEvent, lastEvent, warnings } = this.times.span();
    if (events === 0) warnings.push(says.noEvents());
    warnings.push(...withoutWarning("time:timestamp", core.read("withoutTime"), core.read("withoutTimeLine")));
    warnings.push(...withoutWarning("concept:name", core.read("withoutName"), core.read("withoutNameLine")));
    const repeated = core.read("repeatedKeys");
    if (repeated > 0) warnings.push(says.repeatedKeys(repeated, core.read("repeatedKeysLine")));
    warnings.push(...this.warningsOfTraces());
    const { encodingWarning } = this.xml;
    if (encodingWarning !== undefined) warnings.push(encodingWarning);
    return {
      eventLog: {
        events,
        cases: core.read("traces"),
        casesAreEstimated: false,
        activities: core.exports.activityCount(),
        activitiesAreEstimated: core.exports.areActivitiesEstimated() !== 0,
        ...(activityNames && { activityNames }),
        ...(firstEvent !== undefined && { firstEvent }),
        ...(lastEvent !== undefined && { lastEvent }),
      },
      warnings,
    };
  }

  private warningsOfTraces(): string[] {
    const { core } = this.xml;
    const warnings: string[] = [];
    const misplaced = core.read("misplacedEvents");
    if (misplaced > 0) warnings.push(says.misplacedEvents(misplaced, core.read("misplacedEventsLine")));
    const unnamed = core.read("unnamedTraces");
    if (unnamed > 0) warnings.push(says.tracesWithoutName(unnamed, core.read("unnamedTracesLine")));
    const named = core.read("namedTraces");
    const names = core.exports.traceNames();
    if (names > 0 && names < named) warnings.push(says.sharedTraceNames(named, names));
    return warnings;
  }

  close(): void {}
}

function withoutWarning(key: string, count: number, line: number): string[] {
  return count === 0 ? [] : [says.eventsWithout(count, key, line)];
}
