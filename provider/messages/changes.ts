import { counted } from "./message";

/** What a new file does to the data, as a preview shows it and the state keeps it. */

/** What the texts below begin with, for who has only a stored one. */
export const CHANGE_KINDS = ["first upload", "same content", "appended", "rewritten"] as const;
const [FIRST, SAME, APPENDED, REWRITTEN] = CHANGE_KINDS;

export const firstUpload = () => FIRST;

export const sentAgain = (because: readonly string[]) => `${SAME}, sent again because of ${because.join(", ")}`;

export const sameContent = () => `${SAME} as the last upload`;

export const appended = (what: string) => `${APPENDED} ${what}, all earlier bytes unchanged`;

export const bytes = (count: number) => `${count.toLocaleString("en-US")} bytes`;

export const rewritten = (...parts: readonly string[]) =>
  parts.length === 0 ? REWRITTEN : `${REWRITTEN}: ${parts.join(", ")}`;

export const sameRows = (isSameOrder: boolean) => (isSameOrder ? "same rows" : "same rows, other order");

/** @param amount - of rows that differ, with `≈` where it is an estimate. */
export const rowsDiffer = (amount: string, isOne: boolean, rows: number) =>
  `${amount} of ${counted(rows, "row")} ${isOne ? "differs" : "differ"}`;

export const asMany = (count: number, noun: string) => `${counted(count, noun)} as before`;

/** @param share - ` (-39 %)`, or nothing. */
export const moreOrFewer = (difference: number, noun: string, share: string) =>
  `${counted(Math.abs(difference), noun)} ${difference > 0 ? "more" : "fewer"}${share}`;

export const otherColumns = (areReordered: boolean) => (areReordered ? "columns reordered" : "other columns");

export const swapped = (what: string, before: string, now: string) => `${what} ${before} to ${now}`;

/** The outputs of uploads in a run that sent files. */
export function sent(files: number, bytesText: string, rows: number | undefined, uncounted: number): string {
  return [
    `Sent ${counted(files, "file")} to ProcessMind`,
    bytesText,
    ...(rows === undefined ? [] : [counted(rows, "row")]),
    ...(uncounted > 0 ? [`rows of ${counted(uncounted, "file")} not counted`] : []),
  ].join(", ");
}
