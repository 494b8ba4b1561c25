import type { MapData, Occurrences } from "../document";
import type { Process } from "../input/process";

/** The directly-follows graphs of both files as one. */
export function mapOf(old: Process | undefined, now: Process): MapData {
  const names = [...new Set([...now.activities, ...(old?.activities ?? [])])];
  const number = new Map(names.map((name, i) => [name, i]));
  const sides = [old && numbered(old, number), numbered(now, number)] as const;
  const both = (of: (side: Numbered) => number | undefined): Occurrences => ({
    ...(sides[0] && { old: of(sides[0]) ?? 0 }),
    now: of(sides[1]) ?? 0,
  });
  const keys = [...new Set(sides.flatMap((side) => [...(side?.edges.keys() ?? [])]))];
  return {
    title: "Process map",
    activities: names.map((name, i) => ({
      name,
      events: both(({ events }) => events.get(i)),
      starts: both(({ starts }) => starts.get(i)),
      ends: both(({ ends }) => ends.get(i)),
    })),
    edges: keys.map((key) => ({
      from: Math.floor(key / names.length),
      to: key % names.length,
      count: both(({ edges }) => edges.get(key)),
    })),
  };
}

/** Counts by the numbers of activities in the map. */
interface Numbered {
  events: Map<number, number>;
  starts: Map<number, number>;
  ends: Map<number, number>;
  /** By `from` times the number of activities, and `to`. */
  edges: Map<number, number>;
}

function numbered(process: Process, number: Map<string, number>): Numbered {
  const places = process.activities.map((name) => number.get(name) as number);
  const byPlace = (counts: number[]) => new Map(counts.map((count, i) => [places[i] as number, count]));
  const edges = process.edges.map(({ from, to, count }) => {
    return [(places[from] as number) * number.size + (places[to] as number), count] as const;
  });
  return {
    events: byPlace(process.byActivity),
    starts: byPlace(process.starts),
    ends: byPlace(process.ends),
    edges: new Map(edges),
  };
}
