import type { Declaration, Reference } from "./declarations";

/** Writes declarations in TypeScript, formatted as Biome and Prettier do for lines of 120 columns. */

const LINE_WIDTH = 120;

/** A whole program. */
export function typescriptProgram(declared: readonly Declaration[], remark: readonly string[]): string {
  const head = [typescriptImport(declared), comment(remark, "")].join("\n");
  return [head, ...typescriptStatements(declared)].join("\n");
}

/** The line that makes the classes known. */
export function typescriptImport(declared: readonly Declaration[]): string {
  const kinds = [...new Set(declared.map(({ kind }) => kind))].sort();
  return `import { ${kinds.join(", ")} } from "pulumi-processmind";\n`;
}

/** A statement for each declaration; only what others refer to is a constant. */
export function typescriptStatements(declared: readonly Declaration[]): string[] {
  const referred = new Set(
    declared.flatMap(({ properties }) => properties.map(({ value }) => typeof value !== "string" && value.idOf)),
  );
  // An upload has its table's name, and nothing refers to it.
  const isReferred = ({ kind, name }: Declaration) => kind !== "DatatableUpload" && referred.has(name);
  return declared.map((declaration) => statement(declaration, isReferred(declaration)));
}

function statement({ kind, name, notes, readId, properties }: Declaration, isReferred: boolean): string {
  const target = isReferred ? `const ${name.variable} = ` : "";
  const resource = quote(name.resource);
  if (readId !== undefined) return `${comment(notes, "")}${target}${kind}.get(${resource}, ${quote(readId)});\n`;
  const lines = properties.map(({ key, value }) => property(key, expression(value)));
  return `${comment(notes, "")}${target}new ${kind}(${resource}, {\n${lines.join("")}});\n`;
}

function property(key: string, value: string): string {
  const line = `  ${key}: ${value},\n`;
  return widthOf(line.trimEnd()) <= LINE_WIDTH ? line : `  ${key}:\n    ${value},\n`;
}

function expression(value: string | Reference): string {
  return typeof value === "string" ? quote(value) : `${value.idOf.variable}.id`;
}

function comment(sentences: readonly string[], indent: string): string {
  return sentences.map((sentence) => `${indent}// ${sentence}\n`).join("");
}

/** With the quotes that need fewer escapes. What cannot be seen, or turns the direction of writing, is escaped. */
function quote(text: string): string {
  const isSingle = count(text, '"') > count(text, "'");
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(isSingle ? "'" : '"', isSingle ? "\\'" : '\\"')
    .replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/gu, escapeOf);
  return isSingle ? `'${escaped}'` : `"${escaped}"`;
}

function escapeOf(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}

const SHORT_ESCAPES: { [character: string]: string | undefined } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Columns, as formatters count them: two for the characters of East Asian scripts and for emoji. */
function widthOf(line: string): number {
  return [...line].reduce((sum, character) => {
    if (/\p{M}/u.test(character)) return sum;
    return sum + (WIDE.test(character) ? 2 : 1);
  }, 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
