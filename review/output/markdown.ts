import type { Block, Line, Tone } from "../document";
import { plainHtmlLine } from "./html-text";
import { htmlInMarkdown, markdownLine } from "./markdown-text";

/** GitHub takes 65,536 characters in a comment; others may add theirs to ours. */
const MAX_CHARACTERS = 60_000;
/** For the line that reports a cut. */
const RESERVED = 200;
const BETWEEN = "\n\n";

/** A block's text, and how many lines of it there was no room for. */
interface Fitted {
  text: string;
  leftOut: number;
}

/** The whole as Markdown, cut where it is least important. */
export function markdownOf(blocks: Block[]): string {
  const { text, leftOut } = fitAll(blocks, MAX_CHARACTERS - RESERVED);
  if (leftOut === 0) return `${text}\n`;
  const [limit, lines] = [MAX_CHARACTERS, leftOut].map((count) => count.toLocaleString("en-US"));
  const note = `**Cut to ${limit} characters:** ${lines} lines are left out. The page that --html writes has all of them.`;
  return `${text}${BETWEEN}${note}\n`;
}

/** The most important blocks choose first; all stand in their own order. */
function fitAll(blocks: Block[], room: number): Fitted {
  const texts: string[] = blocks.map(() => "");
  const order = [...blocks.entries()].sort(([, a], [, b]) => b.importance - a.importance);
  let left = room;
  let leftOut = 0;
  for (const [i, block] of order) {
    const fitted = fitBlock(block, left - BETWEEN.length);
    leftOut += fitted.leftOut;
    if (fitted.text === "") continue;
    texts[i] = fitted.text;
    left -= fitted.text.length + BETWEEN.length;
  }
  return { text: texts.filter((text) => text !== "").join(BETWEEN), leftOut };
}

function fitBlock(block: Block, room: number): Fitted {
  switch (block.kind) {
    case "heading":
      return whole(`${"#".repeat(block.level + 1)} ${markdownLine(block.line)}`, room);
    case "verdict":
      return whole(`${MARKS[block.tone]} **${markdownLine(block.line)}**`, room);
    case "paragraph":
      return whole(markdownLine(block.line), room);
    case "list":
      return fitLines(
        [],
        block.items.map((item) => `- ${block.tone ? `${MARKS[block.tone]} ` : ""}${markdownLine(item)}`),
        room,
      );
    case "table":
      return fitLines(tableHead(block.head, block.numeric), block.rows.map(tableRow), room);
    case "details":
      return fitDetails(block, room);
    case "chart":
    case "map":
      return { text: "", leftOut: 0 };
  }
}

const MARKS: { [tone in Tone]: string } = { good: "✅", notice: "⚠️", bad: "❌" };

function whole(text: string, room: number): Fitted {
  return text.length <= room ? { text, leftOut: 0 } : { text: "", leftOut: 1 };
}

function fitLines(head: string[], lines: string[], room: number): Fitted {
  let left = room - head.reduce((sum, line) => sum + line.length + 1, 0);
  const count = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  const shown = count < 0 ? lines : lines.slice(0, count);
  return { text: shown.length === 0 ? "" : [...head, ...shown].join("\n"), leftOut: lines.length - shown.length };
}

function fitDetails({ summary, blocks }: Extract<Block, { kind: "details" }>, room: number): Fitted {
  // One line up to an empty one, so that GitHub reads all of it as HTML.
  const opening = `<details><summary>${htmlInMarkdown(plainHtmlLine(summary))}</summary>`;
  const closing = "</details>";
  const inside = fitAll(blocks, room - opening.length - closing.length - 2 * BETWEEN.length);
  return { ...inside, text: inside.text === "" ? "" : [opening, inside.text, closing].join(BETWEEN) };
}

function tableHead(head: string[], numeric: number[]): string[] {
  return [`| ${head.join(" | ")} |`, `|${head.map((_, i) => (numeric.includes(i) ? "---:" : "---")).join("|")}|`];
}

function tableRow(cells: Line[]): string {
  return `| ${cells.map(markdownLine).join(" | ")} |`;
}
