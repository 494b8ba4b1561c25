import type { DescribedFile } from "../../../provider/lifecycles/data-change";
import { type GuardRails, guardRailFailures } from "../../../provider/lifecycles/guard-rails";

const LAST: DescribedFile = {
  contentSha256: "a".repeat(64),
  sizeBytes: 1_000_000,
  change: "first upload",
  rows: 15_000,
  __columns: ["case_id", "activity", "timestamp"],
  __profileVersion: 1,
};
const NOW: DescribedFile = { ...LAST, contentSha256: "b".repeat(64), change: "rewritten: 15,000 rows as before" };
const WAY_OUT = `. Nothing was sent. Correct the file; or, to let this one file through, set acceptSha256: "bbbbbbbbbbbb"`;

interface Case {
  rails: { [K in keyof GuardRails]?: unknown };
  last?: DescribedFile | "none";
  now?: Partial<DescribedFile>;
  isAppended?: boolean;
}

function judge({ rails, last = LAST, now, isAppended = false }: Case) {
  return guardRailFailures(rails, { last: last === "none" ? undefined : last, now: { ...NOW, ...now }, isAppended });
}

test.each<[string, Case]>([
  ["no rails", { rails: {}, now: { rows: 0, __columns: [] } }],
  ["rows at the limit", { rails: { maxRowDropPercent: 10 }, now: { rows: 13_500 } }],
  ["no rows ever, none now", { rails: { maxRowDropPercent: 0 }, last: { ...LAST, rows: 0 }, now: { rows: 0 } }],
  ["more rows", { rails: { maxRowDropPercent: 0 }, now: { rows: 15_001 } }],
  ["a first upload", { rails: { maxRowDropPercent: 0, appendOnly: true, onColumnsRemoved: "error" }, last: "none" }],
  ["columns added", { rails: { onColumnsRemoved: "error" }, now: { __columns: [...(LAST.__columns ?? []), "x"] } }],
  ["columns removed, to be shown", { rails: { onColumnsRemoved: "show" }, now: { __columns: [] } }],
  ["required columns present", { rails: { requireColumns: ["activity", "case_id"] } }],
  ["an empty list of required columns", { rails: { requireColumns: [] }, now: { __columns: undefined } }],
  ["appended", { rails: { appendOnly: true }, isAppended: true }],
  ["not append-only", { rails: { appendOnly: false } }],
  [
    "unchanged content",
    { rails: { appendOnly: true, maxRowDropPercent: 0 }, now: { contentSha256: LAST.contentSha256, rows: 1 } },
  ],
  ["accepted", { rails: { acceptSha256: "bbbbbbbb", maxRowDropPercent: 0, requireColumns: ["x"] }, now: { rows: 0 } }],
  [
    "unknown limits",
    {
      rails: {
        maxRowDropPercent: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        requireColumns: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
      },
      now: { rows: 1 },
    },
  ],
])("passes: %s", (_what, given) => {
  expect(judge(given)).toEqual([]);
});

test.each<[string, Case, string, string]>([
  [
    "rows fell",
    { rails: { maxRowDropPercent: 10 }, now: { rows: 9_120 } },
    "maxRowDropPercent",
    "rows fell from 15,000 to 9,120 (-39 %), more than maxRowDropPercent 10",
  ],
  [
    "just too many rows fell",
    { rails: { maxRowDropPercent: 10 }, now: { rows: 13_499 } },
    "maxRowDropPercent",
    "rows fell from 15,000 to 13,499 (-10 %), more than maxRowDropPercent 10",
  ],
  [
    "rows not known",
    { rails: { maxRowDropPercent: 10 }, now: { rows: undefined } },
    "maxRowDropPercent",
    "maxRowDropPercent cannot be judged: the rows of this file or of the last one are not known",
  ],
  [
    "columns removed",
    { rails: { onColumnsRemoved: "error" }, now: { __columns: ["case_id"] } },
    "onColumnsRemoved",
    'columns are gone (2: activity, timestamp), and onColumnsRemoved is "error"',
  ],
  [
    "columns not known",
    { rails: { onColumnsRemoved: "error" }, now: { __columns: undefined } },
    "onColumnsRemoved",
    "onColumnsRemoved cannot be judged: the columns of this file or of the last one are not known",
  ],
  [
    "required columns missing, in a first upload",
    { rails: { requireColumns: ["activity", "amount"] }, last: "none" },
    "requireColumns",
    "required columns are missing (1: amount); the file has 3: case_id, activity, timestamp",
  ],
  [
    "required columns of a format that is not read",
    { rails: { requireColumns: ["activity"] }, now: { __columns: undefined } },
    "requireColumns",
    "requireColumns cannot be judged: a file of this format has no columns that are read; leave requireColumns out",
  ],
  [
    "rewritten where only appending is allowed",
    { rails: { appendOnly: true } },
    "appendOnly",
    "appendOnly is set, and the file is not the last one with rows appended: rewritten: 15,000 rows as before",
  ],
  [
    "another file accepted",
    { rails: { appendOnly: true, acceptSha256: "cccccccc" } },
    "appendOnly",
    "appendOnly is set, and the file is not the last one with rows appended: rewritten: 15,000 rows as before",
  ],
])("trips: %s", (_what, given, property, reason) => {
  expect(judge(given)).toEqual([{ property, reason: reason + WAY_OUT }]);
});

test("judges every rail, so that a user sees all at once", () => {
  const rails = { requireColumns: ["x"], onColumnsRemoved: "error", maxRowDropPercent: 0, appendOnly: true };
  const properties = judge({ rails, now: { rows: 1, __columns: ["y"] } }).map(({ property }) => property);
  expect(properties).toEqual(["requireColumns", "onColumnsRemoved", "maxRowDropPercent", "appendOnly"]);
});
