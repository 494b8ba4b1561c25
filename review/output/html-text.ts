import { type Inline, type Line, visible } from "../document";

export function htmlLine(line: Line): string {
  return line.map(inlineHtml).join("");
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === "string") return escaped(inline);
  return "strong" in inline ? `<strong>${escaped(inline.strong)}</strong>` : `<code>${escaped(inline.code)}</code>`;
}

export function escaped(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
