import { randomUUID } from "node:crypto";
import type { Behaviour } from "./behaviour";
import { RequestError } from "./errors";
import type { Dataset, Datatable, Ingestion, StoredObject, TenantState, Upload } from "./model";
import { parseDatasetRequest, parseDisplayName, parseUploadRequest } from "./requests";
import * as views from "./views";

/** A change, and the bytes that nothing refers to any more once it is on record. */
export interface Deletion {
  success: boolean;
  freedObjectIds: string[];
}

/**
 * The rules of the service, on state in memory. Nothing here waits, so each call is atomic; whoever calls a method that
 * changes something saves the state before answering.
 */
export class Tenant {
  /** How often a new object stays invisible still. Deliberately not part of the state: a restart settles it. */
  private readonly hidden = new Map<string, { reads: number; lists: number }>();

  constructor(
    readonly state: TenantState,
    private readonly behaviour: () => Behaviour,
    private readonly now: () => number,
  ) {}

  details(): views.View {
    const { id, displayName, createdAt, plan } = this.state.tenant;
    return { id, displayName, createdAt, plan };
  }

  listDatasets(): views.View[] {
    return this.state.datasets
      .filter(({ id }) => this.isListed(id))
      .map((dataset) => views.datasetLine(this.state, dataset, this.behaviour()));
  }

  createDataset(body: unknown): views.View {
    const { uniqueNames, trimDisplayNames } = this.behaviour();
    const request = parseDatasetRequest(body, trimDisplayNames);
    const parent = this.state.datasets.find(({ id }) => id === request.treeParentId);
    if (request.treeParentId !== null && parent?.treeNodeType !== "TreeGroup") {
      throw new RequestError("INVALID", `treeParentId ${request.treeParentId} is not the id of a TreeGroup`);
    }
    const isTaken = (other: Dataset) =>
      other.displayName === request.displayName && other.treeParentId === request.treeParentId;
    if (uniqueNames && this.state.datasets.some(isTaken)) throw nameTaken("dataset", request.displayName);
    const dataset: Dataset = { id: randomUUID(), ...request, createdAt: this.timestamp() };
    this.state.datasets.push(dataset);
    this.hideNew(dataset.id);
    return views.createdDataset(dataset, this.behaviour());
  }

  readDataset(id: string): views.View {
    const dataset = this.dataset(id);
    if (this.isMissedByRead(id)) throw missing("dataset", id);
    return views.datasetDetails(this.state, dataset, this.behaviour());
  }

  /** Destroys a dataset and everything below it, for good. */
  deleteDataset(id: string): Deletion {
    const { deleteReply, secondDelete, deleteFolderWithChildren } = this.behaviour();
    const found = this.state.datasets.some((dataset) => dataset.id === id);
    if (!found && secondDelete === "success") return { success: true, freedObjectIds: [] };
    this.dataset(id);
    if (deleteReply === "successFalse") return { success: false, freedObjectIds: [] };
    const children = this.state.datasets.filter(({ treeParentId }) => treeParentId === id);
    if (children.length > 0 && deleteFolderWithChildren === "refuse") {
      throw new RequestError("CONFLICT", `folder ${id} is not empty`);
    }
    const doomed = deleteFolderWithChildren === "cascade" ? this.withDescendants(id) : [id];
    for (const child of children) if (!doomed.includes(child.id)) child.treeParentId = null;
    const tables = this.state.datatables.filter((table) => doomed.includes(table.datasetId));
    this.state.datasets = this.state.datasets.filter((dataset) => !doomed.includes(dataset.id));
    return { success: true, freedObjectIds: this.dropTables(tables.map((table) => table.id)) };
  }

  listDatatables(): views.View[] {
    return this.state.datatables
      .filter(({ id }) => this.isListed(id))
      .map((table) => views.datatableLine(table, this.behaviour()));
  }

  createDatatable(datasetId: string, body: unknown): views.View {
    const { uniqueNames, trimDisplayNames } = this.behaviour();
    if (this.dataset(datasetId).treeNodeType === "TreeGroup") {
      throw new RequestError("INVALID", `dataset ${datasetId} is a TreeGroup, which holds no datatables`);
    }
    const displayName = parseDisplayName(body, trimDisplayNames);
    const isTaken = (other: Datatable) => other.displayName === displayName && other.datasetId === datasetId;
    if (uniqueNames && this.state.datatables.some(isTaken)) throw nameTaken("datatable", displayName);
    const table: Datatable = { id: randomUUID(), datasetId, displayName, createdAt: this.timestamp() };
    this.state.datatables.push(table);
    this.hideNew(table.id);
    return views.createdDatatable(table, this.behaviour());
  }

  readDatatable(id: string): views.View {
    const table = this.datatable(id);
    if (this.isMissedByRead(id)) throw missing("datatable", id);
    return views.datatableDetails(table, this.behaviour());
  }

