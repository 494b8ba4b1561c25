import { number } from "../../provider/lifecycles/shown";
import { type Block, type ChartData, Importance, type Line, shownName } from "../document";
import type { EventCounts } from "../input/event-counts";
import { monthName } from "../input/month-counts";
import { delta, paragraph } from "./facts";

const SHOWN_ACTIVITIES = 20;
/** Ten years; longer spans are shown by year. */
const SHOWN_MONTHS = 120;

type Counts = Map<string, number>;

/** Events per month and per activity, as charts and, folded, as tables. */
export function eventBlocks(old: EventCounts | undefined, now: EventCounts): Block[] {
  return [...monthBlocks(old, now), ...activityBlocks(old, now)];
}

function monthBlocks(old: EventCounts | undefined, now: EventCounts): Block[] {
  if (!now.months || (old && !old.months)) {
    const why = "Events per month are not shown: the times leave open which number is the day and which the month.";
    return [paragraph([`${why} Write times as YYYY-MM-DD.`], Importance.events)];
  }
  const present = [...new Set([...(old?.months?.keys() ?? []), ...now.months.keys()])].sort();
  if (present.length === 0)
    return [paragraph(["Events per month are not shown: no time has a known format."], Importance.events)];
  const months = monthsBetween(present[0] as string, present.at(-1) as string);
  const isLong = months.length > SHOWN_MONTHS;
  const sides = [old?.months, now.months].map((counts) => counts && (isLong ? byYear(counts) : counts));
  const periods = isLong ? [...new Set(months.map(yearOf))] : months;
  // Centuries of years come from mistyped dates: only those that occur are shown, the last ones.
  const shown = periods.length > SHOWN_MONTHS ? [...new Set(present.map(yearOf))].slice(-SHOWN_MONTHS) : periods;
  const title = `Events per ${isLong ? "year" : "month"}`;
  return chartAndTable({
    title,
    isHorizontal: false,
    categories: shown,
    series: series(shown, sides[0], sides[1] as Counts),
  });
}

function activityBlocks(old: EventCounts | undefined, now: EventCounts): Block[] {
  const total = (name: string) => (old?.activities.get(name) ?? 0) + (now.activities.get(name) ?? 0);
  const names = [...new Set([...now.activities.keys(), ...(old?.activities.keys() ?? [])])];
  // By name where as many: the order must not depend on that of the rows.
  names.sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1));
  const shown = names.slice(0, SHOWN_ACTIVITIES);
  const rest = names.slice(SHOWN_ACTIVITIES);
  const chart: ChartData = {
    title: "Events per activity",
    isHorizontal: true,
    categories: shown.map((name) => (name === "" ? "(empty)" : shownName(name))),
    series: series(shown, old?.activities, now.activities),
  };
  const others = [old, now].filter((side) => side !== undefined).map((side) => eventsOfOthers(side, rest));
  if (others.some((count) => count > 0)) {
    chart.categories.push(`other (${number(rest.length)})`);
    chart.series.forEach(({ values }, i) => void values.push(others[i] as number));
  }
  return chart.categories.length === 0 ? [] : chartAndTable(chart);
}

function eventsOfOthers({ activities, otherActivities }: EventCounts, names: string[]): number {
  return names.reduce((sum, name) => sum + (activities.get(name) ?? 0), otherActivities);
}

function series(categories: string[], old: Counts | undefined, now: Counts): ChartData["series"] {
  const valuesOf = (counts: Counts) => categories.map((category) => counts.get(category) ?? 0);
  return [...(old ? [{ name: "old", values: valuesOf(old) } as const] : []), { name: "new", values: valuesOf(now) }];
}

function chartAndTable(chart: ChartData): Block[] {
  const { title, categories } = chart;
  const rows = categories.map((category, i): Line[] => {
    const counts = chart.series.map(({ values }) => values[i] as number);
    const [before, after] = counts;
    return [
      [chart.isHorizontal ? { code: category } : category],
      ...counts.map((count): Line => [number(count)]),
      ...(before !== undefined && after !== undefined ? [[delta(before, after)]] : []),
    ];
  });
  const names = chart.series.map(({ name }) => name);
  const head = [title.replace(/^.* /, ""), ...names, ...(names.length === 2 ? ["change"] : [])];
  return [
    { kind: "chart", chart, importance: Importance.events },
    {
      kind: "details",
      summary: [`${title} (${categories.length})`],
      blocks: [{ kind: "table", head, numeric: [1, 2, 3], rows, importance: Importance.events }],
      importance: Importance.events,
    },
  ];
}

function monthsBetween(first: string, last: string): string[] {
  const [from, to] = [monthNumber(first), monthNumber(last)];
  return Array.from({ length: to - from + 1 }, (_, i) => monthName(from + i));
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

function yearOf(month: string): string {
  return month.slice(0, 4);
}

function byYear(months: Counts): Counts {
  const years: Counts = new Map();
  for (const [month, events] of months) years.set(yearOf(month), (years.get(yearOf(month)) ?? 0) + events);
  return years;
}
