import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Fault } from "../../emulator/wire/faults";
import type { JournalEntry } from "../../emulator/wire/journal";
import type { Snapshot } from "../../engine/model";
import { newTestKey } from "../support/secret-scan";
import { type Cloud, openCloud } from "./cloud";
import { adopt, healedProgram, keepPlace, keepRows, moved } from "./heal";
import { Ledger, type Moment, noWrongDeletion } from "./ledger";
import { API_KEY } from "./plan-faults";
import {
  hashesMatch,
  isCountable,
  isEmpty,
  noObjectTwice,
  noPostRepeated,
  noRowsTwice,
  noSecrets,
  nothingSent,
  politeTraffic,
  savedOrFailed,
  type Violation,
  withoutWrapped,
} from "./rules";
import { contentOf, type Declaration, type Kill, type Round, type Scenario } from "./scenario";
import { ChaosStack, PASSPHRASE, type StackRun } from "./stack";
import { faultsIn } from "./tally";

/** What a seed came to. */
export interface Played {
  seed: number;
  violations: (Violation & { round: string })[];
  rounds: number;
  /** Of these, in which a client gave up: what it no longer waits for cannot be told from what it does. */
  roundsInFlightUncounted: number;
  /** Of these, whose preview refused a rename, so that nothing else was done either. */
  roundsRefused: number;
  /** How many `up`s it took in fair weather until one succeeded. */
  healingUps: number;
  requests: number;
  faults: Record<string, number>;
  kills: Record<string, number>;
  objectsCreated: number;
  /** At the end, left behind by a process that died, and no longer declared: `Ledger.knownByNameOnly`. */
  knownByNameOnly: number;
  seconds: number;
  /** What was printed, round by round. */
  log: string[];
}

const PRELOADS = ["process/quick-timers.js", "../support/run-by-run.js"].map((name) => path.join(__dirname, name));
/** Of what is sent at once, some is on its way; what is small is stored. */
const END_AFTER_MS = 300;
const PATIENCE_MS = 20_000;
/** More `up`s than a healed program can need: one for each object to take over, and for each read that misses one. */
const MOST_HEALING_UPS = 60;

/** Plays a scenario to its end: its rounds, then fair weather until nothing is left to do. */
export async function play(scenario: Scenario): Promise<Played> {
  const started = Date.now();
  const dataDir = await fs.promises.mkdtemp(path.join(os.tmpdir(), "chaos-cloud-"));
  const environment = { ...process.env };
  process.env["NODE_OPTIONS"] = PRELOADS.map((file) => `--require ${JSON.stringify(file)}`).join(" ");
  const cloud = await openCloud(scenario.emulator, newTestKey(), scenario.style, path.join(dataDir, "data"));
  const stack = await ChaosStack.open(scenario.keyInConfig);
  const player = new Player(scenario, cloud, stack);
  try {
    for (const round of scenario.rounds) {
      await player.round(round);
      // What cannot be read, the next round cannot begin with.
      if (player.played.violations.some(({ rule }) => rule === "state parses")) break;
    }
    if (player.played.violations.length === 0) await player.heal();
  } finally {
    await cloud.close();
    await stack.remove();
    await fs.promises.rm(dataDir, { recursive: true, force: true });
    process.env = environment;
  }
  player.played.seconds = (Date.now() - started) / 1000;
  return player.played;
}

