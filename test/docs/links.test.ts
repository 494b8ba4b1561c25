import * as fs from "node:fs";
import * as path from "node:path";
import { anchorsOf, documents, linksOf, ROOT, read } from "./markdown";

/** Written for Pulumi's registry, whose shortcodes are not Markdown. */
const ELSEWHERE = ["docs/_index.md"];

const all = documents().filter((file) => !ELSEWHERE.includes(file));

test("finds the documents of every room", () => {
  expect(all).toEqual(
    expect.arrayContaining([
      "README.md",
      "CHANGELOG.md",
      "docs/errors.md",
      "docs/reference/classes/Dataset.md",
      "emulator/README.md",
      "engine/README.md",
      "review/README.md",
      "examples/quickstart/README.md",
    ]),
  );
});

test.each(all)("every link in %s leads to a page and, with an anchor, to a heading", (file) => {
  const broken = linksOf(read(file))
    .filter(({ target }) => !/^(https?|mailto):/.test(target))
    .filter(({ target }) => !leadsSomewhere(file, target))
    .map(({ line, target }) => `line ${line}: ${target}`);
  expect(broken).toEqual([]);
});

test("every page of docs can be reached from README", () => {
  const seen = new Set(["README.md"]);
  for (const file of seen) {
    for (const { target } of linksOf(read(file))) {
      const page = path.posix.join(path.posix.dirname(file), target.replace(/#.*/, ""));
      if (page.endsWith(".md") && !/^https?:/.test(target)) seen.add(page);
    }
  }
  expect(all.filter((file) => !seen.has(file))).toEqual([]);
});

test.each([
  ["README.md", "docs/nowhere.md"],
  ["README.md", "docs/errors.md#no_such_code"],
  ["docs/errors.md", "#nowhere"],
])("finds in %s that %s leads nowhere", (file, target) => {
  expect(leadsSomewhere(file, target)).toBe(false);
});

function leadsSomewhere(from: string, target: string): boolean {
  const [page = "", anchor] = target.split("#");
  const file = page === "" ? from : path.posix.join(path.posix.dirname(from), page);
  const isFile = fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile && (anchor === undefined || anchorsOf(read(file)).has(anchor));
}
