import { OLD_WORDS, oldWordsIn } from "../support/glossary";
import { documents, proseOf, read, withoutFences } from "./markdown";

/** Lines of a document that use a word of the glossary's left column. */
function oldWords(file: string): string[] {
  return withoutFences(read(file)).flatMap((line, index) =>
    oldWordsIn(proseOf(line)).map((found) => `line ${index + 1}: ${found}`),
  );
}

test.each(documents())("%s uses the words of the glossary", (file) => {
  expect(oldWords(file)).toEqual([]);
});

test("the descriptions of the plugin's schema use the words of the glossary", () => {
  const descriptions = [...read("provider/plugin/schema.json").matchAll(/"description": "((?:[^"\\]|\\.)*)"/g)];
  expect(descriptions.length).toBeGreaterThan(50);
  const lines = descriptions.flatMap(([, text = ""]) => text.split("\\n"));
  const found = lines.flatMap((line) => oldWordsIn(proseOf(line)).map((old) => `${line}: ${old}`));
  expect(found).toEqual([]);
});

test.each([
  ["the message tells the ways out", 2],
  ["it was taken over, and is gone", 2],
  ["an upload address, beside a loopback address", 2],
  ["what is given is refused at once", 3],
  ["`refused` in code is not prose", 0],
  ["[the URL](https://example.com/gone)", 0],
])("in %j it finds %d old words", (text, count) => {
  expect(oldWordsIn(proseOf(text))).toHaveLength(count);
});

test("every old word has another to say", () => {
  expect(OLD_WORDS.filter(([, say]) => say === "")).toEqual([]);
});

describe("README", () => {
  const lines = read("README.md").trimEnd().split("\n");

  it("has at most 120 lines", () => {
    expect(lines.length).toBeLessThanOrEqual(120);
  });

  it("shows the program, its preview and the two commands on its first screen", () => {
    const screen = lines.slice(0, 60).join("\n");
    for (const text of ["new DatatableUpload(", "~ change", "\nnpm start", "\nnpm test", "pulumi up"]) {
      expect(screen).toContain(text);
    }
  });

  it("has at most 3 semicolons in 1,000 words", () => {
    const prose = withoutFences(lines.join("\n")).map(proseOf).join("\n");
    const words = prose.split(/\s+/).filter((word) => /\w/.test(word)).length;
    const semicolons = prose.split(";").length - 1;
    expect((semicolons * 1000) / words).toBeLessThanOrEqual(3);
  });
});

test("CONTRIBUTING fits two screens", () => {
  expect(read("CONTRIBUTING.md").trimEnd().split("\n").length).toBeLessThanOrEqual(100);
});
