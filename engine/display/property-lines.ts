import type { Properties, Value } from "../model";
import { isRecord, isSecret } from "../values";
import { goNumber, goQuote, goQuoteInner, truncated } from "./go-format";
import type { ArrayDiff, ObjectDiff, ValueDiff } from "./object-diff";
import { type Colour, looksOf, type Paint } from "./paint";
import { diffTextLines } from "./text-diff";
import { decodeText, isInternal, isReference, isUnknown } from "./values";

type Mark = "create" | "delete" | "update" | "same" | "read";

/** How one property is printed: how deep, with which mark and colour, in a preview or not. */
interface Style {
  /** In steps of four columns. */
  indent: number;
  mark: Mark;
  /** Whether the mark is printed, or only its colour used. */
  marked: boolean;
  preview: boolean;
}

type Title = (style: Style) => string;

/** Prints properties and what differs in them, in Pulumi's layout: keys aligned, `~ key: old => new`. */
export class PropertyPrinter {
  constructor(
    private readonly paint: Paint,
    private readonly preview: boolean,
  ) {}

  /** All properties; `marked` puts the mark in front of each. */
  all(properties: Properties, indent: number, mark: Mark, marked = false): string {
    return this.object(properties, { indent, mark, marked, preview: this.preview });
  }

  /** Paths whose difference the program asked to hide. */
  hidden(paths: string[], indent: number): string {
    const { symbol, colour } = looksOf("update");
    const margin = `${"    ".repeat(indent).slice(0, -2)}${symbol}`;
    return paths.map((path) => `${this.paint(colour, `${margin}${path} (hidden)`)}\n`).join("");
  }

  /** What differs, and what does not without a mark. */
  diff(diff: ObjectDiff, indent: number): string {
    return this.objectDiff(diff, { indent, mark: "same", marked: true, preview: this.preview });
  }

  /** One key of a diff; `width` is that of the longest key. */
  diffKey(key: string, width: number, diff: ObjectDiff, indent: number): string {
    return this.keyDiff(key, width, diff, { indent, mark: "same", marked: false, preview: this.preview });
  }

  /** One property without a mark. */
  one(key: string, width: number, value: Value, indent: number, mark: Mark): string {
    const style: Style = { indent, mark, marked: false, preview: this.preview };
    return this.title(key, width)(style) + this.line(value, style);
  }

  private object(properties: Properties, style: Style): string {
    const keys = Object.keys(properties).sort();
    const width = widest(keys);
    return keys
      .filter((key) => !isInternal(key))
      .map((key) => this.title(key, width)(style) + this.line(properties[key] ?? null, style))
      .join("");
  }

  private objectDiff(diff: ObjectDiff, style: Style): string {
    const keys = diffKeys(diff);
    const width = widest(keys);
    return keys.map((key) => this.keyDiff(key, width, diff, style)).join("");
  }

  private keyDiff(key: string, width: number, diff: ObjectDiff, style: Style): string {
    const title = this.title(key, width);
    if (key in diff.adds) return this.whole("create", diff.adds[key] ?? null, title, style);
    if (key in diff.deletes) return this.whole("delete", diff.deletes[key] ?? null, title, style);
    const update = diff.updates[key];
    if (update !== undefined) return this.change(title, update, style);
    const same = diff.sames[key] ?? null;
    if (!isWorthPrinting(same)) return "";
    const quiet: Style = { ...style, mark: "same", marked: false };
    return title(quiet) + this.line(same, quiet);
  }

  private whole(mark: Mark, value: Value, title: Title, style: Style): string {
    const own: Style = { ...style, mark, marked: true };
    return title(own) + this.line(value, own);
  }

  private change(title: Title, diff: ValueDiff, style: Style): string {
    const own: Style = { ...style, mark: "update", marked: true };
    if (diff.array) {
      return `${title(own)}[\n${this.arrayDiff(diff.array, own)}${this.text(own, false, "]\n")}`;
    }
    if (diff.object) {
      const inner = this.objectDiff(diff.object, { ...own, indent: own.indent + 1 });
      return `${title(own)}{\n${inner}${this.text(own, false, "}\n")}`;
    }
    const [printOld, printNew] = [isWorthPrinting(diff.old), isWorthPrinting(diff.new)];
    if (printOld && printNew && isPrimitive(diff.old) && isPrimitive(diff.new)) {
      return title(own) + this.primitiveChange(diff.old, diff.new, own);
    }
    return (
      (printOld ? this.whole("delete", diff.old, title, own) : "") +
      (printNew ? this.whole("create", diff.new, title, own) : "")
    );
  }

  private primitiveChange(old: Value, current: Value, style: Style): string {
    if (typeof old === "string" && typeof current === "string" && !isUnknown(old) && !isUnknown(current)) {
      return this.textChange(old, current, style);
    }
    const from = this.primitive(old, { ...style, mark: "delete" });
    return `${from} => ${this.primitive(current, { ...style, mark: "create" })}\n`;
  }

