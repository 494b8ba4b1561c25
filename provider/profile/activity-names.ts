import type { Core } from "./core";

/** More activities are too many to name, and a longer name is text that somebody wrote. */
export const MAX_NAMES = 1000;
export const NAME_BYTES = 200;

/** As provider/core/activities.ts keeps an entry: its length, its first bytes. */
const ENTRY_BYTES = 208;
const LENGTH_BYTES = 4;

/** The names of all activities that the core has counted, by their numbers; undefined where not all can be named. */
export function readActivityNames(core: Core): string[] | undefined {
  const count = core.exports.activityCount();
  if (count > MAX_NAMES) return undefined;
  const at = core.exports.activityNamesAt();
  const entries = core.bytesAt(at, at + count * ENTRY_BYTES);
  const lengths = Array.from({ length: count }, (_, i) => entries.readUInt32LE(i * ENTRY_BYTES));
  if (lengths.some((length) => length > NAME_BYTES)) return undefined;
  return lengths.map((length, i) => {
    const from = i * ENTRY_BYTES + LENGTH_BYTES;
    return entries.toString("utf8", from, from + length);
  });
}
