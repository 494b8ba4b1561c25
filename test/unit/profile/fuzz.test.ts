import { type CsvError, parse } from "csv-parse/sync";
import { type Counts, Scanner } from "../../../provider/profile/scanner";
import { cut, oneOf, seeded } from "./random";

const FILES = 4_000;
const scanner = new Scanner();

function scan(delimiter: string, chunks: Iterable<Uint8Array>): Counts & { rows: string } {
  scanner.start(delimiter.charCodeAt(0), { hashesRows: true });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  const { rowCount, rowSum, rowOrdered } = scanner.core.exports;
  return { ...scanner.counts(), rows: [rowCount, rowSum, rowOrdered].map(({ value }) => String(value)).join() };
}

/** `toEqual`, but quick where all is well: it runs 40,000 times. */
function expectSame(actual: object, expected: object): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

/** A field: plain, empty, quoted, with what makes quotes necessary. */
function field(random: () => number, delimiter: string): string {
  const kind = random();
  if (kind < 0.1) return "";
  if (kind < 0.75)
    return oneOf(random, ["x", "order 17", "2024-01-01 10:00:00", "Prüfen", "a,b;c|d\te", "  ", "0.5"]).replaceAll(
      delimiter,
      "",
    );
  if (kind < 0.8) return '""';
  const inside = Array.from({ length: Math.floor(random() * 8) }, () =>
    oneOf(random, [delimiter, "\n", "\r\n", '""', "text", "é", "\r", "a longer text that fills a block of bytes"]),
  );
  return `"${inside.join("")}"`;
}

function randomText(random: () => number, delimiter: string): string {
  const width = 1 + Math.floor(random() * 6);
  const isMixed = random() < 0.1;
  const usual = oneOf(random, ["\n", "\r\n"]);
  const ending = () => (isMixed ? oneOf(random, ["\n", "\r\n"]) : usual);
  let text = random() < 0.05 ? ending() : "";
  for (let rows = Math.floor(random() * 60); rows >= 0; rows--) {
    text += Array.from({ length: width }, () => field(random, delimiter)).join(delimiter) + ending();
    if (random() < 0.02) text += ending();
  }
  return random() < 0.3 ? text.slice(0, -usual.length) : text;
}

/** What happens to files: a byte too many, one missing, an end cut off. */
function damaged(random: () => number, text: string, delimiter: string): string {
  const at = Math.floor(random() * text.length);
  const kind = random();
  if (kind < 0.6) return text;
  if (kind < 0.65) return text.slice(0, at);
  if (kind < 0.75) return text.slice(0, at) + text.slice(at + 1);
  return text.slice(0, at) + oneOf(random, ['"', '"', '"', "\r", "\0", "\n", delimiter, '"x"', 'x"']) + text.slice(at);
}

interface Verdict {
  records?: number;
  width?: number;
  refusal?: string;
}

/** What the independent judge says; `relax_quotes` for stray quotes only. */
function judge(text: Buffer, delimiter: string, relaxQuotes: boolean): Verdict {
  try {
    const records = parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n"],
      skip_empty_lines: true,
      relax_quotes: relaxQuotes,
    }) as string[][];
    return { records: records.length, width: records[0]?.length ?? 0 };
  } catch (error) {
    return { refusal: (error as CsvError).code };
  }
}

const REFUSALS: Record<string, string> = {
  ragged: "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH",
  textAfterQuote: "CSV_INVALID_CLOSING_QUOTE",
  openQuote: "CSV_QUOTE_NOT_CLOSED",
};

function verdictOf({ records, width, fault }: Counts): Verdict {
  return fault ? { refusal: REFUSALS[fault.kind] ?? fault.kind } : { records, width };
}

/**
 * Where csv-parse is no judge:
 * - A lone CR and a NUL byte are content to it. Other readers end a row, or the file, there, so they are refused.
 * - Quotes inside unquoted fields end its reading unless told to relax; then it must count as we do, unless the text
 *   also has something after a closing quote, which relaxing makes it join in its own way.
 */
function isJudged({ fault, strayQuotes }: Counts): "strictly" | "relaxed" | "not" {
  if (fault?.kind === "loneCr" || fault?.kind === "nul") return "not";
  if (strayQuotes === 0) return "strictly";
  return fault?.kind === "textAfterQuote" ? "not" : "relaxed";
}

test("agrees with csv-parse on records, columns and verdict of 4,000 random files, wherever chunks end", () => {
  const seen = { strictly: 0, relaxed: 0, not: 0, refused: 0 };
  for (let seed = 0; seed < FILES; seed++) {
    const random = seeded(seed);
    const delimiter = oneOf(random, [",", ";", "\t", "|"]);
    const text = Buffer.from(damaged(random, randomText(random, delimiter), delimiter));
    const counts = scan(delimiter, [text]);
    expectSame({ seed, counts: scan(delimiter, cut(random, text)) }, { seed, counts });
    const judged = isJudged(counts);
    seen[judged]++;
    if (counts.fault) seen.refused++;
    if (judged !== "not") {
      expectSame({ seed, ...verdictOf(counts) }, { seed, ...judge(text, delimiter, judged === "relaxed") });
    }
  }
  // The corpus must have enough of each to mean something.
  expect(Math.min(seen.relaxed, seen.not, seen.refused)).toBeGreaterThan(100);
  expect(seen.strictly).toBeGreaterThan(2_500);
});

test("counts the same when a chunk ends anywhere", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seeded(seed);
    const text = Buffer.from(damaged(random, randomText(random, ","), ",")).subarray(0, 400);
    const counts = scan(",", [text]);
    for (let at = 0; at <= text.length; at++) {
      const cutCounts = scan(",", [text.subarray(0, at), text.subarray(at)]);
      expectSame({ seed, at, counts: cutCounts }, { seed, at, counts });
    }
  }
});
