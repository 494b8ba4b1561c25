import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import type { EventLogColumns, TableProfile } from "../../provider/profile/file-profile";
import { namedDelimiter } from "../../provider/profile/sniff";
import { MonthCounts } from "./month-counts";

/** How many events there are of what. */
export interface EventCounts {
  /** By name; names beyond the first {@link COUNTED_ACTIVITIES} are counted together. */
  activities: Map<string, number>;
  otherActivities: number;
  /** By `YYYY-MM`, in order; undefined where days and months cannot be distinguished. */
  months: Map<string, number> | undefined;
}

/** A column with more different names holds no activities; it bounds the memory. */
const COUNTED_ACTIVITIES = 10_000;
const NAME_CHARACTERS = 200;

/**
 * Counts in constant memory, in a file that has been profiled: so it is sound, and its delimiter is known.
 * Where a quote inside an unquoted field, an empty line or a line end means something, it means what the profile took it for.
 */
export async function countEvents(file: string, table: TableProfile, columns: EventLogColumns): Promise<EventCounts> {
  const activity = table.columns.indexOf(columns.activity);
  const timestamp = table.columns.indexOf(columns.timestamp);
  const activities = new Map<string, number>();
  const months = new MonthCounts();
  let otherActivities = 0;
  const parser = parse({
    bom: true,
    delimiter: table.delimiter ?? ",",
    from: 2,
    record_delimiter: ["\r\n", "\n"],
    relax_quotes: true,
    skip_empty_lines: true,
  });
  await pipeline(
    createReadStream(file, { start: await textStart(file) }),
    parser,
    async (records: AsyncIterable<string[]>) => {
      for await (const record of records) {
        months.add(record[timestamp] as string);
        const name = (record[activity] as string).slice(0, NAME_CHARACTERS);
        const events = activities.get(name);
        if (events !== undefined || activities.size < COUNTED_ACTIVITIES) activities.set(name, (events ?? 0) + 1);
        else otherActivities++;
      }
    },
  );
  return { activities, otherActivities, months: months.byMonth() };
}

/** Behind a line that names the delimiter, and a byte order mark before it. */
async function textStart(file: string): Promise<number> {
  const bytes = Buffer.alloc(64);
  const handle = await open(file);
  try {
    await handle.read(bytes, 0, bytes.length, 0);
  } finally {
    await handle.close();
  }
  const markBytes = bytes.toString("latin1", 0, 3) === "\xef\xbb\xbf" ? 3 : 0;
  const named = namedDelimiter(bytes.subarray(markBytes));
  return named ? markBytes + named.bytes : 0;
}
