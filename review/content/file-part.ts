import { type Block, code, Importance, type Line } from "../document";
import type { FilePair, ReviewedFile } from "../input/file-pair";
import { columnBlocks } from "./columns";
import { eventBlocks } from "./events";
import { caseBlocks, type Facts, factsTable, heading, paragraph } from "./facts";

/** Old and new file beside each other. */
export function fileBlocks(pair: FilePair): Block[] {
  const { oldName, newName, old, now } = pair;
  const names: Line =
    oldName === undefined || oldName === newName ? [code(newName)] : [code(oldName), " ⇒ ", code(newName)];
  const columns = now?.described.__columns;
  return [
    heading(2, ["Data: ", ...names]),
    ...problems(pair),
    ...(now ? [paragraph([{ strong: verdict(pair, now) }], Importance.verdict)] : []),
    ...(now ? caseBlocks(now.described, Importance.verdict) : []),
    ...warnings(pair),
    ...(now || old ? [factsTable(old && factsOf(old), now && factsOf(now), Importance.file)] : []),
    ...(columns ? columnBlocks(old?.described.__columns, columns) : []),
    ...(now?.counts ? eventBlocks(old?.counts, now.counts) : []),
  ];
}

function verdict({ oldName, old }: FilePair, now: ReviewedFile): string {
  if (oldName === undefined) return "New file";
  if (!old) return "Not compared: the old file cannot be read";
  const { change } = now.described;
  const isRenamed = change === "same content" && old.name !== now.name;
  return `${change[0]?.toUpperCase()}${change.slice(1)}${isRenamed ? ", another file name" : ""}`;
}

function factsOf({ described, name }: ReviewedFile): Facts {
  return { ...described, fileName: name };
}

function problems({ problems }: FilePair): Block[] {
  if (problems.length === 0) return [];
  const items = problems.map(({ name, problem }): Line => [code(name), `: ${problem}.`]);
  return [{ kind: "list", tone: "error", items, importance: Importance.errors }];
}

function warnings({ old, now }: FilePair): Block[] {
  const items = [old, now].flatMap((file) =>
    (file?.warnings ?? []).map((warning): Line => [code(file?.name ?? ""), `: ${warning}.`]),
  );
  return items.length > 0 ? [{ kind: "list", tone: "warning", items, importance: Importance.warnings }] : [];
}
