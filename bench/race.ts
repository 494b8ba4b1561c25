import { type Command, measure, type Sample } from "./measured-process";

/** One contender: a program, or a reason why there is none. */
export interface Contender {
  name: string;
  command: Command | { missing: string };
  /** Seconds as the contender itself tells them, as `{"seconds": n}`, instead of those of the whole process. */
  tellsSeconds?: boolean;
}

/** What all rounds of a race came to. */
export interface RaceResult {
  title: string;
  contenders: { name: string; missing?: string; samples: Sample[] }[];
}

export interface Race {
  title: string;
  contenders: Contender[];
  rounds: number;
  /** No further round is begun after this many seconds. */
  budgetSeconds: number;
}

/** Runs the contenders one after the other, round after round, so that a disturbance meets all of them. */
export async function run(race: Race): Promise<RaceResult> {
  const result: RaceResult = {
    title: race.title,
    contenders: race.contenders.map(({ name, command }) => ({
      name,
      missing: "missing" in command ? command.missing : undefined,
      samples: [],
    })),
  };
  const started = performance.now();
  for (let round = 0; round < race.rounds; round++) {
    if (round > 0 && (performance.now() - started) / 1000 > race.budgetSeconds) break;
    for (const [index, { command, tellsSeconds }] of race.contenders.entries()) {
      if ("missing" in command) continue;
      const sample = await measure(command);
      if (tellsSeconds) sample.seconds = (JSON.parse(sample.stdout) as { seconds: number }).seconds;
      result.contenders[index]?.samples.push(sample);
    }
  }
  return result;
}

/** The median over the rounds of one contender's time in another's. undefined when one of them did not run. */
export function ratio(result: RaceResult, name: string, reference: string): number | undefined {
  const [ours, theirs] = [samplesOf(result, name), samplesOf(result, reference)];
  return median(ours.map(({ seconds }, round) => seconds / (theirs[round]?.seconds ?? Number.NaN)));
}

/** As `ratio`, to whichever of several took longer in a round. */
export function ratioToSlower(result: RaceResult, name: string, references: readonly string[]): number | undefined {
  const theirs = references.map((reference) => samplesOf(result, reference));
  return median(
    samplesOf(result, name).map(({ seconds }, round) => {
      return seconds / Math.max(...theirs.map((samples) => samples[round]?.seconds ?? Number.NaN));
    }),
  );
}

/** undefined for no values, or values that are none. */
export function median(values: (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  sorted.sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]
    : sorted.length === 0
      ? undefined
      : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function samplesOf(result: RaceResult, name: string): Sample[] {
  return result.contenders.find((contender) => contender.name === name)?.samples ?? [];
}
