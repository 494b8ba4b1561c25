import type { DescribedFile } from "../../../provider/lifecycles/data-change";
import { type GuardRails, guardRailFailures } from "../../../provider/lifecycles/guard-rails";
import * as says from "../../../provider/messages/uploads";

const LAST: DescribedFile = {
  contentSha256: "a".repeat(64),
  sizeBytes: 1_000_000,
  change: "first upload",
  rows: 15_000,
  __columns: ["case_id", "activity", "timestamp"],
  __profileVersion: 1,
};
const NOW: DescribedFile = { ...LAST, contentSha256: "b".repeat(64), change: "rewritten: 15,000 rows as before" };

interface Case {
  rails: { [K in keyof GuardRails]?: unknown };
  last?: DescribedFile | "none";
  now?: Partial<DescribedFile>;
  isAppended?: boolean;
}

function judge({ rails, last = LAST, now, isAppended = false }: Case) {
  const before = last === "none" ? undefined : last;
  return guardRailFailures(rails, { last: before, now: { ...NOW, ...now }, isAppended, hasSameCases: true, nowMs: 0 });
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
])("passes: %s", (_what, example) => {
  expect(judge(example)).toEqual([]);
});

test.each<[what: string, example: Case, property: string, reason: string, option?: string]>([
  [
    "rows fell",
    { rails: { maxRowDropPercent: 10 }, now: { rows: 9_120 } },
    "maxRowDropPercent",
    says.rowsFell("rows", "15,000", "9,120", " (-39 %)", 10),
  ],
  [
    "just too many rows fell",
    { rails: { maxRowDropPercent: 10 }, now: { rows: 13_499 } },
    "maxRowDropPercent",
    says.rowsFell("rows", "15,000", "13,499", " (-10 %)", 10),
  ],
  [
    "rows not known",
    { rails: { maxRowDropPercent: 10 }, now: { rows: undefined } },
    "maxRowDropPercent",
    says.cannotBeJudged("maxRowDropPercent", says.notKnown("rows")),
    says.leaveOut("maxRowDropPercent"),
  ],
  [
    "columns removed",
    { rails: { onColumnsRemoved: "error" }, now: { __columns: ["case_id"] } },
    "onColumnsRemoved",
    says.columnsRemoved("2: activity, timestamp"),
  ],
  [
    "columns not known",
    { rails: { onColumnsRemoved: "error" }, now: { __columns: undefined } },
    "onColumnsRemoved",
    says.cannotBeJudged("onColumnsRemoved", says.notKnown("columns")),
    says.leaveOut("onColumnsRemoved"),
  ],
  [
    "required columns missing, in a first upload",
    { rails: { requireColumns: ["activity", "amount"] }, last: "none" },
    "requireColumns",
    says.columnsMissing("1: amount", "3: case_id, activity, timestamp"),
  ],
  [
    "required columns of a format that is not read",
    { rails: { requireColumns: ["activity"] }, now: { __columns: undefined } },
    "requireColumns",
    says.cannotBeJudged("requireColumns", says.columnsNotRead()),
    says.leaveOut("requireColumns"),
  ],
  [
    "rewritten where only appending is allowed",
    { rails: { appendOnly: true } },
    "appendOnly",
    says.notAppended("rewritten: 15,000 rows as before"),
  ],
  [
    "another file accepted",
    { rails: { appendOnly: true, acceptSha256: "cccccccc" } },
    "appendOnly",
    says.notAppended("rewritten: 15,000 rows as before"),
  ],
])("trips: %s", (_what, example, property, reason, option = says.correctFile()) => {
  expect(judge(example)).toEqual([says.guardRail(property, reason, NOW.contentSha256, option)]);
});

test("judges every rail, so that a user sees all at once", () => {
  const ofRows = { requireColumns: ["x"], onColumnsRemoved: "error", maxRowDropPercent: 0, appendOnly: true };
  const ofProcess = {
    requireActivities: ["x"],
    forbidNewActivities: true,
    maxCaseDropPercent: 0,
    latestEventWithin: 1,
  };
  const rails = { ...ofRows, ...ofProcess };
  const properties = judge({ rails, now: { rows: 1, __columns: ["y"] } }).map(({ property }) => property);
  expect(properties).toEqual(Object.keys(rails));
});
