import type { WireDataset, WireDatatable } from "../api/wire";
import type { Existing } from "./existing";
import type { FileMatches, MatchedFile } from "./match-files";
import { type Name, Names, type Noun, naturalName, naturalTableName } from "./names";
import { quoted, type Tenant } from "./tenant";

/** What a program declares, in no language yet. */
export interface Declaration {
  kind: "Dataset" | "Datatable" | "DatatableUpload";
  name: Name;
  /** Sentences for the comment above it. */
  notes: string[];
  /** The object is read, not adopted: it has no name that a declaration could have. */
  readId?: string;
  properties: Property[];
}

interface Property {
  key: string;
  value: string | Reference;
}

/** The id of another resource of the program. */
export interface Reference {
  idOf: Name;
}

/** Datasets with their tables below them, folders before what they hold. */
export function declarationsOf(tenant: Tenant, files: FileMatches, existing: Existing): Declaration[] {
  const names = nameAll(tenant, existing);
  const tree = new Tree(tenant.datasets);
  const describe = new Describer(tenant, names, existing, tree);
  const tablesOf = groupBy(tenant.tables, ({ datasetId }) => datasetId?.toLowerCase() ?? "");
  const declared: Declaration[] = [];
  const addTables = (datasetId: string) => {
    for (const table of inOrder(tablesOf.get(datasetId) ?? [])) {
      if (existing.hasId(table.id)) continue;
      const declaration = describe.table(table, files.notes.get(table.id));
      declared.push(declaration);
      const file = files.files.get(table.id);
      if (file !== undefined) declared.push(describe.upload(table, declaration, file));
    }
    tablesOf.delete(datasetId);
  };
  for (const dataset of tree.fromTheTop()) {
    if (!existing.hasId(dataset.id)) declared.push(describe.dataset(dataset, tablesOf.has(dataset.id.toLowerCase())));
    addTables(dataset.id.toLowerCase());
  }
  // Those whose dataset is not listed.
  for (const datasetId of [...tablesOf.keys()].sort()) addTables(datasetId);
  return declared;
}

class Describer {
  private readonly datasets: Map<string, WireDataset>;

  constructor(
    tenant: Tenant,
    private readonly names: Map<string, Name>,
    private readonly existing: Existing,
    private readonly tree: Tree,
  ) {
    this.datasets = new Map(tenant.datasets.map((dataset) => [dataset.id.toLowerCase(), dataset]));
  }

  dataset(dataset: WireDataset, hasTables: boolean): Declaration {
    const { id, displayName, treeNodeType, treeParentId } = dataset;
    const name = this.nameOf(id);
    if (!isUsable(displayName)) return read("Dataset", name, id);
    const isFolder = treeNodeType === "TreeGroup" || (treeNodeType === undefined && this.tree.hasChildren(id));
    const isUnclear = treeNodeType === undefined && !hasTables && !isFolder;
    const parent = treeParentId ? this.reference(treeParentId, "folder", this.tree.isCut(id)) : undefined;
    const notes = [
      ...(isUnclear ? ["ProcessMind does not report whether this is a dataset or a folder (TreeGroup)."] : []),
      ...(parent?.notes ?? []),
    ];
    const properties: Property[] = [
      { key: "displayName", value: displayName },
      ...(isFolder ? [{ key: "treeNodeType", value: "TreeGroup" }] : []),
      ...(parent ? [{ key: "treeParentId", value: parent.value }] : []),
      { key: "existingId", value: id },
    ];
    return { kind: "Dataset", name, notes, properties };
  }

  table(table: WireDatatable, notes: string[] = []): Declaration {
    const { id, displayName, datasetId = "" } = table;
    const name = this.nameOf(id);
    if (!isUsable(displayName)) return read("Datatable", name, id, notes);
    const dataset = this.reference(datasetId, "dataset");
    const properties: Property[] = [
      { key: "datasetId", value: dataset.value },
      { key: "displayName", value: displayName },
      { key: "existingId", value: id },
    ];
    return { kind: "Datatable", name, notes: [...dataset.notes, ...notes], properties };
  }

  upload({ datasetId = "" }: WireDatatable, table: Declaration, file: MatchedFile): Declaration {
    const properties: Property[] = [
      { key: "datasetId", value: this.reference(datasetId, "dataset").value },
      { key: "datatableId", value: { idOf: table.name } },
      { key: "source", value: file.source },
      { key: "whenTableHasRows", value: "skip" },
    ];
    return { kind: "DatatableUpload", name: table.name, notes: file.notes, properties };
  }

  private reference(id: string, noun: string, isCut = false): { value: string | Reference; notes: string[] } {
    if (isCut)
      return { value: id, notes: ["ProcessMind reports folders that hold each other; hence its folder's id."] };
    if (this.existing.hasId(id)) {
      const idOf = this.existing.nameOf(id);
      return idOf ? { value: { idOf }, notes: [] } : { value: id, notes: [`This program has its ${noun} already.`] };
    }
    const found = this.datasets.get(id.toLowerCase());
    if (found !== undefined) return { value: { idOf: this.nameOf(found.id) }, notes: [] };
    return { value: id, notes: [`ProcessMind does not list its ${noun}; hence the ${noun}'s id.`] };
  }

