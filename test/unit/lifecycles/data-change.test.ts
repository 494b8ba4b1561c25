import { encodeActivities } from "../../../provider/lifecycles/activities";
import {
  type DescribedFile,
  describeFile,
  isFullyDescribed,
  isProfileCurrent,
  lastDescribed,
} from "../../../provider/lifecycles/data-change";
import { fewerIn, shareOf, shortList } from "../../../provider/lifecycles/shown";
import type { FileProfile } from "../../../provider/profile/file-profile";
import { SketchBuilder } from "../../../provider/profile/sketch-builder";
import { idOf } from "../../../provider/profile/sketch-cells";
import { UNKNOWN } from "../../../provider/unknown";

const COLUMNS = ["case_id", "activity", "timestamp"];

function profileOf(
  changes: Omit<Partial<FileProfile>, "table"> & { table?: Partial<FileProfile["table"]> } = {},
): FileProfile {
  const { table, ...rest } = changes;
  return {
    contentSha256: "b".repeat(64),
    sizeBytes: 2_000,
    warnings: [],
    ...rest,
    table: { rows: 100, columns: COLUMNS, delimiter: ",", encoding: "UTF-8", lineEnding: "LF", ...table },
  };
}

const FIRST: DescribedFile = describeFile({}, {}, profileOf({ contentSha256: "a".repeat(64), sizeBytes: 1_000 }));

