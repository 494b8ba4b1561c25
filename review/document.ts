/** What a review says, before it is Markdown or HTML: both are written from the same blocks. */

/** How a difference is marked: by its colour, and by a sign or a word for who does not see colours. */
export type Tone = "good" | "notice" | "bad";

/** A piece of a line: prose of ours or others', a name shown as code, or words that stand out. All are escaped when written. */
export type Inline = string | { code: string } | { strong: string; tone?: Tone };
export type Line = Inline[];

/** Counts by category, old and new. */
export interface ChartData {
  title: string;
  /** Bars lie on their side, and the categories are names. */
  isHorizontal: boolean;
  categories: string[];
  series: { name: "old" | "new"; values: number[] }[];
}

/** How often something occurs in the old file and in the new one. Without `old` there is no old file; 0 is "not in it". */
export interface Occurrences {
  old?: number;
  now: number;
}

/** A directly-follows graph. */
export interface MapData {
  title: string;
  activities: { name: string; events: Occurrences; starts: Occurrences; ends: Occurrences }[];
  /** `from` and `to` are places in `activities`. */
  edges: { from: number; to: number; count: Occurrences }[];
}

export type Block = (
  | { kind: "heading"; level: 1 | 2 | 3; line: Line }
  | { kind: "verdict"; tone: Tone; line: Line }
  | { kind: "paragraph"; line: Line }
  | { kind: "list"; tone?: Tone; items: Line[] }
  | { kind: "table"; head: string[]; numeric: number[]; rows: Line[][] }
  | { kind: "details"; summary: Line; blocks: Block[] }
  | { kind: "chart"; chart: ChartData }
  | { kind: "map"; map: MapData }
) & {
  /** What is least important goes first where there is not room for all. */
  importance: number;
};

/** One scale for all parts. */
export const Importance = {
  verdict: 100,
  errors: 95,
  destroys: 90,
  warnings: 80,
  uploads: 70,
  file: 65,
  columns: 60,
  otherSteps: 40,
  uploadDetails: 30,
  events: 20,
  allColumns: 10,
} as const;

const SHOWN_CHARACTERS = 80;

/**
 * A name for a reader: on one line, with nothing invisible in it (what turns text around could make it look like another),
 * not too long.
 */
export function shownName(name: string): string {
  const characters = [...visible(name)];
  return characters.length > SHOWN_CHARACTERS
    ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join("")}…`
    : characters.join("");
}

/** Line ends as ⏎, tabs as ⇥, other control and direction characters by their number. */
export function visible(text: string): string {
  return text
    .replace(/\r\n|[\n\r\u2028\u2029]/g, "⏎")
    .replaceAll("\t", "⇥")
    .replace(/\p{Cc}|\p{Cf}|\p{Cs}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

export function code(name: string): Inline {
  return { code: shownName(name) };
}

/** Names in a row, with how many there are beyond `limit`. */
export function namesLine(names: readonly string[], limit: number): Line {
  const shown = names.slice(0, limit).flatMap((name, i): Line => (i === 0 ? [code(name)] : [", ", code(name)]));
  return names.length > limit ? [...shown, ` and ${(names.length - limit).toLocaleString("en-US")} more`] : shown;
}
