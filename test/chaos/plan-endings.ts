import { Random } from "./random";
import type { Round } from "./scenario";

/**
 * Rounds of their own for what random ones hardly ever meet: an engine that ends while its provider is in the middle of
 * an upload, and the next run, which begins at once; a destroy that ends halfway, and the next `up`.
 */

/** More than the buffers of two ends of a connection hold. */
const LARGE_ROWS = 600_000;
const CHANCE = 0.08;

/** The rounds of this seed; undefined for most seeds. Drawn apart, so that all else of a seed stays what it is. */
export function planEnding(seed: number): Round[] | undefined {
  const random = new Random(seed + 0xe4d);
  if (!random.chance(CHANCE)) return undefined;
  return random.pick([killedInUpload, killedInUpload, cancelledInWait, rejectedDestroy])(random);
}

/** An older file is on its way when a newer one is stored: another file, since one that changes on its way is not stored. */
function killedInUpload(random: Random): Round[] {
  const slow: Round["faults"][number] = random.chance(0.5)
    ? { kind: "slow-read", pauseMs: 40, match: { route: "storage.put" } }
    : { kind: "delay", ms: 10_000, commit: true, match: { route: "uploads.presign" } };
  const atRoute = slow.kind === "delay" ? "address" : "file";
  return [
    { ...round(LARGE_ROWS, 1), faults: [slow], asCommand: true, end: { signal: "SIGKILL", at: atRoute } },
    round(random.integer(1, 40), 2, "newer/orders.csv"),
  ];
}

/** The file is stored, and its rows never show. */
function cancelledInWait(random: Random): Round[] {
  const rows = random.integer(1, 40);
  const usual = round(rows, 1);
  const program = usual.program.map((each) => (each.kind === "upload" ? { ...each, waitForRowsSeconds: 3_600 } : each));
  const behaviour: Round["behaviour"] = { ingestion: "never" };
  return [
    { ...usual, program, behaviour, asCommand: true, end: { signal: "SIGINT", at: "file" } },
    // Waits for no rows: if it sends the file again, nobody has to wait for those.
    { ...usual, sendsNothing: true },
  ];
}

/** The entry of the upload is deleted, its table with the rows is not; then the same program once more. */
function rejectedDestroy(random: Random): Round[] {
  const usual = round(random.integer(1, 40), 1);
  return [usual, { ...usual, verb: "destroy" }, usual];
}

function round(rows: number, version: number, path = "orders.csv"): Round {
  return {
    verb: "up",
    refresh: false,
    program: [
      { kind: "dataset", name: "sales", displayName: "Sales" },
      { kind: "table", name: "orders", displayName: "Orders", parent: "sales" },
      { kind: "upload", name: "file", displayName: "", parent: "orders", source: path, waitForRowsSeconds: 0 },
    ],
    files: [{ path, version, rows }],
    faults: [],
    behaviour: {},
    wrongKey: false,
    timeoutSeconds: 120,
    previewsRenames: false,
    asCommand: false,
  };
}
