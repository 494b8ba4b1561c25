import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Properties } from "../../engine/model";
import { shownFailure } from "../../provider/host";
import { needsEventLog } from "../../provider/messages/inputs";
import * as says from "../../provider/messages/uploads";
import { API_KEY, openScene, TENANT, UNKNOWN } from "./scene";

/** Guard rails of the process in Pulumi's provider process: each lets a good log through and stops a bad one. */

const scene = openScene();
afterEach(() => expect(scene.requests()).toEqual([]));

const EVENT_LOG = { caseId: "case", activity: "activity", timestamp: "time" };
const WANTED = { datatableId: "table-1", datasetId: "set-1", tenantId: TENANT, source: "log.csv" };
/** So long ago that it is too old whenever this runs. */
const OLD = "2024-01-01T00:00:00Z";
/** Whenever this runs, it is still to come. */
const FUTURE = "2199-01-01T00:00:00Z";

interface Log {
  activities?: string[];
  cases?: number;
  time?: string;
}

function rowsOf({ activities = ["Order", "Pay"], cases = 100, time = OLD }: Log): string[][] {
  return Array.from({ length: cases }, (_, i) => activities.map((name) => [`C${i}`, name, time])).flat();
}

const csv = (log: Log) => ["case,activity,time", ...rowsOf(log).map((row) => row.join(","))].join("\n");

function xes(log: Log): string {
  const event = ([, name, time]: string[]) =>
    `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${time}"/></event>`;
  const traces = Array.from({ length: log.cases ?? 100 }, (_, i) =>
    rowsOf({ ...log, cases: i + 1 }).filter(([id]) => id === `C${i}`),
  );
  return `<log>${traces.map((rows) => `<trace>${rows.map(event).join("")}</trace>`).join("\n")}</log>`;
}

const FORMATS = {
  csv: { write: csv, inputs: { ...WANTED, eventLog: EVENT_LOG } },
  xes: { write: xes, inputs: { ...WANTED, source: "log.xes" } },
};

async function check(format: keyof typeof FORMATS, log: Log | undefined, wanted: Properties, old: Properties = {}) {
  const { write, inputs } = FORMATS[format];
  const source = path.join(scene.host.directory, inputs.source);
  if (log === undefined) await fs.rm(source, { force: true });
  else await fs.writeFile(source, write(log));
  return scene.host.check("datatableUpload", old, { ...inputs, ...wanted });
}

type Rail = [rail: string, limits: Properties, passes: Log, trips: Log, reason: string | object];

const RAILS: Rail[] = [
  [
    "requireActivities",
    { requireActivities: ["Pay", "Ship"] },
    { activities: ["Ship", "Order", "Pay"] },
    { activities: ["Order", "Pay", "ship"] },
    says.activitiesMissing("1: Ship", 3),
  ],
  [
    "forbidNewActivities",
    { forbidNewActivities: true },
    { activities: ["Pay"], cases: 120 },
    { activities: ["Order", "Pay", "Cancel"] },
    says.activitiesNew("1: Cancel"),
  ],
  [
    "maxCaseDropPercent",
    { maxCaseDropPercent: 10 },
    { cases: 90 },
    { cases: 61 },
    says.casesFell("100", "61", " (-39 %)", 10),
  ],
  ["latestEventWithin", { latestEventWithin: 48 }, { time: FUTURE }, { cases: 101 }, expect.any(String)],
];

describe.each(["csv", "xes"] as const)("%s", (format) => {
  test.each(RAILS)("%s", async (property, limits, passes, trips, reason) => {
    const old = (await check(format, {}, {})).inputs;
    expect((await check(format, passes, limits, old)).failures).toEqual([]);

    const { inputs, failures } = await check(format, trips, limits, old);
    const digits = String(inputs["contentSha256"]).slice(0, 12);
    const expected =
      typeof reason === "string" ? shownFailure(says.guardRail(property, reason, digits)).reason : reason;
    expect(failures).toEqual([{ property, reason: expected }]);
    expect((await check(format, trips, { ...limits, acceptSha256: digits }, old)).failures).toEqual([]);
  });
});

