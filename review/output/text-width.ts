/** In parts of the letters' size, of the widest letters a page may have: without a browser nothing can be measured. */
const WIDTHS: [RegExp, number][] = [
  [/[ijlI|'!.,:;\-/()[\]ftr ]/, 0.42],
  [/[mwMW%@+−…]/, 1],
  [/[A-Z]/, 0.78],
  [/[\u{1f000}-\u{1ffff}]/u, 1.4],
  // From Korean's on, so Chinese and Japanese too.
  [/[\u1100-\u{10ffff}]/u, 1.1],
];
const OTHER_WIDTH = 0.66;

/** At least the width that a text takes, in pixels. */
export function textWidth(text: string, sizePixels: number): number {
  const widths = [...text].map((character) => WIDTHS.find(([pattern]) => pattern.test(character))?.[1] ?? OTHER_WIDTH);
  return widths.reduce((sum, width) => sum + width, 0) * sizePixels;
}

/** Where a name may go on in the next line: after whitespace and its own separators, and before a capital. */
const BREAKS = /(?<=[\s_\-./:,;@=])(?=[^\s_\-./:,;@=])|(?<=\p{Ll})(?=\p{Lu})/u;

/** A text in lines of at most `widthPixels`; what the last of `limit` lines has no room for is cut. */
export function wrapped(text: string, widthPixels: number, sizePixels: number, limit = Number.POSITIVE_INFINITY) {
  const fits = (line: string) => textWidth(line.trimEnd(), sizePixels) <= widthPixels;
  const lines = [""];
  for (const part of text.split(BREAKS).flatMap((word) => (fits(word) ? [word] : [...word]))) {
    const last = lines.length - 1;
    if (lines[last] === "" || fits(`${lines[last]}${part}`)) lines[last] += part;
    else lines.push(part);
  }
  const kept = lines.slice(0, limit).map((line) => line.trim());
  if (lines.length > kept.length) kept.push(cut(kept.pop() as string, (line) => fits(line)));
  return kept;
}

function cut(line: string, fits: (line: string) => boolean): string {
  const characters = [...line];
  while (characters.length > 0 && !fits(`${characters.join("")}…`)) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
