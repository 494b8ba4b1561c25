import type { TenantState } from "../../emulator/domain/model";
import type { JournalEntry } from "../../emulator/wire/journal";
import { type Properties, SECRET, SIGNATURE, type Snapshot, type Value } from "../../engine/model";
import { secretsIn } from "../support/secret-scan";
import type { Declaration } from "./scenario";
import type { StackRun } from "./stack";

/** Pure checks of what a round left behind. Each returns what is wrong, in words; nothing when all is well. */

/** What a broken rule looks like. */
export interface Violation {
  rule: string;
  detail: string;
}

export function noObjectTwice({ datasets, datatables }: TenantState): Violation[] {
  const places = [
    ...datasets.map(({ id, displayName, treeParentId }) => [id, `dataset ${treeParentId} / ${displayName.trim()}`]),
    ...datatables.map(({ id, displayName, datasetId }) => [id, `datatable ${datasetId} / ${displayName.trim()}`]),
  ] as [string, string][];
  const byPlace = new Map<string, string[]>();
  for (const [id, place] of places) byPlace.set(place, [...(byPlace.get(place) ?? []), id]);
  return [...byPlace].flatMap(([place, ids]) =>
    ids.length > 1 ? [{ rule: "object twice", detail: `${place}: ${ids.join(", ")}` }] : [],
  );
}

/** What is stored and recorded is not sent again. */
export function nothingSent(journal: JournalEntry[]): Violation[] {
  return journal
    .filter(({ route }) => route === "storage.put")
    .map(({ path }) => ({ rule: "file sent again", detail: path }));
}

/** The hash in the state is that of bytes in storage: the newest ones, if the run ended well. */
export function hashesMatch(snapshot: Snapshot, { uploads, datatables }: TenantState, runOk: boolean): Violation[] {
  return snapshot.resources.flatMap((entry) => {
    const { datatableId, contentSha256 } = entry.outputs ?? {};
    if (!entry.type.endsWith(":DatatableUpload") || !datatables.some(({ id }) => id === datatableId)) return [];
    const stored = uploads
      .filter((upload) => upload.datatableId === datatableId && upload.object)
      .sort((a, b) => Date.parse(a.object?.storedAt ?? "") - Date.parse(b.object?.storedAt ?? ""));
    const candidates = runOk ? stored.slice(-1) : stored;
    if (candidates.some(({ object }) => object?.sha256 === contentSha256)) return [];
    // Recorded as what the table holds, by a program that says so.
    if (entry.outputs?.["whenTableHasRows"] === "skip" && entry.outputs?.["uploadedAt"] === undefined) return [];
    const have = stored.map(({ object }) => object?.sha256.slice(0, 8)).join(", ") || "nothing";
    return [
      { rule: "hash in state", detail: `${entry.urn} says ${String(contentSha256).slice(0, 8)}, storage has ${have}` },
    ];
  });
}

/**
 * Nothing was sent into a table that had rows when the run began by an upload that was not in the state then, unless the
 * program says `send`.
 */
export function noRowsTwice(
  before: { snapshot: Snapshot; cloud: TenantState },
  after: { cloud: TenantState },
  program: Declaration[],
): Violation[] {
  const stored = ({ uploads }: TenantState, id: string) =>
    uploads.filter(({ datatableId, object }) => datatableId === id && object).length;
  const inState = new Set(
    before.snapshot.resources
      .filter(({ type, delete: isOld }) => type.endsWith(":DatatableUpload") && !isOld)
      .map(({ outputs }) => outputs?.["datatableId"]),
  );
  const maySend = new Set(
    program.filter(({ whenTableHasRows }) => whenTableHasRows === "send").map(({ parent }) => parent),
  );
  const tables = before.snapshot.resources.filter(({ type }) => type.endsWith(":Datatable"));
  const names = new Map(tables.map(({ id, urn }) => [id ?? "", urn.slice(urn.lastIndexOf("::") + 2)]));
  for (const { existingId, name } of program) if (existingId !== undefined) names.set(existingId, name);
  return before.cloud.datatables
    .filter(({ id, rowCount }) => (rowCount ?? 0) > 0 && !inState.has(id) && !maySend.has(names.get(id) ?? ""))
    .filter(({ id }) => stored(after.cloud, id) > stored(before.cloud, id))
    .map(({ id, rowCount }) => ({
      rule: "rows twice",
      detail: `${id} had ${rowCount} rows, and a first upload was sent into it`,
    }));
}

