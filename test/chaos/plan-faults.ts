import type { Fault, FaultAction } from "../../emulator/wire/faults";
import type { Random } from "./random";

/**
 * What goes wrong in a round. Left out is what no client could see through: a 404 for an object that is there, an empty
 * list where there is one, and a 4xx other than 408 for a request that was carried out.
 */
export function planFaults(random: Random, count: number): Fault[] {
  return Array.from({ length: count }, () => planFault(random));
}

/** A fault of `delay` this long stands for a server that never answers. */
export const SILENT_MS = 20_000;

/** Stands for the key in a reply: services have been seen to repeat it. */
export const API_KEY = "{API key}";
const ADDRESS = "https://bucket.example/key?X-Amz-Credential=a&amp;X-Amz-Signature=b";

const API_ROUTES = [
  "datasets.list",
  "datasets.create",
  "datasets.get",
  "datasets.delete",
  "datatables.list",
  "datatables.create",
  "datatables.get",
  "datatables.delete",
  "uploads.presign",
] as const;

const WRITES = ["datasets.create", "datatables.create"] as const;

function planFault(random: Random): Fault {
  const where = random.pick(["any", "write", "storage"]);
  const times = random.chance(0.15) ? random.integer(5, 8) : random.integer(1, 3);
  if (where === "storage") {
    return { ...storageFault(random), match: { route: "storage.put" }, after: random.integer(0, 2), times };
  }
  const route = where === "write" ? random.pick(WRITES) : random.pick(API_ROUTES);
  const fault = apiFault(random);
  const isExpired = route === "uploads.presign" && random.chance(0.3);
  const action: FaultAction = isExpired ? { kind: "expire-url" } : fault;
  return { ...notEmptyList(action, route), match: { route }, after: random.integer(0, random.pick([1, 4])), times };
}

function apiFault(random: Random): FaultAction {
  const commit = random.chance(0.6);
  return random.pick<() => FaultAction>([
    () => ({ kind: "reset", commit }),
    () => ({ kind: "reply", status: random.pick([408, 500, 502, 503, 504]), body: { message: "try later" }, commit }),
    () => ({ kind: "reply", status: 503, headers: retryAfter(random), commit: false }),
    () => ({ kind: "reply", status: 429, headers: retryAfter(random) }),
    () => ({ kind: "reply", status: 429 }),
    () => ({ kind: "delay", ms: random.integer(50, 400), commit }),
    () => ({ kind: "delay", ms: SILENT_MS, commit: true }),
    () => ({ kind: "truncate", hangUp: random.chance(0.5) }),
    () => ({ kind: "html", status: random.pick([200, 502]), commit }),
    () => ({ kind: "wrong-type" }),
    () => ({ kind: "wrong-type", fields: random.pick([{ createdAt: 5 }, { displayName: [] }]) }),
    () => ({
      kind: "reply",
      status: random.pick([400, 403, 500]),
      body: { message: `not with ${API_KEY}` },
      commit: false,
    }),
    () => ({ kind: "wrong-type", body: random.pick<unknown>([null, 7, "text", [], {}, { id: null }, { id: {} }]) }),
    () => ({ kind: "reset-after-bytes", bytes: random.integer(0, 20) }),
    () => ({ kind: "early-close", status: random.pick([500, 503]) }),
  ])();
}

function notEmptyList(action: FaultAction, route: string): FaultAction {
  const isList = action.kind === "wrong-type" && Array.isArray(action.body) && route.endsWith(".list");
  return isList ? { ...action, body: {} } : action;
}

function storageFault(random: Random): FaultAction {
  const commit = random.chance(0.5);
  return random.pick<() => FaultAction>([
    () => ({ kind: "reset", commit }),
    () => ({ kind: "reset-after-bytes", bytes: random.pick([0, 1, 40, 100_000]) }),
    () => ({ kind: "expire-url" }),
    () => ({ kind: "reply", status: random.pick([500, 503]), body: "<Error><Code>SlowDown</Code></Error>", commit }),
    () => ({ kind: "reply", status: 503, headers: retryAfter(random) }),
    () => ({ kind: "early-close", status: random.pick([403, 503]) }),
    () => ({ kind: "reply", status: 400, body: `<Error><Code>Bad</Code><Message>${ADDRESS}</Message></Error>` }),
    () => ({ kind: "slow-read", pauseMs: random.integer(1, 60) }),
    () => ({ kind: "delay", ms: random.integer(50, 400), commit }),
    () => ({ kind: "truncate", hangUp: true }),
    () => ({ kind: "html", status: random.pick([200, 502]), commit }),
  ])();
}

function retryAfter(random: Random): Record<string, string> {
  return { "retry-after": random.pick(["0", "1", "2", "soon", new Date(0).toUTCString()]) };
}