  private nameOf(id: string): Name {
    const name = this.names.get(id.toLowerCase());
    if (name === undefined) throw new Error(`no name for ${quoted(id, 40)}`);
    return name;
  }
}

/** The provider declares only what has a name, and Pulumi can only hold text that is well formed. */
function isUsable(displayName: string | undefined): displayName is string {
  return displayName !== undefined && displayName.trim() !== "" && !/\p{Cs}/u.test(displayName);
}

function read(kind: "Dataset" | "Datatable", name: Name, id: string, notes: string[] = []): Declaration {
  const why = "It has no usable name in ProcessMind, so it is read, and never changed or deleted.";
  return { kind, name, notes: [why, ...notes], readId: id, properties: [] };
}

/** Oldest first, so that a newer object takes no name from an older one. */
function nameAll({ datasets, tables }: Tenant, existing: Existing): Map<string, Name> {
  const names = new Names(existing.names);
  const natural = new Map(
    datasets.map((dataset) => [
      dataset.id.toLowerCase(),
      naturalName(nounOf(dataset), dataset.id, dataset.displayName),
    ]),
  );
  const objects = [
    ...datasets.map((dataset) => ({
      ...dataset,
      noun: nounOf(dataset),
      natural: natural.get(dataset.id.toLowerCase()) ?? "",
    })),
    ...tables.map((table) => ({
      ...table,
      noun: "table" as const,
      natural: naturalTableName(table.id, table.displayName, natural.get(table.datasetId?.toLowerCase() ?? "")),
    })),
  ].filter(({ id }) => !existing.hasId(id));
  objects.sort((one, other) => compare(one.createdAt ?? "", other.createdAt ?? "") || compare(one.id, other.id));
  return new Map(objects.map(({ id, noun, natural }) => [id.toLowerCase(), names.take(natural, noun, id)]));
}

function nounOf({ treeNodeType }: WireDataset): Noun {
  return treeNodeType === "TreeGroup" ? "folder" : "dataset";
}

/** Datasets and folders, as they hold each other. */
class Tree {
  private readonly children: Map<string, WireDataset[]>;
  private readonly parents: Map<string, string | undefined>;
  private readonly cut = new Set<string>();

  constructor(private readonly datasets: readonly WireDataset[]) {
    this.parents = new Map(datasets.map(({ id, treeParentId }) => [id.toLowerCase(), treeParentId?.toLowerCase()]));
    this.children = groupBy(datasets, ({ treeParentId }) => treeParentId?.toLowerCase() ?? "");
  }

  hasChildren(id: string): boolean {
    return this.children.has(id.toLowerCase());
  }

  /** Whether the object is one of folders that hold each other, and its own folder is declared after it. */
  isCut(id: string): boolean {
    return this.cut.has(id.toLowerCase());
  }

  /** Each before what it holds. */
  fromTheTop(): WireDataset[] {
    const reached = new Map<string, WireDataset>();
    const isTop = ({ treeParentId }: WireDataset) => !treeParentId || !this.parents.has(treeParentId.toLowerCase());
    this.reach(this.datasets.filter(isTop), reached);
    // What is left hangs below folders that hold each other. Such a ring is cut at its first.
    for (const dataset of inOrder(this.datasets)) {
      if (reached.has(dataset.id.toLowerCase()) || !this.isInRing(dataset)) continue;
      this.cut.add(dataset.id.toLowerCase());
      this.reach([dataset], reached);
    }
    return [...reached.values()];
  }

  /** Without recursion: folders may lie in each other a thousand deep. */
  private reach(from: readonly WireDataset[], reached: Map<string, WireDataset>): void {
    const pending = inOrder(from).reverse();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const id = next.id.toLowerCase();
      if (reached.has(id)) continue;
      reached.set(id, next);
      pending.push(...inOrder(this.children.get(id) ?? []).reverse());
    }
  }

  private isInRing(dataset: WireDataset): boolean {
    const start = dataset.id.toLowerCase();
    const seen = new Set<string>();
    for (let at = this.parents.get(start); at !== undefined && !seen.has(at); at = this.parents.get(at)) {
      if (at === start) return true;
      seen.add(at);
    }
    return false;
  }
}

/** By name, as a person would look for them, whatever order the API lists them in. */
function inOrder<T extends { id: string; displayName?: string }>(objects: readonly T[]): T[] {
  const key = ({ displayName = "" }: T) => displayName.toLowerCase();
  return [...objects].sort((one, other) => compare(key(one), key(other)) || compare(one.id, other.id));
}

/** By code units: the order must not depend on the machine's language. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
