import { redact } from "../errors";
import { isUnknown } from "../unknown";

/**
 * What a user reads, in this and the other files of the folder and nowhere else: one sentence, then at most three
 * options, a line each, the one that changes nothing first. `test/messages` renders every function here.
 */
export class Message {
  /** @param text - one sentence without a full stop; with ids of 36 characters at most 159 characters. */
  constructor(
    readonly text: string,
    readonly options: readonly string[] = [],
  ) {}

  toString(): string {
    return inLines(this.text, this.options);
  }
}

/** A sentence and its options, redacted. The line breaks are ours alone: what a text quotes has none. */
export function inLines(text: string, options: readonly string[] = []): string {
  const end = text.endsWith("?") ? "" : ".";
  return [`${redact(text)}${end}`, ...options.map((option) => `  - ${redact(option)}`)].join("\n");
}

/** A file that cannot be used. The message completes `cannot upload "…": `, without a full stop. */
export class UnusableFile extends Error {
  constructor(
    fault: string,
    readonly options: readonly string[] = [],
  ) {
    super(fault);
  }

  /** Fault and options in one line, for a list or a table. */
  inOneLine(): string {
    return [this.message, ...this.options].join("; ");
  }
}

const SHOWN_CHARACTERS = 38;

/** A value as a program writes it, in at most 40 characters; never the marker of an unknown, which nobody can read. */
export function formatValue(value: unknown): string {
  if (isUnknown(value)) return "a value not known yet";
  if (value === undefined || value === null) return "none";
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

/** `1 row`, `12,345 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The row count of a datatable; ProcessMind may not report it. */
export function rowsOf(rowCount: number | null | undefined): string {
  return rowCount === undefined || rowCount === null ? "an unknown number of rows" : counted(rowCount, "row");
}

/** The first items, and how many more there are. */
export function listed(items: readonly string[], most: number): string {
  const more = items.length - most;
  return items.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
