import type { Behaviour } from "../../emulator/domain/behaviour";
import type { TenantState } from "../../emulator/domain/model";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import type { Fault } from "../../emulator/wire/faults";
import type { JournalEntry } from "../../emulator/wire/journal";
import { startProcessCloud } from "./cloud-process";
import { type Traffic, watchTraffic } from "./traffic";

/** The emulator of a chaos run, in this process or in one of its own. */
export interface Cloud {
  environment: Readonly<Record<string, string>>;
  /** What it must not give away, beside the API key. */
  state(): Promise<TenantState>;
  journal(): Promise<JournalEntry[]>;
  /** Begins a round: an empty journal, these faults, and this behaviour beside the style. */
  begin(faults: Fault[], behaviour: Partial<Behaviour>): Promise<void>;
  /** Every request has been handled and every upload has become rows. */
  settled(): Promise<void>;
  /** What passes through, seen as it arrives; undefined for a process of its own. */
  traffic?: Traffic;
  /** For a process of its own: SIGKILL at the n-th request from now, and a new process soon after. */
  killAt?(request: number, afterMs: number): Promise<void>;
  /** How often it was killed. */
  kills(): number;
  close(): Promise<void>;
}

/** What the rounds change and the next one must not inherit. */
export const FAIR_WEATHER: Partial<Behaviour> = {
  ingestion: "works",
  deleteReply: "success",
  uploadToDeletedTable: "noSuchKey",
};

export async function openCloud(
  where: "inside" | "process",
  apiKey: string,
  style: Partial<Behaviour>,
  dataDir: string,
): Promise<Cloud> {
  if (where === "process") return startProcessCloud(apiKey, style, dataDir);
  return insideCloud(await startEmulator({ apiKey, behaviour: style }));
}

function insideCloud(emulator: Emulator): Cloud {
  const traffic = watchTraffic(emulator.apiUrl, emulator.storageUrl);
  return {
    environment: emulator.environment,
    traffic,
    state: async () => emulator.state(),
    journal: async () => emulator.journal(),
    begin: async (faults, behaviour) => {
      emulator.clearJournal();
      traffic.begin();
      emulator.setFaults(faults);
      emulator.setBehaviour({ ...FAIR_WEATHER, ...behaviour });
    },
    settled: async () => {
      await traffic.idle();
      await emulator.settled();
    },
    kills: () => 0,
    close: async () => {
      traffic.end();
      await emulator.close();
    },
  };
}