test("latestEventWithin says how many hours ago the last event was", async () => {
  const { failures } = await check("csv", {}, { latestEventWithin: 48 });
  const text = /^the last event was [\d,.]+ hours ago, more than latestEventWithin 48\.\n {2}- correct the file/;
  expect(failures).toEqual([{ property: "latestEventWithin", reason: expect.stringMatching(text) }]);
});

test("latestEventWithin does not fail a file that was sent already, and warns that it is old", async () => {
  const old = (await check("csv", {}, {})).inputs;
  const { failures, inputs } = await check("csv", {}, { latestEventWithin: 48 }, old);
  expect(failures).toEqual([]);
  expect(scene.warnings()).toEqual([
    expect.stringMatching(/^"log\.csv": the last event was [\d,.]+ hours ago, .*, and the file has not changed\.$/),
  ]);
  const { changes } = await scene.host.diff("datatableUpload", "table-1", old, inputs);
  expect(changes).toBe(false);
});

test("a time without a zone counts as UTC", async () => {
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19);
  expect((await check("csv", { time: inHours(-24) }, { latestEventWithin: 25 })).failures).toEqual([]);
  expect((await check("csv", { time: inHours(-26) }, { latestEventWithin: 25 })).failures).toHaveLength(1);
});

test("all four rails judge a first upload by itself", async () => {
  const limits = { requireActivities: ["Cancel"], forbidNewActivities: true, maxCaseDropPercent: 0 };
  const { failures } = await check("csv", {}, { ...limits, latestEventWithin: 1 });
  expect(failures.map(({ property }) => property)).toEqual(["requireActivities", "latestEventWithin"]);
});

test("a rail needs eventLog where the format does not name the activities itself", async () => {
  const limits = { requireActivities: ["Pay"], forbidNewActivities: true, maxCaseDropPercent: 0, latestEventWithin: 1 };
  const { failures } = await check("csv", {}, { ...limits, eventLog: null });
  expect(failures).toEqual(Object.keys(limits).map((name) => shownFailure(needsEventLog(name))));
});

test("a rail waits for an eventLog that is not known yet", async () => {
  const old = (await check("csv", {}, {})).inputs;
  const limits = {
    requireActivities: ["Ship"],
    forbidNewActivities: true,
    maxCaseDropPercent: 0,
    latestEventWithin: 1,
  };
  expect((await check("csv", { cases: 1 }, { ...limits, eventLog: UNKNOWN }, old)).failures).toEqual([]);
  const kept = { ...limits, eventLog: UNKNOWN, whenMissing: "keepLast" };
  expect((await check("csv", undefined, kept, old)).failures).toEqual([]);
});

describe("a state that an older version wrote, without activities", () => {
  const older = async () => {
    const { __activities: _, ...inputs } = (await check("csv", {}, {})).inputs;
    return inputs;
  };

  test("gets them from the unchanged file, which is no update, and the next file is judged", async () => {
    const old = await older();
    const now = (await check("csv", {}, { forbidNewActivities: true }, old)).inputs;
    expect((await scene.host.diff("datatableUpload", "table-1", old, now)).changes).toBe(false);
    const { failures } = await check("csv", { activities: ["Cancel"] }, { forbidNewActivities: true }, now);
    expect(failures).toEqual([{ property: "forbidNewActivities", reason: expect.stringContaining("Cancel") }]);
  });

  test("lets no changed file through that it cannot judge, but one that is accepted", async () => {
    const old = await older();
    const { inputs, failures } = await check("csv", { cases: 120 }, { forbidNewActivities: true }, old);
    const reason = says.cannotBeJudged("forbidNewActivities", says.activitiesNotRecorded());
    const digits = String(inputs["contentSha256"]).slice(0, 12);
    expect(failures).toEqual([
      shownFailure(says.guardRail("forbidNewActivities", reason, digits, says.recordActivities())),
    ]);
    const accepted = { forbidNewActivities: true, acceptSha256: digits };
    expect((await check("csv", { cases: 120 }, accepted, old)).failures).toEqual([]);
    expect((await check("csv", { cases: 120 }, { requireActivities: ["Order"] }, old)).failures).toEqual([]);
  });

  test("fails requireActivities in a run without the file", async () => {
    const wanted = { requireActivities: ["Order"], whenMissing: "keepLast" };
    const { failures } = await check("csv", undefined, wanted, await older());
    const reason = expect.stringContaining(says.activitiesNotRecorded());
    expect(failures).toEqual([{ property: "requireActivities", reason }]);
  });
});

