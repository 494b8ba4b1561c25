import { redact } from "../errors";

/** Numbers and names as previews show them. */

/** Those of `names` that `list` lacks, in their order. */
export function missingFrom(list: readonly string[], names: readonly string[]): string[] {
  const known = new Set(list);
  return names.filter((name) => !known.has(name));
}

/** Those of `names` that `list` has less often: of a name that occurs twice, one may be missing. */
export function fewerIn(list: readonly string[], names: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const name of list) left.set(name, (left.get(name) ?? 0) + 1);
  return names.filter((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}

const NAMES_AT_MOST = 8;
const NAME_CHARACTERS = 40;

/** `3: case_id, activity, timestamp`; a preview must stay short with 500 columns too. */
export function shortList(names: readonly string[], most = NAMES_AT_MOST): string {
  const first = names.slice(0, most).map((name) => shortened(oneLine(name)));
  return `${number(names.length)}: ${first.join(", ")}${names.length > most ? ", …" : ""}`;
}

/** Names are values of a file: what would steer a terminal is none of theirs. */
function oneLine(name: string): string {
  return name.trim() === "" ? "(no name)" : redact(name).replace(/\s+/g, " ");
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > NAME_CHARACTERS ? `${characters.slice(0, NAME_CHARACTERS - 1).join("")}…` : name;
}

export function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** ` (-39 %)`, ` (+0.4 %)`, where there is one worth telling: whole from 10 on, a digit more below. */
export function shareOf(before: number, now: number): string {
  const share = before === 0 ? 0 : ((now - before) / before) * 100;
  if (Math.abs(share) < 0.05) return "";
  const text = Math.abs(share) >= 10 ? share.toFixed(0) : share.toFixed(1);
  return ` (${share > 0 ? "+" : ""}${text} %)`;
}
