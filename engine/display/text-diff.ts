import { diffSequences } from "./sequence-diff";

/** One printed line of a comparison of two texts. */
export interface TextLine {
  mark: "create" | "delete" | "same";
  text: string;
}

/** Unchanged lines around a change that are shown. */
const CONTEXT = 2;

/** What differs between two texts, line by line, with a little of what does not. Blank lines are left out. */
export function diffTextLines(old: string, current: string): TextLine[] {
  const blocks = blocksOf(old.split("\n"), current.split("\n"));
  return blocks.flatMap((block, index) => {
    const lines = block.lines.filter((line) => line.trim() !== "");
    const shown = block.mark === "same" ? abridged(lines, index === 0, index === blocks.length - 1) : lines;
    return shown.map((text) => ({ mark: block.mark, text }));
  });
}

interface Block {
  mark: TextLine["mark"];
  lines: string[];
}

/** Runs of unchanged lines, and for each change what was deleted before what was added. */
function blocksOf(olds: string[], news: string[]): Block[] {
  const blocks: Block[] = [];
  let deleted: string[] = [];
  let added: string[] = [];
  const flush = () => {
    if (deleted.length > 0) blocks.push({ mark: "delete", lines: deleted });
    if (added.length > 0) blocks.push({ mark: "create", lines: added });
    [deleted, added] = [[], []];
  };
  for (const change of diffSequences(olds, news, (a, b) => a === b)) {
    if (change.kind === "same") {
      flush();
      const last = blocks.at(-1);
      if (last?.mark === "same") last.lines.push(change.old);
      else blocks.push({ mark: "same", lines: [change.old] });
    }
    if (change.kind === "delete" || change.kind === "update") deleted.push(change.old);
    if (change.kind === "add" || change.kind === "update") added.push(change.new);
  }
  flush();
  return blocks;
}

function abridged(lines: string[], isFirst: boolean, isLast: boolean): string[] {
  const head = lines.slice(0, CONTEXT);
  const tail = lines.slice(-CONTEXT);
  if (isFirst) return lines.length > CONTEXT + 1 ? ["...", ...tail] : lines;
  if (isLast) return lines.length > CONTEXT + 1 ? [...head, "..."] : lines;
  return lines.length > 2 * CONTEXT + 1 ? [...head, "...", ...tail] : lines;
}
