import fs from "node:fs";
import { parseArgs } from "node:util";
import { FIXED_CASES } from "./cases";
import { CliEngine, findCliVersion } from "./cli-engine";
import { differences } from "./compare";
import { LocalEngine } from "./local-engine";
import type { Case, Observation } from "./model";
import { play } from "./play";
import { randomCase } from "./random-case";
import { type RecordedCase, readRecording, recordingFile, writeRecording } from "./recording";
import { shrink } from "./shrink";

const HELP = `npm run parity -- [options]

Gives Pulumi's CLI and the local engine the same programs, and compares everything they do.

  --seeds <n>         how many random cases (default 20)
  --first-seed <n>    the first one (default 1)
  --fixed             plays the fixed cases, too
  --case <json>       plays this case only, as a reproduction line says
  --json <file>       writes the totals there
  --record            keeps what the CLI did in test/parity/recordings, which \`npm test\` replays
  --no-shrink         does not cut a failing seed down
`;
const SHRINK_TRIES = 40;
const MOST_PRINTED = 12;
/** A long run that is stopped keeps what it recorded, and shows how far it is. */
const REPORT_EVERY = 25;

interface Planned {
  seed?: number;
  played: Case;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "20" },
      "first-seed": { type: "string", default: "1" },
      fixed: { type: "boolean", default: false },
      case: { type: "string" },
      json: { type: "string" },
      record: { type: "boolean", default: false },
      "no-shrink": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const cli = findCliVersion();
  if (!cli) {
    console.log("Skipped: no Pulumi CLI on PATH, in $PULUMI_HOME or in ~/.pulumi. `npm test` replays what one did.");
    return;
  }
  const [seeds, first] = [wholeNumber("seeds", values.seeds), wholeNumber("first-seed", values["first-seed"])];
  const planned: Planned[] = values.case
    ? [{ played: JSON.parse(values.case) as Case }]
    : [
        ...(values.fixed ? FIXED_CASES.map((played) => ({ played })) : []),
        ...Array.from({ length: seeds }, (_, index) => ({ seed: first + index, played: randomCase(first + index) })),
      ];
  const pair = new Pair(new CliEngine(cli.command), new LocalEngine());
  const recorded: RecordedCase[] = [];
  const totals = {
    cli: cli.version,
    seeds: 0,
    fixed: 0,
    steps: 0,
    differences: 0,
    unstable: 0,
    hung: 0,
    reproductions: [] as string[],
  };
  for (const [index, { seed, played }] of planned.entries()) {
    if (index > 0 && index % REPORT_EVERY === 0) {
      console.error(`${index} of ${planned.length} cases, ${totals.differences} differ`);
      if (values.record) record(cli.version, recorded);
    }
    totals[seed === undefined ? "fixed" : "seeds"]++;
    totals.steps += played.steps.length;
    try {
      const first = await pair.compare(played);
      // Which of two messages comes first decides what the CLI prints of a stack: on a busy machine not always the same.
      const { observations, found } = first.found.length === 0 ? first : await pair.compare(played);
      recorded.push({ ...(seed === undefined ? {} : { seed }), played, observations });
      if (found.length === 0 && first.found.length > 0) {
        totals.unstable++;
        console.log(
          [`${played.name} differed once, and not again:`, ...first.found.slice(0, MOST_PRINTED)].join("\n  "),
        );
      }
      if (found.length === 0) continue;
      totals.differences++;
      const small = values["no-shrink"] ? played : await shrink(played, (each) => pair.differs(each), SHRINK_TRIES);
      totals.reproductions.push(report(played, small, found));
    } catch (error) {
      totals.hung++;
      console.log(`${played.name}: ${(error as Error).message}`);
    }
  }
  await pair.close();
  if (values.record) record(cli.version, recorded);
  console.log(JSON.stringify(totals, null, 2));
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(totals, null, 2)}\n`);
  process.exitCode = totals.differences + totals.hung === 0 ? 0 : 1;
}

/** Both engines, each in a folder of its own. */
class Pair {
  constructor(
    private readonly cli: CliEngine,
    private readonly local: LocalEngine,
  ) {}

  async compare(played: Case): Promise<{ observations: Observation[]; found: string[] }> {
    const observations = await play(this.cli, played);
    const ours = await play(this.local, played);
    const found = observations.flatMap((observation, index) => {
      const own = ours[index];
      const lines = own ? differences(observation, own) : ["the local engine did not get there"];
      return lines.map((line) => `step ${index + 1}: ${line}`);
    });
    return { observations, found };
  }

  async differs(played: Case): Promise<boolean> {
    return (await this.compare(played)).found.length > 0;
  }

  async close(): Promise<void> {
    await this.cli.close();
    await this.local.close();
  }
}

/** Prints what differs and one line that plays it again. */
function report(played: Case, small: Case, found: string[]): string {
  const more = found.length > MOST_PRINTED ? [`… ${found.length - MOST_PRINTED} more`] : [];
  console.log([`${played.name} differs:`, ...found.slice(0, MOST_PRINTED), ...more].join("\n  "));
  const reproduction = `npm run parity -- --case '${JSON.stringify(small).replaceAll("'", "'\\''")}'`;
  console.log(reproduction);
  return reproduction;
}

/** Recordings are kept by their kind; seeds that were recorded earlier stay. */
function record(cli: string, recorded: RecordedCase[]): void {
  const fixed = recorded.filter(({ seed }) => seed === undefined);
  if (fixed.length > 0) writeRecording(recordingFile("fixed"), { cli, cases: fixed });
  const seeds = new Map(earlierSeeds(cli).map((each) => [each.seed, each]));
  for (const each of recorded) if (each.seed !== undefined) seeds.set(each.seed, each);
  const sorted = [...seeds.values()].sort((a, b) => (a.seed ?? 0) - (b.seed ?? 0));
  if (sorted.length > 0) writeRecording(recordingFile("seeds"), { cli, cases: sorted });
}

function earlierSeeds(cli: string): RecordedCase[] {
  const file = recordingFile("seeds");
  if (!fs.existsSync(file)) return [];
  const recording = readRecording(file);
  return recording.cli === cli ? recording.cases : [];
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} must be a whole number, not "${text}"`);
  return number;
}

void main();
