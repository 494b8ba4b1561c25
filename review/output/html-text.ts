import { type Line, visible } from "../document";

/** For the page. */
export function htmlLine(line: Line): string {
  return line
    .map((inline) => {
      if (typeof inline === "string") return unbroken(escaped(inline));
      if ("code" in inline) return codeHtml(inline.code);
      return `<strong${inline.tone ? ` class="${inline.tone}"` : ""}>${unbroken(escaped(inline.strong))}</strong>`;
    })
    .join("");
}

/** For Markdown, which allows elements and no classes. */
export function plainHtmlLine(line: Line): string {
  return line
    .map((inline) => {
      if (typeof inline === "string") return escaped(inline);
      return "strong" in inline ? `<strong>${escaped(inline.strong)}</strong>` : `<code>${escaped(inline.code)}</code>`;
    })
    .join("");
}

/** Keeps a time, and a number with its percent sign, on one line. */
function unbroken(html: string): string {
  return html
    .replace(/(?<=\d) (?=%)/g, "\u00a0")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<span class="unbroken">$&</span>');
}

/** Names of this length fit a line on a phone. */
const UNBROKEN_CHARACTERS = 24;

/** A long name may go on in the next line after its own separators and before a capital, but not inside a word. */
function codeHtml(name: string): string {
  if (name.length <= UNBROKEN_CHARACTERS) return `<code class="unbroken">${escaped(name)}</code>`;
  const parts = name.split(/(?<=[_\-./:,;@=])(?=[^_\-./:,;@=])|(?<=\p{Ll})(?=\p{Lu})/u);
  return `<code>${parts.map(escaped).join("<wbr>")}</code>`;
}

export function escaped(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
