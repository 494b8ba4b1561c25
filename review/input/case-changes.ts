import type { CaseContents } from "./process";

/** What became of the cases of the old file, by their ids. */
export interface CaseChanges {
  added: number;
  removed: number;
  /** With other activities or times; in another order when one of these is other. */
  changed: number;
}

export function caseChanges(old: CaseContents, now: CaseContents): CaseChanges {
  let kept = 0;
  let changed = 0;
  for (let number = 0; number < now.index.count; number++) {
    const before = old.index.find(now.index.high(number), now.index.low(number));
    if (before === undefined) continue;
    kept++;
    if (old.high[before] !== now.high[number] || old.low[before] !== now.low[number]) changed++;
  }
  return { added: now.index.count - kept, removed: old.index.count - kept, changed };
}
