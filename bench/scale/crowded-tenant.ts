import { randomUUID } from "node:crypto";
import { type Emulator, startEmulator } from "processmind-emulator";

/** How much was asked of the service. */
export interface Traffic {
  requests: { [route: string]: number };
  /** Bytes of all answers of the API. */
  answerBytes: number;
}

const TABLES_PER_DATASET = 50;

/** A tenant that holds this many datatables of others. */
export async function openCrowdedTenant(tables: number): Promise<{ emulator: Emulator; traffic(): Traffic }> {
  const emulator = await startEmulator({ apiKey: randomUUID() });
  const createdAt = new Date().toISOString();
  await emulator.change((state) => {
    for (let i = 0; i < tables; i++) {
      const set = Math.floor(i / TABLES_PER_DATASET);
      if (i % TABLES_PER_DATASET === 0) {
        const place = { treeNodeType: "Dataset" as const, treeParentId: null };
        state.datasets.push({ id: `other-${set}`, displayName: `Other ${set}`, ...place, createdAt });
      }
      state.datatables.push({ id: randomUUID(), datasetId: `other-${set}`, displayName: `Other ${i}`, createdAt });
    }
  });
  return { emulator, traffic: () => trafficOf(emulator) };
}

function trafficOf(emulator: Emulator): Traffic {
  const requests: Traffic["requests"] = {};
  let answerBytes = 0;
  for (const { route, sentBytes } of emulator.journal()) {
    requests[route] = (requests[route] ?? 0) + 1;
    answerBytes += sentBytes;
  }
  return { requests, answerBytes };
}
