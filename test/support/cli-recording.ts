import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { findCli } from "../../scripts/start/engine";

/**
 * What Pulumi's CLI printed, kept as data with its version, so that the truth is there on machines without a CLI.
 *
 * `CLI_RECORD=1 npm run test:cli` writes the recordings anew; all other runs compare with them.
 */

const FOLDER = path.resolve(__dirname, "../recordings");

interface Recording {
  /** The version that printed it. */
  cli: string;
  printed: { [name: string]: unknown };
}

/** The recording of that name; a file below test/recordings. */
export function recorded(name: string): Recording {
  return JSON.parse(fs.readFileSync(fileOf(name), "utf8"));
}

/** Compares with the recording what an engine printed; a run that records puts it there instead. */
export function expectRecorded(name: string, part: string, printed: unknown): void {
  if (isRecording()) record(name, part, printed);
  expect({ [part]: printed }).toEqual({ [part]: recorded(name).printed[part] });
}

/** Whether this run writes the recordings anew. */
export function isRecording(): boolean {
  return process.env["CLI_RECORD"] === "1" && process.env["ENGINE_DRIVER"] === "cli";
}

/** Puts a part of a recording into its file. */
export function record(name: string, part: string, printed: unknown): void {
  const before = fs.existsSync(fileOf(name)) ? recorded(name).printed : {};
  const recording: Recording = { cli: cliVersion(), printed: { ...before, [part]: printed } };
  fs.mkdirSync(FOLDER, { recursive: true });
  fs.writeFileSync(fileOf(name), `${JSON.stringify(recording, inOrder, 2)}\n`);
}

/** For JSON.stringify: properties by name, so that a second recording of the same is the same file. */
export function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function fileOf(name: string): string {
  return path.join(FOLDER, `${name}.json`);
}

let version: string | undefined;

/** The version of the CLI that these tests run, `3.260.0`. */
export function cliVersion(): string {
  const command = findCli(process.env);
  if (command === undefined) throw new Error("No Pulumi CLI was found.");
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  version ??= execFileSync(command, ["version"], { encoding: "utf8", env }).trim().replace(/^v/, "");
  return version;
}
