import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Words for users stand in provider/messages alone, where test/messages reads them: nobody can forget one elsewhere. */

const PROVIDER = path.resolve(__dirname, "../../provider");
/** The plugin's own words are about Pulumi's protocol, and the generator's about its command line. */
const OTHER_FOLDERS = ["messages", "plugin", "generate"];

/** What has words in a row and is shown to nobody, or is not ours to write. */
const NOT_FOR_USERS: readonly RegExp[] = [
  /^exports\.handler/, // Code, in the state.
  /^(datatable stays|upload removed)$/, // Topics of ./lifecycles/once.
  /^not in Pulumi's provider process$/, // Caught where it is thrown.
  /^the scanning core has no memory left$/, // A fault of the package, with its stack.
  /^the thread that takes hashes has ended$/, // A fault of the package, with its stack.
  /^stream has been aborted$/, // axios's.
  /^Request has expired$/, // S3's.
  /^version https:\/\/git-lfs/, // The first line of a pointer.
  /^(shown in full with the resource|x while x|partial failure)$/, // Beside the message itself, on stderr.
  /^UTF-8 with BOM$/, // A value of an output.
];

test.each(sources())("%s has no sentence of its own", (file) => {
  expect(sentencesIn(path.join(PROVIDER, file))).toEqual([]);
});

function sources(): string[] {
  return fs
    .readdirSync(PROVIDER, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => file.endsWith(".ts") && !OTHER_FOLDERS.includes(file.split("/")[0] ?? ""));
}

/** Texts of four or more words in a row; what a template inserts counts as one. */
function sentencesIn(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && isSentence(text)) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join("");
}

function isSentence(text: string): boolean {
  return (
    /[a-z]{3}/i.test(text) && /\b[a-z]+(?:,? [a-z]+){3}/i.test(text) && !NOT_FOR_USERS.some((known) => known.test(text))
  );
}

test.each(sources())("%s makes no message of its own", (file) => {
  const text = fs.readFileSync(path.join(PROVIDER, file), "utf8");
  const made = text.match(
    /new (UnusableFile|Message)\(|new ProcessMindError\(\s*["']|\breason: [`"']|new RunError\([`"']/g,
  );
  expect(made).toBeNull();
});
