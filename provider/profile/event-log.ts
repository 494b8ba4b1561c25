import { CaseContents } from "./case-contents";
import { Distinct } from "./distinct";
import { EventTimes } from "./event-times";
import type { EventLogColumns, EventLogProfile, Findings } from "./file-profile";
import { Action, kindsOf, STATE_BITS, STATE_MASK, State, TRANSITIONS } from "./grammar";
import { requireColumns } from "./header";
import { ValueHash } from "./row-hash";
import { SketchBuilder } from "./sketch-builder";

/** What a column is to the log; one may be several things. */
const CASE = 1;
const ACTIVITY = 2;
const TIME = 4;
/** Longer is no time. */
const TIME_BYTES = 64;

/**
 * Hashes rows, and in an event log counts cases and activities and finds the first and the last event, in text that a
 * scanner has found to be sound.
 */
export class EventLogCounter {
  private readonly kinds: Uint8Array;
  private readonly roles: Uint8Array;
  private readonly cases = new Distinct();
  private readonly activities = new Distinct(ACTIVITIES_EXACT_UP_TO);
  private readonly times = new EventTimes();
  private readonly value = new Value();
  private state: number = State.recordStart;
  private field = 0;
  private line = 1;
  private recordLine = 1;
  /** The header is none. */
  private events = -1;
  private withoutCase = 0;
  private withoutCaseLine = 0;
  private withoutActivity = 0;
  private withoutActivityLine = 0;
  private readonly row = new ValueHash();
  private headerHash: [number, number] = [0, 0];
  private readonly sketch = new SketchBuilder();
  private readonly contents = new CaseContents();
  private caseHash: [number, number] | undefined;
  private repeatedHeaders = 0;
  private repeatedHeaderLine = 0;

  /** @throws UnusableFile when a column is missing. */
  constructor(
    private readonly wanted: EventLogColumns | undefined,
    columns: readonly string[],
    delimiter: number,
  ) {
    this.kinds = kindsOf(delimiter);
    this.roles = wanted ? rolesOf(wanted, columns) : new Uint8Array(columns.length);
  }

