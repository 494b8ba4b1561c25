import type { LimitFigures } from "./limits";
import { LATENCY_MS, NAMES, SMALL_FILES } from "./plan";
import type { MemoryFigures } from "./provider-memory";
import { median, type RaceResult, ratio, ratioToSlower, samplesOf } from "./race";

/** What a run has measured. */
export interface Measured {
  /** The races, in their order. */
  results: RaceResult[];
  limits: LimitFigures[];
  /** Of both uploads; undefined where it cannot be seen. */
  memory: (MemoryFigures | undefined)[];
}

/** One row of what must be reached, in the form `--json` writes. */
export interface Figure {
  figure: string;
  /** null: not measured, which does not hold. */
  ratio: number | null;
  atMost: number;
  holds: boolean;
}

const API_REQUESTS_AT_ONCE = 8;
/** The address; before a first upload also a look at the rows of the table. Files go at the same time. */
const API_REQUESTS = { upload: 1, firstUpload: 2 };
const ABOVE_IDLE_BYTES = 90_000_000;
const LONGEST_BLOCK_MS = 50;
const GROWTH_BYTES = 10_000_000;

/** The rows. */
export function figuresFrom({ results, limits, memory }: Measured): Figure[] {
  const [hash, log, bigLog, xes, xlsx, put, , line, small, uploads, review] = results;
  const within = (race: RaceResult | undefined, ours: string, theirs: string) => race && ratio(race, ours, theirs);
  return [
    figure("hash only, 1 GB / openssl dgst -sha256", within(hash, NAMES.hash, NAMES.openssl), 1.2),
    figure(
      "hash + profile, 1 GB CSV with 7 % quoted fields / openssl dgst -sha256",
      within(hash, NAMES.profile, NAMES.openssl),
      1.3,
    ),
    figure("check with eventLog, 270 MB CSV / DuckDB, 2 threads", within(log, NAMES.eventLog, NAMES.duckdb), 1),
    figure("check with eventLog, 1 GB CSV / DuckDB, 2 threads", within(bigLog, NAMES.eventLog, NAMES.duckdb), 1),
    figure("XES of 120 MB with cases, activities and span / saxes alone", within(xes, NAMES.xes, NAMES.saxes), 0.25),
    figure("xlsx with event log / calamine reading the sheet", within(xlsx, NAMES.xlsx, NAMES.calamine), 1),
    figure(
      "PUT 1 GB with its hash, loopback / the slower of openssl dgst and curl -T",
      put && ratioToSlower(put, NAMES.put, [NAMES.openssl, NAMES.curl]),
      1.15,
    ),
    figure("PUT over a 125 MB/s sink / curl -T", within(line, NAMES.put, NAMES.curl), 1.03),
    figure(
      "peak RSS of the provider process: the larger of (above idle / 90 MB) and (growth / 10 MB)",
      memoryRatio(memory),
      1,
    ),
    ...limits.flatMap(({ files, aboveIdleBytes, longestBlockMs }) => [
      figure(`peak memory above idle / 90 MB, check of ${files}`, aboveIdleBytes / ABOVE_IDLE_BYTES, 1),
      figure(`longest block of the event loop / 50 ms, check of ${files}`, longestBlockMs / LONGEST_BLOCK_MS, 1),
    ]),
    figure(
      "500 uploads of 20 KB, 20 ms per request, 8 and 8 at a time / ideal",
      uploads && ratioToIdeal(uploads, NAMES.uploads, API_REQUESTS.upload),
      1.1,
    ),
    figure(
      "500 first uploads, with the look at the table / ideal",
      uploads && ratioToIdeal(uploads, NAMES.firstUploads, API_REQUESTS.firstUpload),
      1.1,
    ),
    figure(
      "review with the process, 270 MB in both files / DuckDB making the directly-follows counts of both, 2 threads",
      within(review, NAMES.review, NAMES.follows),
      1,
    ),
    figure("unchanged check of 500 files of 20 KB / sha256sum", within(small, NAMES.checks, NAMES.sha256sum), 1.6),
  ];
}

function figure(name: string, measured: number | undefined, atMost: number): Figure {
  if (measured === undefined) return { figure: name, ratio: null, atMost, holds: false };
  return { figure: name, ratio: Math.round(measured * 1000) / 1000, atMost, holds: measured <= atMost };
}

/** To nothing but waiting for the API. */
function ratioToIdeal(race: RaceResult, name: string, apiRequests: number): number | undefined {
  const idealSeconds = (SMALL_FILES * apiRequests * (LATENCY_MS / 1000)) / API_REQUESTS_AT_ONCE;
  const seconds = median(samplesOf(race, name).map((sample) => sample.seconds));
  return seconds && seconds / idealSeconds;
}

function memoryRatio([smaller, larger]: (MemoryFigures | undefined)[]): number | undefined {
  if (smaller === undefined || larger === undefined) return undefined;
  const aboveIdle = Math.max(...[smaller, larger].map(({ peakBytes, idleBytes }) => peakBytes - idleBytes));
  return Math.max(aboveIdle / ABOVE_IDLE_BYTES, (larger.peakBytes - smaller.peakBytes) / GROWTH_BYTES);
}
