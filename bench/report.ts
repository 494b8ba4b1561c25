import * as os from "node:os";
import type { Figure, Measured } from "./figures";
import type { LimitFigures } from "./limits";
import { type Scale, sizeText } from "./plan";
import type { MemoryFigures } from "./provider-memory";
import { median, type RaceResult, ratio } from "./race";
import { versionOf } from "./tools";

/** A whole run as Markdown, which reads as well in a terminal. */
export function reportOf(run: Measured & { scale: Scale; seconds: number; figures: Figure[] }): string {
  const { scale, results, limits, memory, figures } = run;
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench -- --markdown docs/maintainers/benchmarks.md`; every run makes it anew.",
    "",
    ...conditions(scale, run.seconds),
    "",
    "## What must be reached",
    "",
    table(["figure", "measured", "at most", "holds"], figures.map(figureRow)),
    "",
    ...NOTES,
    ...results.flatMap((result) => ["", `## ${result.title}`, "", raceTable(result)]),
    "",
    "## Memory and event loop of the process: check",
    "",
    table(["files", "above idle, MB", "longest block, ms"], limits.map(limitRow)),
    "",
    "## Memory of Pulumi's provider process: check and upload against the emulator",
    "",
    table(["file", "idle, MB", "peak, MB", "above idle, MB"], memory.map(memoryRow)),
    "",
  ].join("\n");
}

function conditions(scale: Scale, seconds: number): string[] {
  const [cpu] = os.cpus();
  const tools = (["openssl", "sha256sum", "curl"] as const).map((tool) => versionOf(tool) ?? `${tool} not installed`);
  const load = os.loadavg().map((average) => average.toFixed(1));
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${scale.name} run of up to ${scale.rounds} rounds, ${Math.round(seconds)} s.`,
    `- ${os.cpus().length} cores (${cpu?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`,
    `- Node ${process.versions.node} (OpenSSL ${process.versions.openssl})`,
    ...tools.map((tool) => `- \`${tool}\``),
    `- Load average at the end: ${load.join(", ")}.`,
  ];
}

const NOTES = [
  "Rounds are interleaved (A B C, A B C, …). A ratio is the median of the ratios of the rounds. Seconds are those of whole",
  "processes, start included, unless a row says *body*. Files are in the page cache. RSS is the kernel's peak of the process.",
  "",
  "- **PUT to the discarding sink**: the provider's PUT takes the SHA-256 of what it sends, on a second core. curl takes none.",
  "  So the PUT is compared with the slower of sending and hashing. Ours with an event log include the SHA-256 of the file.",
  "- **500 uploads** and **500 checks** are bodies: the seconds of 500 `create` or `check` calls in one process. The start is not",
  "  counted, because Pulumi starts the provider once. `sha256sum` is one whole process for all 500 files.",
  "- **Memory above idle** and the **longest block** are those of one process that checks the files through the lifecycle.",
  "  A block is the time that the thread itself ran in one turn of the event loop.",
  "- The sink is a Node process that reads into one buffer. Both sides of a ratio send to the same one.",
];

function figureRow({ figure, ratio: measured, atMost, holds }: Figure): string[] {
  return [figure, measured === null ? "not measured" : measured.toFixed(2), String(atMost), holds ? "yes" : "**no**"];
}

function raceTable(result: RaceResult): string {
  const reference = result.contenders[0];
  const isRace = result.contenders.length > 1;
  const rows = result.contenders.map(({ name, missing, samples }) => {
    if (missing !== undefined) return [name, `not measured: ${missing}`, "", "", "", ""];
    const found = reference && isRace ? ratio(result, name, reference.name) : undefined;
    const peak = median(samples.map(({ peakBytes }) => peakBytes));
    return [
      name,
      text(median(samples.map(({ seconds }) => seconds)), 2),
      text(found, 2),
      text(median(samples.map(({ cpuSeconds }) => cpuSeconds)), 2),
      text(peak && peak / 1e6, 0),
      String(samples.length),
    ];
  });
  const isBody = (name: string) => name.startsWith("ours: 500");
  for (const row of rows) if (isBody(row[0] ?? "")) row[0] += " (body)";
  return table(["contender", "seconds", `/ ${reference?.name}`, "CPU s", "peak RSS, MB", "rounds"], rows);
}

function limitRow({ files, aboveIdleBytes, longestBlockMs }: LimitFigures): string[] {
  return [files, (aboveIdleBytes / 1e6).toFixed(0), longestBlockMs.toFixed(1)];
}

function memoryRow(figures: MemoryFigures | undefined): string[] {
  if (figures === undefined) return ["not measured: there is no /proc", "", "", ""];
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const { fileBytes, idleBytes, peakBytes } = figures;
  const size = sizeText(Math.round(fileBytes / 1e7) * 1e7);
  return [size, megabytes(idleBytes), megabytes(peakBytes), megabytes(peakBytes - idleBytes)];
}

function text(value: number | undefined, digits: number): string {
  return value === undefined ? "–" : value.toFixed(digits);
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
