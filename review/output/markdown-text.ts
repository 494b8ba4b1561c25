import { type Inline, type Line, type Tone, visible } from "../document";

/** Between a character and what would make a mention, a reference or a link of it; it takes no room. */
const WORD_JOINER = "\u2060";

/** Not the number sign of a character's number. */
const LINKED = /@(?=\w)|(?<!&)#(?=\w)|:(?=\/\/)|\bwww(?=\.)/gi;

/** Markdown has no colours of its own. Each stands with a sign or a word, so that nobody must see them. */
const MARKS: { [tone in Tone]: string } = { good: "🟢", notice: "🟡", bad: "🔴" };

/** A line in GitHub's and GitLab's Markdown that means nothing but its text, in a table too. */
export function markdownLine(line: Line): string {
  return line.map(inlineText).join("");
}

function inlineText(inline: Inline): string {
  if (typeof inline === "string") return prose(inline);
  if ("strong" in inline) return `${inline.tone ? `${MARKS[inline.tone]} ` : ""}**${prose(inline.strong)}**`;
  return codeText(visible(inline.code));
}

/** A code span where the name is plain; else the element, with everything that could mean something as a number. */
function codeText(name: string): string {
  if (/^[\p{L}\p{N} _.,:;/()=+%&#…⏎⇥-]+$/u.test(name) && name.trim() === name) return `\`${name}\``;
  return `<code>${name.replace(/[^\p{L}\p{N} _.,/()=+…⏎⇥-]/gu, numbered).replaceAll("_", "&#95;")}</code>`;
}

function numbered(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

function prose(text: string): string {
  return visible(text)
    .replace(LINKED, `$&${WORD_JOINER}`)
    .replace(/[\\`*_~[\]$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("|", "&#124;");
}

/** For where GitHub reads HTML and no Markdown. */
export function htmlInMarkdown(html: string): string {
  return html.replace(LINKED, `$&${WORD_JOINER}`);
}
