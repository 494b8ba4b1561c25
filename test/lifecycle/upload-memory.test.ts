import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import type { JournalEntry } from "processmind-emulator";
import type { Properties } from "../../engine/model";
import type { DynamicHost } from "../support/dynamic-host";
import { API_KEY, startHost, TENANT } from "./scene";

/**
 * Large files: the memory of the provider process does not grow with them, and few are sent at once. The emulator runs
 * in a process of its own, so that only the provider's memory is measured, and keeps no bytes.
 */

const PIECE_ROWS = 40_000;
const SIZE_BYTES = 180 * 29 * PIECE_ROWS;
/** Of the process after a small upload, so that everything is loaded: rings of buffers, and what was not collected yet. */
const MOST_BYTES = 90 * 1024 * 1024;

let emulator: ChildProcess;
let apiUrl: string;
let host: DynamicHost;

beforeAll(async () => {
  const bin = path.resolve(__dirname, "../../emulator/dist/emulator/bin.js");
  const options = ["--port", "0", "--storage-port", "0", "--api-key", API_KEY, "--tenant-id", TENANT, "--discard"];
  emulator = spawn(process.execPath, [bin, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  apiUrl = await addressFrom(emulator);
  host = await startHost({ "processmind:apiKey": API_KEY, "processmind:apiUrl": apiUrl }, { "small.csv": "a\n1\n" });
});

afterAll(async () => {
  await host?.close();
  if (emulator?.exitCode === null && emulator.kill()) await once(emulator, "exit");
});

/** What the emulator prints at its start; its output is read to the end. */
function addressFrom(child: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /PROCESSMIND_API_URL=(\S+)/.exec(text);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once("close", () => reject(new Error(`The emulator ended at its start: ${text}`)));
  });
}

/** Writes the file piece by piece, each piece another one; returns what check would tell of it. */
function writeLarge(file: string): { contentSha256: string; sizeBytes: number } {
  const handle = fs.openSync(file, "w");
  const hash = createHash("sha256");
  const piece = Buffer.from("00000000,row,of,a,large,file\n".repeat(PIECE_ROWS));
  for (let written = 0; written < SIZE_BYTES; written += piece.length) {
    piece.write(String(written).padStart(9, "0").slice(1));
    fs.writeSync(handle, piece);
    hash.update(piece);
  }
  fs.closeSync(handle);
  return { contentSha256: hash.digest("hex"), sizeBytes: SIZE_BYTES };
}

/** Peak resident memory of a process in bytes, or its present one. */
function memoryOf(pid: number, field: "VmHWM" | "VmRSS"): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1]) * 1024;
}

async function makeTables(names: string[]): Promise<Properties[]> {
  const set = await host.create("dataset", { displayName: "Large", treeNodeType: "Dataset", tenantId: TENANT });
  const table = { datasetId: set.id, tenantId: TENANT };
  const made = names.map((displayName) => host.create("datatable", { ...table, displayName }));
  return (await Promise.all(made)).map(({ id }) => ({ ...table, datatableId: id, waitForRowsSeconds: 0 }));
}

const hasProc = fs.existsSync("/proc/self/status");
if (!hasProc) process.stderr.write("Skipped the memory of a large upload: there is no /proc here.\n");

(hasProc ? test : test.skip)("three large files at once: two are sent at a time, and memory stays small", async () => {
  const [first, ...others] = await makeTables(["small", "large 1", "large 2", "large 3"]);
  const small = await host.check("datatableUpload", {}, { ...first, source: "small.csv" });
  await host.create("datatableUpload", small.inputs);
  const idle = memoryOf(host.pid, "VmRSS");

  const file = path.join(host.directory, "large.csv");
  const expected = writeLarge(file);
  try {
    const { inputs } = await host.check("datatableUpload", {}, { ...others[0], source: "large.csv" });
    expect(inputs).toEqual(expect.objectContaining({ ...others[0], ...expected }));
    await Promise.all(others.map((other) => host.create("datatableUpload", { ...inputs, ...other })));
  } finally {
    fs.rmSync(file);
  }
  expect(memoryOf(host.pid, "VmHWM") - idle).toBeLessThan(MOST_BYTES);

  const journal = (await (await fetch(`${apiUrl}/_control/journal`)).json()) as JournalEntry[];
  const puts = journal.filter(({ route, receivedBytes }) => route === "storage.put" && receivedBytes === SIZE_BYTES);
  expect(puts.map(({ status, committed }) => ({ status, committed }))).toEqual(
    Array(3).fill({ status: 200, committed: true }),
  );
  const starts = puts.map(({ at }) => Date.parse(at));
  const ends = puts.map(({ at, durationMs }) => Date.parse(at) + durationMs).sort((a, b) => a - b);
  // The third begins when one of the others has ended; the journal's clock ticks in milliseconds.
  expect(Math.max(...starts) + 2).toBeGreaterThanOrEqual(ends[0] ?? 0);
});
