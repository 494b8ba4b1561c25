import type { Behaviour } from "../../emulator/domain/behaviour";
import { planEnding } from "./plan-endings";
import { planFaults, SILENT_MS } from "./plan-faults";
import { ProgramPlanner } from "./plan-program";
import { Random } from "./random";
import type { Kill, Round, Scenario } from "./scenario";

/** What the seed stands for. */
export function scenarioOf(seed: number): Scenario {
  const ending = planEnding(seed);
  if (ending) return { seed, style: {}, emulator: "inside", keyInConfig: false, rounds: ending };
  const random = new Random(seed);
  const emulator = random.chance(0.12) ? "process" : "inside";
  const planner = new ProgramPlanner(random);
  const count = random.integer(2, 5);
  const rounds = Array.from({ length: count }, (_, index) => planRound(random, planner, index, emulator));
  return {
    seed,
    style: planStyle(random),
    emulator,
    keyInConfig: random.chance(0.3),
    rounds: withFullDisks(seed, rounds),
  };
}

/** Drawn apart, so that all else of a seed stays what it was. */
function withFullDisks(seed: number, rounds: Round[]): Round[] {
  const random = new Random(seed + 0x5eed);
  return rounds.map((round) => {
    const isFull = random.chance(0.06) && round.kill === undefined;
    return isFull ? { ...round, diskBytes: random.integer(0, 9_000), asCommand: true } : round;
  });
}

function planRound(random: Random, planner: ProgramPlanner, index: number, emulator: Scenario["emulator"]): Round {
  if (index > 0) planner.edit();
  const faults = planFaults(random, random.integer(0, 7));
  const kill = random.chance(0.3) ? planKill(random, emulator) : undefined;
  const { program, files } = planner.now();
  const path = random.any(files)?.path;
  return {
    verb: index === 0 ? "up" : random.pick(["up", "up", "up", "up", "refresh", "destroy"]),
    refresh: random.chance(0.15),
    program,
    files,
    faults,
    behaviour: planWeather(random),
    ...(kill === undefined ? {} : { kill }),
    // Only requests to the emulator in this process are seen as they arrive.
    ...(path !== undefined && random.chance(0.3) && emulator === "inside"
      ? { fileChange: planFileChange(random, path) }
      : {}),
    wrongKey: index > 0 && random.chance(0.05),
    timeoutSeconds: faults.some((fault) => fault.kind === "delay" && fault.ms === SILENT_MS) ? 4 : 120,
    previewsRenames: random.chance(0.5),
    // The provider process of a command is not ours to kill.
    asCommand: kill?.target === "engine" || (random.chance(0.05) && kill?.target !== "provider"),
  };
}

function planKill(random: Random, emulator: Scenario["emulator"]): Kill {
  const target: Kill["target"] =
    emulator === "process" ? "emulator" : random.pick(["provider", "provider", "engine"] as const);
  return { target, atRequest: random.integer(1, random.pick([4, 12, 25])), afterMs: random.pick([0, 0, 5, 30]) };
}

function planFileChange(random: Random, path: string): Round["fileChange"] {
  return { path, at: random.chance(0.5) ? "address" : random.integer(1, 12) };
}

/** What holds for the whole life of a service. */
function planStyle(random: Random): Partial<Behaviour> {
  return {
    createStatus: random.pick([200, 201]),
    createReply: random.pick(["full", "full", "id", "wrapped", "noId"]),
    uniqueNames: random.chance(0.2),
    trimDisplayNames: random.chance(0.3),
    missingReadsAfterCreate: random.pick([0, 0, 0, 1, 2, 5]),
    treeFieldsOnRead: random.chance(0.5),
    treeFieldsInList: random.chance(0.5),
    hiddenFields: random.pick<string[]>([[], [], ["createdAt"], ["columns"], ["datatableCount"]]),
    extraFields: random.chance(0.3),
    rowCountBeforeUpload: random.pick(["absent", "null", "zero", "zero"]),
    datatableDelete: random.pick(["404", "403", "405", "works", "works", "pretends"]),
    secondDelete: random.pick(["missing", "success"]),
  };
}

/** What a service does now and then. */
function planWeather(random: Random): Partial<Behaviour> {
  return {
    ...(random.chance(0.15) ? { ingestion: random.pick(["fails", "never"]) } : {}),
    ...(random.chance(0.1) ? { deleteReply: "successFalse" } : {}),
    ...(random.chance(0.1) ? { uploadToDeletedTable: "accepted" } : {}),
  };
}
