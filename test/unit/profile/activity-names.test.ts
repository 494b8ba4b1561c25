import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profileFile } from "../../../provider/profile/profile-file";
import { type Format, SourceFile } from "../../../provider/profile/source-file";
import { workbookOf } from "./workbook-of";

const folder = mkdtempSync(join(tmpdir(), "activities-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COLUMNS = ["case", "activity", "time"];
const EVENT_LOG = { caseId: "case", activity: "activity", timestamp: "time" };
const TIME = "2024-01-01T00:00:00Z";

/** A log of one event for each activity, as a file of each format. */
const FORMATS: { [name: string]: { format: Format; content(activities: string[]): string | Uint8Array } } = {
  csv: { format: "csv", content: (activities) => csv(activities, (name) => name) },
  "csv with quotes": { format: "csv", content: (activities) => csv(activities, quoted) },
  tsv: { format: "tsv", content: (activities) => csv(activities, quoted).replaceAll(",", "\t") },
  xes: { format: "xes", content: (activities) => xes(activities, '<string key="concept:name" value="NAME"/>') },
  "xes in other words": {
    format: "xes",
    content: (activities) => xes(activities, "<string  value='NAME' key='concept:name'></string>"),
  },
  xlsx: { format: "xlsx", content: (activities) => workbookOf(cells(activities)) },
  "xlsx with texts in its cells": {
    format: "xlsx",
    content: (activities) => workbookOf(cells(activities), { isShared: false }),
  },
};

function csv(activities: string[], write: (name: string) => string): string {
  return [COLUMNS, ...activities.map((name, i) => [`C${i}`, write(name), TIME])].map((row) => `${row}\n`).join("");
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function xes(activities: string[], attribute: string): string {
  const events = activities.map((name) => {
    const text = name.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `<event>${attribute.replace("NAME", () => text)}<date key="time:timestamp" value="${TIME}"/></event>`;
  });
  return `<log><trace>${events.join("")}</trace></log>`;
}

function cells(activities: string[]): (string | Date)[][] {
  return [COLUMNS, ...activities.map((name, i) => [`C${i}`, name, new Date(TIME)])];
}

async function namesIn(formatName: string, activities: string[]) {
  const { format, content } = FORMATS[formatName] as (typeof FORMATS)[string];
  const file = `log.${format}`;
  writeFileSync(join(folder, file), content(activities));
  const { eventLog } = await profileFile({ source: new SourceFile(folder, file), format, eventLog: EVENT_LOG });
  return { activities: eventLog?.activities, names: eventLog?.activityNames };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `Activity ${i}`);

describe.each(Object.keys(FORMATS))("the names of the activities of %s", (format) => {
  test("come in the order of their first events, each once", async () => {
    const activities = ["Ship", "Pay", "Ship", "Zahlung prüfen", "Pay", "Ship it", "支払い"];
    const names = ["Ship", "Pay", "Zahlung prüfen", "Ship it", "支払い"];
    expect(await namesIn(format, activities)).toEqual({ activities: 5, names });
  });

  test("are whole up to 200 bytes, and missing with a longer one", async () => {
    const longest = `${"é".repeat(99)}XY`;
    expect(await namesIn(format, ["Pay", longest])).toEqual({ activities: 2, names: ["Pay", longest] });
    expect(await namesIn(format, ["Pay", `${longest}Z`])).toEqual({ activities: 2, names: undefined });
    expect(await namesIn(format, ["Pay", "Z".repeat(70_000)])).toEqual({ activities: 2, names: undefined });
  });

  test("are there up to 1,000, and missing with one more", async () => {
    const names = numbered(1_000);
    expect(await namesIn(format, [...names, ...names])).toEqual({ activities: 1_000, names });
    expect(await namesIn(format, [...names, "one more"])).toEqual({ activities: 1_001, names: undefined });
  });
});

test.each(["csv with quotes", "xes", "xlsx", "xlsx with texts in its cells"])(
  "names are read as their readers show them in %s",
  async (format) => {
    const names = ['Say "yes", then go', "R&D", " with spaces "];
    expect(await namesIn(format, names)).toEqual({ activities: 3, names });
  },
);

test("an empty activity has a name in XES alone", async () => {
  expect(await namesIn("xes", ["", "Pay"])).toEqual({ activities: 2, names: ["", "Pay"] });
  expect(await namesIn("csv", ["", "Pay"])).toEqual({ activities: 1, names: ["Pay"] });
});

test("the names of a file do not stay for the next one", async () => {
  await namesIn("csv", ["Ship"]);
  expect((await namesIn("csv", ["Pay"])).names).toEqual(["Pay"]);
});

test("names of formatted texts come without their phonetic reading", async () => {
  const rich = "<si><r><t>Pa</t></r><r><t>y</t></r><rPh><t>ペイ</t></rPh></si>";
  const sharedStrings = `<sst><si><t>case</t></si><si><t>activity</t></si><si><t>time</t></si>${rich}<si><t>x</t></si></sst>`;
  const row = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>3</v></c><c r="C2" s="1"><v>45292</v></c></row>';
  const header = '<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>';
  const parts = {
    "xl/sharedStrings.xml": sharedStrings,
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${header}${row}</sheetData></worksheet>`,
  };
  writeFileSync(join(folder, "rich.xlsx"), workbookOf([], { parts }));
  const source = new SourceFile(folder, "rich.xlsx");
  const { eventLog } = await profileFile({ source, format: "xlsx", eventLog: EVENT_LOG });
  expect(eventLog?.activityNames).toEqual(["Pay"]);
});
