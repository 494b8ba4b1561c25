import type { Snapshot } from "../../engine/model";
import { SECRET, SIGNATURE } from "../../engine/model";
import type { Observation } from "./model";
import { stableLines } from "./text";

interface Call {
  verb: string;
  label: string;
  [argument: string]: unknown;
}

/** What a run left behind, as it is. */
export interface Raw {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Lines of JSON. */
  journal: string;
  before: Snapshot;
  after: Snapshot;
  folder: string;
}

/** Takes out of a run what may differ between two runs of one engine. */
export function observe(raw: Raw): Observation {
  const calls = raw.journal
    .split("\n")
    .filter(Boolean)
    .map((line): Call => JSON.parse(line));
  const isJson = raw.stdout.trimStart().startsWith("{");
  return {
    exitCode: raw.exitCode,
    calls: byLabel(calls),
    order: forcedOrder(calls, raw.before, raw.after),
    state: byUrn(raw.after.resources),
    pending: raw.after.pendingOperations
      .map(({ resource, type }) => JSON.stringify({ type, resource: stableState(resource) }))
      .sort(),
    stdout: isJson ? [] : stableLines(raw.stdout, raw.folder),
    stderr: stableLines(raw.stderr, raw.folder),
    ...(isJson ? { json: stableJson(JSON.parse(raw.stdout)) } : {}),
  };
}

function byLabel(calls: Call[]): { [label: string]: string[] } {
  const result: { [label: string]: string[] } = {};
  for (const { label, ...call } of calls) {
    result[label] = [...(result[label] ?? []), JSON.stringify(stable(call))];
  }
  for (const label of Object.keys(result)) result[label] = withReadsSorted(result[label] ?? []);
  return sortedKeys(result);
}

/** A refresh reads all entries at the same time, and two of them may have one label: that in use, and one to delete. */
function withReadsSorted(calls: string[]): string[] {
  const isRead = (call: string | undefined) => call?.includes('"verb":"read"');
  const result: string[] = [];
  for (let at = 0; at < calls.length; ) {
    let end = at + 1;
    while (isRead(calls[at]) && isRead(calls[end])) end++;
    result.push(...calls.slice(at, end).sort());
    at = end;
  }
  return result;
}

/** Creates and updates go by what the state says afterwards, deletions by what it said before. */
function forcedOrder(calls: Call[], before: Snapshot, after: Snapshot): { [pair: string]: string } {
  const order: { [pair: string]: string } = {};
  const note = (snapshot: Snapshot, verbs: string[]) => {
    const labels = new Map(snapshot.resources.map(({ urn, inputs }) => [urn, inputs?.["label"]]));
    for (const { urn, dependencies = [] } of snapshot.resources) {
      for (const dependency of dependencies) {
        const pair = [labels.get(urn), labels.get(dependency)];
        const relevant = calls.filter(({ verb, label }) => verbs.includes(verb) && pair.includes(label));
        if (new Set(relevant.map(({ label }) => label)).size < 2) continue;
        order[`${pair.join(" needs ")}: ${verbs[0]}`] = relevant
          .map(({ verb, label }) => `${verb} ${label}`)
          .join(", ");
      }
    }
  };
  note(after, ["create", "update"]);
  note(before, ["delete"]);
  return sortedKeys(order);
}

/** Pulumi's own bookkeeping, which says nothing of what was decided. */
const TIMES = new Set(["created", "modified", "sourcePosition", "stackTrace"]);

function stableState(state: object): { [key: string]: unknown } {
  const entries = Object.entries(state)
    .filter(([key, value]) => !TIMES.has(key) && value !== undefined && value !== false)
    .map(([key, value]) => [key, stable(value, key)] as const);
  const result = sortedKeys(Object.fromEntries(entries));
  if (String(result["type"]).startsWith("pulumi:providers:") && result["id"] !== undefined) result["id"] = "<uuid>";
  for (const key of ["dependencies", "aliases"]) {
    if (Array.isArray(result[key])) result[key] = [...(result[key] as string[])].sort();
    if ((result[key] as string[] | undefined)?.length === 0) delete result[key];
  }
  return result;
}

function stable(value: unknown, key = ""): unknown {
  if (typeof value === "string") {
    if (key === "__provider") return value.replace(/^exports.*js"\)\./, "");
    return value.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (id) =>
      id === "04da6b54-80e4-46f7-96ec-b56ff0331ba9" ? "<unknown>" : "<uuid>",
    );
  }
  if (Array.isArray(value)) return value.map((item) => stable(item));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as { [key: string]: unknown };
  if (fields[SIGNATURE] === SECRET) return { $secret: stable(fields["value"]) };
  return sortedKeys(Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, stable(item, name)])));
}

interface Digest {
  steps?: { oldState?: object; newState?: object; urn: string; op: string }[];
  diagnostics?: object[];
  duration?: number;
}

function stableJson(json: unknown): unknown {
  const { steps, duration, diagnostics, ...rest } = json as Digest;
  if (steps === undefined) return stable(json);
  const shown = steps.map(({ oldState, newState, ...step }) => ({
    ...(stable(step) as object),
    ...(oldState ? { oldState: stableState(oldState) } : {}),
    ...(newState ? { newState: stableState(newState) } : {}),
  }));
  return {
    ...(stable(rest) as object),
    ...(duration === undefined ? {} : { duration: "<time>" }),
    steps: shown.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ...(diagnostics ? { diagnostics: diagnostics.map((item) => JSON.stringify(stable(item))).sort() } : {}),
  };
}

/** Two entries may have one URN, when the older is to be deleted. */
function byUrn(states: { urn: string }[]): { [urn: string]: unknown } {
  const result: { [urn: string]: unknown } = {};
  const stables = states.map((state) => ({ urn: state.urn, stable: stableState(state) }));
  stables.sort((a, b) => (JSON.stringify(a.stable) < JSON.stringify(b.stable) ? -1 : 1));
  for (const { urn, stable: entry } of stables) {
    result[result[urn] === undefined ? urn : `${urn} (older)`] = entry;
  }
  return sortedKeys(result);
}

function sortedKeys<T>(record: { [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
