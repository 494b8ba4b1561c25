import * as says from "../../../provider/messages/files";
import { DelimitedReader } from "../../../provider/profile/delimited";
import { EventTimes } from "../../../provider/profile/event-times";
import { parseTime } from "../../../provider/profile/parse-time";
import { cut, oneOf, seeded } from "./random";
import times from "./times.json";

/** Day and month the other way round in `monthFirstUtc`; null is no date. */
const TIMES: {
  text: string;
  judge: string;
  utc: string | null;
  monthFirstUtc?: string | null;
  hasZone?: boolean;
  isSerial?: boolean;
}[] = times;

const LOG = { caseId: "case", activity: "activity", timestamp: "time" };

async function count(text: string, chunks: Iterable<Uint8Array> = [Buffer.from(text)]) {
  const reader = new DelimitedReader(false, LOG);
  try {
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    const { eventLog, warnings } = await reader.end();
    return { eventLog, warnings };
  } finally {
    reader.close();
  }
}

test("cases, activities, first and last event", async () => {
  const text = `case,other,activity,time
1,x,Create,2024-01-02 10:00:00
2,"a,b","Create",2024-01-01T10:00:00Z

1,"two
lines",Pay,2024-03-01 08:30
"1",x,"Pay ""late""",2024-02-01 00:00:00.250`;
  expect(await count(text)).toEqual({
    eventLog: {
      events: 4,
      cases: 2,
      casesAreEstimated: false,
      activitiesAreEstimated: false,
      activities: 3,
      activityNames: ["Create", "Pay", 'Pay "late"'],
      firstEvent: "2024-01-01T10:00:00Z",
      lastEvent: "2024-03-01T08:30:00Z",
    },
    warnings: [says.mixedZones(3, 1)],
  });
});

test("warns of rows without case or time", async () => {
  const text = 'case,activity,time\n1,A,2024-01-01\n,B,soon\n"",,\n';
  expect(await count(text)).toEqual({
    eventLog: {
      events: 3,
      cases: 1,
      casesAreEstimated: false,
      activitiesAreEstimated: false,
      activities: 2,
      activityNames: ["A", "B"],
      firstEvent: "2024-01-01T00:00:00Z",
      lastEvent: "2024-01-01T00:00:00Z",
    },
    warnings: [
      "2 rows have a time that is empty or not read, the first on line 3",
      "2 rows have no case id, the first on line 3",
      "1 row has no activity, the first on line 4",
    ],
  });
});

test("warns of a time whose zone does not exist, and does not count it", async () => {
  const time = "2024-01-01T00:00:00+01:99999999999999";
  const { eventLog, warnings } = await count(`case,activity,time\n1,A,${time}\n`);
  expect(eventLog).not.toHaveProperty("firstEvent");
  expect(warnings).toEqual([expect.stringMatching(/^1 row has a time that is empty or not read/)]);
});

test.each([
  [100_000, false],
  [100_001, true],
])("%i activities are an estimate: %s", async (activities, isEstimate) => {
  const rows = Array.from({ length: activities }, (_, i) => `1,A${i},2024-01-01\n`);
  const { eventLog } = await count(`case,activity,time\n${rows.join("")}`);
  expect(eventLog?.activitiesAreEstimated).toBe(isEstimate);
});

test("a header alone", async () => {
  const counts = { events: 0, cases: 0, casesAreEstimated: false, activitiesAreEstimated: false, activities: 0 };
  const eventLog = { ...counts, activityNames: [] };
  expect(await count("case,activity,time")).toEqual({ eventLog, warnings: ["it has a header and no rows"] });
});

test.each([
  [["a", "activity", "time"], 'it has no column "case" (eventLog.caseId)'],
  [["case", "Activity", "time"], 'it has no column "activity" (eventLog.activity)'],
  [
    ["case", "activity", ...Array.from({ length: 30 }, (_, i) => `c${i}`)],
    'it has no column "time" (eventLog.timestamp)',
  ],
])("columns %j", async (...[columns, message]) => {
  await expect(count(`${columns.join(",")}\n`)).rejects.toThrow(message);
});

