import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { profileFile } from "../../../provider/profile/profile-file";
import type { Format } from "../../../provider/profile/source-file";
import numbers from "./pm4py/numbers.json";
import { workbookOf } from "./workbook-of";

/** What pm4py counts in its own logs; ./pm4py says which. */

const folder = mkdtempSync(join(tmpdir(), "pm4py-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [CASE, ACTIVITY, TIME] = ["case:concept:name", "concept:name", "time:timestamp"] as const;
type Row = Record<typeof CASE | typeof ACTIVITY | typeof TIME, string>;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** As pm4py writes it: a trace for each case. */
function xesOf(rows: Row[]): string {
  const cases = new Map<string, string[]>();
  for (const row of rows) {
    const event = `<event><string key="concept:name" value="${escaped(row[ACTIVITY])}"/><date key="time:timestamp" value="${row[TIME].replace(" ", "T")}"/></event>`;
    cases.set(row[CASE], [...(cases.get(row[CASE]) ?? []), event]);
  }
  const traces = [...cases].map(
    ([id, events]) => `<trace><string key="concept:name" value="${escaped(id)}"/>${events.join("\n")}</trace>`,
  );
  return `<?xml version="1.0" encoding="utf-8" ?>\n<log xes.version="1849-2016">\n${traces.join("\n")}\n</log>\n`;
}

describe.each(numbers)("$log", ({ log, rows, cases, activities, firstEvent, lastEvent }) => {
  const csv = gunzipSync(readFileSync(join(__dirname, "pm4py", `${log}.csv.gz`)));
  const records: Row[] = parse(csv, { columns: true });
  const files: Record<string, () => string | Uint8Array> = {
    csv: () => csv,
    xes: () => xesOf(records),
    xlsx: () =>
      workbookOf([
        [CASE, ACTIVITY, TIME],
        ...records.map((row) => [row[CASE], row[ACTIVITY], new Date(row[TIME].replace(" ", "T"))]),
      ]),
  };

  test.each(Object.keys(files))("counts as pm4py does in %s", async (format) => {
    const file = `${log}.${format}`;
    writeFileSync(join(folder, file), (files[format] as () => string | Uint8Array)());
    const eventLog = { caseId: CASE, activity: ACTIVITY, timestamp: TIME };
    const found = await profileFile({ programDirectory: folder, file, format: format as Format, eventLog });
    expect({ ...found.eventLog, warnings: found.warnings }).toEqual({
      events: rows,
      cases,
      casesAreEstimated: false,
      activities,
      activitiesAreEstimated: false,
      firstEvent: firstEvent.replace(".000Z", "Z"),
      lastEvent: lastEvent.replace(".000Z", "Z"),
      warnings: [],
    });
  });
});
