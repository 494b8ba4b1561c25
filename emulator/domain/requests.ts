import { RequestError } from "./errors";
import type { Dataset } from "./model";

/** Longest life of a signature-v4 URL, by AWS's own rule. */
export const MAX_VALID_SECONDS = 604_800;
const DEFAULT_VALID_SECONDS = 3600;
const LONGEST_KEY_PART_BYTES = 700;

/** What a create of a dataset asks for. */
export interface DatasetRequest {
  displayName: string;
  treeNodeType: Dataset["treeNodeType"];
  treeParentId: string | null;
}

/** What a request for a presigned URL asks for. */
export interface UploadRequest {
  datasetId: string;
  fileName: string;
  sizeBytes: number;
  lastModifiedMs: number;
  validForSeconds: number;
}

/** @throws RequestError when the body is not a valid create of a dataset */
export function parseDatasetRequest(body: unknown, trim: boolean): DatasetRequest {
  const fields = asObject(body);
  const { treeNodeType = "Dataset", treeParentId = null } = fields;
  if (treeNodeType !== "Dataset" && treeNodeType !== "TreeGroup") {
    throw new RequestError("INVALID", `treeNodeType must be Dataset or TreeGroup, not ${JSON.stringify(treeNodeType)}`);
  }
  if (treeParentId !== null && typeof treeParentId !== "string") {
    throw new RequestError("INVALID", "treeParentId must be the id of a TreeGroup, or null");
  }
  return { displayName: parseDisplayName(body, trim), treeNodeType, treeParentId };
}

/** @throws RequestError when the body has no usable displayName */
export function parseDisplayName(body: unknown, trim: boolean): string {
  const { displayName } = asObject(body);
  if (typeof displayName !== "string" || displayName.trim() === "") {
    throw new RequestError("INVALID", "displayName is required and must be a text that is not empty");
  }
  return trim ? displayName.trim() : displayName;
}

/** @throws RequestError naming the first query parameter that is missing, mis-cased or malformed */
export function parseUploadRequest(query: URLSearchParams): UploadRequest {
  const datasetId = required(query, "datasetid");
  const fileName = parseFileName(required(query, "filename"));
  const sizeBytes = wholeNumber("filesize", required(query, "filesize"));
  const lastModifiedMs = Number(required(query, "filelastmodified"));
  // Vendor clients send whole milliseconds as well as Node's fractional `mtimeMs`.
  if (!Number.isFinite(lastModifiedMs) || lastModifiedMs < 0) {
    throw new RequestError("INVALID", "query parameter filelastmodified must be a number of milliseconds");
  }
  const validForSeconds = wholeNumber("validforseconds", query.get("validforseconds") ?? String(DEFAULT_VALID_SECONDS));
  if (validForSeconds < 1 || validForSeconds > MAX_VALID_SECONDS) {
    throw new RequestError("INVALID", `query parameter validforseconds must lie between 1 and ${MAX_VALID_SECONDS}`);
  }
  return { datasetId, fileName, sizeBytes, lastModifiedMs, validForSeconds };
}

function asObject(body: unknown): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RequestError("INVALID", "the request body must be a JSON object");
  }
  return body as Record<string, unknown>;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value) return value;
  const miscased = [...query.keys()].find((key) => key !== name && key.toLowerCase() === name);
  const hint = miscased ? ` (names are case-sensitive: ${miscased} is another one)` : "";
  throw new RequestError("INVALID", `query parameter ${name} is required${hint}`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new RequestError("INVALID", `query parameter ${name} must be a whole number, not ${JSON.stringify(text)}`);
}

function parseFileName(name: string): string {
  const isBaseName = name !== "." && name !== ".." && !/[/\\\p{Cc}]/u.test(name);
  if (isBaseName && Buffer.byteLength(name) <= LONGEST_KEY_PART_BYTES) return name;
  throw new RequestError("INVALID", "query parameter filename must be a plain file name without a folder");
}