test("random logs, cut anywhere, count as their values do", async () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = seeded(seed);
    const rows = Array.from({ length: 1 + Math.floor(random() * 80) }, () => ({
      id: oneOf(random, ["1", "2", "C-17", 'q"1', "a,b", "two\nlines", "é"]),
      name: oneOf(random, ["Pay", "Ship", "Say, then go", ""]),
      ms: Date.UTC(2024, 0, 1) + Math.floor(random() * 1e10),
    }));
    const quoted = (value: string) =>
      /[",\n]/.test(value) || random() < 0.2 ? `"${value.replaceAll('"', '""')}"` : value;
    const lines = rows.map(({ id, name, ms }) => `${quoted(name)},${quoted(id)},${quoted(new Date(ms).toISOString())}`);
    const text = `activity,case,time\n${lines.join("\n")}\n`;
    const times = rows.map(({ ms }) => ms);
    const names = new Set(rows.map(({ name }) => name).filter((name) => name !== ""));
    const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
    expect(await count(text, cut(random, Buffer.from(text)))).toEqual({
      eventLog: {
        events: rows.length,
        cases: new Set(rows.map(({ id }) => id)).size,
        casesAreEstimated: false,
        activitiesAreEstimated: false,
        activities: names.size,
        activityNames: [...names],
        firstEvent: iso(Math.min(...times)),
        lastEvent: iso(Math.max(...times)),
      },
      warnings: rows.some(({ name }) => name === "")
        ? [expect.stringMatching(/no activity, the first on line \d+$/)]
        : [],
    });
  }
});

