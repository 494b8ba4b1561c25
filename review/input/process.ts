import type { CaseIndex } from "./case-index";
import { caseOrder } from "./case-order";
import type { EventList } from "./event-list";
import { MOST_EVENTS } from "./event-list";
import { NameHashes, SequenceHash } from "./sequence-hash";

/** The process that an event log shows: what follows what in its cases, ordered by time, events of one time as in the file. */
export interface Process {
  /** By number; all counts of activities refer to these. */
  activities: string[];
  /** Events that have a case, an activity and a time; the others are left out of all below. */
  events: number;
  eventsLeftOut: number;
  cases: number;
  /** Events, starts of cases and ends of cases by activity. */
  byActivity: number[];
  starts: number[];
  ends: number[];
  /** How often `to` directly follows `from` in a case. */
  edges: Edge[];
  variants: Variants;
  /** Milliseconds from the first to the last event of a case; between two cases the percentile is interpolated. */
  medianDurationMs: number;
  p90DurationMs: number;
  contents: CaseContents;
}

interface Edge {
  from: number;
  to: number;
  count: number;
}

/** Cases by their sequence of activities. */
interface Variants {
  /** How many there are. */
  count: number;
  /** By the hash of the sequence. */
  cases: Map<number, number>;
  /** The largest ones, with their activities. */
  largest: { key: number; cases: number; activities: number[] }[];
}

/** What each case is, to compare it with another file's: a hash of its activities and times. */
export interface CaseContents {
  index: CaseIndex;
  high: Uint32Array;
  low: Uint32Array;
}

/** Why a process cannot be shown. */
export type NoProcess = "noEvents" | "manyActivities" | "manyEvents" | "openDates";

/** As many variants are named; twice as many are kept, for those that the other file has more of. */
export const SHOWN_VARIANTS = 10;

/**
 * Computes it in memory: some 30 bytes for each event.
 *
 * @param names - of activities by their numbers; undefined when they are too many or too long.
 */
export function processOf(list: EventList, names: readonly string[] | undefined): Process | NoProcess {
  if (names === undefined) return "manyActivities";
  if (list.length > MOST_EVENTS) return "manyEvents";
  const reading = list.months.reading();
  if (reading === undefined) return "openDates";
  if (list.length === 0) return "noEvents";
  const ms = (reading === "monthFirst" ? list.monthFirstMs : undefined) ?? list.ms;
  const { order, starts: firstOf } = caseOrder(list.caseOf.subarray(0, list.length), list.cases.count, ms);
  return new Counting(list, names, ms, order, firstOf).process();
}

/** One walk over all cases. */
class Counting {
  private readonly width: number;
  private readonly follows: Float64Array;
  private readonly byActivity: Float64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private readonly variants = new Map<number, number>();
  /** Of a variant a case that has it. */
  private readonly example = new Map<number, number>();
  private readonly durations: Float64Array;
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;

  constructor(
    private readonly list: EventList,
    private readonly names: readonly string[],
    private readonly ms: Float64Array,
    private readonly order: Uint32Array,
    private readonly firstOf: Uint32Array,
  ) {
    this.width = names.length;
    this.follows = new Float64Array(this.width * this.width);
    this.byActivity = new Float64Array(this.width);
    this.starts = new Float64Array(this.width);
    this.ends = new Float64Array(this.width);
    const { count } = list.cases;
    this.durations = new Float64Array(count);
    this.high = new Uint32Array(count);
    this.low = new Uint32Array(count);
  }

  process(): Process {
    const { list, names } = this;
    const hashes = new NameHashes(names);
    const sequence = new SequenceHash();
    const content = new SequenceHash();
    for (let number = 0; number < list.cases.count; number++) this.takeCase(number, hashes, sequence, content);
    const durations = this.durations.sort();
    return {
      activities: [...names],
      events: list.length,
      eventsLeftOut: list.events - list.length,
      cases: list.cases.count,
      byActivity: [...this.byActivity],
      starts: [...this.starts],
      ends: [...this.ends],
      edges: this.edges(),
      variants: { count: this.variants.size, cases: this.variants, largest: this.largest() },
      medianDurationMs: percentile(durations, 0.5),
      p90DurationMs: percentile(durations, 0.9),
      contents: { index: list.cases, high: this.high, low: this.low },
    };
  }

  private takeCase(number: number, hashes: NameHashes, sequence: SequenceHash, content: SequenceHash): void {
    const { order, firstOf, ms, byActivity, follows, width } = this;
    const { activityOf } = this.list;
    const [from, to] = [firstOf[number] as number, firstOf[number + 1] as number];
    sequence.clear();
    content.clear();
    let before = -1;
    for (let i = from; i < to; i++) {
      const event = order[i] as number;
      const activity = activityOf[event] as number;
      byActivity[activity] = (byActivity[activity] as number) + 1;
      if (before >= 0) follows[before * width + activity] = (follows[before * width + activity] as number) + 1;
      sequence.add(hashes.high(activity), hashes.low(activity));
      content.addTimed(hashes.high(activity), hashes.low(activity), ms[event] as number);
      before = activity;
    }
    const first = activityOf[order[from] as number] as number;
    this.starts[first] = (this.starts[first] as number) + 1;
    this.ends[before] = (this.ends[before] as number) + 1;
    this.durations[number] = (ms[order[to - 1] as number] as number) - (ms[order[from] as number] as number);
    this.high[number] = content.high;
    this.low[number] = content.low;
    const key = sequence.key();
    const cases = this.variants.get(key);
    this.variants.set(key, (cases ?? 0) + 1);
    if (cases === undefined) this.example.set(key, number);
  }

  private edges(): Edge[] {
    const edges: Edge[] = [];
    for (let from = 0; from < this.width; from++) {
      for (let to = 0; to < this.width; to++) {
        const count = this.follows[from * this.width + to] as number;
        if (count > 0) edges.push({ from, to, count });
      }
    }
    return edges;
  }

  private largest(): Variants["largest"] {
    // Of as many cases by the hash: the order must not depend on that of the rows.
    const sorted = [...this.variants].sort(([a, one], [b, other]) => other - one || a - b).slice(0, 2 * SHOWN_VARIANTS);
    return sorted.map(([key, cases]) => ({
      key,
      cases,
      activities: this.activitiesOf(this.example.get(key) as number),
    }));
  }

  private activitiesOf(number: number): number[] {
    const events = this.order.subarray(this.firstOf[number] as number, this.firstOf[number + 1] as number);
    return Array.from(events.subarray(0, SHOWN_STEPS), (event) => this.list.activityOf[event] as number);
  }
}

/** A case may have a million. */
const SHOWN_STEPS = 100;

/** Between two values interpolated in proportion, as numpy does by default. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [one, next] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return one + (next - one) * (place - below);
}