test("maxCaseDropPercent cannot be checked where the column of the cases is another", async () => {
  const old = (await check("csv", {}, {})).inputs;
  const eventLog = { ...EVENT_LOG, caseId: "time" };
  const { failures } = await check("csv", { cases: 99 }, { maxCaseDropPercent: 50, eventLog }, old);
  const reason = expect.stringContaining(says.otherCaseColumn());
  expect(failures).toEqual([{ property: "maxCaseDropPercent", reason }]);
});

test("keepLast judges requireActivities by what was recorded, and nothing that compares", async () => {
  const old = (await check("csv", {}, {})).inputs;
  const limits = { forbidNewActivities: true, maxCaseDropPercent: 0, latestEventWithin: 1, whenMissing: "keepLast" };
  expect((await check("csv", undefined, { ...limits, requireActivities: ["Pay"] }, old)).failures).toEqual([]);
  const { failures } = await check("csv", undefined, { ...limits, requireActivities: ["Ship"] }, old);
  const reason = expect.stringContaining(says.activitiesMissing("1: Ship", 2));
  expect(failures).toEqual([{ property: "requireActivities", reason }]);
});

test("the preview names new activities, counts those that are gone, and keeps no others", async () => {
  const old = (await check("csv", { activities: ["Order", "Pay", "Ship"] }, {})).inputs;
  expect(JSON.stringify(old)).not.toMatch(/Order|Pay|Ship/);
  const { inputs } = await check("csv", { activities: ["Order", "Cancel", "Rework"] }, {}, old);
  expect(inputs).toMatchObject({ activitiesAdded: "2: Cancel, Rework", activitiesRemoved: 2 });
  expect(JSON.stringify(inputs)).not.toMatch(/Order|Pay|Ship/);
});

test("names of activities steer no terminal and show no key", async () => {
  const old = (await check("csv", {}, {})).inputs;
  const activities = ["\u001b[31mred", "\u202eright to left", "https://user:password@host/?X-Amz-Signature=abc"];
  const { inputs, failures } = await check("csv", { activities }, { forbidNewActivities: true }, old);
  const shown = JSON.stringify([inputs["activitiesAdded"], failures]);
  expect(shown).toContain("3:  [31mred");
  expect(shown).not.toMatch(/\\u001b|\u202e|password|abc/);
  expect(shown).not.toContain(API_KEY);
});

test("too many activities cannot be checked", async () => {
  const activities = Array.from({ length: 1_001 }, (_, i) => `Activity ${i}`);
  const old = (await check("csv", { activities, cases: 1 }, {})).inputs;
  expect(old).toMatchObject({ activities: 1_001, __activities: "not named" });
  const limits = { requireActivities: ["Activity 1"], forbidNewActivities: true };
  const { failures } = await check("csv", { activities: [...activities, "one more"], cases: 1 }, limits, old);
  expect(failures).toEqual(
    Object.keys(limits).map((property) => ({ property, reason: expect.stringContaining(says.activitiesNotNamed()) })),
  );
});
