import { getDataset, getDatatable, listDatasets, listDatatables } from "../api/endpoints";
import type { Connection } from "../api/http";
import type { WireDataset, WireDatatable } from "../api/wire";
import { hasCode, type ProcessMindError } from "../errors";
import { limitTo } from "../limit";
import { nearestName } from "../nearest";
import { sameId, sameName } from "../same";
import { GenerateError } from "./options";

/** Reads what a tenant has, with as few requests as its lists allow. */

/** What is to be declared. */
export interface Tenant {
  /** Datasets and folders. */
  datasets: WireDataset[];
  tables: WireDatatable[];
  /** What was left out, and why: sentences for the user. */
  notes: string[];
}

/** Reads objects one by one, a few at the same time; each has the whole time limit of the connection. */
export class Reader {
  private readonly turns = limitTo(8);
  private readonly datasets = new Map<string, Promise<WireDataset | undefined>>();
  private readonly tables = new Map<string, Promise<WireDatatable | undefined>>();

  constructor(
    private readonly connection: Connection,
    private readonly tenantId: string,
  ) {}

  async lists(): Promise<[WireDataset[], WireDatatable[]]> {
    const { connection, tenantId } = this;
    const [datasets, tables] = await Promise.all([
      listDatasets(connection, tenantId),
      listDatatables(connection, tenantId),
    ]);
    return [eachOnce(datasets), eachOnce(tables)];
  }

  /** A line of the list with what a GET of the dataset adds; undefined where it was deleted meanwhile. */
  dataset(line: WireDataset): Promise<WireDataset | undefined> {
    return this.once(this.datasets, "dataset", line, () => getDataset(this.connection, this.tenantId, line.id));
  }

  /** As {@link dataset}, with the table's columns. */
  table(line: WireDatatable): Promise<WireDatatable | undefined> {
    return this.once(this.tables, "datatable", line, () => getDatatable(this.connection, this.tenantId, line.id));
  }

  private once<T extends WireDataset | WireDatatable>(
    read: Map<string, Promise<T | undefined>>,
    noun: string,
    line: T,
    get: () => Promise<T>,
  ): Promise<T | undefined> {
    const earlier = read.get(line.id);
    if (earlier !== undefined) return earlier;
    const reading = this.turns(get).then(
      (details) => ({ ...line, ...details }),
      (error: unknown) => {
        if (hasCode(error, "NOT_FOUND")) return undefined;
        throw hasCode(error, "FORBIDDEN") || hasCode(error, "UNAUTHORIZED") ? mayNotRead(noun, line, error) : error;
      },
    );
    read.set(line.id, reading);
    return reading;
  }
}

function eachOnce<T extends { id: string }>(lines: readonly T[]): T[] {
  return [...new Map(lines.map((line) => [line.id.toLowerCase(), line])).values()];
}

/** `up` reads each object before it adopts it, so a program for such a key would fail there. */
function mayNotRead(noun: string, { id, displayName }: WireDataset, { status }: ProcessMindError): GenerateError {
  return new GenerateError(
    `the API key may list, but not read, the ${noun} ${quoted(displayName, 30)} (${id}): status ${status}.`,
    ["use a key that may read all that is to be adopted", "leave it out: name the other datasets with --dataset"],
  );
}

/**
 * @param wanted - names or ids of datasets and folders; empty: all.
 * @throws GenerateError when a wanted one is not there, or the key may not read.
 */
export async function readTenant(reader: Reader, wanted: readonly string[]): Promise<Tenant> {
  const [allDatasets, allTables] = await reader.lists();
  const listed = wanted.length === 0 ? allDatasets : await selected(reader, allDatasets, wanted);
  const datasets = await placed(reader, listed);
  const ids = new Set(datasets.map(({ id }) => id.toLowerCase()));
  const { tables, homeless } = await withDatasets(reader, allTables);
  const own = tables.filter(({ datasetId }) => wanted.length === 0 || ids.has(datasetId.toLowerCase()));
  const readable = await firstRead(reader, own);
  const notes = [
    ...gone("dataset", listed, datasets),
    ...gone("datatable", own, readable),
    ...(wanted.length === 0 ? homeless.map(noDataset) : []),
    ...untoldPlaces(datasets),
  ];
  return { datasets, tables: readable, notes };
}

type Placed = WireDatatable & { datasetId: string };

