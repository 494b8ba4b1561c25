import MarkdownIt from "markdown-it";

/** A sentence of a document, with the line on which it begins. */
interface Sentence {
  line: number;
  text: string;
  words: number;
}

/** Text as a reader sees it, and with one word for each piece of code, to count. */
interface Piece {
  shown: string;
  counted: string;
  isBreak: boolean;
}

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** Up to a full stop with whitespace behind it. No rule about capitals: names such as `xlsx` begin sentences too. */
const SENTENCE = /\S.*?(?:[.!?]["')\]]*(?=\s)|$)/g;

const markdown = new MarkdownIt({ html: true });

/** The sentences of a document. Each heading, list item and cell of a table begins a new one. */
export function sentencesOf(document: string): Sentence[] {
  let line = 0;
  return markdown.parse(document, {}).flatMap((token) => {
    line = token.map?.[0] ?? line; // a cell has no line, but its row has
    return token.type === "inline" ? sentencesIn((token.children ?? []).map(pieceOf), line + 1) : [];
  });
}

function pieceOf({ type, content }: Token): Piece {
  if (type === "code_inline") return { shown: `\`${content}\``, counted: "code", isBreak: false };
  const isBreak = type === "softbreak" || type === "hardbreak";
  const text = isBreak ? " " : /^(text|text_special|image)$/.test(type) ? content : "";
  return { shown: text, counted: text, isBreak };
}

function sentencesIn(pieces: Piece[], first: number): Sentence[] {
  const whole = pieces.map(({ counted }) => counted).join("");
  return [...whole.matchAll(SENTENCE)].map(({ 0: counted, index }) => ({
    line: first + within(pieces, 0, index).filter(({ isBreak }) => isBreak).length,
    text: shownOf(within(pieces, index, index + counted.length)),
    words: counted.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
  }));
}

/** The pieces of the counted text from `start` to `end`, text cut at these places. */
function within(pieces: Piece[], start: number, end: number): Piece[] {
  let at = 0;
  return pieces.flatMap((piece) => {
    const from = at;
    at += piece.counted.length;
    if (at <= start || from >= end) return [];
    return piece.shown === piece.counted
      ? { ...piece, shown: piece.shown.slice(Math.max(0, start - from), end - from) }
      : piece;
  });
}

function shownOf(pieces: Piece[]): string {
  return pieces
    .map(({ shown }) => shown)
    .join("")
    .trim();
}
