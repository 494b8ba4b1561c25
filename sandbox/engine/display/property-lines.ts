import type { Properties, Value } from "../model";
import { looksOf, type Paint } from "./paint";
import { diffSequences } from "./sequence-diff";
import { inline, isInternal, isPlainObject, sameValue } from "./values";

type Mark = "add" | "delete" | "update" | "none";

/** So many changed items of one list or text, or entries of one new object, are shown; the rest is counted. */
const MOST_ITEMS = 12;

const MARKS: { [mark in Mark]: string } = {
  add: looksOf("create").symbol,
  delete: looksOf("delete").symbol,
  update: looksOf("update").symbol,
  none: "  ",
};

/** A key or position to print, with what was there and what is. */
interface Entry {
  label: string;
  old?: Value;
  new?: Value;
}

/**
 * Prints properties as Pulumi's details do: `~ key: old => new`, `+ key: …`, `- key: …`, keys aligned, nested
 * objects and lists indented, secrets and unknown values by their placeholders.
 */
export class PropertyPrinter {
  readonly #paint: Paint;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** What differs, and with `sames` also what does not. `indent` is the column of the marks. */
  diff(olds: Properties, news: Properties, indent: number, sames = false): string[] {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !isInternal(key)).sort();
    const entries = keys
      .filter((key) => sames || !sameValue(olds[key], news[key]))
      .map((key) => ({ label: key, old: olds[key], new: news[key] }));
    return this.#diffEntries(entries, indent);
  }

  /** All properties, without marks. */
  all(properties: Properties, indent: number): string[] {
    const entries = Object.keys(properties)
      .filter((key) => !isInternal(key))
      .sort()
      .map((key) => ({ label: key, new: properties[key] }));
    return this.#entries(entries, "none", indent);
  }

  #diffEntries(entries: Entry[], indent: number): string[] {
    const width = widest(entries);
    return entries.flatMap((entry) => {
      const { old, new: current } = entry;
      if (old === undefined) return this.#value(entry.label, width, current ?? null, "add", indent);
      if (current === undefined) return this.#value(entry.label, width, old, "delete", indent);
      if (sameValue(old, current)) return this.#value(entry.label, width, current, "none", indent);
      return this.#change(entry.label, width, old, current, indent);
    });
  }

  #change(label: string, width: number, old: Value, current: Value, indent: number): string[] {
    const [from, to] = [inline(old), inline(current)];
    if (from !== undefined && to !== undefined) {
      return [this.#line("update", indent, `${label.padEnd(width)}: ${from} => ${to}`)];
    }
    if (isPlainObject(old) && isPlainObject(current)) {
      return this.#block(label, width, "update", indent, "{", this.diff(old, current, indent + 4), "}");
    }
    if (Array.isArray(old) && Array.isArray(current)) {
      return this.#block(label, width, "update", indent, "[", this.#listDiff(old, current, indent + 4), "]");
    }
    if (typeof old === "string" && typeof current === "string" && isPrintable(old) && isPrintable(current)) {
      return this.#block(label, width, "update", indent, '"""', this.#textDiff(old, current, indent + 4), '"""');
    }
    return [...this.#value(label, width, old, "delete", indent), ...this.#value(label, width, current, "add", indent)];
  }

  #listDiff(olds: Value[], news: Value[], indent: number): string[] {
    const changes = diffSequences(olds, news, sameValue).filter((change) => change.kind !== "same");
    const entries = changes.slice(0, MOST_ITEMS).map((change) => ({
      label: `[${change.index}]`,
      old: change.kind === "add" ? undefined : change.old,
      new: change.kind === "delete" ? undefined : change.new,
    }));
    return [...this.#diffEntries(entries, indent), ...more(changes.length - MOST_ITEMS, "changes", indent)];
  }

  #textDiff(old: string, current: string, indent: number): string[] {
    const changes = diffSequences(old.split("\n"), current.split("\n"), (a, b) => a === b).filter(
      (change) => change.kind !== "same",
    );
    const lines = changes
      .slice(0, MOST_ITEMS)
      .flatMap((change) => [
        ...(change.kind === "add" ? [] : [this.#line("delete", indent, change.old)]),
        ...(change.kind === "delete" ? [] : [this.#line("add", indent, change.new)]),
      ]);
    return [...lines, ...more(changes.length - MOST_ITEMS, "changed lines", indent)];
  }

  #entries(entries: Entry[], mark: Mark, indent: number): string[] {
    const width = widest(entries);
    const shown = entries.slice(0, mark === "none" && indent <= 8 ? entries.length : MOST_ITEMS);
    return [
      ...shown.flatMap((entry) => this.#value(entry.label, width, entry.new ?? null, mark, indent)),
      ...more(entries.length - shown.length, "entries", indent),
    ];
  }

  #value(label: string, width: number, value: Value, mark: Mark, indent: number): string[] {
    const text = inline(value);
    if (text !== undefined) return [this.#line(mark, indent, `${label.padEnd(width)}: ${text}`)];
    if (typeof value === "string") {
      const lines = value.split("\n");
      const shown = lines.slice(0, MOST_ITEMS).map((line) => this.#line(mark, indent + 4, line));
      return this.#block(
        label,
        width,
        mark,
        indent,
        '"""',
        [...shown, ...more(lines.length - MOST_ITEMS, "lines", indent + 4)],
        '"""',
      );
    }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => ({ label: `[${index}]`, new: item }));
      return this.#block(label, width, mark, indent, "[", this.#entries(items, mark, indent + 4), "]");
    }
    const inner = Object.entries(value as Properties)
      .filter(([key]) => !isInternal(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => ({ label: key, new: item }));
    return this.#block(label, width, mark, indent, "{", this.#entries(inner, mark, indent + 4), "}");
  }

  #block(
    label: string,
    width: number,
    mark: Mark,
    indent: number,
    open: string,
    body: string[],
    close: string,
  ): string[] {
    return [this.#line(mark, indent, `${label.padEnd(width)}: ${open}`), ...body, this.#line("none", indent, close)];
  }

  #line(mark: Mark, indent: number, text: string): string {
    const line = `${" ".repeat(indent)}${MARKS[mark]}${withoutControls(text)}`.trimEnd();
    if (mark === "none") return line;
    return this.#paint(looksOf(mark === "add" ? "create" : mark).colour, line);
  }
}

function widest(entries: Entry[]): number {
  return Math.max(0, ...entries.map((entry) => entry.label.length));
}

function more(count: number, what: string, indent: number): string[] {
  return count > 0 ? [`${" ".repeat(indent + 2)}… ${count} more ${what}`] : [];
}

/** Text that may be shown line by line: not one of the placeholders. */
/** Values come from services and files, and what steers a terminal must not reach it. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isPrintable(text: string): boolean {
  return inline(text) !== "output<string>";
}
