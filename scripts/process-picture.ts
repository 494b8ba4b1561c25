import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mapOf } from "../review/content/process-map";
import { EventList } from "../review/input/event-list";
import { type Process, processOf } from "../review/input/process";
import { drawMap } from "../review/output/process-map";

/**
 * Draws the picture in the README: the process of 400 claims before and after a check for fraud came and calls to customers
 * ended.
 *
 *   npx ts-node --transpile-only scripts/process-picture.ts
 */

const PICTURE = join(__dirname, "..", "docs", "images", "process-map.svg");
const CLAIMS = 400;
const HOUR_MS = 3_600_000;
const FIRST_CLAIM_MS = Date.UTC(2025, 0, 1);

/** Chances of the detours, of 100 claims. */
interface Detours {
  fraud: number;
  documents: number;
  call: number;
  reject: number;
}

/** The picture's text. */
export function processPicture(): string {
  const old = processWith({ fraud: 0, documents: 20, call: 30, reject: 20 }, 1);
  const now = processWith({ fraud: 35, documents: 25, call: 0, reject: 22 }, 2);
  return `${drawMap(mapOf(old, now), { standalone: true })}\n`;
}

function processWith(detours: Detours, seed: number): Process {
  const random = numbers(seed);
  const happens = (chance: number) => random() * 100 < chance;
  const list = new EventList();
  const names: string[] = [];
  for (let claim = 1; claim <= CLAIMS; claim++) {
    let ms = FIRST_CLAIM_MS + claim * 5 * HOUR_MS;
    const step = (name: string) => {
      if (!names.includes(name)) names.push(name);
      list.take(0, claim, names.indexOf(name), ms, ms);
      ms += Math.round((1 + random()) * HOUR_MS);
    };
    step("Register claim");
    if (happens(detours.fraud)) step("Check for fraud");
    step("Assess claim");
    while (happens(detours.documents)) {
      step("Request documents");
      step("Assess claim");
    }
    if (happens(detours.call)) step("Call customer");
    if (happens(detours.reject)) step("Reject claim");
    else {
      step("Approve claim");
      step("Pay claim");
    }
  }
  const process = processOf(list, names);
  if (typeof process === "string") throw new Error(process);
  return process;
}

/** Park and Miller's generator: the same on every machine. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

if (require.main === module) writeFileSync(PICTURE, processPicture());
