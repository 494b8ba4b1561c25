import * as fs from "node:fs/promises";
import * as path from "node:path";
import { writeEventLog } from "./files";
import { writeWorkbook, writeXes } from "./log-files";
import { type Command, measure } from "./measured-process";
import type { Contender, Race } from "./race";
import type { Sinks } from "./sinks";
import { pythonCommand, toolCommand } from "./tools";

/** What is run, and on how much. */
export interface Scale {
  name: "full" | "quick";
  rounds: number;
  budgetSeconds: number;
  bigBytes: number;
  logBytes: number;
  /** Of the old and of the new file together. */
  reviewBytes: number;
  xesBytes: number;
  xlsxRows: number;
  /** For the clients that are slow or hold the file. */
  peerBytes: number;
  throttledBytes: number;
  memoryBytes: readonly [number, number];
}

const GB = 1_000_000_000;
export const FULL: Scale = {
  name: "full",
  rounds: 5,
  budgetSeconds: 120,
  bigBytes: GB,
  logBytes: 270_000_000,
  reviewBytes: 270_000_000,
  xesBytes: 120_000_000,
  xlsxRows: 400_000,
  peerBytes: GB,
  throttledBytes: GB,
  memoryBytes: [GB, 4 * GB],
};
export const QUICK: Scale = {
  name: "quick",
  rounds: 3,
  budgetSeconds: 8,
  bigBytes: GB,
  logBytes: 270_000_000,
  reviewBytes: 270_000_000,
  xesBytes: 120_000_000,
  xlsxRows: 100_000,
  peerBytes: GB / 10,
  throttledBytes: GB / 2,
  memoryBytes: [GB / 4, GB],
};

export const SMALL_FILES = 500;
const SMALL_BYTES = 20_000;
export const LINE_BYTES_PER_SECOND = 125_000_000;
export const LATENCY_MS = 20;

/** Names of contenders that figures are made from. */
export const NAMES = {
  openssl: "openssl dgst -sha256",
  sha256sum: "sha256sum",
  hash: "ours: hash only",
  profile: "ours: hash + profile",
  curl: "curl -T",
  send: "ours: sending alone",
  put: "ours: PUT, hashing what is sent",
  duckdb: "DuckDB, 2 threads",
  follows: "DuckDB, 2 threads: what directly follows what, both files",
  review: "ours: review with the process",
  eventLog: "ours: hash + profile + event log",
  saxes: "saxes, counting nothing",
  xes: "ours: hash + XES log",
  calamine: "calamine (Python), reading the sheet",
  xlsx: "ours: hash + workbook + event log",
  firstUploads: "ours: 500 first uploads",
  uploads: "ours: 500 uploads of changed files",
  checks: "ours: 500 checks",
} as const;

/** The races in their order; each makes its files first, so that no more disk is used than it needs. */
export function races(folder: string, scale: Scale, sinks: Sinks): (() => Promise<Race>)[] {
  const race = (title: string, contenders: Contender[]): Race => {
    return { title, contenders, rounds: scale.rounds, budgetSeconds: scale.budgetSeconds };
  };
  const file = (name: string) => path.join(folder, name);
  return [
    async () => {
      await writeEventLog(file("big.csv"), scale.bigBytes);
      return race(`Hash and profile, ${sizeText(scale.bigBytes)}`, hashers(file("big.csv")));
    },
    async () => {
      await writeEventLog(file("log.csv"), scale.logBytes);
      return race(`Event log of a csv, ${sizeText(scale.logBytes)}`, logReaders(file("log.csv")));
    },
    async () => race(`Event log of a csv, ${sizeText(scale.bigBytes)}`, logReaders(file("big.csv"))),
    async () => {
      await writeXes(file("log.xes"), scale.xesBytes);
      const contenders = [
        contender(NAMES.saxes, script("peers-xes", [file("log.xes")])),
        contender(NAMES.xes, script("event-log", [file("log.xes")])),
        contender("rustxes (Python)", pythonCommand("rustxes", RUSTXES, [file("log.xes")])),
      ];
      return race(`Event log of an XES, ${sizeText(scale.xesBytes)}`, contenders);
    },
    async () => {
      await writeWorkbook(file("log.xlsx"), scale.xlsxRows);
      const contenders = [
        contender(NAMES.calamine, pythonCommand("python_calamine", CALAMINE, [file("log.xlsx")])),
        contender(NAMES.xlsx, script("event-log", [file("log.xlsx")])),
      ];
      return race(`Event log of an xlsx, ${scale.xlsxRows} rows`, contenders);
    },
    async () => {
      const url = await sinks.start();
      const openssl = contender(NAMES.openssl, toolCommand("openssl", ["dgst", "-sha256", file("big.csv")]));
      const contenders = [...(await senders(url, file("big.csv"))), openssl];
      return race(`PUT to a discarding sink, ${sizeText(scale.bigBytes)}`, contenders);
    },
    async () => {
      await writeEventLog(file("peer.csv"), scale.peerBytes);
      const contenders = [curl(await sinks.start(), file("peer.csv")), ...peers(await sinks.start(), file("peer.csv"))];
      return race(`Other clients, PUT to a discarding sink, ${sizeText(scale.peerBytes)}`, contenders);
    },
    async () => {
      await writeEventLog(file("line.csv"), scale.throttledBytes);
      const url = await sinks.start("--bytes-per-second", String(LINE_BYTES_PER_SECOND));
      const contenders = (await senders(url, file("line.csv"))).filter(({ name }) => name !== NAMES.send);
      return race(`PUT over a line of 125 MB/s, ${sizeText(scale.throttledBytes)}`, contenders);
    },
    async () => {
      const names = Array.from({ length: SMALL_FILES }, (_, index) => `small-${index}.csv`);
      for (const [seed, name] of names.entries()) await writeEventLog(file(name), SMALL_BYTES, seed);
      await measure(script("many", ["first", String(SMALL_FILES)], folder));
      const checks = contender(NAMES.checks, script("many", ["check", String(SMALL_FILES)], folder), true);
      const sums = contender(NAMES.sha256sum, toolCommand("sha256sum", names, folder));
      return race(`${SMALL_FILES} files of 20 KB, unchanged`, [sums, checks]);
    },
    async () => {
      const url = await sinks.start("--latency-ms", String(LATENCY_MS));
      const env = { PROCESSMIND_API_URL: url, PROCESSMIND_API_KEY: "benchmark-key" };
      const uploads = (name: string, what: string) =>
        contender(name, { ...script("many", [what, String(SMALL_FILES)], folder), env }, true);
      const contenders = [uploads(NAMES.firstUploads, "create"), uploads(NAMES.uploads, "update")];
      return race(`${SMALL_FILES} uploads of 20 KB, ${LATENCY_MS} ms per request`, contenders);
    },
    async () => {
      const [old, now] = [file("old.csv"), file("new.csv")];
      await writeEventLog(old, scale.reviewBytes / 2, 1);
      await writeEventLog(now, scale.reviewBytes / 2, 2);
      const contenders = [
        contender(NAMES.follows, script("peers-duckdb-follows", [old, now])),
        contender(NAMES.review, reviewCommand(old, now)),
      ];
      return race(`Review with the process, ${sizeText(scale.reviewBytes)} in both files`, contenders);
    },
  ];
}

