import { encodeActivities } from "../../../provider/lifecycles/activities";
import type { DescribedFile } from "../../../provider/lifecycles/data-change";
import {
  type GuardRails,
  guardRailFailures,
  guardRailWarning,
  keptFailures,
} from "../../../provider/lifecycles/guard-rails";
import { checkNeedsEventLog } from "../../../provider/lifecycles/process-rails";
import type { Compared } from "../../../provider/lifecycles/rail";
import { needsEventLog } from "../../../provider/messages/inputs";
import * as says from "../../../provider/messages/uploads";
import { UNKNOWN } from "../../../provider/unknown";

const NOW_MS = Date.parse("2026-03-10T12:00:00Z");
const named = (...names: string[]) => ({ activityNames: names, __activities: encodeActivities(names) });
const NOT_NAMED = { activityNames: undefined, __activities: encodeActivities(undefined) };

const LAST: DescribedFile = {
  contentSha256: "a".repeat(64),
  sizeBytes: 1_000_000,
  change: "first upload",
  rows: 15_000,
  cases: 1_000,
  activities: 3,
  lastEvent: "2026-03-01T00:00:00Z",
  __columns: ["case_id", "activity", "timestamp"],
  __activities: encodeActivities(["Order", "Pay", "Ship"]),
  __profileVersion: 1,
};
const NOW: DescribedFile = { ...LAST, contentSha256: "b".repeat(64), lastEvent: "2026-03-10T00:00:00Z" };

interface Case {
  rails: { [K in keyof GuardRails]?: unknown };
  last?: Partial<DescribedFile> | "none";
  now?: Partial<DescribedFile> & { activityNames?: string[] };
  compared?: Partial<Compared>;
}

function comparedOf({ last = {}, now = named("Order", "Pay", "Ship"), compared }: Case): Compared {
  const { activityNames, ...described } = now;
  return {
    last: last === "none" ? undefined : { ...LAST, ...last },
    now: { ...NOW, ...described },
    activityNames,
    isAppended: false,
    hasSameCases: true,
    nowMs: NOW_MS,
    ...compared,
  };
}

const judge = (example: Case) => guardRailFailures(example.rails, comparedOf(example));
const ALL = { requireActivities: ["Order"], forbidNewActivities: true, maxCaseDropPercent: 0, latestEventWithin: 12 };
const unnamed = { activityNames: undefined, __activities: undefined };

test.each<[string, Case]>([
  ["a file within all limits", { rails: ALL }],
  ["a first upload, of which only the file itself is judged", { rails: ALL, last: "none" }],
  ["required activities, one of them named twice", { rails: { requireActivities: ["Pay", "Pay", "Order"] } }],
  ["no required activities", { rails: { requireActivities: [] }, now: unnamed }],
  ["new activities that are not forbidden", { rails: { forbidNewActivities: false }, now: named("Cancel") }],
  ["fewer activities, in another order", { rails: { forbidNewActivities: true }, now: named("Ship", "Order") }],
  ["cases at the limit", { rails: { maxCaseDropPercent: 10 }, now: { cases: 900 } }],
  ["no cases ever, none now", { rails: { maxCaseDropPercent: 0 }, last: { cases: 0 }, now: { cases: 0 } }],
  ["more cases", { rails: { maxCaseDropPercent: 0 }, now: { cases: 1_001 } }],
  [
    "an estimate after a million, since it stands for more",
    { rails: { maxCaseDropPercent: 0 }, last: { cases: 1_000_000 }, now: { cases: "≈ 1,000,500" } },
  ],
  [
    "estimates that are far apart enough",
    { rails: { maxCaseDropPercent: 20 }, last: { cases: "≈ 5,000,000" }, now: { cases: "≈ 4,600,000" } },
  ],
  [
    "appended to a file with estimated cases",
    {
      rails: { maxCaseDropPercent: 0 },
      last: { cases: "≈ 5,000,000" },
      now: { cases: "≈ 5,000,000" },
      compared: { isAppended: true },
    },
  ],
  [
    "appended to a file whose cases are not known",
    { rails: { maxCaseDropPercent: 0 }, last: { cases: undefined }, compared: { isAppended: true } },
  ],
  ["a last event exactly at the limit", { rails: { latestEventWithin: 12 } }],
  ["a last event in the future", { rails: { latestEventWithin: 0.1 }, now: { lastEvent: "2030-01-01T00:00:00Z" } }],
  [
    "an unchanged file, whatever its age and its cases",
    { rails: { ...ALL, latestEventWithin: 1 }, now: { contentSha256: LAST.contentSha256, cases: 1 } },
  ],
  [
    "an accepted file",
    { rails: { ...ALL, acceptSha256: "bbbbbbbb" }, now: { ...named("Cancel"), cases: 1, lastEvent: undefined } },
  ],
  [
    "limits that are not known yet",
    {
      rails: {
        requireActivities: [UNKNOWN],
        forbidNewActivities: UNKNOWN,
        maxCaseDropPercent: UNKNOWN,
        latestEventWithin: UNKNOWN,
      },
      now: { ...named("Cancel"), cases: 1, lastEvent: "2020-01-01T00:00:00Z" },
    },
  ],
  [
    "columns of the log that are not known yet",
    { rails: { ...ALL, eventLog: UNKNOWN } as Case["rails"], now: { ...unnamed, cases: undefined } },
  ],
])("passes: %s", (_what, example) => {
  expect(judge(example)).toEqual([]);
});