class Player {
  readonly played: Played;
  private readonly ledger = new Ledger();
  /** The last declaration of every resource there ever was. */
  private readonly history = new Map<string, Declaration>();
  /** Names that were refused, by the resource: their author takes them back. */
  private readonly refused = new Map<string, string>();
  private strike: NodeJS.Timeout | undefined;
  private died: Kill["target"] | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly cloud: Cloud,
    private readonly stack: ChaosStack,
  ) {
    const rounds = { rounds: 0, roundsInFlightUncounted: 0, roundsRefused: 0, healingUps: 0 };
    const counts = { requests: 0, faults: {}, kills: {}, objectsCreated: 0, knownByNameOnly: 0, seconds: 0 };
    this.played = { seed: scenario.seed, violations: [], ...rounds, ...counts, log: [] };
  }

  /** One round: the program and its files as they are now, what goes wrong, the run, and every rule. */
  async round(planned: Round, name = `round ${this.played.rounds + 1} (${planned.verb})`): Promise<StackRun> {
    const before = await this.moment();
    const round = { ...planned, program: this.withoutRefused(planned.program, before.snapshot) };
    for (const declaration of round.program) this.history.set(declaration.name, declaration);
    await this.stack.write(round);
    // What a server repeats is the key it was sent; that of others no client could blank out.
    const key = round.wrongKey ? newTestKey() : (this.cloud.environment["PROCESSMIND_API_KEY"] ?? "");
    await this.cloud.begin(withKey(round.faults, key), round.behaviour);
    this.died = undefined;
    const killsBefore = this.cloud.kills();
    await this.arm(round);
    const run = await this.run(round, before, key);
    for (const { name: resource, displayName } of round.program) {
      if (run.text.includes(`resource '${resource}': property displayName value`))
        this.refused.set(resource, displayName);
    }
    if (/\((EFBIG|ENOSPC)\)/.test(run.text)) this.countFault("full disk");
    clearTimeout(this.strike);
    await this.stack.buried();
    if (round.asCommand && round.kill) await this.cloud.traffic?.abandoned();
    // The next run begins while whatever was left behind is still at work.
    if (round.end?.signal !== "SIGKILL") await this.cloud.settled();
    if (this.cloud.kills() > killsBefore) this.died = "emulator";
    const journal = await this.cloud.journal();
    const after = await this.momentOr(name);
    this.count(journal, round, after);
    this.played.log.push(`── ${name}\n${run.text}${journal.map(lineOf).join("")}`);
    if (after) await this.judge(name, round, run, journal, before, after);
    return run;
  }

  /** Fair weather, and a user who does what the errors say: converges, and then has nothing to do. */
  async heal(): Promise<void> {
    const last = this.scenario.rounds.at(-1);
    if (!last) return;
    const fair = { ...FAIR, files: last.files };
    const { snapshot, cloud } = await this.moment();
    let program = healedProgram(last.program, this.history, snapshot, false);
    // A read that misses an object makes it one fewer.
    const mostObjects = cloud.datasets.length + cloud.datatables.length + program.length + 1;
    let late = (this.scenario.style.missingReadsAfterCreate ?? 0) * mostObjects;
    let run: StackRun | undefined;
    // What was deleted may be in the state still; Pulumi asks for a refresh after such an interruption.
    let refresh =
      this.played.log.some((text) => text.includes("while deleting")) ||
      snapshot.pendingOperations.some(({ type }) => type === "deleting");
    let owesRefresh = false;
    for (let ups = 1; ups <= MOST_HEALING_UPS && !run?.ok; ups++) {
      run = await this.round({ ...fair, program, refresh }, `healing ${ups}`);
      this.played.healingUps = ups;
      if (this.played.violations.length > 0) return;
      if (run.ok && owesRefresh) {
        refresh = true;
        owesRefresh = false;
        run = undefined;
        continue;
      }
      if (run.ok) {
        if (program.every(({ oldHolderId }) => oldHolderId === undefined)) break;
        program = moved(program);
        run = undefined;
        continue;
      }
      const isRefused = run.text.includes("DATA_WOULD_BE_LOST");
      const now = (await this.moment()).snapshot;
      const wanted = isRefused ? healedProgram(program, this.history, now, true) : program;
      const next = keepRows(keepPlace(adopt(wanted, run.text, now), run.text, now), run.text);
      // A process died between a DELETE and the state, and the error says how to find out what is gone.
      const mustRefresh: boolean = !refresh && run.text.includes("(NOT_FOUND, status 404");
      // What was made a moment ago may not be readable yet; the error says to run again.
      const isLate = run.text.includes("(NOT_FOUND") && late-- > 0;
      // A refresh has the key of the last `up`, a wrong one; the error says so.
      const isOldKey: boolean = refresh && run.text.includes("(UNAUTHORIZED");
      owesRefresh ||= isOldKey;
      if (!mustRefresh && !isLate && !isOldKey && JSON.stringify(next) === JSON.stringify(program)) break;
      refresh = mustRefresh;
      program = next;
    }
    if (!run?.ok) return this.violated("healing", [{ rule: "healed up converges", detail: run?.text ?? "" }]);
    const healed = await this.moment();
    this.violated("healed", this.ledger.settled(healed, program));
    this.played.knownByNameOnly = this.ledger.knownByNameOnly(healed);
    const again = await this.round({ ...fair, program }, "second run");
    this.violated("second run", isEmpty(again, await this.cloud.journal()));
  }

  private withoutRefused(program: Declaration[], snapshot: Snapshot): Declaration[] {
    return program.map((each) => {
      const entry = snapshot.resources.find(({ urn, delete: isOld }) => !isOld && urn.endsWith(`::${each.name}`));
      const there = entry?.outputs?.["displayName"];
      const isRefused = this.refused.get(each.name) === each.displayName && typeof there === "string";
      return isRefused ? { ...each, displayName: there } : each;
    });
  }

  private async run(round: Round, before: Moment, key: string): Promise<StackRun> {
    const environment = { ...this.cloud.environment, PROCESSMIND_API_KEY: key };
    // What a replacement would take along is refused in a preview, if someone looks at one.
    if (round.verb === "up" && round.previewsRenames && renames(round, before)) {
      const preview = await this.stack.run({ ...round, asCommand: false }, environment, true);
      if (!preview.ok) {
        this.played.roundsRefused += 1;
        return preview;
      }
      this.violated("preview", noSecrets({ output: preview.text }, [PASSPHRASE]));
    }
    return this.stack.run(round, environment);
  }

  private async arm({ kill, fileChange, files, end }: Round): Promise<void> {
    const { traffic, killAt } = this.cloud;
    if (end) {
      const ended = () => this.endEngine(end.signal);
      if (end.at === "file") traffic?.atStorage(() => setTimeout(ended, END_AFTER_MS));
      else traffic?.atAddressFor(path.basename(files[0]?.path ?? ""), ended);
    }
    if (kill?.target === "emulator") await killAt?.call(this.cloud, kill.atRequest, kill.afterMs);
    else if (kill) {
      const { target, atRequest, afterMs } = kill;
      traffic?.at(atRequest, () => {
        const strike = () => {
          if (!this.stack.kill(target)) return;
          this.played.kills[target] = (this.played.kills[target] ?? 0) + 1;
          this.died = target;
        };
        if (afterMs === 0) strike();
        else this.strike = setTimeout(strike, afterMs);
      });
    }
    const file = files.find(({ path: each }) => each === fileChange?.path);
    if (!fileChange || !file) return;
    const change = () => {
      // Still the same number of rows, so that often enough the size alone does not give it away.
      fs.writeFileSync(
        path.join(this.stack.folder.directory, file.path),
        contentOf({ ...file, version: file.version + 1 }),
      );
      this.countFault("file changed");
    };
    if (fileChange.at === "address") traffic?.atAddressFor(path.basename(file.path), change);
    else traffic?.at(fileChange.at, change);
  }

  private endEngine(signal: "SIGKILL" | "SIGINT"): void {
    this.played.kills[signal] = (this.played.kills[signal] ?? 0) + 1;
    if (signal === "SIGKILL") {
      if (this.stack.kill("engine")) this.died = "engine";
      return;
    }
    this.stack.interrupt();
    // A user who has lost patience; the run has ended long before.
    this.strike = setTimeout(() => this.stack.interrupt(), PATIENCE_MS);
  }

  private async judge(
    name: string,
    round: Round,
    run: StackRun,
    journal: JournalEntry[],
    before: Moment,
    after: Moment,
  ): Promise<void> {
    const texts = {
      output: run.text,
      "state file": await this.stack.written(),
      "decrypted state": withoutWrapped(after.snapshot),
    };
    this.violated(name, [
      ...noObjectTwice(after.cloud),
      ...this.ledger.known(before, after, run.text, round.program, this.died),
      ...noWrongDeletion(before, after, round),
      ...noRowsTwice(before, after, round.program),
      ...hashesMatch(after.snapshot, after.cloud, run.ok && round.verb === "up"),
      ...noPostRepeated(journal),
      ...politeTraffic(journal, this.cloud.traffic?.mostAtOnce() ?? 0),
      ...noSecrets(texts, [PASSPHRASE]),
      ...savedOrFailed(run, round.diskBytes === undefined ? [] : await this.stack.newDrafts()),
      ...(round.sendsNothing ? nothingSent(journal) : []),
    ]);
  }

  private async moment(): Promise<Moment> {
    return { cloud: await this.cloud.state(), snapshot: await this.stack.snapshot() };
  }

  private async momentOr(name: string): Promise<Moment | undefined> {
    try {
      return await this.moment();
    } catch (error) {
      this.violated(name, [{ rule: "state parses", detail: String(error) }]);
      return undefined;
    }
  }

  private count(journal: JournalEntry[], { behaviour }: Round, after: Moment | undefined): void {
    const { played } = this;
    played.rounds += 1;
    if (!this.cloud.traffic || !isCountable(journal)) played.roundsInFlightUncounted += 1;
    played.requests += journal.length;
    played.objectsCreated += journal.filter(({ method, committed }) => method === "POST" && committed).length;
    for (const name of faultsIn(journal, behaviour, after?.cloud)) this.countFault(name);
    if (this.cloud.kills() > 0) played.kills["emulator"] = this.cloud.kills();
  }

  private countFault(name: string): void {
    this.played.faults[name] = (this.played.faults[name] ?? 0) + 1;
  }

  private violated(round: string, violations: Violation[]): void {
    this.played.violations.push(...violations.map((violation) => ({ round, ...violation })));
  }
}

const FAIR: Round = {
  verb: "up",
  refresh: false,
  program: [],
  files: [],
  faults: [],
  behaviour: {},
  wrongKey: false,
  timeoutSeconds: 120,
  previewsRenames: true,
  asCommand: false,
};

function lineOf({
  number,
  at,
  method,
  path: where,
  status,
  ending,
  durationMs,
  committed,
  fault,
}: JournalEntry): string {
  const what = [status ?? ending, committed ? "committed" : "", fault ? `fault ${fault}` : ""]
    .filter(Boolean)
    .join(" ");
  return `   ${number} ${at.slice(17)} ${method} ${where}: ${what} (${Math.round(durationMs)} ms)\n`;
}

function withKey(faults: Fault[], key: string): Fault[] {
  return JSON.parse(JSON.stringify(faults).replaceAll(API_KEY, key)) as Fault[];
}

function renames({ program }: Round, { snapshot }: Moment): boolean {
  return program.some(({ kind, name, displayName }) => {
    const entry = snapshot.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    return kind !== "upload" && entry !== undefined && entry.outputs?.["displayName"] !== displayName;
  });
}