  deleteDatatable(id: string): Deletion {
    const { datatableDelete, deleteReply, secondDelete } = this.behaviour();
    const found = this.state.datatables.some((table) => table.id === id);
    if (!found && secondDelete === "success") return { success: true, freedObjectIds: [] };
    this.datatable(id);
    if (deleteReply === "successFalse") return { success: false, freedObjectIds: [] };
    if (datatableDelete === "pretends") return { success: true, freedObjectIds: [] };
    return { success: true, freedObjectIds: this.dropTables([id]) };
  }

  /** Notes that a presigned URL is being given out, and under which key. */
  requestUpload(datatableId: string, query: URLSearchParams): Upload {
    const table = this.datatable(datatableId);
    const request = parseUploadRequest(query);
    if (request.datasetId !== table.datasetId) {
      throw new RequestError("INVALID", `datatable ${datatableId} does not belong to dataset ${request.datasetId}`);
    }
    const now = this.now();
    this.state.uploads = this.state.uploads.filter(({ object, expiresAt }) => object || Date.parse(expiresAt) > now);
    const id = randomUUID();
    const upload: Upload = {
      id,
      datatableId,
      key: `${this.state.tenant.id}/${datatableId}/${id}/${request.fileName}`,
      fileName: request.fileName,
      declaredSizeBytes: request.sizeBytes,
      lastModifiedMs: request.lastModifiedMs,
      requestedAt: this.timestamp(),
      expiresAt: new Date(now + request.validForSeconds * 1000).toISOString(),
    };
    this.state.uploads.push(upload);
    return upload;
  }

  uploadByKey(key: string): Upload | undefined {
    return this.state.uploads.find((upload) => upload.key === key);
  }

  /** Puts new bytes behind a key; false when the key was deleted meanwhile. */
  storeObject(uploadId: string, object: StoredObject): { stored: boolean; freedObjectIds: string[] } {
    const upload = this.state.uploads.find(({ id }) => id === uploadId);
    if (!upload) return { stored: false, freedObjectIds: [] };
    const old = upload.object;
    upload.object = object;
    upload.ingestion = "waiting";
    delete upload.ingestionNote;
    return { stored: true, freedObjectIds: old?.kept ? [old.objectId] : [] };
  }

  /** Records how ingestion ended; rows arrive only with `done`. */
  finishIngestion(uploadId: string, ending: Exclude<Ingestion, "waiting">, note?: string): void {
    const upload = this.state.uploads.find(({ id }) => id === uploadId);
    if (!upload) return;
    upload.ingestion = ending;
    if (note) upload.ingestionNote = note;
  }

  /** Replaces a table's rows or adds to them. */
  loadRows(datatableId: string, rowCount: number, columns: Datatable["columns"] = []): void {
    const table = this.state.datatables.find(({ id }) => id === datatableId);
    if (!table) return;
    const known = this.behaviour().uploadMode === "append" ? (table.columns ?? []) : [];
    const before = this.behaviour().uploadMode === "append" ? (table.rowCount ?? 0) : 0;
    table.rowCount = before + rowCount;
    table.columns = [...known, ...columns.filter(({ name }) => !known.some((column) => column.name === name))];
  }

  /** Takes datatables away with their uploads; returns the ids of the bytes that leaves behind. */
  dropTables(ids: string[]): string[] {
    const freed = this.state.uploads.filter(({ datatableId }) => ids.includes(datatableId));
    this.state.uploads = this.state.uploads.filter(({ datatableId }) => !ids.includes(datatableId));
    this.state.datatables = this.state.datatables.filter(({ id }) => !ids.includes(id));
    return freed.flatMap(({ object }) => (object?.kept ? [object.objectId] : []));
  }

  private dataset(id: string): Dataset {
    const dataset = this.state.datasets.find((each) => each.id === id);
    if (!dataset) throw missing("dataset", id);
    return dataset;
  }

  private datatable(id: string): Datatable {
    const table = this.state.datatables.find((each) => each.id === id);
    if (!table) throw missing("datatable", id);
    return table;
  }

  /** Ends on a circle, too: parents can be changed behind the API's back. */
  private withDescendants(id: string): string[] {
    const family = new Set([id]);
    for (const each of family) {
      for (const child of this.state.datasets) if (child.treeParentId === each) family.add(child.id);
    }
    return [...family];
  }

  private hideNew(id: string): void {
    const { missingReadsAfterCreate: reads, missingListsAfterCreate: lists } = this.behaviour();
    if (reads > 0 || lists > 0) this.hidden.set(id, { reads, lists });
  }

  private isMissedByRead(id: string): boolean {
    const left = this.hidden.get(id);
    return left !== undefined && left.reads-- > 0;
  }

  private isListed(id: string): boolean {
    const left = this.hidden.get(id);
    return left === undefined || left.lists-- <= 0;
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}

function missing(noun: string, id: string): RequestError {
  return new RequestError("MISSING", `no ${noun} has the id ${id}`);
}

function nameTaken(noun: string, name: string): RequestError {
  return new RequestError("CONFLICT", `a ${noun} named ${JSON.stringify(name)} exists already`);
}
