import type { Behaviour } from "../../emulator/domain/behaviour";
import type { TenantState } from "../../emulator/domain/model";
import type { JournalEntry } from "../../emulator/wire/journal";

/** What went wrong in a round, once for each time, by names such as `reply 503, after commit`. */
export function faultsIn(
  journal: JournalEntry[],
  weather: Partial<Behaviour>,
  cloud: TenantState | undefined,
): string[] {
  const there = new Set<string>();
  for (const { id } of [...(cloud?.datasets ?? []), ...(cloud?.datatables ?? [])]) there.add(id);
  return journal.flatMap((entry) => {
    if (entry.fault !== undefined) return [nameOf(entry.fault, entry)];
    const met = meets(entry, weather);
    if (met !== undefined) return [met];
    const id = decodeURIComponent(entry.path.slice(entry.path.lastIndexOf("/") + 1));
    return entry.method === "GET" && entry.status === 404 && there.has(id) ? ["404 after create"] : [];
  });
}

/** What the service does in this round to whatever comes. */
function meets({ route, committed, status }: JournalEntry, weather: Partial<Behaviour>): string | undefined {
  if (route === "storage.put" && committed && weather.ingestion !== undefined) return `ingestion ${weather.ingestion}`;
  const isDelete = route.endsWith(".delete") && status === 200 && !committed;
  return isDelete && weather.deleteReply === "successFalse" ? "DELETE does nothing" : undefined;
}

function nameOf(fault: string, { status, method, committed }: JournalEntry): string {
  const answer = ["reply", "html", "early-close"].includes(fault) && status !== null ? ` ${status}` : "";
  return `${fault}${answer}${committed && method !== "GET" ? ", after commit" : ""}`;
}
