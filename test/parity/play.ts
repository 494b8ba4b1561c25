import type { Snapshot } from "../../engine/model";
import type { Case, Observation, Step } from "./model";
import { observe } from "./observe";
import type { Ran } from "./processes";
import { readSnapshot, type Workspace } from "./workspace";

/** An engine that cases can be played with, one after the other. */
export interface PlayedEngine {
  readonly workspace: Workspace;
  readonly stateFile: string;
  /** Makes folder and stack as new. */
  begin(played: Case): Promise<void>;
  step(step: Step): Promise<Ran>;
  close(): Promise<void>;
}

/** Plays all steps of a case and says what each of them did. */
export async function play(engine: PlayedEngine, played: Case): Promise<Observation[]> {
  const observations: Observation[] = [];
  await engine.begin(played);
  let before: Snapshot = await readSnapshot(engine.stateFile);
  for (const step of played.steps) {
    engine.workspace.arrange(step);
    const ran = await engine.step(step);
    const after = await readSnapshot(engine.stateFile);
    const { folder } = engine.workspace;
    observations.push(observe({ ...ran, journal: engine.workspace.journal(), before, after, folder }));
    before = after;
  }
  return observations;
}

/** The command line of a step; both engines take the same. */
export function commandOf({ run, flags = [] }: Step): string[] {
  const always = ["--stack", "dev", "--non-interactive", ...flags];
  switch (run) {
    case "preview":
      return ["preview", ...always];
    case "output":
      return ["stack", "output", ...always];
    case "up":
    case "refresh":
    case "destroy":
      return [run, ...(flags.includes("--preview-only") ? [] : ["--yes", "--skip-preview"]), ...always];
  }
}
