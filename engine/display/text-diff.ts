import diffSequence from "@jest/diff-sequences";

/** One printed line of a comparison of two texts. */
export interface TextLine {
  mark: "create" | "delete" | "same";
  text: string;
}

/** Unchanged lines around a change that are shown. */
const CONTEXT = 2;
/** Pairs of changed lines beyond which an exact comparison takes seconds. All of them count as changed then. */
const MOST_PAIRS = 16_000_000;

/** What differs between two texts, line by line, with a little of what does not. Empty lines are left out. */
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
  const add = (mark: Block["mark"], lines: string[]) => {
    if (lines.length > 0) blocks.push({ mark, lines });
  };
  let [oldEnd, newEnd] = [0, 0];
  for (const { oldStart, newStart, length } of [...commonRuns(olds, news), endOf(olds, news)]) {
    add("delete", olds.slice(oldEnd, oldStart));
    add("create", news.slice(newEnd, newStart));
    add("same", olds.slice(oldStart, oldStart + length));
    [oldEnd, newEnd] = [oldStart + length, newStart + length];
  }
  return blocks;
}

interface CommonRun {
  oldStart: number;
  newStart: number;
  length: number;
}

function endOf(olds: string[], news: string[]): CommonRun {
  return { oldStart: olds.length, newStart: news.length, length: 0 };
}

function commonRuns(olds: string[], news: string[]): CommonRun[] {
  const head = commonLength(olds, news, (list, index) => list[index]);
  const rest = { olds: olds.slice(head), news: news.slice(head) };
  const tail = commonLength(rest.olds, rest.news, (list, index) => list[list.length - 1 - index]);
  const first = { oldStart: 0, newStart: 0, length: head };
  const last = { oldStart: olds.length - tail, newStart: news.length - tail, length: tail };
  const [oldCount, newCount] = [last.oldStart - head, last.newStart - head];
  if (oldCount * newCount > MOST_PAIRS) return [first, last];
  const between: CommonRun[] = [];
  diffSequence(
    oldCount,
    newCount,
    (oldIndex, newIndex) => olds[head + oldIndex] === news[head + newIndex],
    (length, oldIndex, newIndex) => {
      between.push({ oldStart: head + oldIndex, newStart: head + newIndex, length });
    },
  );
  return [first, ...between, last];
}

function commonLength(olds: string[], news: string[], at: (list: string[], index: number) => string | undefined) {
  const most = Math.min(olds.length, news.length);
  let length = 0;
  while (length < most && at(olds, length) === at(news, length)) length++;
  return length;
}

function abridged(lines: string[], isFirst: boolean, isLast: boolean): string[] {
  const head = lines.slice(0, CONTEXT);
  const tail = lines.slice(-CONTEXT);
  if (isFirst) return lines.length > CONTEXT + 1 ? ["...", ...tail] : lines;
  if (isLast) return lines.length > CONTEXT + 1 ? [...head, "..."] : lines;
  return lines.length > 2 * CONTEXT + 1 ? [...head, "...", ...tail] : lines;
}
