import type { Observation } from "./model";

/** Where two observations of one step differ, one line each: `state[2].inputs.value: 1 (CLI), 2 (ours)`. */
export function differences(cli: Observation, ours: Observation): string[] {
  const found: string[] = [];
  const keys = new Set([...Object.keys(cli), ...Object.keys(ours)]) as Set<keyof Observation>;
  for (const key of keys) {
    if (key === "stdout" || key === "stderr") lines(key, cli[key], ours[key], found);
    else compare(key, cli[key], ours[key], found);
  }
  return found;
}

function compare(place: string, left: unknown, right: unknown, found: string[]): void {
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      compare(`${place}[${index}]`, left[index], right[index], found);
    }
  } else if (isRecord(left) && isRecord(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      compare(`${place}.${key}`, left[key], right[key], found);
    }
  } else if (JSON.stringify(left) !== JSON.stringify(right)) {
    found.push(`${place}: ${JSON.stringify(left)} (CLI), ${JSON.stringify(right)} (ours)`);
  }
}

/** Lines only one of the two has. */
function lines(place: string, cli: string[], ours: string[], found: string[]): void {
  if (JSON.stringify(cli) === JSON.stringify(ours)) return;
  const missing = without(cli, ours);
  const extra = without(ours, cli);
  // A slow run of the CLI prints its line of progress again, of which a blank one stays.
  const isSlow = extra.length === 0 && missing.every((line) => line === "");
  if (isSlow && JSON.stringify(withText(cli)) === JSON.stringify(withText(ours))) return;
  found.push(...missing.map((line) => `${place} (CLI):  ${line}`), ...extra.map((line) => `${place} (ours): ${line}`));
  if (missing.length + extra.length === 0) found.push(`${place}: the same lines in another order`);
}

function withText(lines: string[]): string[] {
  return lines.filter((line) => line !== "");
}

function without(lines: string[], others: string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
