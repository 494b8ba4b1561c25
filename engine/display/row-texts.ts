import type { Op, Step } from "../model";
import { STACK_TYPE } from "../urn";
import { retainFlag } from "./details";
import { looksOf, type Paint } from "./paint";

/** How far a row's step is. Times in milliseconds of one clock; absent ones are not known. */
export interface Progressing {
  dryRun: boolean;
  done: boolean;
  failed: boolean;
  /** The run ended while the step was under way. */
  interrupted: boolean;
  begunAt?: number | undefined;
  endedAt?: number | undefined;
  now: number;
}

/** The status column of a row: what is planned, what is happening or what has happened. */
export function statusText(step: Step, progress: Progressing, paint: Paint): string {
  return text(step, progress, paint) + retainFlag(step);
}

function text(step: Step, progress: Progressing, paint: Paint): string {
  const looks = looksOf(step.op);
  const { dryRun, done, failed, interrupted, begunAt, endedAt, now } = progress;
  if (interrupted) return paint("yellow", `${looks.doing} (interrupted)`);
  if (!done) {
    if (step.op === "same") return step.type === STACK_TYPE ? paint("dim", "running") : "";
    if (dryRun) return paint(looks.colour, step.op === "refresh" ? looks.doing : looks.plan);
    const seconds = begunAt === undefined ? "" : ` (${Math.floor((now - begunAt) / 1000)}s)`;
    return paint(looks.colour, looks.doing + seconds);
  }
  if (dryRun) return paint(looks.colour, donePlan(step.op));
  const known = begunAt !== undefined && endedAt !== undefined && step.op !== "same";
  const took = known ? ` (${secondsText((endedAt - begunAt) / 1000)})` : "";
  return failed ? paint("red", `**${looks.failed}${took}**`) : paint(looks.colour, looks.done + took);
}

/** All parts of a replacement are one, once it is clear what happens. */
function donePlan(op: Op): string {
  const parts: Op[] = ["create-replacement", "delete-replaced", "read-replacement", "discard-replaced"];
  return parts.includes(op) ? "replace" : looksOf(op).plan;
}

/** `0.21s` below a second, whole seconds from there. */
function secondsText(seconds: number): string {
  return seconds < 1 ? `${seconds.toFixed(2)}s` : `${Math.floor(seconds)}s`;
}
