import type { Scanner } from "./scanner";

const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How much of a text decides about its delimiter. */
export const SAMPLE_BYTES = 64 * 1024;

/** The delimiter, and others that would have done as well. */
export interface Sniffed {
  delimiter: Delimiter;
  rivals: Delimiter[];
}

/**
 * The delimiter that splits all records of a text's start into the same, largest number of fields; the tab goes first
 * where `isTabbed`. Where none does, the one that splits the header most: the scan then tells which line is ragged.
 *
 * @param isAll - the sample is the whole text.
 */
export function sniffDelimiter(scanner: Scanner, sample: Uint8Array, isAll: boolean, isTabbed: boolean): Sniffed {
  const fallBack: Delimiter = isTabbed ? "\t" : ",";
  const tried = DELIMITERS.map((delimiter) => ({ delimiter, ...tryOut(scanner, sample, isAll, delimiter) }));
  const splitting = tried.filter(({ width }) => width > 1);
  const even = splitting.filter(({ isEven }) => isEven);
  const candidates = even.length > 0 ? even : splitting;
  const preferred = isTabbed ? candidates.find(({ delimiter }) => delimiter === "\t") : undefined;
  const widest = Math.max(...candidates.map(({ width }) => width));
  const chosen = preferred ?? candidates.find(({ width }) => width === widest);
  if (!chosen) return { delimiter: fallBack, rivals: [] };
  const rivals = preferred ? [] : even.filter(({ delimiter }) => delimiter !== chosen.delimiter);
  return { delimiter: chosen.delimiter, rivals: rivals.map(({ delimiter }) => delimiter) };
}

function tryOut(scanner: Scanner, sample: Uint8Array, isAll: boolean, delimiter: Delimiter) {
  scanner.start(delimiter.charCodeAt(0));
  scanner.push(sample);
  // A header longer than the sample counts as far as it goes.
  if (isAll || scanner.counts().records === 0) scanner.end();
  const { width, fault } = scanner.counts();
  return { width, isEven: fault === undefined };
}
