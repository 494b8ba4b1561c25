import * as fs from "node:fs";
import * as path from "node:path";
import { MESSAGES, type Message, type MessageCode, rendered } from "../../review/messages";
import { oldWordsIn } from "../support/glossary";

const ID = "3f2b8c1e-5d47-4a90-9c3e-0f6b7a1d2e48";
/** Longer than a line: a folder of ids. */
const FILE = `data/${ID}/${ID}/${ID}/${ID}.csv`;

/** What each message is about, where that varies. A message without an entry does not compile. */
const VALUES: { [C in MessageCode]: Parameters<(typeof MESSAGES)[C]> } = {
  nothingToReview: [],
  fromWithoutTo: [FILE],
  noValue: ["--timestamp"],
  repeated: ["--markdown"],
  incompleteEventLog: ["--timestamp", "--activity"],
  eventLogWithoutFile: [],
  failOnRefusalWithoutPreview: [],
  unexpectedArgument: [FILE],
  wrongOption: [[`unknown option '--${FILE}'`, "Did you mean --markdown?"]],
  noSuchFile: ["--from", FILE],
  unknownExtension: ["--from", FILE, [".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsb", ".xes"]],
  fileAccess: ["--markdown", FILE, "the file or its folder does not exist"],
  notAPreview: [FILE],
  unusableFile: [FILE, ["line 3 has 1 field and the header has 2.", "Give all rows the same number of fields"]],
  rejected: ["the preview has 1,000 errors and 1,000 deletions will be rejected"],
  noCharts: [],
};

const TEXTS = Object.entries(VALUES).map(([code, values]): [code: string, text: string] => {
  const write = MESSAGES[code as MessageCode] as (...values: unknown[]) => Message;
  return [code, rendered(write(...values))];
});

test("keeps the wording of all messages", () => {
  expect(TEXTS.map(([, text]) => text).join("\n")).toMatchSnapshot();
});

test.each(TEXTS)("fits the lines of a terminal: %s", (_code, text) => {
  const [first = "", ...options] = text.trimEnd().split("\n");
  expect(first.length).toBeLessThanOrEqual(160);
  expect(first).toMatch(/^processmind-review: .*[^.]\.$/);
  expect(options.length).toBeLessThanOrEqual(3);
  for (const option of options) {
    expect(option).toMatch(/^ {2}- \S/);
    expect(option.length).toBeLessThanOrEqual(120);
  }
});

/** The option's own name is not a word. */
function oldWords(text: string): string[] {
  const words = text.replaceAll("--fail-on-refusal", "");
  return [...oldWordsIn(words), ...(/\bas it was\b/i.exec(words) ?? [])];
}

test.each(TEXTS)("uses the words of the glossary: %s", (_code, text) => {
  expect(oldWords(text)).toEqual([]);
});

const SNAPSHOTS = path.join(__dirname, "__snapshots__");

test.each(fs.readdirSync(SNAPSHOTS))("uses the words of the glossary in the reviews of %s", (name) => {
  expect(oldWords(fs.readFileSync(path.join(SNAPSHOTS, name), "utf8"))).toEqual([]);
});