function hashers(file: string): Contender[] {
  return [
    contender(NAMES.openssl, toolCommand("openssl", ["dgst", "-sha256", file])),
    contender(NAMES.hash, script("hash", ["hash", file])),
    contender(NAMES.profile, script("hash", ["profile", file])),
    contender(NAMES.sha256sum, toolCommand("sha256sum", [file])),
  ];
}

const POLARS = `
import polars, sys
log = polars.scan_csv(sys.argv[1])
time = polars.col("timestamp").str.to_datetime(time_zone="UTC")
print(log.select(polars.len(), polars.col("case_id").n_unique(), polars.col("activity").n_unique(),
    time.min().alias("first"), time.max().alias("last")).collect())`;
const RUSTXES = `
import rustxes, sys
print(rustxes.import_xes(sys.argv[1])[0].shape)`;
const CALAMINE = `
import python_calamine, sys
print(len(python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()))`;

function logReaders(file: string): Contender[] {
  return [
    contender(NAMES.duckdb, script("peers-duckdb", [file])),
    contender(NAMES.eventLog, script("event-log", [file])),
    contender("Polars (Python)", pythonCommand("polars", POLARS, [file])),
  ];
}

function reviewCommand(old: string, now: string): Command {
  const command = path.resolve(__dirname, "..", "..", "..", "review", "processmind-review.js");
  const columns = ["--case-id", "case_id", "--activity", "activity", "--timestamp", "timestamp"];
  return { program: process.execPath, args: [command, "--from", old, "--to", now, ...columns] };
}

async function senders(url: string, file: string): Promise<Contender[]> {
  const sha256 = await sha256Of(file);
  return [
    curl(url, file),
    contender(NAMES.send, script("put", [`${url}/key`, file])),
    contender(NAMES.put, script("put", [`${url}/key`, file, sha256])),
  ];
}

function curl(url: string, file: string): Contender {
  return contender(NAMES.curl, toolCommand("curl", ["--silent", "--fail", "--noproxy", "*", "-T", file, `${url}/key`]));
}

function peers(url: string, file: string): Contender[] {
  const names = ["axios-tuned", "axios-defaults", "fetch-redirect-error", "fetch-defaults", "read-file-fetch"];
  return names.map((name) => contender(PEER_TITLES[name] ?? name, script("peers", [name, `${url}/key`, file])));
}

const PEER_TITLES: { [name: string]: string } = {
  "axios-tuned": "axios, maxRedirects 0, 1 MiB chunks",
  "axios-defaults": "axios, defaults",
  "fetch-redirect-error": 'fetch, redirect: "error", 1 MiB chunks',
  "fetch-defaults": "fetch, defaults",
  "read-file-fetch": "readFileSync + fetch (the vendor's way)",
};

function contender(name: string, command: Contender["command"], tellsSeconds = false): Contender {
  return { name, command, tellsSeconds };
}

/** One of the programs in `contenders`. */
export function script(name: string, args: string[], cwd?: string): Command {
  return { program: process.execPath, args: [path.join(__dirname, "contenders", `${name}.js`), ...args], cwd };
}

async function sha256Of(file: string): Promise<string> {
  const { profileFile } = await import("../provider/profile/profile-file");
  const { SourceFile } = await import("../provider/profile/source-file");
  const { contentSha256 } = await profileFile({ source: new SourceFile(path.dirname(file), file), format: "xls" });
  return contentSha256;
}

/** Frees what the memory figures need on the disk. */
export async function removeFiles(folder: string): Promise<void> {
  for (const name of ["big.csv", "log.csv", "log.xes", "log.xlsx", "peer.csv", "line.csv", "old.csv", "new.csv"])
    await fs.rm(path.join(folder, name), { force: true });
}

export function sizeText(bytes: number): string {
  return bytes >= GB ? `${bytes / GB} GB` : `${bytes / 1_000_000} MB`;
}
