import { scenarioOf } from "./plan";
import { type Played, play } from "./play";
import type { Scenario } from "./scenario";

/**
 * Cutting a failing scenario down. A cut names a part by its place in the whole scenario, so that a seed and a list
 * of cuts are all it takes to play it again: `round2`, `fault1.0`, `kill1`, `change1`, `disk1`, `table5`.
 */

export function cut(scenario: Scenario, cuts: string[]): Scenario {
  const isCut = new Set(cuts);
  const rounds = scenario.rounds.map((round, index) => {
    const { kill, fileChange, diskBytes, ...rest } = round;
    const gone = new Set(cuts);
    for (const { name, parent } of round.program) if (gone.has(parent ?? "")) gone.add(name);
    return {
      ...rest,
      faults: round.faults.filter((_, fault) => !isCut.has(`fault${index + 1}.${fault + 1}`)),
      program: round.program.filter(({ name }) => !gone.has(name)),
      ...(kill === undefined || isCut.has(`kill${index + 1}`) ? {} : { kill }),
      ...(fileChange === undefined || isCut.has(`change${index + 1}`) ? {} : { fileChange }),
      ...(diskBytes === undefined || isCut.has(`disk${index + 1}`) ? {} : { diskBytes }),
    };
  });
  return { ...scenario, rounds: rounds.filter((_, index) => !isCut.has(`round${index + 1}`)) };
}

/** Everything that can be cut, the largest first. */
function partsOf({ rounds }: Scenario): string[] {
  const numbered = rounds.map((round, index) => ({ round, number: index + 1 }));
  const names = new Set(rounds.flatMap(({ program }) => program.map(({ name }) => name)));
  return [
    ...numbered.map(({ number }) => `round${number}`),
    ...names,
    ...numbered.flatMap(({ round, number }) => round.faults.map((_, fault) => `fault${number}.${fault + 1}`)),
    ...numbered.flatMap(({ round, number }) => (round.kill ? [`kill${number}`] : [])),
    ...numbered.flatMap(({ round, number }) => (round.fileChange ? [`change${number}`] : [])),
    ...numbered.flatMap(({ round, number }) => (round.diskBytes === undefined ? [] : [`disk${number}`])),
  ];
}

/** Leaves out what the violation does without, trying at most so often. */
export async function shrink(
  failing: Played,
  cuts: string[],
  tries: number,
): Promise<{ cuts: string[]; last: Played }> {
  const whole = scenarioOf(failing.seed);
  const rule = failing.violations[0]?.rule;
  let kept = cuts;
  let last = failing;
  let left = tries;
  for (const part of partsOf(whole)) {
    const smaller = cut(whole, [...kept, part]);
    if (kept.includes(part) || smaller.rounds.length === 0 || left-- <= 0) continue;
    const played = await play(smaller);
    if (!played.violations.some((violation) => violation.rule === rule)) continue;
    kept = [...kept, part];
    last = played;
  }
  return { cuts: kept, last };
}

/** One line that plays it again. */
export function reproduction(seed: number, cuts: string[]): string {
  const without = cuts.length === 0 ? "" : ` --without ${cuts.join(",")}`;
  return `npm run chaos -- --first-seed ${seed} --seeds 1${without}`;
}
