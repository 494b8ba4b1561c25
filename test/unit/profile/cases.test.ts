import { join } from "node:path";
import { describeFile } from "../../../provider/lifecycles/data-change";
import { guardRailFailures } from "../../../provider/lifecycles/guard-rails";
import { guardRail, rowsFell } from "../../../provider/messages/uploads";
import type { EventLogColumns, FileProfile } from "../../../provider/profile/file-profile";
import { profileFile } from "../../../provider/profile/profile-file";
import { extensionOf, type Format, SourceFile } from "../../../provider/profile/source-file";

/** Files as real tools write them, each with its right value; ./cases says after which report each was made. */

const folder = join(__dirname, "cases");
const LOG = { caseId: "case", activity: "activity", timestamp: "timestamp" };

function profile(file: string, eventLog?: EventLogColumns): Promise<FileProfile> {
  return profileFile({ source: new SourceFile(folder, file), format: extensionOf(file) as Format, eventLog });
}

const refusal = (file: string, eventLog?: EventLogColumns) =>
  profile(file, eventLog).then(
    () => "accepted",
    ({ message }) => message,
  );

const COLUMNS = ["case", "activity", "timestamp"];
const FOUR_ROWS = {
  table: { rows: 4, columns: COLUMNS },
  eventLog: {
    events: 4,
    cases: 2,
    activities: 3,
    firstEvent: "2024-01-05T13:04:05Z",
    lastEvent: "2024-01-20T10:00:00Z",
  },
};

test.each<[string, object, string[], EventLogColumns?]>([
  [
    "01_sep_semicolon.csv",
    { ...FOUR_ROWS, table: { ...FOUR_ROWS.table, delimiter: ";" } },
    ["line 1 (sep=) is not counted; readers other than Excel take it for the header"],
  ],
  [
    "13_pandas_index.csv",
    { ...FOUR_ROWS, table: { rows: 4, columns: ["", ...COLUMNS] } },
    ["column 1 of the header on line 1 has no name; is it an index of pandas (index=False) or R (row.names = FALSE)?"],
  ],
  [
    "60_empty_activity.csv",
    { eventLog: { events: 3, cases: 2, activities: 1 } },
    ["2 rows have no activity, the first on line 2"],
  ],
  [
    "61_blank_case.csv",
    { eventLog: { events: 3, cases: 1, activities: 3 } },
    ["2 rows have no case id, the first on line 3"],
  ],
  ["ts_utc.csv", { eventLog: { firstEvent: "2024-01-05T13:04:05Z", lastEvent: "2024-01-05T13:04:05.123Z" } }, []],
  ["b01_SharedStrings_case.xlsx", FOUR_ROWS, []],
  ["b03_relation_prefix.xlsx", FOUR_ROWS, []],
])("reads %s", async (...[file, expected, warnings]) => {
  const found = await profile(file, LOG);
  expect(found).toMatchObject(expected);
  expect(found.warnings).toEqual(warnings);
});

test("takes the semicolon where the comma would do as well", async () => {
  const { table, warnings } = await profile("64_tie.csv");
  expect(table).toMatchObject({ rows: 2, columns: ["Fall", "Betrag, EUR"], delimiter: ";" });
  expect(warnings).toEqual(['";" was taken as the delimiter; "," would split its first lines evenly too']);
});

test("warns of a file of one column, and names what may be its delimiter", async () => {
  const { table, warnings } = await profile("35_tilde.csv");
  expect(table).toMatchObject({ rows: 4, columns: ["case~activity~timestamp"] });
  expect(warnings).toEqual(['it has one column only; is "~" the delimiter? Comma, semicolon, tab and pipe are read']);
});

test.each([
  ["05_title_line_semicolon.csv", 'line 1 is not a header: the lines below have 3 fields, separated by ";"'],
  ["10_lfs_pointer.csv", "it is a Git LFS pointer, not the file"],
  ["17_trailing_delim_rows.csv", 'the rows end in ";": line 2 has 4 fields, and the header has 3'],
  ["a07_hidden_sheet.xlsx", 'it has 2 sheets with cells: "Sheet", "lookup" (hidden)'],
])("rejects %s with the cause and the fix", async (file, message) => {
  expect(await refusal(file)).toBe(message);
});

test("says that an XES log lost two of its three events", async () => {
  const [before, now] = [await profile("xes_events_old.xes"), await profile("xes_events_new.xes")];
  const last = { ...describeFile({}, {}, before), fileName: "log.xes" };
  const described = describeFile(last, { fileName: "log.xes" }, now);
  expect([last.rows, described.rows, described.change]).toEqual([3, 1, "rewritten: 2 events fewer (-67 %)"]);
  const compared = { last, now: described, isAppended: false, hasSameCases: true, nowMs: 0 };
  expect(guardRailFailures({ maxRowDropPercent: 70 }, compared)).toEqual([]);
  expect(guardRailFailures({ maxRowDropPercent: 10 }, compared)).toEqual([
    guardRail("maxRowDropPercent", rowsFell("events", "3", "1", " (-67 %)", 10), now.contentSha256),
  ]);
});
