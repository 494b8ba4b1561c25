import * as ts from "typescript";
import { read, withoutFences } from "./markdown";

const text = withoutFences(read("docs/errors.md")).join("\n");
/** Sections of codes, which alone are in capitals. */
const sections = text
  .split(/^#{2,3} /m)
  .slice(1)
  .filter((section) => /^[A-Z_]+$/.test(section.split("\n")[0] ?? ""));

function codes(): string[] {
  const source = ts.createSourceFile("errors.ts", read("provider/errors.ts"), ts.ScriptTarget.ES2022, true);
  const declared = source.statements.filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text === "ErrorCode");
  if (declared === undefined || !ts.isUnionTypeNode(declared.type)) throw new Error("There is no union ErrorCode.");
  return declared.type.types.map((type) => JSON.parse(type.getText()));
}

test("docs/errors.md has a section for each code of ErrorCode, and for no other", () => {
  expect(sections.map((section) => section.split("\n")[0]).sort()).toEqual(codes().sort());
});

test.each(sections.map((section) => [section.split("\n")[0] ?? "", section]))(
  "%s has a meaning, a usual cause and a fix",
  (_code, section) => {
    expect(section).toMatch(/^- \*\*Meaning\*\*: \S/m);
    expect(section).toMatch(/^- \*\*Usual cause\*\*: \S/m);
    expect(section).toMatch(/^- \*\*Fix\*\*: \S/m);
  },
);
