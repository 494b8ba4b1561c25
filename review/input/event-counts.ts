import type { EventList } from "./event-list";

/** How many events there are of what. */
export interface EventCounts {
  /** By name; the empty one for blanks. */
  activities: Map<string, number>;
  /** Of names beyond the first thousand, or too long. */
  otherActivities: number;
  /** By `YYYY-MM`, in order; undefined where days and months cannot be distinguished. */
  months: Map<string, number> | undefined;
}

/** @param names - of activities by their numbers; undefined when they are too many or too long. */
export function eventCounts(list: EventList, names: readonly string[] | undefined): EventCounts {
  const activities = new Map(names?.map((name, number) => [name, list.byActivity[number] as number]));
  if (list.blankActivities > 0) activities.set("", list.blankActivities);
  const named = [...activities.values()].reduce((sum, events) => sum + events, 0);
  return { activities, otherActivities: list.events - named, months: list.months.byMonth() };
}