/** What is wrong, and what to do first where that is not to correct the file. */
interface Expected {
  what: string;
  option?: string;
}

const cannotJudge = (property: string, why: string, option = says.leaveOut(property)): Expected => ({
  what: says.cannotBeJudged(property, why),
  option,
});

test.each<[string, Case, keyof GuardRails, string | Expected]>([
  [
    "required activities missing, in a first upload",
    { rails: { requireActivities: ["Cancel", "Pay", "Cancel", "Rework", "Return"] }, last: "none" },
    "requireActivities",
    says.activitiesMissing("3: Cancel, Rework, …", 3),
  ],
  [
    "required activities missing in the file that was sent",
    { rails: { requireActivities: ["pay"] }, now: { ...named("Pay"), contentSha256: LAST.contentSha256 } },
    "requireActivities",
    says.activitiesMissing("1: pay", 1),
  ],
  [
    "required activities where not all can be named",
    { rails: { requireActivities: ["Pay"] }, now: NOT_NAMED },
    "requireActivities",
    cannotJudge("requireActivities", says.activitiesNotNamed()),
  ],
  [
    "required activities of a format that is not read",
    { rails: { requireActivities: ["Pay"] }, now: unnamed },
    "requireActivities",
    cannotJudge("requireActivities", says.eventsNotRead()),
  ],
  [
    "new activities",
    { rails: { forbidNewActivities: true }, now: named("Cancel", "Pay", "Rework", "Return") },
    "forbidNewActivities",
    says.activitiesNew("3: Cancel, Rework, …"),
  ],
  [
    "activities after a file with too many of them",
    { rails: { forbidNewActivities: true }, last: NOT_NAMED },
    "forbidNewActivities",
    cannotJudge("forbidNewActivities", says.activitiesNotNamedBefore()),
  ],
  [
    "too many activities",
    { rails: { forbidNewActivities: true }, now: NOT_NAMED },
    "forbidNewActivities",
    cannotJudge("forbidNewActivities", says.activitiesNotNamed()),
  ],
  [
    "cases fell",
    { rails: { maxCaseDropPercent: 10 }, now: { cases: 899 } },
    "maxCaseDropPercent",
    says.casesFell("1,000", "899", " (-10 %)", 10),
  ],
  [
    "cases not known",
    { rails: { maxCaseDropPercent: 10 }, last: { cases: undefined } },
    "maxCaseDropPercent",
    cannotJudge("maxCaseDropPercent", says.notKnown("cases")),
  ],
  [
    "cases counted by another column",
    { rails: { maxCaseDropPercent: 10 }, compared: { hasSameCases: false } },
    "maxCaseDropPercent",
    cannotJudge("maxCaseDropPercent", says.otherCaseColumn()),
  ],
  [
    "estimated cases that fell for sure",
    { rails: { maxCaseDropPercent: 10 }, last: { cases: "≈ 5,000,000" }, now: { cases: "≈ 4,000,000" } },
    "maxCaseDropPercent",
    says.casesFell("≈ 5,000,000", "≈ 4,000,000", " (-20 %)", 10),
  ],
  [
    "estimated cases that fell to a count",
    { rails: { maxCaseDropPercent: 10 }, last: { cases: "≈ 1,400,000" }, now: { cases: 900_000 } },
    "maxCaseDropPercent",
    says.casesFell("≈ 1,400,000", "900,000", " (-36 %)", 10),
  ],
  [
    "estimated cases that may have fallen too much",
    { rails: { maxCaseDropPercent: 10 }, last: { cases: "≈ 5,000,000" }, now: { cases: "≈ 4,600,000" } },
    "maxCaseDropPercent",
    cannotJudge("maxCaseDropPercent", says.tooCloseToJudge("≈ 5,000,000", "≈ 4,600,000", 10)),
  ],
  [
    "equal estimates of cases, where none may be lost",
    { rails: { maxCaseDropPercent: 0 }, last: { cases: "≈ 5,000,000" }, now: { cases: "≈ 5,000,000" } },
    "maxCaseDropPercent",
    cannotJudge("maxCaseDropPercent", says.tooCloseToJudge("≈ 5,000,000", "≈ 5,000,000", 0)),
  ],
  [
    "a last event just before the limit, in a first upload",
    { rails: { latestEventWithin: 11.99 }, last: "none" },
    "latestEventWithin",
    says.lastEventTooOld("12", 11.99),
  ],
  [
    "a last event of long ago",
    { rails: { latestEventWithin: 48 }, now: { lastEvent: "2026-01-01T00:00:00Z" } },
    "latestEventWithin",
    says.lastEventTooOld("1,644", 48),
  ],
  [
    "no time that is read",
    { rails: { latestEventWithin: 48 }, now: { lastEvent: undefined } },
    "latestEventWithin",
    cannotJudge("latestEventWithin", says.noLastEvent(), says.correctFile()),
  ],
])("trips: %s", (_what, example, property, reason) => {
  const { contentSha256 } = comparedOf(example).now;
  const { what, option }: Expected = typeof reason === "string" ? { what: reason } : reason;
  expect(judge(example)).toEqual([says.guardRail(property, what, contentSha256, option)]);
});

