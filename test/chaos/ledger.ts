import type { TenantState } from "../../emulator/domain/model";
import type { ResourceState, Snapshot } from "../../engine/model";
import type { Violation } from "./rules";
import type { Declaration, Kill, Round } from "./scenario";

/** What was there and what was known at the end of a round. */
export interface Moment {
  cloud: TenantState;
  snapshot: Snapshot;
}

type Died = Kill["target"];

interface Thing {
  id: string;
  displayName: string;
  holder: string | null;
  hasRows: boolean;
}

/** Follows every object of the service from its creation to its end: who knows of it, and who gave it up. */
export class Ledger {
  /** Ids that were printed; the user can act on them. */
  private readonly named = new Set<string>();
  /** Objects made by a request whose sender died: the output named the resource, nobody could name the id. */
  private readonly unheardOf = new Set<string>();

  /**
   * Everything that exists is in the state or was named since it left the state.
   *
   * @param died - the process that was killed in this round: who waited for an answer never learned the id. With the
   *   engine goes what a create that failed before had to say.
   */
  known(before: Moment, after: Moment, text: string, program: Declaration[], died: Died | undefined): Violation[] {
    const inState = idsIn(after.snapshot);
    const wereThere = new Set(thingsIn(before.cloud).map(({ id }) => id));
    return thingsIn(after.cloud).flatMap(({ id, displayName }) => {
      if (inState.has(id)) {
        this.named.delete(id);
        this.unheardOf.delete(id);
        return [];
      }
      if (text.includes(id) || leftWithOthers(id, before.snapshot, text)) this.named.add(id);
      if (this.named.has(id) || this.unheardOf.has(id)) return [];
      const declared = program.filter((each) => each.displayName.trim() === displayName.trim());
      const isNamed =
        isAmbiguous(declared, text) || (died !== undefined && isNamedAsResource(declared, text, after.snapshot));
      if (!wereThere.has(id) && (isNamed || (died === "engine" && declared.length > 0))) {
        this.unheardOf.add(id);
        return [];
      }
      return [{ rule: "object unknown", detail: `${id} "${displayName}" is neither in the state nor in the output` }];
    });
  }

  /** Objects of a process that died whose resource left the program since: only their names were ever told. */
  knownByNameOnly(moment: Moment): number {
    return this.idUntold(moment).filter(({ id }) => this.unheardOf.has(id)).length;
  }

  /** At the end: what the program still declares is in the state, or its id was told; what the state has is there. */
  settled(moment: Moment, program: Declaration[]): Violation[] {
    const declared = new Set(program.map(({ displayName }) => displayName.trim()));
    const untold = this.idUntold(moment)
      .filter(({ displayName }) => declared.has(displayName.trim()))
      .map(({ id, displayName }) => ({ rule: "object unknown", detail: `${id} "${displayName}" was never told` }));
    return [...untold, ...withoutObject(moment)];
  }

  private idUntold({ cloud, snapshot }: Moment): Thing[] {
    const inState = idsIn(snapshot);
    return thingsIn(cloud).filter(({ id }) => !inState.has(id) && !this.named.has(id));
  }
}

/** The state has nothing that is not there. */
export function withoutObject({ cloud, snapshot }: Moment): Violation[] {
  const there = new Set(thingsIn(cloud).map(({ id }) => id));
  return snapshot.resources
    .filter(({ type, id }) => type.includes("dynamic/processmind") && !there.has(id ?? ""))
    .map(({ id, urn }) => ({ rule: "state without object", detail: `${urn} is ${id}, which is not there` }));
}

/** An upload has the id of its table, and does not make it known. */
function idsIn({ resources }: Snapshot): Set<string | undefined> {
  return new Set(resources.filter(({ type }) => !type.endsWith(":DatatableUpload")).map(({ id }) => id));
}

/** One warning names the first table that leaves the stack and stays in ProcessMind; of the others there is a row each. */
function leftWithOthers(id: string, { resources }: Snapshot, text: string): boolean {
  const names = resources.filter((entry) => entry.id === id).map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
  return text.includes("every other datatable") && names.some((name) => text.includes(` ${name} deleted`));
}

