import type { MapData, Occurrences } from "../../review/document";

/** Activities that all occur `count` times, and start and end as many cases. */
export function mapOf(names: string[], edges: [number, number, Occurrences][], count: Occurrences): MapData {
  return {
    title: "Process",
    activities: names.map((name) => ({ name, events: count, starts: count, ends: count })),
    edges: edges.map(([from, to, count]) => ({ from, to, count })),
  };
}

const NONE = { old: 0, now: 0 };

/** One activity is new, one is removed. */
export const MAP: MapData = {
  title: "Process",
  activities: [
    { name: "Register", events: { old: 960, now: 1280 }, starts: { old: 960, now: 1280 }, ends: NONE },
    { name: "Screen", events: { old: 0, now: 310 }, starts: NONE, ends: NONE },
    { name: "Send letter", events: { old: 52, now: 0 }, starts: NONE, ends: NONE },
    { name: "Pay", events: { old: 1000, now: 990 }, starts: NONE, ends: { old: 960, now: 1280 } },
  ],
  edges: [
    { from: 0, to: 1, count: { old: 0, now: 310 } },
    { from: 1, to: 3, count: { old: 0, now: 280 } },
    { from: 0, to: 2, count: { old: 52, now: 0 } },
    { from: 2, to: 3, count: { old: 40, now: 0 } },
  ],
};
