import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";
import { splitSample } from "./sample";
import type { Delimiter } from "./sniff";

/** What the first lines of a text show of tables that were laid out for readers, or written with another grammar. */
export interface Layout {
  /** Why this is surely no delimited text. */
  fault?: UnusableFile;
  warnings: string[];
}

const LOOKED_AT_LINES = 10;
/** `+----+----+`, `-----+-----`, `|---------|`, `---- ---------` */
const RULE = /^[\s+|]*(?:[-=][\s+|]*){5,}$/;
/** One field of a line below the header that underlines it: as long as the name, or the values. Markdown has colons. */
const UNDERLINE = /^\s*:?-+:?\s*$/;
/** R's write.table, left to itself. */
const QUOTED_BY_SPACES = /^"[^"]*"(?: "[^"]*")+$/;

/** @param delimiter - the one that was chosen, even where it splits nothing. */
export function layoutOf(sample: Buffer, delimiter: Delimiter): Layout {
  const lines = sample.toString("utf8").split(/\r?\n/, LOOKED_AT_LINES);
  if (QUOTED_BY_SPACES.test(lines[0] ?? "")) {
    return { fault: says.separatedBySpaces(), warnings: [] };
  }
  if (lines[0]?.startsWith("#TYPE ")) return { fault: says.typeLine(), warnings: [] };
  const header = lines.findIndex((line) => line !== "");
  const rule = lines.findIndex((line) => RULE.test(line));
  // A value may hold such a line, but not one of a table that has no columns.
  if (
    rule >= 0 &&
    (rule === header || !lines[header]?.includes(delimiter) || isOneField(sample, delimiter, rule + 1))
  ) {
    return { fault: says.ruledLine(rule + 1), warnings: [] };
  }
  return { warnings: isUnderline(lines[header + 1] ?? "", delimiter) ? [says.underline(header + 2)] : [] };
}

/** Whether a line is a record of one field. */
function isOneField(sample: Buffer, delimiter: Delimiter, line: number): boolean {
  const { records } = splitSample(sample, delimiter.charCodeAt(0), false);
  return records.some((record) => record.line === line && record.width === 1);
}

function isUnderline(line: string, delimiter: Delimiter): boolean {
  const fields = line.split(delimiter);
  const inner = fields.filter((field, i) => field !== "" || (i > 0 && i < fields.length - 1));
  return inner.every((field) => UNDERLINE.test(field)) && inner.some((field) => field.includes("---"));
}