  /** Takes the text from its start, in chunks. */
  push(bytes: Uint8Array): void {
    const { kinds, roles, value } = this;
    let { state } = this;
    let role = this.events < 0 ? 0 : (roles[this.field] as number);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      const step = TRANSITIONS[(state << STATE_BITS) | (kinds[byte] as number)] as number;
      state = step & STATE_MASK;
      if (state !== State.recordStart && state !== State.cr && state !== State.crOnEmptyLine) this.row.addByte(byte);
      if (step <= STATE_MASK) {
        if (role !== 0 && isContent(state, Action.none)) value.add(byte);
        continue;
      }
      const action = step >> STATE_BITS;
      if (this.act(action, role)) role = this.events < 0 ? 0 : (roles[this.field] as number);
      else if (role !== 0 && isContent(state, action)) value.add(byte);
    }
    this.state = state;
  }

  end(): Findings {
    if (this.state !== State.recordStart) this.endRecord(this.events < 0 ? 0 : (this.roles[this.field] as number));
    const repeated = this.repeatedHeaders === 0 ? [] : [repeatedHeader(this.repeatedHeaders, this.repeatedHeaderLine)];
    if (!this.wanted) return { sketch: this.sketch.sketch(), warnings: repeated };
    const { firstEvent, lastEvent, warnings } = this.events > 0 ? this.times.span() : { warnings: [] };
    warnings.push(
      ...missing(this.withoutCase, "case id", this.withoutCaseLine),
      ...missing(this.withoutActivity, "activity", this.withoutActivityLine),
    );
    const eventLog: EventLogProfile = {
      events: this.events,
      cases: this.cases.count(),
      casesAreEstimated: this.cases.isEstimate,
      activities: this.activities.count(),
      activitiesAreEstimated: this.activities.isEstimate,
      ...(firstEvent !== undefined && { firstEvent }),
      ...(lastEvent !== undefined && { lastEvent }),
    };
    if (!this.cases.isEstimate) this.sketch.startCases();
    this.contents.forEach((caseKey, sum) => {
      this.sketch.addCase(caseKey, sum);
    });
    return { eventLog, sketch: this.sketch.sketch(), warnings: [...repeated, ...warnings] };
  }

  /** Whether a field has ended with this. */
  private act(action: number, role: number): boolean {
    switch (action) {
      case Action.field:
        this.endField(role);
        this.field++;
        return true;
      case Action.record:
      case Action.recordAfterCr:
        this.endRecord(role);
        this.recordLine = ++this.line;
        return true;
      case Action.emptyLine:
        this.recordLine = ++this.line;
        return false;
      default:
        if (action === Action.newlineInside) this.line++;
        return false;
    }
  }

  private endRecord(role: number): void {
    this.endField(role);
    this.field = 0;
    const [high, low] = this.row.take();
    if (this.events++ < 0) {
      this.headerHash = [high, low];
      return;
    }
    const isHeader = this.headerHash[0] === high && this.headerHash[1] === low;
    if (isHeader && this.repeatedHeaders++ === 0) this.repeatedHeaderLine = this.recordLine;
    const { caseHash } = this;
    this.caseHash = undefined;
    const caseKey = caseHash && !this.cases.isEstimate ? this.contents.add(caseHash[0], caseHash[1], high) : undefined;
    this.sketch.addRow(high, low, caseKey);
  }

  private endField(role: number): void {
    if (role === 0) return;
    const { value } = this;
    if (role & TIME) this.times.add(value.start, Math.min(value.length, value.start.length), this.recordLine);
    const [high, low] = value.takeHash();
    if (role & CASE) {
      if (!value.isBlank) {
        this.cases.add(high, low);
        this.caseHash = [high, low];
      } else if (this.withoutCase++ === 0) this.withoutCaseLine = this.recordLine;
    }
    if (role & ACTIVITY) {
      if (!value.isBlank) this.activities.add(high, low);
      else if (this.withoutActivity++ === 0) this.withoutActivityLine = this.recordLine;
    }
    value.clear();
  }
}

/** More different names than this are no activities, and the count is good to 1 %. */
const ACTIVITIES_EXACT_UP_TO = 100_000;

/** One field's value: its hash and its first bytes, whatever its length. */
class Value {
  readonly start = new Uint8Array(TIME_BYTES + 1);
  length = 0;
  /** Whether it holds nothing, or whitespace alone. */
  isBlank = true;
  private readonly hash = new ValueHash();

  add(byte: number): void {
    this.hash.addByte(byte);
    if (byte > 0x20) this.isBlank = false;
    if (this.length <= TIME_BYTES) this.start[this.length] = byte;
    this.length++;
  }

  takeHash(): [high: number, low: number] {
    return this.hash.take();
  }

  clear(): void {
    this.length = 0;
    this.isBlank = true;
  }
}

function repeatedHeader(count: number, line: number): string {
  const rows = count === 1 ? "1 row repeats" : `${count} rows repeat`;
  return `${rows} the header, the first on line ${line}; files put one after another? Delete it`;
}

/** A warning of rows that lack a value of the log. */
export function missing(rows: number, what: string, first: number, place = "line"): string[] {
  if (rows === 0) return [];
  return [`${rows === 1 ? "1 row has" : `${rows} rows have`} no ${what}, the first on ${place} ${first}`];
}

function rolesOf(wanted: EventLogColumns, columns: readonly string[]): Uint8Array {
  requireColumns(wanted, columns);
  const roles = new Uint8Array(columns.length);
  const give = (name: string, role: number) => {
    const index = columns.indexOf(name);
    roles[index] = (roles[index] as number) | role;
  };
  give(wanted.caseId, CASE);
  give(wanted.activity, ACTIVITY);
  give(wanted.timestamp, TIME);
  return roles;
}

/** Whether the byte that led to this state belongs to a field's value; of a pair of quotes, the second does. */
function isContent(state: number, action: number): boolean {
  return state === State.unquoted || (state === State.quoted && action !== Action.openQuote);
}
