import { documents, read } from "./markdown";
import { sentencesOf } from "./sentences";

/** "One idea a sentence": as many words as a reader takes in without reading twice. Code counts as one word. */
const MOST_WORDS = 20;

/** The sentences of a text that are too long, each with its file and line. */
function tooLong(file: string, text: string): string[] {
  return sentencesOf(text)
    .filter(({ words }) => words > MOST_WORDS)
    .map(({ line, text: sentence, words }) => `${file}:${line}: ${words} words: ${sentence}`);
}

test.each(documents())(`%s has no sentence of more than ${MOST_WORDS} words`, (file) => {
  expect(tooLong(file, read(file))).toEqual([]);
});

test(`the plugin's schema has no description with a sentence of more than ${MOST_WORDS} words`, () => {
  const lines = read("provider/plugin/schema.json").split("\n");
  const descriptions = lines.flatMap((line, index) => {
    const [, text] = /"description": ("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    return text === undefined ? [] : [{ place: `provider/plugin/schema.json:${index + 1}`, text: JSON.parse(text) }];
  });
  expect(descriptions.length).toBeGreaterThan(50);
  expect(descriptions.flatMap(({ place, text }) => tooLong(place, text))).toEqual([]);
});

test("finds a sentence that is too long, and where it is", () => {
  const long = `It ${"goes on ".repeat(9)}too long.`;
  expect(tooLong("a.md", `Short.\n\nStill short. ${long}`)).toEqual([`a.md:3: 21 words: ${long}`]);
  expect(tooLong("a.md", long.replace("too ", ""))).toEqual([]);
});

test("counts the words of each sentence, with its line", () => {
  const text = ["# Two words", "", "One `a b c` [link text](https://example.com/a) – end. Next", "line, **bold**."];
  expect(sentencesOf(text.join("\n"))).toEqual([
    { line: 1, text: "Two words", words: 2 },
    { line: 3, text: "One `a b c` link text – end.", words: 5 },
    { line: 3, text: "Next line, bold.", words: 3 },
  ]);
});

test.each([
  ["list items", "- one two\n- three", ["one two", "three"]],
  ["the cells of a table", "| a b | c |\n|---|---|\n| d e | `f` |", ["a b", "c", "d e", "`f`"]],
  [
    "code and file names with dots",
    "See `a. B` and index.ts of 3.248.0. End.",
    ["See `a. B` and index.ts of 3.248.0.", "End."],
  ],
  ["a sentence that begins with code", "One. `two` three.", ["One.", "`two` three."]],
])("splits %s", (_what, text, sentences) => {
  expect(sentencesOf(text).map((sentence) => sentence.text)).toEqual(sentences);
});

test("leaves out fenced code and comments", () => {
  expect(sentencesOf("```ts\nconst a = 1;\n```\n\n<!-- hidden words -->")).toEqual([]);
});