describe("describeFile", () => {
  it.each([
    ["as it was kept", FIRST],
    ["with a profile that is taken anew", { ...FIRST, __profileVersion: 0 }],
  ])("tells what sends the same content again, and keeps that until the next change, %s", (_what, last) => {
    const same = profileOf({ contentSha256: "a".repeat(64), sizeBytes: 1_000 });
    const resent = describeFile(last, {}, same, ["fileName", "triggers"]);
    expect(resent).toEqual({ ...FIRST, change: "same content, sent again because of fileName, triggers" });
    expect(describeFile(resent, {}, same)).toEqual(resent);
  });

  it("tells what another content does, whatever else changed", () => {
    expect(describeFile(FIRST, {}, profileOf(), ["fileName"])).toEqual(describeFile(FIRST, {}, profileOf()));
  });

  it("tells a first upload whole", () => {
    expect(FIRST).toEqual({
      contentSha256: "a".repeat(64),
      sizeBytes: 1_000,
      change: "first upload",
      rows: 100,
      columns: "3: case_id, activity, timestamp",
      delimiter: "comma",
      encoding: "UTF-8",
      lineEnding: "LF",
      __columns: COLUMNS,
      __profileVersion: 1,
    });
  });

  it.each<[string, Parameters<typeof profileOf>[0], Partial<DescribedFile>]>([
    [
      "rows appended",
      { prefixSha256: "a".repeat(64), prefixEndsLine: true, table: { rows: 420 } },
      { change: "appended 320 rows, all earlier bytes unchanged", rows: 420 },
    ],
    [
      "one row appended",
      { prefixSha256: "a".repeat(64), prefixEndsLine: true, table: { rows: 101 } },
      { change: "appended 1 row, all earlier bytes unchanged", rows: 101 },
    ],
    [
      "another beginning",
      { prefixSha256: "c".repeat(64), table: { rows: 420 } },
      { change: "rewritten: 320 rows more (+320 %), 3 columns as before", rows: 420 },
    ],
    [
      "the last row continued",
      { prefixSha256: "a".repeat(64), prefixEndsLine: false, table: { rows: 101 } },
      { change: "rewritten: 1 row more (+1.0 %), 3 columns as before", rows: 101 },
    ],
    ["a value edited", {}, { change: "rewritten: 100 rows as before, 3 columns as before" }],
    [
      "line endings",
      { table: { lineEnding: "CRLF" } },
      { change: "rewritten: 100 rows as before, 3 columns as before, line endings LF to CRLF", lineEnding: "CRLF" },
    ],
    [
      "a byte order mark",
      { table: { encoding: "UTF-8 with BOM" } },
      {
        change: "rewritten: 100 rows as before, 3 columns as before, encoding UTF-8 to UTF-8 with BOM",
        encoding: "UTF-8 with BOM",
      },
    ],
    [
      "the delimiter",
      { table: { delimiter: ";" } },
      {
        change: "rewritten: 100 rows as before, 3 columns as before, delimiter comma to semicolon",
        delimiter: "semicolon",
      },
    ],
    [
      "rows gone",
      { table: { rows: 67 } },
      { change: "rewritten: 33 rows fewer (-33 %), 3 columns as before", rows: 67 },
    ],
    [
      "columns reordered",
      { table: { columns: ["activity", "case_id", "timestamp"] } },
      {
        change: "rewritten: 100 rows as before, columns reordered",
        columns: "3: activity, case_id, timestamp",
        __columns: ["activity", "case_id", "timestamp"],
      },
    ],
    [
      "a column renamed",
      { table: { columns: ["case", "activity", "timestamp"] } },
      {
        change: "rewritten: 100 rows as before, other columns",
        columns: "3: case, activity, timestamp",
        columnsAdded: "1: case",
        columnsRemoved: "1: case_id",
        __columns: ["case", "activity", "timestamp"],
      },
    ],
  ])("tells %s", (_what, changes, expected) => {
    const described = describeFile(FIRST, {}, profileOf(changes));
    expect(described).toEqual({ ...FIRST, contentSha256: "b".repeat(64), sizeBytes: 2_000, ...expected });
  });

  describe("with the rows of both files known", () => {
    const sketch = (...rows: number[]) => {
      const builder = new SketchBuilder();
      for (const row of rows) builder.addRow(row * 0x9e3779, row);
      return builder.sketch();
    };
    const A_HUNDRED = Array.from({ length: 100 }, (_, i) => i + 1);
    const old = describeFile({}, {}, { ...profileOf({ contentSha256: "a".repeat(64) }), sketch: sketch(...A_HUNDRED) });
    const changeTo = (rows: number[], table: Partial<FileProfile["table"]> = {}, last: DescribedFile = old) =>
      describeFile(last, {}, { ...profileOf({ table: { rows: rows.length, ...table } }), sketch: sketch(...rows) })
        .change;

    it.each<[string, number[], Partial<FileProfile["table"]>, string]>([
      ["one row", [...A_HUNDRED.slice(1), 777], {}, "rewritten: 1 of 100 rows differs"],
      ["some rows", [...A_HUNDRED.slice(3), 777, 778, 779], {}, "rewritten: 3 of 100 rows differ"],
      ["all rows", A_HUNDRED.map((row) => row + 1_000), {}, "rewritten: 100 of 100 rows differ"],
      ["the order", [...A_HUNDRED].reverse(), {}, "rewritten: same rows, other order"],
      ["nothing of the rows", A_HUNDRED, {}, "rewritten: same rows"],
      ["line ends", A_HUNDRED, { lineEnding: "CRLF" }, "rewritten: same rows, line endings LF to CRLF"],
      ["names of columns", A_HUNDRED, { columns: ["a", "b", "c"] }, "rewritten: same rows, other columns"],
      [
        "columns and rows",
        A_HUNDRED.map((row) => row + 1_000),
        { columns: ["activity", "case_id", "timestamp"] },
        "rewritten: 100 rows as before, columns reordered",
      ],
      [
        "the delimiter",
        A_HUNDRED.map((row) => row + 1_000),
        { delimiter: ";" },
        "rewritten: 100 rows as before, 3 columns as before, delimiter comma to semicolon",
      ],
      ["the number of rows", A_HUNDRED.slice(1), {}, "rewritten: 1 row fewer (-1.0 %), 3 columns as before"],
    ])("says how many differ when %s changed", (...[, rows, table, change]) => {
      expect(changeTo(rows, table)).toBe(change);
    });

    it("says what it said before where the last run kept no rows", () => {
      const { __rowSketch, ...older } = old;
      const same = { ...profileOf({ contentSha256: "a".repeat(64) }), sketch: sketch(...A_HUNDRED) };
      expect(describeFile(older, {}, same)).toEqual({ ...older, __rowSketch });
      expect([isFullyDescribed(older), isFullyDescribed(old)]).toEqual([false, true]);
      expect(changeTo(A_HUNDRED, {}, older)).toBe("rewritten: 100 rows as before, 3 columns as before");
    });

    it("marks an estimate", () => {
      const many = Array.from({ length: 3_000 }, (_, i) => i + 1);
      const before = describeFile(
        {},
        {},
        { ...profileOf({ contentSha256: "a".repeat(64), table: { rows: 3_000 } }), sketch: sketch(...many) },
      );
      expect(
        changeTo(
          many.map((row) => row * 7 + 1),
          {},
          before,
        ),
      ).toMatch(/^rewritten: ≈ [\d,]+ of 3,000 rows differ$/);
    });

    it("says which cases came, went and changed", () => {
      const eventLog = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };
      const log = (contentSha256: string, rowsByCase: Record<number, number[]>): FileProfile => {
        const builder = new SketchBuilder();
        builder.startCases();
        for (const [caseKey, rows] of Object.entries(rowsByCase)) {
          for (const row of rows) builder.addRow(row * 0x9e3779, row, Number(caseKey));
          builder.addCase(Number(caseKey), BigInt(rows.reduce((sum, row) => sum + idOf(row * 0x9e3779), 0)));
        }
        const cases = Object.keys(rowsByCase).length;
        const counts = { events: 9, cases, casesAreEstimated: false, activities: 1, activitiesAreEstimated: false };
        return { ...profileOf({ contentSha256, table: { rows: 9 } }), eventLog: counts, sketch: builder.sketch() };
      };
      const before = { ...describeFile({}, { eventLog }, log("a", { 1: [1, 2], 2: [3], 3: [4] })), eventLog };
      const now = log("b", { 1: [1, 5], 3: [4], 4: [6], 5: [7] });
      const described = describeFile(before, { eventLog }, now);
      expect(described).toMatchObject({ casesAdded: 2, casesRemoved: 1, casesChanged: 1 });
      expect(describeFile({ ...described, eventLog }, { eventLog }, now)).toEqual(described);
      const other = describeFile(before, { eventLog: { ...eventLog, caseId: "activity" } }, now);
      expect(Object.keys(other).filter((key) => /^cases[A-Z]/.test(key))).toEqual([]);
    });
  });

  it.each([
    [3, 1, "rewritten: 2 events fewer (-67 %)"],
    [3, 3, "rewritten: 3 events as before"],
    [1, 3, "rewritten: 2 events more (+200 %)"],
  ])("counts the events of an XES log as rows, %i and %i", (...[before, now, change]) => {
    const log = (contentSha256: string, events: number): FileProfile => ({
      contentSha256,
      sizeBytes: 100,
      warnings: [],
      eventLog: { events, cases: 1, casesAreEstimated: false, activities: 1, activitiesAreEstimated: false },
    });
    const last = { ...describeFile({}, {}, log("a", before)), fileName: "log.xes" };
    expect(last.rows).toBe(before);
    const { rows: _, ...older } = last;
    expect([isFullyDescribed(older), isFullyDescribed(last)]).toEqual([false, true]);
    expect(describeFile(older, { fileName: "log.xes" }, log("a", before))).toMatchObject({ rows: before });
    expect(describeFile(last, { fileName: "log.xes" }, log("b", now))).toMatchObject({ rows: now, change });
  });

  it("keeps the stored profile of the same content as it is", () => {
    const stored = { ...FIRST, change: "appended 7 rows, all earlier bytes unchanged", columnsAdded: "1: activity" };
    const profile = profileOf({ contentSha256: FIRST.contentSha256, sizeBytes: 1_000, table: { rows: 99 } });
    expect(describeFile({ ...stored, forceDestroy: true } as never, {}, profile)).toEqual(stored);
  });

  it("takes the profile of the same content anew for another version or event log, and keeps what it said of the change", () => {
    const profile: FileProfile = {
      ...profileOf({ contentSha256: FIRST.contentSha256, sizeBytes: 1_000 }),
      eventLog: {
        events: 99_999,
        cases: 12_345,
        casesAreEstimated: true,
        activitiesAreEstimated: false,
        activities: 2,
        activityNames: ["Order", "Pay"],
        firstEvent: "2024-01-01T00:00:00Z",
        lastEvent: "2024-02-01T00:00:00Z",
      },
    };
    const eventLog = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };
    const expected = {
      ...FIRST,
      cases: "≈ 12,345",
      activities: 2,
      __activities: encodeActivities(["Order", "Pay"]),
      firstEvent: "2024-01-01T00:00:00Z",
      lastEvent: "2024-02-01T00:00:00Z",
    };
    expect(describeFile(FIRST, { eventLog }, profile)).toEqual(expected);
    const { __profileVersion: _, change: __, ...older } = FIRST;
    expect(describeFile(older, {}, profileOf({ contentSha256: FIRST.contentSha256, sizeBytes: 1_000 }))).toEqual({
      ...FIRST,
      change: "same content as the last upload",
    });
  });

  it.each([
    [false, 100_000, 100_000],
    [true, 100_001, "≈ 100,001"],
  ])("marks estimated activities (%s)", (activitiesAreEstimated, activities, told) => {
    const eventLog = { events: 1, cases: 1, casesAreEstimated: false, activities, activitiesAreEstimated };
    expect(describeFile({}, {}, { ...profileOf(), eventLog })).toMatchObject({ cases: 1, activities: told });
  });

  it("tells no more than there is of a format that is not read", () => {
    const { table: _, ...opaque } = profileOf({ prefixSha256: "a".repeat(64) });
    expect(describeFile({}, {}, opaque)).toEqual({
      contentSha256: "b".repeat(64),
      sizeBytes: 2_000,
      change: "first upload",
      __profileVersion: 1,
    });
    expect(describeFile(FIRST, {}, opaque).change).toBe("appended 1,000 bytes, all earlier bytes unchanged");
    expect(describeFile(FIRST, {}, { ...opaque, prefixSha256: undefined }).change).toBe("rewritten");
  });
});

