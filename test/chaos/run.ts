import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs/promises";
import { parseArgs } from "node:util";
import { scenarioOf } from "./plan";
import { type Played, play } from "./play";
import { cut, reproduction, shrink } from "./shrink";

const HELP = `npm run chaos -- [options]

Plays seeds: random programs, faults and kills against the emulator, and checks that nothing is lost, doubled or told.

  --seeds <n>         how many seeds (default 100)
  --first-seed <n>    the first one (default 1)
  --jobs <n>          how many at once (default 2)
  --json <file>       writes the totals there
  --without <parts>   leaves parts of a scenario out, as a reproduction line says
  --no-shrink         does not cut a failing seed down
  --until-found       ends with the first seed that fails, and does not cut it down
  --verbose           prints every round
`;

const SHRINK_TRIES = 25;
const SUMMED = [
  "rounds",
  "roundsInFlightUncounted",
  "roundsRefused",
  "requests",
  "objectsCreated",
  "knownByNameOnly",
] as const;
const HARNESS_DOWN = "the harness went down";

/** What a worker sends for each seed. */
interface Report {
  played: Played;
  reproduction: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "100" },
      "first-seed": { type: "string", default: "1" },
      jobs: { type: "string", default: "2" },
      json: { type: "string" },
      without: { type: "string", default: "" },
      "no-shrink": { type: "boolean", default: false },
      "until-found": { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      worker: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const cuts = values.without.split(",").filter(Boolean);
  if (values.worker) return work(cuts, values["no-shrink"] || values["until-found"] ? 0 : SHRINK_TRIES);
  const totals = new Totals(values.verbose);
  const first = wholeNumber("first-seed", values["first-seed"]);
  const seeds = Array.from({ length: wholeNumber("seeds", values.seeds) }, (_, index) => first + index);
  await Promise.all(
    Array.from({ length: wholeNumber("jobs", values.jobs) }, () => drive(seeds, totals, values["until-found"])),
  );
  const summary = totals.summary();
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (values.json !== undefined) await fs.writeFile(values.json, `${JSON.stringify(summary, null, 2)}\n`);
  process.exitCode = summary.violations === 0 ? 0 : 1;
}

/** One worker process, which gets a seed at a time; a seed that brings it down counts as a violation. */
async function drive(seeds: number[], totals: Totals, untilFound: boolean): Promise<void> {
  let worker: ChildProcess | undefined;
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    if (!worker?.connected) worker = fork(__filename, [...process.argv.slice(2), "--worker"], { stdio: "inherit" });
    totals.add(seed, await ask(worker, seed));
    if (untilFound && totals.summary().violations > 0) seeds.length = 0;
  }
  worker?.disconnect();
}

function ask(worker: ChildProcess, seed: number): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const settle = (report?: Report) => {
      worker.removeAllListeners();
      resolve(report);
    };
    worker.once("message", (report) => settle(report as Report)).once("exit", () => settle());
    worker.send(seed);
  });
}

function work(cuts: string[], tries: number): void {
  let queue = Promise.resolve();
  process.on("message", (seed: number) => {
    queue = queue.then(async () => {
      let played = await play(cut(scenarioOf(seed), cuts));
      let kept = cuts;
      if (played.violations.length > 0) ({ cuts: kept, last: played } = await shrink(played, cuts, tries));
      process.send?.({ played, reproduction: reproduction(seed, kept) } satisfies Report);
    });
  });
  process.on("disconnect", () => process.exit());
}

/** What all seeds came to. */
class Totals {
  private readonly started = Date.now();
  private readonly found: { seed: number; rule: string; reproduction: string }[] = [];
  private seeds = 0;
  private readonly sums = Object.fromEntries(SUMMED.map((key) => [key, 0])) as Record<(typeof SUMMED)[number], number>;
  private mostHealingUps = 0;
  private readonly faults: Record<string, number> = {};
  private readonly kills: Record<string, number> = {};

  constructor(private readonly verbose: boolean) {}

  add(seed: number, report: Report | undefined): void {
    this.seeds += 1;
    if (!report) {
      this.fail(seed, HARNESS_DOWN, reproduction(seed, []), []);
      return;
    }
    const { played } = report;
    for (const key of SUMMED) this.sums[key] += played[key];
    this.mostHealingUps = Math.max(this.mostHealingUps, played.healingUps);
    addAll(this.faults, played.faults);
    addAll(this.kills, played.kills);
    const [violation] = played.violations;
    if (this.verbose) process.stdout.write(`${played.log.join("\n")}\n`);
    const { rounds, requests, seconds } = played;
    process.stdout.write(
      `seed ${seed}: ${violation ? "VIOLATION" : "ok"} ${JSON.stringify({ rounds, requests, seconds })}\n`,
    );
    if (violation) this.fail(seed, violation.rule, report.reproduction, played.violations);
  }

  summary() {
    const seconds = Math.round((Date.now() - this.started) / 1000);
    const { seeds, sums, faults, kills, found, mostHealingUps } = this;
    return { seeds, violations: found.length, ...sums, mostHealingUps, faults, kills, seconds, found };
  }

  private fail(seed: number, rule: string, line: string, violations: Played["violations"]): void {
    this.found.push({ seed, rule, reproduction: line });
    for (const each of violations) process.stdout.write(`  ${each.round}: ${each.rule}: ${each.detail}\n`);
    process.stdout.write(`  ${line}\n`);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`--${option} must be a whole number from 1 on, not "${text}".`);
}

function addAll(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [key, count] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + count;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
