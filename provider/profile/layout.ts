import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";
import type { Delimiter } from "./sniff";

/** What the first lines of a text show of tables that were laid out for readers, or written with another grammar. */
export interface Layout {
  /** Why this is surely no delimited text. */
  fault?: UnusableFile;
  warnings: string[];
}

const LOOKED_AT_LINES = 10;
/** `+----+----+`, `-----+-----`, `|---------|` */
const RULE = /^[\s+|]*[-=]{5,}[-=\s+|]*$/;
/** One field of a line below the header that underlines it; Markdown has colons. */
const UNDERLINE = /^\s*:?-{3,}:?\s*$/;
/** R's write.table, left to itself. */
const QUOTED_BY_SPACES = /^"[^"]*"(?: "[^"]*")+$/;

/** @param delimiter - the one that was chosen, even where it splits nothing. */
export function layoutOf(sample: Buffer, delimiter: Delimiter): Layout {
  const lines = sample.toString("utf8").split(/\r?\n/, LOOKED_AT_LINES);
  if (QUOTED_BY_SPACES.test(lines[0] ?? "")) {
    return { fault: says.separatedBySpaces(), warnings: [] };
  }
  const rule = lines.findIndex((line) => RULE.test(line));
  // A value may hold such a line, but not one of a table that has no columns.
  if (rule === 0 || (rule > 0 && !lines[0]?.includes(delimiter))) {
    return { fault: says.ruledLine(rule + 1), warnings: [] };
  }
  return { warnings: isUnderline(lines[1] ?? "", delimiter) ? [says.underline()] : [] };
}

function isUnderline(line: string, delimiter: Delimiter): boolean {
  const fields = line.split(delimiter);
  const inner = fields.filter((field, i) => field !== "" || (i > 0 && i < fields.length - 1));
  return inner.length > 0 && inner.every((field) => UNDERLINE.test(field));
}
