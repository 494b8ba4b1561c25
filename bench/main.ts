import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { figuresFrom, type Measured } from "./figures";
import { makeFolder, writeEventLog } from "./files";
import { measureLimits } from "./limits";
import { FULL, QUICK, races, removeFiles, type Scale, sizeText } from "./plan";
import { type MemoryFigures, uploadMemory } from "./provider-memory";
import { type RaceResult, run } from "./race";
import { reportOf } from "./report";
import { Sinks } from "./sinks";

/** `npm run bench`: runs everything, prints the table; exit code 1 when a row does not hold. */

const HELP = `Usage: npm run bench -- [options]

  --quick           smaller files and fewer rounds: within two minutes
  --json <file>     also write the rows that must hold
  --markdown <file> also write the report
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      json: { type: "string" },
      markdown: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const scale = values.quick ? QUICK : FULL;
  const started = performance.now();
  const measured = await runAll(scale);
  const figures = figuresFrom(measured);
  const seconds = (performance.now() - started) / 1000;
  const report = reportOf({ scale, seconds, ...measured, figures });
  process.stdout.write(`\n${report}`);
  if (values.markdown !== undefined) await fs.writeFile(values.markdown, report);
  if (values.json !== undefined) await fs.writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;
}

async function runAll(scale: Scale): Promise<Measured> {
  const largest = Math.max(scale.bigBytes + scale.peerBytes + scale.throttledBytes, ...scale.memoryBytes);
  const folder = await makeFolder(largest);
  const sinks = new Sinks();
  const removed = removeWhenInterrupted(folder);
  try {
    const results: RaceResult[] = [];
    for (const prepare of races(folder, scale, sinks)) {
      const race = await prepare();
      process.stderr.write(`${race.title} …\n`);
      results.push((await orReport(run(race))) ?? { title: race.title, contenders: [] });
    }
    const limits = await measureLimits(folder, scale.rounds);
    await removeFiles(folder);
    const memory = [];
    for (const bytes of scale.memoryBytes) memory.push(await orReport(memoryOfUpload(folder, bytes)));
    return { results, limits, memory };
  } finally {
    sinks.stop();
    removed.forget();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** What cannot be run must not take the results of the rest along: its rows do not hold. */
async function orReport<T>(measuring: Promise<T>): Promise<T | undefined> {
  return measuring.catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return undefined;
  });
}

async function memoryOfUpload(folder: string, bytes: number): Promise<MemoryFigures | undefined> {
  process.stderr.write(`Memory of the provider process, ${sizeText(bytes)} …\n`);
  const file = path.join(folder, "memory.csv");
  await writeEventLog(file, bytes);
  const figures = await uploadMemory(folder, path.basename(file));
  await fs.rm(file);
  return figures;
}

/** Ctrl-C must not leave gigabytes behind. */
function removeWhenInterrupted(folder: string): { forget(): void } {
  const remove = () => {
    void fs.rm(folder, { recursive: true, force: true }).finally(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, remove);
  return {
    forget: () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, remove);
    },
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