  private textChange(old: string, current: string, style: Style): string {
    const [oldValue, newValue] = [decodeText(old), decodeText(current)];
    if (oldValue && newValue) {
      const change = oldValue.diffTo(newValue.value);
      if (change === undefined) return this.textChange(goQuote(old), goQuote(current), style);
      const kind = oldValue.kind === newValue.kind ? oldValue.kind : `${oldValue.kind} => ${newValue.kind}`;
      return `(${kind}) ${this.change(() => "", change, style)}`;
    }
    if (!`${old}${current}`.includes("\n")) {
      const [from, to] = [goQuoteInner(old), goQuoteInner(current)];
      return `"${from}" => "${to}"\n`;
    }
    const below: Style = { ...style, indent: style.indent + 1 };
    const lines = diffTextLines(old, current).map(({ mark, text }) =>
      this.text({ ...below, mark }, mark !== "same", `${truncated(text)}\n`),
    );
    return `\n${lines.join("")}`;
  }

  private arrayDiff(array: ArrayDiff, style: Style): string {
    const { adds, deletes, updates, sames } = array;
    const places = [...adds.keys(), ...deletes.keys(), ...updates.keys(), ...sames.keys()];
    const element: Style = { ...style, indent: style.indent + 2 };
    let result = "";
    for (let index = 0; index <= Math.max(-1, ...places); index++) {
      const title: Title = (own) => this.text({ ...own, indent: own.indent - 1 }, own.marked, `[${index}]: `);
      const update = updates.get(index);
      if (adds.has(index)) result += this.whole("create", adds.get(index) ?? null, title, element);
      else if (deletes.has(index)) result += this.whole("delete", deletes.get(index) ?? null, title, element);
      else if (update !== undefined) result += this.change(title, update, element);
      else if (sames.has(index)) {
        const quiet: Style = { ...element, mark: "same", marked: false };
        result += title(quiet) + this.line(sames.get(index) ?? null, quiet);
      }
    }
    return result;
  }

  private line(value: Value, style: Style): string {
    return `${this.value(value, style)}\n`;
  }

  private value(value: Value, style: Style): string {
    if (isPrimitive(value)) return this.primitive(value, style);
    const below: Style = { ...style, indent: style.indent + 1 };
    if (Array.isArray(value)) {
      if (value.length === 0) return "[]";
      const items = value.map(
        (item, index) => this.text(style, style.marked, `    [${index}]: `) + this.line(item, below),
      );
      return `[\n${items.join("")}${this.text(style, false, "]")}`;
    }
    if (isReference(value)) return this.reference(value, style);
    const object = value as unknown as Properties;
    if (Object.keys(object).length === 0) return "{}";
    return `{\n${this.object(object, below)}${this.text(style, false, "}")}`;
  }

  private reference(value: Properties, style: Style): string {
    const below: Style = { ...style, indent: style.indent + 1 };
    const parts = [
      `${this.title("URN", 3)(below)}${goQuote(String(value["urn"]))}\n`,
      this.title("ID", 3)(below) + this.line(value["id"] ?? "", below),
      `${this.title("PackageVersion", 3)(below)}${goQuote(String(value["packageVersion"] ?? ""))}\n`,
    ];
    return `{\n${parts.join("")}${this.text(style, false, "}")}`;
  }

  private primitive(value: Value, style: Style): string {
    if (value === null) return "<null>";
    if (isSecret(value)) return "[secret]";
    if (isUnknown(value)) return "[unknown]";
    if (typeof value === "number") return goNumber(value);
    if (typeof value !== "string") return String(value);
    const decoded = decodeText(value);
    if (decoded) return `(${decoded.kind}) ${this.line(decoded.value, style)}`;
    return goQuote(truncated(value));
  }

  private title(key: string, width: number): Title {
    return (style) => this.text(style, style.marked, `${key.padEnd(width)}: `);
  }

  /** Text behind its indentation, whose last two columns are the mark. */
  private text(style: Style, marked: boolean, text: string): string {
    const margin = "    ".repeat(style.indent);
    const { symbol, colour } = looksOf(style.mark);
    const line = (marked ? margin.slice(0, -2) + symbol : margin) + text;
    return style.mark === "same" ? line : paintLine(this.paint, colour, line);
  }
}

/** Every key of a diff, sorted. */
export function diffKeys({ adds, deletes, sames, updates }: ObjectDiff): string[] {
  return [adds, deletes, sames, updates].flatMap((part) => Object.keys(part)).sort();
}

/** The width of the longest key. */
export function widest(keys: string[]): number {
  return Math.max(0, ...keys.map((key) => key.length));
}

/** Nothing, an empty text, list or object only clutters what is printed. */
export function isWorthPrinting(value: Value): boolean {
  if (value === null || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isRecord(value) || Object.keys(value).length > 0;
}

function isPrimitive(value: Value): boolean {
  return value === null || typeof value !== "object" || isSecret(value);
}

/** A line break stays outside of the colour. */
function paintLine(paint: Paint, colour: Colour, text: string): string {
  return text.endsWith("\n") ? `${paint(colour, text.slice(0, -1))}\n` : paint(colour, text);
}
