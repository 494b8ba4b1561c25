import { type Block, code, Importance, type Line, type Tone } from "../document";
import type { FilePair } from "../input/file-pair";
import type { ReviewedFile } from "../input/reviewed-file";
import { columnBlocks } from "./columns";
import { eventBlocks } from "./events";
import { caseBlocks, type Facts, factsBlocks, heading, messageParts, paragraph, prose } from "./facts";
import { processBlocks } from "./process";

/** What changed between the old and the new file. */
export function fileBlocks(pair: FilePair): Block[] {
  const { newName, old, now } = pair;
  const columns = now?.described.__columns;
  return [
    heading(2, [code(newName)]),
    ...problemBlocks(pair),
    ...(now ? [paragraph([{ strong: changeText(pair, now) }], Importance.verdict)] : []),
    ...(now && !comparesCases(pair) ? caseBlocks(now.described, Importance.verdict) : []),
    ...warnings(pair),
    ...(now ? factsBlocks(old && factsOf(old), factsOf(now), Importance.file) : []),
    ...(columns ? columnBlocks(old?.described.__columns, columns) : []),
    ...(now?.process ? processBlocks(old?.process, now.process) : []),
    ...(now?.counts ? eventBlocks(old?.counts, now.counts) : []),
  ];
}

/** Whether the part about the process counts the cases, exactly. */
function comparesCases({ old, now }: FilePair): boolean {
  return typeof old?.process === "object" && typeof now?.process === "object";
}

function changeText({ oldName, old }: FilePair, now: ReviewedFile): string {
  if (oldName === undefined) return "New file";
  if (!old) return "Not compared: the old file cannot be read";
  const { change } = now.described;
  const isRenamed = change === "same content" && old.name !== now.name;
  return `${change[0]?.toUpperCase()}${change.slice(1)}${isRenamed ? ", another file name" : ""}`;
}

function factsOf({ described, name }: ReviewedFile): Facts {
  return { ...described, fileName: name };
}

function problemBlocks({ problems }: FilePair): Block[] {
  const items = problems.map(({ name, problem }) => itemOf(name, problem));
  return items.length > 0 ? [list("bad", items, Importance.errors)] : [];
}

function warnings({ old, now }: FilePair): Block[] {
  const files = [old, now].flatMap((file) => (file ? [file] : []));
  const items = files.flatMap(({ name, warnings }) => warnings.map((warning) => itemOf(name, warning)));
  return items.length > 0 ? [list("notice", items, Importance.warnings)] : [];
}

function list(tone: Tone, items: Line[], importance: number): Block {
  return { kind: "list", tone, items, importance };
}

function itemOf(name: string, message: string): Line {
  const { first, rest } = messageParts(message);
  return [code(name), ": ", ...prose(`${[first.replace(/\.$/, ""), ...rest].join("; ").replace(/\.$/, "")}.`)];
}
