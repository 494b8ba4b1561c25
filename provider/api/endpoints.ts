import * as doing from "../messages/doing";
import { type ApiRequest, type Connection, pathFrom, requestJson } from "./http";
import {
  idOf,
  type Origin,
  parseDataset,
  parseDatatable,
  parseList,
  parseOfId,
  parsePresignedUrl,
  parseSuccess,
  type WireDataset,
  type WireDatatable,
} from "./wire";

/**
 * One function per call of ProcessMind's API ("API reference: Data"). **D** marks what that reference documents,
 * **U** what it leaves open and how we read it.
 */

/** How long a 404 just after our own create is taken for a delay of the service. U: nobody documents one. */
const READ_AFTER_WRITE_MS = 5_000;

/** What came back from a create: the id at once, the rest only when asked for, since it may be malformed. */
export interface Created<T> {
  id: string;
  /** @throws ProcessMindError `BAD_RESPONSE`; the object exists all the same. */
  details(): T;
}

export interface PresignQuery {
  datasetId: string;
  datatableId: string;
  /** Base name of the file. */
  fileName: string;
  sizeBytes: number;
  /** Whole milliseconds since 1970. */
  lastModifiedMs: number;
  /** Life of the URL; the service takes 3,600 when absent, S3 allows at most 604,800. */
  validForSeconds?: number;
}

/** D: GET /tenant/{t}/datasets. U: whether folders are listed too, and whether tree fields are. */
export async function listDatasets(connection: Connection, tenantId: string): Promise<WireDataset[]> {
  const request: ApiRequest = {
    method: "GET",
    segments: ["tenant", tenantId, "datasets"],
    doing: doing.listingDatasets(tenantId),
  };
  return parseList(await requestJson(connection, request), originOf(request), parseDataset);
}

/** D: POST /tenant/{t}/datasets. U: the reply's fields; only its `id` is required. Never repeated once sent. */
export async function createDataset(
  connection: Connection,
  tenantId: string,
  body: { displayName: string; treeNodeType: string; treeParentId: string | null },
): Promise<Created<WireDataset>> {
  const request: ApiRequest = {
    method: "POST",
    segments: ["tenant", tenantId, "datasets"],
    body,
    doing: doing.creating(body.treeNodeType === "TreeGroup" ? "TreeGroup" : "Dataset", body.displayName),
  };
  return createdFrom(await requestJson(connection, request), request, parseDataset);
}

/** D: GET /tenant/{t}/datasets/{d}. U: whether a missing one is 404 or 403; only 404 counts as gone. */
export async function getDataset(connection: Connection, tenantId: string, id: string): Promise<WireDataset> {
  const request: ApiRequest = {
    method: "GET",
    segments: ["tenant", tenantId, "datasets", id],
    doing: doing.reading("Dataset", id),
  };
  return parseOfId(id, await requestJson(connection, request), originOf(request), parseDataset);
}

/** D: DELETE /tenant/{t}/datasets/{d}; destroys all its datatables and their data. @returns what `success` says. */
export async function deleteDataset(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<boolean | undefined> {
  const request: ApiRequest = {
    method: "DELETE",
    segments: ["tenant", tenantId, "datasets", id],
    doing: doing.deleting("Dataset", id),
  };
  return parseSuccess(await requestJson(connection, request), originOf(request));
}

/** D: GET /tenant/{t}/datatables: those of the whole tenant. */
export async function listDatatables(connection: Connection, tenantId: string): Promise<WireDatatable[]> {
  const request: ApiRequest = {
    method: "GET",
    segments: ["tenant", tenantId, "datatables"],
    doing: doing.listingDatatables(tenantId),
  };
  return parseList(await requestJson(connection, request), originOf(request), parseDatatable);
}

/** D: POST /tenant/{t}/datasets/{d}/datatables. U: as for createDataset. */
export async function createDatatable(
  connection: Connection,
  tenantId: string,
  datasetId: string,
  body: { displayName: string },
): Promise<Created<WireDatatable>> {
  const request: ApiRequest = {
    method: "POST",
    segments: ["tenant", tenantId, "datasets", datasetId, "datatables"],
    body,
    doing: doing.creatingIn(datasetId, body.displayName),
    patienceOn404Ms: READ_AFTER_WRITE_MS,
  };
  return createdFrom(await requestJson(connection, request), request, parseDatatable);
}

/** D: GET /tenant/{t}/datatable/{dt}, in the singular. */
export async function getDatatable(connection: Connection, tenantId: string, id: string): Promise<WireDatatable> {
  const request: ApiRequest = {
    method: "GET",
    segments: ["tenant", tenantId, "datatable", id],
    doing: doing.reading("Datatable", id),
  };
  return parseOfId(id, await requestJson(connection, request), originOf(request), parseDatatable);
}

/** U: the reference has no DELETE of one datatable; this is the path it would have. @returns what `success` says. */
export async function deleteDatatable(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<boolean | undefined> {
  const request: ApiRequest = {
    method: "DELETE",
    segments: ["tenant", tenantId, "datatable", id],
    doing: doing.deleting("Datatable", id),
  };
  return parseSuccess(await requestJson(connection, request), originOf(request));
}

/** D: GET …/uploads/presignedurl; query names in lower case. @returns the URL: a credential, never logged or stored. */
export async function presignUpload(connection: Connection, tenantId: string, query: PresignQuery): Promise<string> {
  const request: ApiRequest = {
    method: "GET",
    segments: ["tenant", tenantId, "datatable", query.datatableId, "uploads", "presignedurl"],
    query: {
      datasetid: query.datasetId,
      filename: query.fileName,
      filesize: String(query.sizeBytes),
      filelastmodified: String(query.lastModifiedMs),
      ...(query.validForSeconds === undefined ? {} : { validforseconds: String(query.validForSeconds) }),
    },
    doing: doing.presigning(query.datatableId),
    patienceOn404Ms: READ_AFTER_WRITE_MS,
  };
  return parsePresignedUrl(await requestJson(connection, request), originOf(request));
}

function createdFrom<T>(json: unknown, request: ApiRequest, parse: (json: unknown, origin: Origin) => T): Created<T> {
  const origin = originOf(request);
  return { id: idOf(json, origin), details: () => parse(json, origin) };
}

function originOf(request: ApiRequest): Origin {
  return { doing: request.doing, details: { method: request.method, path: pathFrom(request.segments) } };
}
