/** One place where two sequences differ; `index` counts in the new one for additions, else in the old one. */
export type SequenceChange<T> =
  | { kind: "same"; old: T; new: T }
  | { kind: "add"; index: number; new: T }
  | { kind: "delete"; index: number; old: T }
  | { kind: "update"; index: number; old: T; new: T };

/** Beyond this the exact comparison, which is quadratic, is given up for one by position. */
const LARGEST_TABLE = 4_000_000;

/**
 * The smallest set of additions and removals between two sequences (longest common subsequence); a removal that
 * meets an addition is one update.
 */
export function diffSequences<T>(olds: T[], news: T[], equal: (a: T, b: T) => boolean): SequenceChange<T>[] {
  const head = commonLength(olds, news, equal, (list, index) => list[index]);
  const tail = commonLength(olds.slice(head), news.slice(head), equal, (list, index) => list[list.length - 1 - index]);
  const oldMiddle = olds.slice(head, olds.length - tail);
  const newMiddle = news.slice(head, news.length - tail);
  const middle =
    oldMiddle.length * newMiddle.length > LARGEST_TABLE
      ? [...removals(oldMiddle, head), ...additions(newMiddle, head)]
      : compare(oldMiddle, newMiddle, head, equal);
  return [...sames(olds.slice(0, head)), ...paired(middle), ...sames(olds.slice(olds.length - tail))];
}

function commonLength<T>(
  olds: T[],
  news: T[],
  equal: (a: T, b: T) => boolean,
  at: (list: T[], index: number) => T | undefined,
): number {
  const most = Math.min(olds.length, news.length);
  let length = 0;
  while (length < most && equal(at(olds, length) as T, at(news, length) as T)) length++;
  return length;
}

function compare<T>(olds: T[], news: T[], offset: number, equal: (a: T, b: T) => boolean): SequenceChange<T>[] {
  const width = news.length + 1;
  const longest = new Uint32Array((olds.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = olds.length - 1; i >= 0; i--) {
    for (let j = news.length - 1; j >= 0; j--) {
      longest[i * width + j] = equal(olds[i] as T, news[j] as T)
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: SequenceChange<T>[] = [];
  let i = 0;
  let j = 0;
  while (i < olds.length && j < news.length) {
    const [old, new_] = [olds[i] as T, news[j] as T];
    if (equal(old, new_)) {
      changes.push({ kind: "same", old, new: new_ });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      changes.push({ kind: "delete", index: offset + i++, old });
    } else {
      changes.push({ kind: "add", index: offset + j++, new: new_ });
    }
  }
  return [...changes, ...removals(olds.slice(i), offset + i), ...additions(news.slice(j), offset + j)];
}

/** Within one run of changes the first removal and the first addition are the same place, and so on. */
function paired<T>(changes: SequenceChange<T>[]): SequenceChange<T>[] {
  const result: SequenceChange<T>[] = [];
  let run: SequenceChange<T>[] = [];
  const flush = () => {
    const deleted = run.filter((change) => change.kind === "delete");
    const added = run.filter((change) => change.kind === "add");
    const both = Math.min(deleted.length, added.length);
    for (const [index, gone] of deleted.slice(0, both).entries()) {
      const came = added[index];
      if (came) result.push({ kind: "update", index: came.index, old: gone.old, new: came.new });
    }
    result.push(...deleted.slice(both), ...added.slice(both));
    run = [];
  };
  for (const change of changes) {
    if (change.kind === "same") {
      flush();
      result.push(change);
    } else {
      run.push(change);
    }
  }
  flush();
  return result;
}

function sames<T>(items: T[]): SequenceChange<T>[] {
  return items.map((item) => ({ kind: "same", old: item, new: item }));
}

function removals<T>(items: T[], offset: number): SequenceChange<T>[] {
  return items.map((old, index) => ({ kind: "delete", index: offset + index, old }));
}

function additions<T>(items: T[], offset: number): SequenceChange<T>[] {
  return items.map((item, index) => ({ kind: "add", index: offset + index, new: item }));
}
