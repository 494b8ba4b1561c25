import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Options, parse } from "csv-parse";
import { parse as parseNow } from "csv-parse/sync";
import type { Column } from "./model";

/** What ingestion learns from a text file. */
export interface Profile {
  rowCount: number;
  columns: Column[];
}

const SAMPLE_BYTES = 65_536;
const SAMPLE_RECORDS = 50;
const LONGEST_RECORD = 4 * 1024 * 1024;
const DELIMITERS = [",", ";", "\t", "|"] as const;
const DATE = String.raw`(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})`;
const TIME = String.raw`\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?`;
const DATETIME = new RegExp(`^${DATE}([T ]${TIME} ?(Z|[+-]\\d{2}:?\\d{2})?)?$`);
/** A leading zero makes it an identifier, not a number. */
const INTEGER = /^[+-]?(0|[1-9]\d{0,17})$/;
const NUMBER = /^[+-]?((0|[1-9]\d*)(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads delimited text to its end in constant memory: counts its rows below the header and finds each column's type.
 * @throws csv-parse's own error for text it cannot read
 */
export async function profileDelimited(source: Readable, isTabbed: boolean, signal?: AbortSignal): Promise<Profile> {
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const sample = await readSample(chunks);
  const profile: Profile = { rowCount: 0, columns: [] };
  const types: (Column["type"] | undefined)[] = [];
  let header: string[] | undefined;
  await pipeline(
    joined(sample, chunks),
    parse({ ...LENIENT, delimiter: sniffDelimiter(sample.toString("utf8"), isTabbed) }),
    async (records: AsyncIterable<string[]>) => {
      for await (const record of records) {
        if (header) {
          profile.rowCount += 1;
          for (let i = 0; i < header.length; i += 1) types[i] = typeWith(types[i], record[i] ?? "");
        } else header = record;
      }
    },
    { signal },
  );
  profile.columns = (header ?? []).map((name, i) => ({ name, type: types[i] ?? "string" }));
  return profile;
}

/** The delimiter that splits the first lines into the same, largest number of fields; else the one that splits the first line. */
function sniffDelimiter(sample: string, isTabbed: boolean): string {
  for (const records of [SAMPLE_RECORDS, 1]) {
    const widest = DELIMITERS.map((delimiter) => ({
      delimiter,
      width: constantWidth(sample, delimiter, records),
    })).reduce((best, next) => (next.width > best.width ? next : best));
    if (widest.width > 1) return widest.delimiter;
  }
  return isTabbed ? "\t" : ",";
}

const LENIENT: Options = {
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: LONGEST_RECORD,
};

function constantWidth(sample: string, delimiter: string, to: number): number {
  const complete = sample.length < SAMPLE_BYTES ? sample : sample.slice(0, sample.lastIndexOf("\n") + 1);
  try {
    const records = parseNow(complete, { ...LENIENT, delimiter, to }) as string[][];
    const width = records[0]?.length ?? 0;
    return records.every((record) => record.length === width) ? width : 0;
  } catch {
    return 0; // Not readable with this delimiter, so not the delimiter.
  }
}

function typeWith(known: Column["type"] | undefined, value: string): Column["type"] | undefined {
  const text = value.trim();
  if (text === "" || known === "string") return known;
  if (DATETIME.test(text)) return known === undefined || known === "datetime" ? "datetime" : "string";
  if (known === "datetime") return "string";
  if (INTEGER.test(text)) return known ?? "integer";
  return NUMBER.test(text) ? "number" : "string";
}

async function readSample(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  while (size < SAMPLE_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  return Buffer.concat(parts);
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