async function withDatasets(
  reader: Reader,
  lines: WireDatatable[],
): Promise<{ tables: Placed[]; homeless: WireDatatable[] }> {
  const read = await Promise.all(lines.map((line) => (line.datasetId === undefined ? reader.table(line) : line)));
  const found = read.filter((table) => table !== undefined);
  const isPlaced = (table: WireDatatable): table is Placed => table.datasetId !== undefined;
  return { tables: found.filter(isPlaced), homeless: found.filter((table) => !isPlaced(table)) };
}

/** Reads the first, since a list does not prove that the key may read. */
async function firstRead(reader: Reader, tables: Placed[]): Promise<Placed[]> {
  const [first] = tables;
  const isThere = first === undefined || (await reader.table(first)) !== undefined;
  return isThere ? tables : tables.slice(1);
}

function untoldPlaces(datasets: readonly WireDataset[]): string[] {
  const untold = datasets.filter(({ treeParentId }) => treeParentId === undefined);
  if (untold.length === 0) return [];
  const which = untold.length === datasets.length ? "the datasets" : `${untold.length} of ${datasets.length} datasets`;
  return [`ProcessMind does not report the folders of ${which}, so the program sets no treeParentId for them.`];
}

/** With type and folder, where ProcessMind reports them: a list need not. */
async function placed(reader: Reader, lines: WireDataset[]): Promise<WireDataset[]> {
  const [first] = lines;
  // One at least, for the same reason.
  const read = await Promise.all(
    lines.map((line) => (line === first || !tellsPlace(line) ? reader.dataset(line) : line)),
  );
  return read.filter((dataset) => dataset !== undefined);
}

function tellsPlace({ treeNodeType, treeParentId }: WireDataset): boolean {
  return treeNodeType !== undefined && treeParentId !== undefined;
}

/** The wanted datasets, what lies in wanted folders, and the folders above them all. */
async function selected(reader: Reader, all: WireDataset[], wanted: readonly string[]): Promise<WireDataset[]> {
  const named = wanted.flatMap((name) => matching(all, name));
  const roots = await placed(reader, [...new Set(named)]);
  const isFolder = roots.some(({ treeNodeType }) => treeNodeType === "TreeGroup");
  const known = isFolder ? await placed(reader, all) : roots;
  const chosen = new Map(roots.map((root) => [root.id.toLowerCase(), root]));
  const add = (dataset: WireDataset) => chosen.set(dataset.id.toLowerCase(), dataset);
  for (let size = 0; size < chosen.size; ) {
    size = chosen.size;
    for (const dataset of known) if (chosen.has(dataset.treeParentId?.toLowerCase() ?? "")) add(dataset);
  }
  for (let above = [...chosen.values()]; above.length > 0; ) {
    const parents = all.filter(({ id }) => above.some(({ treeParentId }) => sameId(treeParentId, id)));
    above = (await placed(reader, parents)).filter(({ id }) => !chosen.has(id.toLowerCase()));
    above.forEach(add);
  }
  return all.flatMap(({ id }) => chosen.get(id.toLowerCase()) ?? []);
}

function matching(all: WireDataset[], wanted: string): WireDataset[] {
  const found = all.filter(({ id, displayName }) => sameName(displayName, wanted) || sameId(id, wanted));
  if (found.length > 0) return found;
  const near = nearestName(
    wanted,
    all.flatMap(({ displayName }) => displayName ?? []),
  );
  const hint = near === undefined ? "." : `; did you mean ${quoted(near, 40)}?`;
  throw new GenerateError(`the tenant has no dataset or folder ${quoted(wanted, 40)}${hint}`);
}

function gone(noun: string, listed: readonly WireDataset[], found: readonly WireDataset[]): string[] {
  const ids = new Set(found.map(({ id }) => id));
  return listed
    .filter(({ id }) => !ids.has(id))
    .map(({ id, displayName }) => `the ${noun} ${quoted(displayName, 40)} (${id}) is listed, but a GET returns 404.`);
}

function noDataset({ id, displayName }: WireDatatable): string {
  return `ProcessMind does not report the dataset of the datatable ${quoted(displayName, 40)} (${id}).`;
}

/** A name for a message: one line, of at most this many characters. */
export function quoted(name: string | undefined, longest: number): string {
  const line = [...(name ?? "").replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")];
  return `"${line.length > longest ? `${line.slice(0, longest).join("")}…` : line.join("")}"`;
}
