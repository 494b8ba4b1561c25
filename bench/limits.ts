import { measure } from "./measured-process";
import { SMALL_FILES, script } from "./plan";
import { median } from "./race";

/** What checks do to the process that serves everybody: of one kind of file. */
export interface LimitFigures {
  /** Which files, in words. */
  files: string;
  /** The most memory held, less what the process had before. */
  aboveIdleBytes: number;
  /** For how long the event loop stood still at most. */
  longestBlockMs: number;
}

const KINDS: readonly { files: string; names: string[] }[] = [
  { files: "csv of 1 GB with event log", names: ["big.csv"] },
  { files: "XES of 120 MB", names: ["log.xes"] },
  { files: "xlsx with event log", names: ["log.xlsx"] },
  { files: "csv, XES and xlsx at the same time", names: ["big.csv", "log.xes", "log.xlsx"] },
  {
    files: `${SMALL_FILES} files of 20 KB`,
    names: Array.from({ length: SMALL_FILES }, (_, index) => `small-${index}.csv`),
  },
];

/** Checks the files that the races have left in the folder. */
export async function measureLimits(folder: string, rounds: number): Promise<LimitFigures[]> {
  const found: LimitFigures[] = [];
  for (const { files, names } of KINDS) {
    process.stderr.write(`Memory and event loop, ${files} …\n`);
    const command = script("limits", names, folder);
    const samples: LimitFigures[] = [];
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await measure(command);
      samples.push({ files, ...(JSON.parse(stdout) as Omit<LimitFigures, "files">) });
    }
    found.push({
      files,
      aboveIdleBytes: median(samples.map(({ aboveIdleBytes }) => aboveIdleBytes)) ?? Number.NaN,
      longestBlockMs: median(samples.map(({ longestBlockMs }) => longestBlockMs)) ?? Number.NaN,
    });
  }
  return found;
}
