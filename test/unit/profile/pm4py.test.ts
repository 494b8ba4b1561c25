import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { profileFile } from "../../../provider/profile/profile-file";
import { type Format, SourceFile } from "../../../provider/profile/source-file";
import numbers from "./pm4py-numbers.json";
import { workbookOf } from "./workbook-of";

/**
 * What pm4py 2.7.23 counts in its own logs. Those are not part of this repository: PM4PY_LOGS names the folder
 * `tests/input_data` of pm4py's repository.
 */

const logs = process.env["PM4PY_LOGS"];

const folder = mkdtempSync(join(tmpdir(), "pm4py-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [CASE, ACTIVITY, TIME] = ["case:concept:name", "concept:name", "time:timestamp"] as const;
type Row = Record<typeof CASE | typeof ACTIVITY | typeof TIME, string>;

(logs === undefined ? describe.skip : describe).each(numbers)(
  "$log",
  ({ log, rows, cases, activities, firstEvent, lastEvent }) => {
    const read = (format: string) => readFileSync(join(logs ?? "", `${log}.${format}`));
    const records = (): Row[] => parse(read("csv"), { columns: true });
    const files: Record<string, () => string | Uint8Array> = {
      csv: () => read("csv"),
      xes: () => read("xes"),
      xlsx: () =>
        workbookOf([
          [CASE, ACTIVITY, TIME],
          ...records().map((row) => [row[CASE], row[ACTIVITY], new Date(row[TIME].replace(" ", "T"))]),
        ]),
    };

    test.each(Object.keys(files))("counts as pm4py does in %s", async (format) => {
      const file = `${log}.${format}`;
      writeFileSync(join(folder, file), (files[format] as () => string | Uint8Array)());
      const eventLog = { caseId: CASE, activity: ACTIVITY, timestamp: TIME };
      const found = await profileFile({ source: new SourceFile(folder, file), format: format as Format, eventLog });
      expect(found.eventLog).toEqual({
        events: rows,
        cases,
        casesAreEstimated: false,
        activities,
        activitiesAreEstimated: false,
        activityNames: expect.any(Array),
        firstEvent: firstEvent.replace(".000Z", "Z"),
        lastEvent: lastEvent.replace(".000Z", "Z"),
      });
    });
  },
);
