import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "processmind-emulator";
import type { RunningEngine } from "./engine-driver";

const LOOK_MS = 20;

/** Resolves once this holds of a request to storage; rejects with what the run printed when it ends before. */
export async function untilPut(
  running: RunningEngine,
  emulator: Emulator,
  holds: (receivedBytes: number, isStored: boolean) => boolean,
): Promise<void> {
  let hasEnded = false;
  void running.ended.then(() => {
    hasEnded = true;
  });
  const puts = () => emulator.journal().filter(({ route }) => route === "storage.put");
  while (!puts().some(({ receivedBytes, committed }) => holds(receivedBytes, committed))) {
    if (hasEnded) throw new Error(`The run ended before:\n${(await running.ended).text}`);
    await sleep(LOOK_MS);
  }
}
