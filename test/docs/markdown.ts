import * as fs from "node:fs";
import * as path from "node:path";
import { slugOf } from "../../docs/.vitepress/slug";

export const ROOT = path.resolve(__dirname, "../..");
export const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

const FOLDERS = ["docs", "emulator", "engine", "review", "examples"];

/** Every Markdown file that users or maintainers read, by its path from the root. */
export function documents(): string[] {
  const top = fs.readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  return [...top, ...FOLDERS.flatMap(documentsUnder)].sort();
}

function documentsUnder(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|cache)$/.test(entry.name) ? [] : documentsUnder(name);
    return name.endsWith(".md") ? [name] : [];
  });
}

/** The lines of a document with fenced code emptied, so that numbers of lines stay. */
export function withoutFences(text: string): string[] {
  let fence: string | undefined;
  return text.split("\n").map((line) => {
    const [mark] = /^\s*(```+)/.exec(line)?.slice(1) ?? [];
    if (fence !== undefined) {
      if (mark !== undefined && mark.length >= fence.length) fence = undefined;
      return "";
    }
    fence = mark;
    return mark === undefined ? line : "";
  });
}

/** The prose of a line: without inline code and the targets of links. */
export function proseOf(line: string): string {
  return line
    .replace(/(`+).*?\1/g, "`")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/https?:\/\/\S+/g, "");
}

/** Anchors of a document: those GitHub makes of its headings, and those it has in HTML. */
export function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = withoutFences(text).flatMap((line) => {
    const heading = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (heading === undefined) return [];
    const slug = slugOf(heading.replace(/\]\([^)]*\)/g, "]"));
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count === 0 ? slug : `${slug}-${count}`];
  });
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = ""]) => id)]);
}

/** Targets of a document's links, with the number of their line. */
export function linksOf(text: string): { line: number; target: string }[] {
  return withoutFences(text).flatMap((line, index) =>
    [...line.replace(/(`+).*?\1/g, "`").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({
      line: index + 1,
      target,
    })),
  );
}
