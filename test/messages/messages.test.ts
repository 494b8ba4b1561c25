import fs from "node:fs";
import path from "node:path";
import { FIRST_LINE_CHARACTERS } from "../../provider/errors";
import { GLOSSARY } from "./glossary";
import { MODULES, renderAll } from "./samples";

/** The grammar of what users read: a first line, what a service said, and options; CONTRIBUTING has the rules. */

const OPTION_CHARACTERS = 120;
const MOST_OPTIONS = 3;
const MEDIAN_CHARACTERS = 110;
const FOLDER = path.resolve(__dirname, "../../provider/messages");

const rendered = renderAll();
const optionsOf = (text: string) => text.split("\n").filter((line) => line.startsWith("  - "));
const failing = (isWrong: (text: string, isPart: boolean) => boolean) =>
  rendered
    .filter(({ text, isPart }) => isWrong(text, isPart))
    .map(({ from, text }) => `${from} (${text.split("\n")[0]?.length}): ${text}`);

test("renders a sample of every function in provider/messages", () => {
  const missing = Object.entries(MODULES).flatMap(([file, [module, samples]]) =>
    Object.entries(module)
      .filter(([name, value]) => typeof value === "function" && !Object.hasOwn(samples, name))
      .map(([name]) => `${file}.${name}`),
  );
  const files = fs.readdirSync(FOLDER).map((file) => path.basename(file, ".ts"));
  expect(missing).toEqual([]);
  expect(files.filter((file) => file !== "message").sort()).toEqual(Object.keys(MODULES).sort());
});

test("keeps the first line within 160 characters", () => {
  expect(failing((text) => (text.split("\n")[0] ?? "").length > FIRST_LINE_CHARACTERS)).toEqual([]);
});

test("makes the first line one sentence", () => {
  expect(failing((text, isPart) => !isPart && !/^[^\n]*([^.?\n]\.|\?)(\n|$)/.test(text))).toEqual([]);
  expect(failing((text) => /\. [A-Z]/.test(text.split("\n")[0] ?? ""))).toEqual([]);
});

test("has below it at most what a service said, its cause and three options, in this order", () => {
  const below = /^[^\n]*(\n {2}details: [^\n]+)?(\n {2}cause: [^\n]+)?(\n {2}- [^\n]+){0,3}$/;
  expect(failing((text) => !below.test(text))).toEqual([]);
  expect(failing((text) => optionsOf(text).length > MOST_OPTIONS)).toEqual([]);
});

test("keeps an option within 120 characters, one clause without a full stop", () => {
  const option = (line: string) => line.slice("  - ".length);
  expect(failing((text) => optionsOf(text).some((line) => option(line).length > OPTION_CHARACTERS))).toEqual([]);
  expect(failing((text) => optionsOf(text).some((line) => /\.$|\. [A-Z]/.test(line)))).toEqual([]);
});

test("keeps the median first line within 110 characters", () => {
  const lengths = rendered.map(({ text }) => text.split("\n")[0]?.length ?? 0).sort((one, other) => one - other);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MEDIAN_CHARACTERS);
});

test("uses the words of the glossary", () => {
  const wrong = failing((text) => GLOSSARY.some(([old]) => old.test(text)));
  expect(wrong).toEqual([]);
});
