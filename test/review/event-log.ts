import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runReview } from "../../review/command";
import type { FindCommit } from "../../review/input/commit";

/** An event log made of rows, so that a test can say what it does to them. */
export const HEADER = ["case_id", "activity", "timestamp", "amount"];
export const EVENT_LOG = ["--case-id", "case_id", "--activity", "activity", "--timestamp", "timestamp"];
const ACTIVITIES = ["Registered", "Assessed", "Approved", "Paid"];
const SIX_HOURS_MS = 6 * 3_600_000;

export function events(count: number, year = 2025): string[][] {
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.UTC(year, 0, 1) + i * SIX_HOURS_MS).toISOString().replace(".000Z", "Z");
    return [`C-${i % 120}`, ACTIVITIES[i % 4] as string, time, String(i * 7)];
  });
}

export function csv(rows: string[][], delimiter = ",", lineEnd = "\n"): string {
  return rows.map((row) => row.join(delimiter) + lineEnd).join("");
}

/** A folder for the files of one test file. */
export function newFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "processmind-review-"));
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command in this process, where no commit is found but by `findCommit`. */
export async function run(
  args: string[],
  stdin: AsyncIterable<string> = (async function* () {})(),
  findCommit: FindCommit = () => undefined,
): Promise<Ran> {
  const ran = { code: 0, stdout: "", stderr: "" };
  const streams = {
    stdin: stdin as NodeJS.ReadableStream,
    stdout: { write: (text: string) => (ran.stdout += text) },
    stderr: { write: (text: string) => (ran.stderr += text) },
  };
  ran.code = await runReview(args, streams, findCommit);
  return ran;
}
