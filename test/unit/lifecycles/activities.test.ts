import { areNotNamed, encodeActivities, KnownActivities } from "../../../provider/lifecycles/activities";
import {
  type DescribedFile,
  describeFile,
  isFullyDescribed,
  withoutEvents,
} from "../../../provider/lifecycles/data-change";
import type { FileProfile } from "../../../provider/profile/file-profile";

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `Activity ${i}`);

describe("activities as they are kept", () => {
  test("find those that are new, and how many are missing, up to 1,000 of them", () => {
    const names = numbered(1_000);
    const stored = encodeActivities(names);
    const known = KnownActivities.from(stored);
    expect(known?.count).toBe(1_000);
    expect(known?.missing(["Activity 7", "activity 7", "Activity 1000", "Activity 1000"])).toEqual([
      "activity 7",
      "Activity 1000",
    ]);
    expect(known?.countOutside(names.slice(0, 990))).toBe(10);
    expect(stored.length).toBeLessThanOrEqual(5_400);
  });

  test("hold no name, and are the same in another order", () => {
    expect(encodeActivities(["Pay", "Ship", "Order"])).toBe(encodeActivities(["Order", "Pay", "Ship"]));
    expect(encodeActivities(["Pay"])).toMatch(/^[A-Za-z0-9+/]{6}==$/);
  });

  test("tell no activities from activities that cannot all be named", () => {
    const [none, notNamed] = [encodeActivities([]), encodeActivities(undefined)];
    expect([KnownActivities.from(none)?.count, areNotNamed(none)]).toEqual([0, false]);
    expect([KnownActivities.from(notNamed), areNotNamed(notNamed)]).toEqual([undefined, true]);
    expect([KnownActivities.from(undefined), areNotNamed(undefined)]).toEqual([undefined, false]);
  });
});

let files = 0;
/** Of a file that no other has been. */
function profileOf(
  activityNames: string[] | undefined,
  contentSha256 = String(files++).padStart(64, "0"),
): FileProfile {
  const counts = { events: 9, cases: 3, casesAreEstimated: false, activities: 2, activitiesAreEstimated: false };
  return {
    contentSha256,
    sizeBytes: 1_000,
    warnings: [],
    table: { rows: 9, columns: ["case", "activity", "time"] },
    eventLog: { ...counts, ...(activityNames && { activityNames }) },
  };
}

const EVENT_LOG = { eventLog: { caseId: "case", activity: "activity", timestamp: "time" } };
const describeLog = (old: object, profile: FileProfile): DescribedFile & typeof EVENT_LOG => ({
  ...describeFile(old, EVENT_LOG, profile),
  ...EVENT_LOG,
});
const changes = ({ activitiesAdded, activitiesRemoved }: DescribedFile) => ({ activitiesAdded, activitiesRemoved });
const NO_CHANGE = { activitiesAdded: undefined, activitiesRemoved: undefined };

describe("the activities of a new file", () => {
  const first = describeLog({}, profileOf(["Order", "Pay", "Ship"]));

  test("are shown where they are new, and counted where they are gone", () => {
    expect(changes(describeLog(first, profileOf(["Pay", "Cancel order", "Rework"])))).toEqual({
      activitiesAdded: "2: Cancel order, Rework",
      activitiesRemoved: 2,
    });
    expect(changes(first)).toEqual(NO_CHANGE);
  });

  test("are not shown where they are the same, in whatever order", () => {
    expect(changes(describeLog(first, profileOf(["Ship", "Pay", "Order"])))).toEqual(NO_CHANGE);
  });

  test("are shown until the next change, and no longer", () => {
    const profile = profileOf(["Order", "Pay", "Ship", "Cancel"]);
    const changed = describeLog(first, profile);
    expect(changes(describeLog(changed, profile))).toEqual({
      activitiesAdded: "1: Cancel",
      activitiesRemoved: undefined,
    });
    expect(changes(describeLog(changed, profileOf(["Order", "Pay", "Ship", "Cancel"])))).toEqual(NO_CHANGE);
  });

  test("are few and short in a preview, and steer no terminal", () => {
    const names = ["\u001b[2Jgone", "x".repeat(200), ...numbered(998)];
    const { activitiesAdded = "" } = describeLog(first, profileOf(names));
    expect(activitiesAdded).toMatch(/^1,000: {2}\[2Jgone, x{39}…, Activity 0, .*, …$/);
    expect(activitiesAdded.length).toBeLessThan(400);
  });

  test.each<[string, string[] | undefined, string[] | undefined]>([
    ["the new ones", ["Order"], undefined],
    ["the old ones", undefined, ["Order"]],
  ])("are not compared where %s cannot all be named", (_which, before, now) => {
    expect(changes(describeLog(describeLog({}, profileOf(before)), profileOf(now)))).toEqual(NO_CHANGE);
  });

  test("are compared by name when the file becomes another format", () => {
    const { table: _, ...xes } = profileOf(["Order", "Pay", "Cancel"]);
    const now = describeFile({ ...first, fileName: "log.csv" }, { fileName: "log.xes" }, xes);
    expect(changes(now)).toEqual({ activitiesAdded: "1: Cancel", activitiesRemoved: 1 });
  });
});

describe("a state in which an older version kept no activities", () => {
  const profile = profileOf(["Order", "Pay"]);
  const described = describeLog({}, profile);
  const { __activities: kept, ...old } = described;

  test("gets them from the same content, and nothing else changes", () => {
    expect(isFullyDescribed(old)).toBe(false);
    expect(isFullyDescribed({ ...old, __activities: kept, __rowSketch: "x" })).toBe(true);
    expect(describeLog({ ...old, change: "first upload" }, profile)).toEqual(described);
  });

  test("keeps them when the file was not read again, as it is known", () => {
    const { eventLog: _, ...unread } = profile;
    expect(describeLog(described, unread)).toEqual(described);
  });

  test("shows no change of them when the content changes", () => {
    expect(changes(describeLog(old, profileOf(["Order", "Cancel"])))).toEqual(NO_CHANGE);
  });
});

test("another eventLog on the same content takes the activities anew, and drops what changed in them", () => {
  const before = describeLog(describeLog({}, profileOf(["Order"])), profileOf(["Order", "Pay"], "f".repeat(64)));
  expect(before.activitiesAdded).toBe("1: Pay");
  const other = { eventLog: { ...EVENT_LOG.eventLog, activity: "status" } };
  const now = describeFile(before, other, profileOf(["open"], "f".repeat(64)));
  expect([now.__activities, changes(now)]).toEqual([encodeActivities(["open"]), NO_CHANGE]);
  expect(Object.keys(withoutEvents(before))).not.toContain("__activities");
});