describe("a file that is kept, as it is not here", () => {
  test("is judged by what was recorded, by requireActivities alone", () => {
    expect(keptFailures({ ...ALL, latestEventWithin: 1 }, LAST)).toEqual([]);
    const reason = says.activitiesMissing("1: Cancel", 3);
    expect(keptFailures({ ...ALL, requireActivities: ["Cancel"] }, LAST)).toEqual([
      says.guardRail("requireActivities", reason, LAST.contentSha256),
    ]);
  });

  test("fails where its activities were not recorded", () => {
    const reason = says.cannotBeJudged("requireActivities", says.activitiesNotRecorded());
    expect(keptFailures(ALL, { ...LAST, __activities: undefined })).toEqual([
      says.guardRail("requireActivities", reason, LAST.contentSha256, says.recordActivities()),
    ]);
  });
});

test("says how to record the activities of the last file, where none were", () => {
  const reason = says.cannotBeJudged("forbidNewActivities", says.activitiesNotRecorded());
  expect(judge({ rails: { forbidNewActivities: true }, last: { __activities: undefined } })).toEqual([
    says.guardRail("forbidNewActivities", reason, NOW.contentSha256, says.recordActivities()),
  ]);
});

describe("the last event of a file that was sent already", () => {
  const unchanged = { contentSha256: LAST.contentSha256, lastEvent: LAST.lastEvent };
  const warn = (rails: Case["rails"], now: Case["now"]) => guardRailWarning(rails, comparedOf({ rails, now }));

  test("is warned of when it is too old", () => {
    expect(warn({ latestEventWithin: 200 }, unchanged)).toBe(says.unchangedSince(says.lastEventTooOld("228", 200)));
  });

  test.each<[string, Case["rails"], Case["now"]]>([
    ["it is within the limit", { latestEventWithin: 228 }, unchanged],
    ["there is no limit", {}, unchanged],
    ["the limit is not known yet", { latestEventWithin: UNKNOWN }, unchanged],
    ["the file was accepted", { latestEventWithin: 1, acceptSha256: "aaaaaaaa" }, unchanged],
    ["no time is read", { latestEventWithin: 1 }, { ...unchanged, lastEvent: undefined }],
    ["the file is new, and so fails", { latestEventWithin: 1 }, {}],
  ])("is not warned of when %s", (_when, rails, now) => {
    expect(warn(rails, now)).toBeUndefined();
  });
});

describe("a program without eventLog", () => {
  const failures = (source: unknown, inputs: object = ALL) =>
    checkNeedsEventLog({ source, ...inputs } as Parameters<typeof checkNeedsEventLog>[0]);
  const all = Object.keys(ALL).map((name) => needsEventLog(name));

  test.each([["log.csv"], ["log.TSV"], ["log.txt"], ["log.xlsx"]])("is rejected for %s", (source) => {
    expect(failures(source)).toEqual(all);
  });

  test("is rejected by the name that is sent", () => {
    expect(failures("log.xes", { ...ALL, fileName: "log.csv" })).toEqual(all);
    expect(failures("log.csv", { ...ALL, fileName: "log.xes" })).toEqual([]);
  });

  test.each<[string, unknown, object]>([
    ["XES names its activities itself", "log.xes", ALL],
    ["xls is judged by its rails", "log.xls", ALL],
    ["the file's name is not known yet", UNKNOWN, ALL],
    ["eventLog is not known yet", "log.csv", { ...ALL, eventLog: UNKNOWN }],
    ["no rail is set", "log.csv", { requireActivities: [], forbidNewActivities: false, maxCaseDropPercent: null }],
    ["a rail may be set", "log.csv", { forbidNewActivities: UNKNOWN, requireActivities: [UNKNOWN] }],
  ])("passes where %s", (_where, source, inputs) => {
    expect(failures(source, inputs)).toEqual([]);
  });
});
