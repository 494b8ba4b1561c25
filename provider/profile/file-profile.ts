import type { EventTaker } from "./log-events";
import type { RowSketch } from "./row-sketch";
import type { Delimiter } from "./sniff";
import type { Format, SourceFile } from "./source-file";

/** Names of the columns that make a table an event log. */
export interface EventLogColumns {
  caseId: string;
  activity: string;
  timestamp: string;
}

/** What to find out about which file. */
export interface ProfileRequest {
  source: SourceFile;
  /** How it will be read: by the extension of the name that is sent. Undefined: not known yet; hash and size only. */
  format: Format | undefined;
  /** Size of the file uploaded last: the SHA-256 of that many first bytes is taken in the same pass. */
  prefixBytes?: number;
  /** For csv, tsv, txt and xlsx: counts cases and activities and finds the first and the last event. */
  eventLog?: EventLogColumns;
  /** Gets each event of the log. */
  events?: EventTaker;
  /** A small file (1 MiB) with this SHA-256 is hashed and not read any further: its profile is known. */
  knownSha256?: string;
}

/** What a file is, to us. Text formats, and xlsx, have a table; xes an event log. */
export interface FileProfile {
  /** Hex, as `sha256sum` prints it. */
  contentSha256: string;
  sizeBytes: number;
  /** SHA-256 of the first `prefixBytes`; undefined when the file is not longer. */
  prefixSha256?: string;
  /** With it: whether a line ends after those bytes, so that what follows them begins a row of text. */
  prefixEndsLine?: boolean;
  table?: TableProfile;
  eventLog?: EventLogProfile;
  /** Of the rows of a table, to compare it with another. */
  sketch?: RowSketch;
  /** For the user, each one clause without a full stop. */
  warnings: string[];
}

/** A table with a header. */
interface TableProfile {
  /** Below the header. */
  rows: number;
  columns: string[];
  /** Only of text, and only when there is more than one column. */
  delimiter?: Delimiter;
  encoding?: "UTF-8" | "UTF-8 with BOM";
  lineEnding?: "LF" | "CRLF" | "mixed" | "none";
}

/** Cases of a text are counted up to here, and estimated above. */
export const CASES_EXACT_UP_TO = 1_000_000;

/** What an event log holds. */
export interface EventLogProfile {
  events: number;
  cases: number;
  /** True above a million cases: then `cases` is within about 2 %. */
  casesAreEstimated: boolean;
  activities: number;
  /** True above a hundred thousand activities, in an XES log above a million: then as with `cases`. */
  activitiesAreEstimated: boolean;
  /**
   * In the order of their first events, as the column has them. Undefined above 1,000 activities, and where one has more
   * than 200 bytes.
   */
  activityNames?: string[];
  /** ISO, UTC; times without a zone are taken as UTC. Undefined when no time could be read with certainty. */
  firstEvent?: string;
  lastEvent?: string;
}

/** What the content adds to hash and size. */
export type Findings = Pick<FileProfile, "table" | "eventLog" | "sketch" | "warnings">;

/** Reads a file's bytes, in order. */
export interface ContentReader {
  /** Memory to read into, so that nothing is copied. */
  readonly slots: readonly Buffer[];
  /**
   * Takes the next bytes; their memory is written to again after that.
   *
   * @param isUtf8 - true: all of them are known to be UTF-8.
   */
  push(chunk: Buffer, isUtf8?: boolean): void;
  end(): Findings | Promise<Findings>;
  close(): void;
}
