import type * as echarts from "echarts";
import type { ChartData } from "../document";
import { escaped } from "./html-text";

/** Draws a chart as an SVG element. */
export type Draw = (chart: ChartData, size: keyof typeof SIZES) => string;

interface Size {
  width: number;
  columnsHeight: number;
  /** Of the room of one category, where bars lie on their side. */
  barsHeight: number;
  /** Names stand above their bars, where there is no room next to them. */
  hasNamesAbove: boolean;
  nameCharacters: number;
}

/** In pixels. A narrow one fits a phone of 360. */
const SIZES = {
  wide: { width: 900, columnsHeight: 260, barsHeight: 30, hasNamesAbove: false, nameCharacters: 34 },
  narrow: { width: 310, columnsHeight: 220, barsHeight: 46, hasNamesAbove: true, nameCharacters: 38 },
} satisfies { [name: string]: Size };

const AROUND_BARS = 70;
/** Of the page's letters at the labels' size: without a browser nothing can be measured. */
const CHARACTER_WIDTH = 7.8;
const AROUND_LABELS = 12;
/** Half of the bars of one category, which a name above them must clear. */
const ABOVE_BARS = 11;

/** The drawing library weighs 62 MB, so it is installed by those who want charts; undefined where it is not. */
export function loadCharts(): Draw | undefined {
  const library = load();
  return library && ((chart, size) => draw(library, chart, SIZES[size]));
}

function load(): typeof echarts | undefined {
  try {
    return require("echarts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}

function draw(library: typeof echarts, chart: ChartData, size: Size): string {
  const { width, columnsHeight, barsHeight } = size;
  const height = chart.isHorizontal ? chart.categories.length * barsHeight + AROUND_BARS : columnsHeight;
  const drawing = library.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    drawing.setOption(optionsOf(chart, size));
    const svg = drawing.renderToSVGString({ useViewBox: true });
    // What is for its own program in a browser, which a page without scripts has no use for.
    const still = svg.replace(/<style[^>]*>.*?<\/style>/gs, "").replace(/ (ecmeta_\w+|class)="[^"]*"/g, "");
    return still.replace("<svg ", `<svg role="img" aria-label="${escaped(chart.title)}" `);
  } finally {
    drawing.dispose();
  }
}

/** Colours are those of the page, light or dark. */
const LABEL = { color: "var(--text)", fontFamily: "inherit", fontSize: 13 };

function optionsOf(chart: ChartData, size: Size): echarts.EChartsOption {
  const { isHorizontal, series } = chart;
  const [names, amounts] = [namesAxis(chart, size), AMOUNTS_AXIS];
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: leftOf(chart, size), right: 32, top: 40, bottom: 28, outerBoundsMode: "none" },
    legend: { top: 4, left: 0, itemWidth: 13, itemHeight: 13, textStyle: LABEL, selectedMode: false },
    xAxis: isHorizontal ? amounts : names,
    yAxis: isHorizontal ? names : amounts,
    series: series.map(({ name, values }) => ({
      name,
      type: "bar",
      data: values,
      silent: true,
      barMaxWidth: isHorizontal && size.hasNamesAbove ? 9 : 28,
      barGap: "10%",
      itemStyle: { color: `var(--${name})`, borderRadius: isHorizontal ? [0, 2, 2, 0] : [2, 2, 0, 0] },
    })),
  };
}

const AMOUNTS_AXIS = {
  type: "value",
  minInterval: 1,
  splitNumber: 4,
  splitLine: { lineStyle: { color: "var(--line)" } },
  axisLabel: { ...LABEL, hideOverlap: true },
} as const;

function namesAxis({ isHorizontal, categories }: ChartData, { hasNamesAbove, nameCharacters }: Size) {
  return {
    type: "category",
    data: isHorizontal ? categories.map((name) => shortLabel(name, nameCharacters)) : categories,
    inverse: isHorizontal,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "var(--line)" } },
    axisLabel: isHorizontal ? { ...LABEL, interval: 0, ...(hasNamesAbove && ABOVE) } : { ...LABEL, hideOverlap: true },
  } as const;
}

const ABOVE = {
  inside: true,
  margin: 0,
  align: "left",
  verticalAlign: "bottom",
  padding: [0, 0, ABOVE_BARS, 0] as number[],
} as const;

/** The room for what stands left of the bars: names, or amounts. */
function leftOf({ isHorizontal, categories, series }: ChartData, { hasNamesAbove, nameCharacters }: Size): number {
  // Half of the 0 below the bars.
  if (isHorizontal && hasNamesAbove) return 5;
  const largest = Math.max(...series.flatMap(({ values }) => values));
  const labels = isHorizontal
    ? categories.map((name) => widthOf(shortLabel(name, nameCharacters)))
    : [`${largest.toLocaleString("en-US")}0`.length];
  return Math.max(...labels) * CHARACTER_WIDTH + AROUND_LABELS;
}

function shortLabel(name: string, limit: number): string {
  if (widthOf(name) <= limit) return name;
  const characters = [...name];
  while (widthOf(characters.join("")) >= limit) characters.pop();
  return `${characters.join("")}…`;
}

/** In letters; those from Korean's on, so Chinese and Japanese too, are about twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character >= "\u1100" && character !== "…" ? 2 : 1), 0);
}