describe("times", () => {
  const read = (text: string) => parseTime(Buffer.from(text), Buffer.byteLength(text));
  const noon = Date.UTC(2024, 0, 31, 12, 5);

  test.each([
    ["2024-01-31", Date.UTC(2024, 0, 31), false],
    ["2024-1-31", Date.UTC(2024, 0, 31), false],
    ["2024-02-29", Date.UTC(2024, 1, 29), false],
    ["2024-01-31 12:05", noon, false],
    [" 2024-01-31  12:05:00 ", noon, false],
    ["2024/01/31 12:05:00", noon, false],
    ["2024-01-31T12:05:00.123456", noon + 123, false],
    ["2024-01-31t12:05:00,5z", noon + 500, true],
    ["2024-01-31T12:05:00Z", noon, true],
    ["2024-01-31T14:05:00+02:00", noon, true],
    ["2024-01-31 06:35 -0530", noon, true],
    ["2024-01-31T13:05+01", noon, true],
    ["2024-02-01T12:04+23:59", noon, true],
    ["2024-01-30T12:06-2359", noon, true],
    ["31.01.2024 12:05", noon, false],
    ["31.1.2024, 12:05", noon, false],
    ["2024-01-31 12:05 PM", noon, false],
    ["2024-01-31 12:05:00am", noon - 12 * 3_600_000, false],
    ["1706702700", noon, true],
    ["1706702700123", noon + 123, true],
  ])("%j", (...[text, ms, hasZone]) => {
    expect(read(text)).toEqual(ms === undefined ? undefined : { ms, hasZone });
  });

  test.each([
    "",
    " ",
    "soon",
    "2024",
    "2024-13-01",
    "2024-02-30",
    "2023-02-29",
    "2024-01-31 24:00:01",
    "2024-01-31 24:00:00.001",
    "2024-01-31 24.00",
    "2024-01-31T2400",
    "202401312400",
    "2024-01-31 24",
    "2024-01-31 24:00 PM",
    "31.01.2024 12",
    "2016-12-31T23:59:60Z",
    "2024-W05-0",
    "2024-W05-8",
    "2024-W00-1",
    "2024-W53-1",
    "2024-w05-3",
    "2024-W5-3",
    "2024-W053",
    "2024W05-3",
    "2024-W05-",
    "2024-031",
    "2024-031T12:05",
    "2024031",
    "2024031T120500",
    "2024-01-31 12:5",
    "2024-01-31 12:60",
    "2024-01-31 12:05:60",
    "2024-01-31 13:05 PM",
    "2024-01-31T12:05+24:00",
    "2024-01-31T12:05+01:60",
    "2024-01-31T12:05+01:5",
    "2024-01-31T12:05+01:005",
    "2024-01-31T12:05+01:",
    "2024-01-31T12:05-2400",
    "2024-01-31T12:05-0160",
    "2024-01-31T12:05+0100:00",
    "2024-01-31 0:05 AM",
    "2024-01/31",
    "31-01-24",
    "2024013112",
    "20240131256060",
    "18991231",
    "12345",
    "80000",
    "123456",
    "15-Jan",
    "15-Foo-2024",
    "Jan 15",
    "2024-01-31-12.05",
    "2024-01-31T12.05",
    "2024-01-31 12.5",
    "2024-01-31 12.05:30",
    "2024-01-31 12:05:300",
    "2024-01-31[Europe/Berlin]",
    "2024-01-31T12:05[Europe/Berlin]",
    "Wed Jan 31 12:05:00 CET 2024",
    "Wed Jan 31 12:05:00 24",
    "Wed Jan 32 12:05:00 2024",
    "202413011205",
    "20240131120",
    "20240131120560123",
    "20240131-25:00",
    "2024-Foo-31",
    "2024-01-31X12:05",
    "2024-01-31 12:05 CET",
    "2024-01-31T12:05:00+1",
    "2024-01-31T12:05:00Zulu",
    "12:05",
    "17067027001",
    "-1706702700",
    "0024-01-31",
  ])("%j is none", (text) => {
    expect(read(text)).toBeUndefined();
  });

  test.each(TIMES)("$text is what $judge reads", ({ text, utc, monthFirstUtc, hasZone = false, isSerial }) => {
    const msOf = (moment: string | null | undefined) => (moment ? Date.parse(moment) : Number.NaN);
    expect(read(text)).toEqual({
      ms: msOf(utc),
      hasZone,
      ...(monthFirstUtc !== undefined && { monthFirstMs: msOf(monthFirstUtc) }),
      ...(isSerial && { isSerial }),
    });
  });

  test.each([
    ["31/01/2024", noon - 43_500_000, Number.NaN],
    ["01-31-2024", Number.NaN, noon - 43_500_000],
    ["01/02/2024", Date.UTC(2024, 1, 1), Date.UTC(2024, 0, 2)],
  ])("%j may be two", (...[text, ms, monthFirstMs]) => {
    expect(read(text)).toEqual({ ms, monthFirstMs, hasZone: false });
  });

  const spanOf = (values: string[]) => {
    const times = new EventTimes();
    for (const [i, text] of values.entries()) times.addTime(parseTime(Buffer.from(text), text.length), i + 2);
    return times.span();
  };

  test.each([
    [
      ["01/02/2024", "31/01/2024"],
      { firstEvent: "2024-01-31T00:00:00Z", lastEvent: "2024-02-01T00:00:00Z", warnings: [] },
    ],
    [
      ["01/02/2024", "01/31/2024"],
      { firstEvent: "2024-01-02T00:00:00Z", lastEvent: "2024-01-31T00:00:00Z", warnings: [] },
    ],
    [
      ["01.02.2024", "02.01.2024"],
      { firstEvent: "2024-01-02T00:00:00Z", lastEvent: "2024-02-01T00:00:00Z", warnings: [] },
    ],
    [["05-05-2024 10:00"], { firstEvent: "2024-05-05T10:00:00Z", lastEvent: "2024-05-05T10:00:00Z", warnings: [] }],
    [
      ["2023-01-01", "05/06/2023", "2024-01-01"],
      { firstEvent: "2023-01-01T00:00:00Z", lastEvent: "2024-01-01T00:00:00Z", warnings: [] },
    ],
    [["01/02/2024", "03/04/2024"], { warnings: [says.ambiguousDates(true)] }],
    [["13/02/2024", "02/13/2024"], { warnings: [says.ambiguousDates(false)] }],
    [["soon"], { warnings: [says.unreadTimes(1, "line", 2)] }],
    [[], { warnings: [] }],
  ])("%j", (...[values, span]) => {
    expect(spanOf(values)).toEqual(span);
  });
});