/** Its own create lost its reply, and says so. */
function isAmbiguous(declared: Declaration[], text: string): boolean {
  const lines = text.split("\n").filter((line) => line.includes("(AMBIGUOUS_CREATE"));
  return declared.some(({ displayName }) =>
    lines.some((line) => /creating \w+ $/.test(line.split(`"${displayName}": `, 1)[0] ?? "")),
  );
}

/** Nothing went that the program did not give up, and no data went without a stored `forceDestroy`. */
export function noWrongDeletion(before: Moment, after: Moment, round: Round): Violation[] {
  const left = new Set(thingsIn(after.cloud).map(({ id }) => id));
  const things = new Map(thingsIn(before.cloud).map((thing) => [thing.id, thing]));
  // An upload has the id of its table.
  const objects = before.snapshot.resources.filter(({ type }) => !type.endsWith(":DatatableUpload"));
  const entries = new Map(objects.map((entry) => [entry.id ?? "", entry]));
  return [...things.values()]
    .filter(({ id }) => !left.has(id))
    .flatMap((thing) => {
      const holders = goneHolders(thing, things, left);
      const isForced = ({ id }: Thing) => entries.get(id)?.outputs?.["forceDestroy"] === true;
      // A dataset whose full tables were given up one by one holds nothing any more.
      const full = [...things.values()].filter(({ holder, hasRows }) => hasRows && holder === thing.id);
      const forced = [thing, ...holders].some(isForced) || (full.length > 0 && full.every(isForced));
      // What may go is replaced together with its holder, and goes first.
      const all = isForced(thing) ? holdersOf(thing, things) : holders;
      const givenUp = [thing, ...all].some(({ id }) => isGivenUp(entries.get(id), round));
      const detail = `${thing.id} "${thing.displayName}"`;
      if (thing.hasRows && !forced) return [{ rule: "data lost", detail: `${detail} had rows and no forceDestroy` }];
      return givenUp ? [] : [{ rule: "wrong deletion", detail: `${detail} is still in the program` }];
    });
}

function isGivenUp(entry: ResourceState | undefined, round: Round): boolean {
  if (!entry) return false;
  if (round.verb === "destroy" || entry.delete) return true;
  const wanted = round.program.find(({ name }) => entry.urn.endsWith(`::${name}`));
  return !wanted || wanted.displayName !== entry.outputs?.["displayName"];
}

function holdersOf(thing: Thing, things: Map<string, Thing>): Thing[] {
  const holder = things.get(thing.holder ?? "");
  return holder ? [holder, ...holdersOf(holder, things)] : [];
}

function goneHolders(thing: Thing, things: Map<string, Thing>, left: Set<string>): Thing[] {
  const holders = holdersOf(thing, things);
  const there = holders.findIndex(({ id }) => left.has(id));
  return there < 0 ? holders : holders.slice(0, there);
}

/** A name in an error, or an interrupted operation in the state: the user knows where to look. */
function isNamedAsResource(declared: Declaration[], text: string, snapshot: Snapshot): boolean {
  const pending = snapshot.pendingOperations.map(({ resource }) => `${resource.urn} `).join("\n");
  return declared.some(
    ({ name, displayName }) => new RegExp(`::${name}\\b`).test(text + pending) || text.includes(`"${displayName}"`),
  );
}

function thingsIn({ datasets, datatables, uploads }: TenantState): Thing[] {
  const loaded = (id: string) =>
    uploads.some(({ datatableId, ingestion }) => datatableId === id && ingestion === "done");
  const tables = datatables.map(({ id, displayName, datasetId, rowCount }) => ({
    id,
    displayName,
    holder: datasetId,
    hasRows: (rowCount ?? 0) > 0 || loaded(id),
  }));
  const full = new Set(tables.filter(({ hasRows }) => hasRows).map(({ holder }) => holder));
  return [
    ...tables,
    ...datasets.map(({ id, displayName, treeParentId }) => ({
      id,
      displayName,
      holder: treeParentId,
      hasRows: full.has(id),
    })),
  ];
}