/** Two requests to make the same thing, the second after the first was carried out. */
export function noPostRepeated(journal: JournalEntry[]): Violation[] {
  const made = new Map<string, JournalEntry>();
  const found: Violation[] = [];
  for (const entry of journal) {
    if (entry.method === "DELETE" && entry.committed) {
      for (const [key, { path }] of made) if (mayBeGone(path, entry.path)) made.delete(key);
    }
    if (entry.method !== "POST") continue;
    const key = `${entry.path} ${(entry.body as { displayName?: string } | undefined)?.displayName}`;
    const earlier = made.get(key);
    if (earlier)
      found.push({ rule: "POST repeated", detail: `${key}: requests ${earlier.number} and ${entry.number}` });
    if (entry.committed) made.set(key, entry);
  }
  return found;
}

/** Whether what a POST to `madeAt` made is of the deleted object's collection, or below it. */
function mayBeGone(madeAt: string, deleted: string): boolean {
  const [collection] = /^.*(?=\/)/.exec(deleted) ?? [];
  // Tables are made in their dataset and deleted by an address of their own, which does not tell whose they are.
  if (collection?.endsWith("/datatable")) return madeAt.endsWith("/datatables");
  return madeAt === collection || madeAt.startsWith(`${deleted}/`);
}

/** A state that could not be saved fails the run, and leaves nothing beside the old one. */
export function savedOrFailed({ ok, text }: StackRun, drafts: string[]): Violation[] {
  const isUnsaved = /the state was not saved|cannot write /.test(text);
  return [
    ...(ok && isUnsaved ? [{ rule: "full disk", detail: "the state was not saved, and the run succeeded" }] : []),
    ...drafts.map((name) => ({ rule: "full disk", detail: `${name} was left behind` })),
  ];
}

const MAX_AT_ONCE = 8;

/** What a client has given up on, the server may still be at. */
export function isCountable(journal: JournalEntry[]): boolean {
  return journal.every(({ ending }) => ending !== "client left");
}

export function politeTraffic(journal: JournalEntry[], mostAtOnce: number): Violation[] {
  return [
    ...(isCountable(journal) && mostAtOnce > MAX_AT_ONCE
      ? [{ rule: "requests in flight", detail: `${mostAtOnce} at once, at most ${MAX_AT_ONCE} are allowed` }]
      : []),
    ...journal
      .filter(({ apiKeyAtStorage }) => apiKeyAtStorage)
      .map(({ path }) => ({ rule: "secret", detail: `the API key went to storage: PUT ${path}` })),
  ];
}

/** The key, the passphrase, signatures: in what is written, printed, or decrypted outside its wrapper. */
export function noSecrets(texts: Record<string, string>, more: string[]): Violation[] {
  return Object.entries(texts).flatMap(([where, text]) => [
    ...secretsIn(text).map((what) => ({ rule: "secret", detail: `${where}: ${what}` })),
    ...more.filter((secret) => text.includes(secret)).map(() => ({ rule: "secret", detail: `${where}: a passphrase` })),
  ]);
}

/** The state with nothing where a secret is wrapped. */
export function withoutWrapped(snapshot: Snapshot): string {
  const bare = (value: Value | undefined): Value | undefined => {
    if (Array.isArray(value)) return value.map((item) => bare(item) ?? null);
    if (typeof value !== "object" || value === null) return value;
    if (value[SIGNATURE] === SECRET) return "wrapped";
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item) ?? null])) as Properties;
  };
  return JSON.stringify(bare(JSON.parse(JSON.stringify(snapshot)) as Value));
}

/** A run that had nothing to do did nothing and sent nothing. */
export function isEmpty(run: StackRun, journal: JournalEntry[]): Violation[] {
  const changes = Object.entries(run.changes ?? {}).filter(([op, count]) => op !== "same" && count);
  const requests = journal.map(({ method, path }) => `${method} ${path}`);
  if (run.ok && changes.length === 0 && requests.length === 0) return [];
  return [{ rule: "second run is empty", detail: JSON.stringify({ ok: run.ok, changes, requests }) + run.text }];
}
