import fs from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Case, Observation } from "./model";

/** What Pulumi's CLI did, as data: one line for what made it, then one for each case. */
export interface Recording {
  /** The CLI's version. */
  cli: string;
  cases: RecordedCase[];
}

export interface RecordedCase {
  /** Absent for a fixed case. */
  seed?: number;
  played: Case;
  observations: Observation[];
}

/** To be raised whenever an observation is made of other things. */
const FORMAT = 2;
const FOLDER = path.join(__dirname, "recordings");

/** The file of a recording, by its name: `fixed` or `seeds`. */
export function recordingFile(name: string): string {
  return path.join(FOLDER, `${name}.jsonl.gz`);
}

/** Reads a recording; one of another format is refused. */
export function readRecording(file: string): Recording {
  const [head = "", ...lines] = textOf(file).split("\n").filter(Boolean);
  const { format, cli } = parsed<{ format?: unknown; cli?: unknown }>(head, file);
  if (format !== FORMAT || typeof cli !== "string") {
    throw new Error(
      `${file} has format ${String(format)}, and this test reads format ${FORMAT}. ` +
        "Record it anew with Pulumi's CLI: `npm run parity -- --record`.",
    );
  }
  return { cli, cases: lines.map((line) => parsed<RecordedCase>(line, file)) };
}

/** Writes a recording, compressed. */
export function writeRecording(file: string, { cli, cases }: Recording): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const lines = [{ format: FORMAT, cli }, ...cases].map((line) => JSON.stringify(line));
  fs.writeFileSync(file, gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}

function textOf(file: string): string {
  try {
    return gunzipSync(fs.readFileSync(file)).toString("utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parsed<T>(line: string, file: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (error) {
    throw new Error(`${file} holds a line that is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