test.each<[string, string, unknown, boolean]>([
  ["the same name", "orders.csv", "orders.csv", true],
  ["another name", "orders.csv", "sales.CSV", true],
  ["another format", "orders.csv", "orders.xlsx", false],
  ["a name not known yet", "orders.csv", UNKNOWN, true],
])("a stored profile, and %s", (...[, before, fileName, isCurrent]) => {
  expect(isProfileCurrent({ ...FIRST, fileName: before }, { fileName })).toBe(isCurrent);
});

test("lastDescribed is what an earlier run recorded, and nothing else", () => {
  expect(lastDescribed({})).toBeUndefined();
  expect(lastDescribed({ contentSha256: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).toBeUndefined();
  expect(lastDescribed({ ...FIRST, source: "a.csv", columnsAdded: null } as never)).toEqual(FIRST);
});

test.each([
  [[], "0: "],
  [["a"], "1: a"],
  [Array.from({ length: 500 }, (_, index) => `c${index}`), "500: c0, c1, c2, c3, c4, c5, c6, c7, …"],
  [["x".repeat(41), "two\nlines"], `2: ${"x".repeat(39)}…, two lines`],
])("shortList(%#)", (names, expected) => {
  expect(shortList(names)).toBe(expected);
});

test.each<[number, number, string]>([
  [10_000, 9_999, ""],
  [10_000, 9_994, " (-0.1 %)"],
  [1_000, 996, " (-0.4 %)"],
  [10, 11, " (+10 %)"],
  [10, 0, " (-100 %)"],
  [100, 109, " (+9.0 %)"],
  [100, 67, " (-33 %)"],
  [100, 100, ""],
  [0, 5, ""],
])("the share of %i that became %i is told as '%s'", (before, now, expected) => {
  expect(shareOf(before, now)).toBe(expected);
});

test.each([
  [["a", "note"], ["a", "note", "note"], ["note"]],
  [["note", "a", "note"], ["a", "note", "note"], []],
  [[], ["note", "note"], ["note", "note"]],
  [["a", "note", "note"], ["a", "note"], []],
])("finds that %j has fewer columns than %j: %j", (now, before, removed) => {
  expect(fewerIn(now, before)).toEqual(removed);
});
