import type * as echarts from "echarts";
import type { ChartData } from "../document";
import { escaped } from "./html-text";

/** Draws a chart as an SVG element. */
export type Draw = (chart: ChartData) => string;

const WIDTH = 900;
const COLUMNS_HEIGHT = 260;
const BAR_HEIGHT = 30;
const AROUND_BARS = 70;
const NAME_CHARACTERS = 34;
/** Of the page's letters at the labels' size: without a browser nothing can be measured. */
const CHARACTER_WIDTH = 7.8;
const BESIDE_LABELS = 12;
const AMOUNT_WIDTH = 80;

/** The drawing library weighs 62 MB, so it is installed by those who want charts; undefined where it is not. */
export function loadCharts(): Draw | undefined {
  const library = load();
  return library && ((chart) => draw(library, chart));
}

function load(): typeof echarts | undefined {
  try {
    return require("echarts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}

function draw(library: typeof echarts, chart: ChartData): string {
  const height = chart.isHorizontal ? chart.categories.length * BAR_HEIGHT + AROUND_BARS : COLUMNS_HEIGHT;
  const drawing = library.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    drawing.setOption(optionsOf(chart));
    const svg = drawing.renderToSVGString({ useViewBox: true });
    // What is for its own program in a browser, which a page without scripts has no use for.
    const still = svg.replace(/<style[^>]*>.*?<\/style>/gs, "").replace(/ (ecmeta_\w+|class)="[^"]*"/g, "");
    return still.replace("<svg ", `<svg role="img" aria-label="${escaped(chart.title)}" `);
  } finally {
    drawing.dispose();
  }
}

/** Colours are those of the page, light or dark. */
function optionsOf({ isHorizontal, categories, series }: ChartData): echarts.EChartsOption {
  const label = { color: "var(--text)", fontFamily: "inherit", fontSize: 13 };
  const labels = isHorizontal ? categories.map(shortLabel) : categories;
  const names = {
    type: "category",
    data: labels,
    inverse: isHorizontal,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "var(--line)" } },
    axisLabel: isHorizontal ? { ...label, interval: 0 } : { ...label, hideOverlap: true },
  } as const;
  const left = isHorizontal ? Math.max(...labels.map(widthOf)) * CHARACTER_WIDTH + BESIDE_LABELS : AMOUNT_WIDTH;
  const amounts = {
    type: "value",
    minInterval: 1,
    splitLine: { lineStyle: { color: "var(--line)" } },
    axisLabel: label,
  } as const;
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left, right: 32, top: 40, bottom: 28, outerBoundsMode: "none" },
    legend: { top: 4, left: 0, itemWidth: 13, itemHeight: 13, textStyle: label, selectedMode: false },
    xAxis: isHorizontal ? amounts : names,
    yAxis: isHorizontal ? names : amounts,
    series: series.map(({ name, values }) => ({
      name,
      type: "bar",
      data: values,
      silent: true,
      barMaxWidth: 28,
      barGap: "10%",
      itemStyle: { color: `var(--${name})`, borderRadius: isHorizontal ? [0, 2, 2, 0] : [2, 2, 0, 0] },
    })),
  };
}

function shortLabel(name: string): string {
  if (widthOf(name) <= NAME_CHARACTERS) return name;
  const characters = [...name];
  while (widthOf(characters.join("")) >= NAME_CHARACTERS) characters.pop();
  return `${characters.join("")}…`;
}

/** In letters; those from Korean's on, so Chinese and Japanese too, are about twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character >= "\u1100" && character !== "…" ? 2 : 1), 0);
}
