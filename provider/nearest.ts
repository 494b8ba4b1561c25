/** The name that a mistyped one was probably meant to be: at most a third of its letters differ. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const [best] = nearestFirst(typed, names, (name) => name);
  return best !== undefined && distanceOf(typed, best) * 3 <= best.length ? best : undefined;
}

/** The items, those with the most similar names first. */
export function nearestFirst<T>(typed: string, items: readonly T[], nameOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, distance: distanceOf(typed, nameOf(item)) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ item }) => item);
}

function distanceOf(one: string, other: string): number {
  return distanceBetween(one.toLowerCase(), other.toLowerCase());
}

/** Levenshtein's: how many letters to insert, delete or exchange. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= other.length; column++) {
      const exchanged = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, exchanged));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
