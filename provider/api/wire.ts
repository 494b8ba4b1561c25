import { type ErrorDetails, type ProcessMindError, redactAndCut } from "../errors";
import * as says from "../messages/requests";
import { withoutUndefined } from "../properties";
import { sameId } from "../same";

/**
 * The API's own shapes and casing, and the guards that turn an answer into them. Only the id is relied on: what a
 * reply leaves out stays undefined, what has the wrong type is an error that names the field.
 */

export interface WireDataset {
  id: string;
  displayName?: string;
  createdAt?: string;
  datatableCount?: number;
  treeNodeType?: string;
  /** null: at the top of the tree. undefined: the API did not say. */
  treeParentId?: string | null;
  /** Only when one dataset is read. */
  datatables?: WireDatatable[];
}

export interface WireDatatable {
  id: string;
  displayName?: string;
  datasetId?: string;
  /** null and undefined: the API did not say. 0: it has no rows. */
  rowCount?: number | null;
  columns?: WireColumn[];
  createdAt?: string;
}

export interface WireColumn {
  name: string;
  type: string;
}

/** Where an answer came from, for the error that names a bad field. */
export interface Origin {
  doing: string;
  details: ErrorDetails;
}

export function parseDataset(json: unknown, origin: Origin): WireDataset {
  const fields = fieldsOf(json, "the response", origin);
  return withoutUndefined({
    id: idOf(json, origin),
    displayName: text(fields, "displayName", origin),
    createdAt: text(fields, "createdAt", origin),
    datatableCount: count(fields, "datatableCount", origin) ?? undefined,
    treeNodeType: text(fields, "treeNodeType", origin),
    treeParentId: fields["treeParentId"] === null ? null : reference(fields, "treeParentId", origin),
    datatables:
      fields["datatables"] === undefined || fields["datatables"] === null
        ? undefined
        : listOf(fields["datatables"], '"datatables"', origin).map((item) => parseDatatable(item, origin)),
  });
}

export function parseDatatable(json: unknown, origin: Origin): WireDatatable {
  const fields = fieldsOf(json, "the response", origin);
  return withoutUndefined({
    id: idOf(json, origin),
    displayName: text(fields, "displayName", origin),
    datasetId: reference(fields, "datasetId", origin),
    rowCount: count(fields, "rowCount", origin),
    columns: columnsOf(fields["columns"], origin),
    createdAt: text(fields, "createdAt", origin),
  });
}

/** A bare array is the whole list: the API documents no pages, so anything else fails loudly. */
export function parseList<T>(json: unknown, origin: Origin, parse: (item: unknown, origin: Origin) => T): T[] {
  return listOf(json, "the response", origin).map((item) => parse(item, origin));
}

/** The id of an object in an answer; without one nothing can go on, so the error names what was there. */
export function idOf(json: unknown, origin: Origin): string {
  const fields = fieldsOf(json, "the response", origin);
  const id = reference(fields, "id", origin);
  if (id !== undefined && id !== "") return id;
  throw bad(says.noId(), origin, says.onlyKeys(keysOf(fields, "id")));
}

/** What was asked for by its id. About another object, as from a cache that mixes them up, nothing may be decided. */
export function parseOfId<T extends { id: string }>(
  id: string,
  json: unknown,
  origin: Origin,
  parse: (json: unknown, origin: Origin) => T,
): T {
  const found = parse(json, origin);
  if (sameId(found.id, id)) return found;
  throw bad(says.otherObject(redactAndCut(found.id, NAME_CHARACTERS)), origin);
}

/** `{"PreSignedUploadUrl": …}`; the value is a credential and never part of an error. */
export function parsePresignedUrl(json: unknown, origin: Origin): string {
  const fields = fieldsOf(json, "the response", origin);
  const url = fields["PreSignedUploadUrl"];
  if (typeof url === "string" && URL.canParse(url)) return url;
  const isUnusable = typeof url === "string" && url !== "";
  throw bad(says.noUploadUrl(isUnusable), origin, says.onlyKeys(keysOf(fields, "PreSignedUploadUrl")));
}

/** Whether a DELETE was carried out, as the API says by `{"success": true}` or `false`; undefined when it does not say. */
export function parseSuccess(json: unknown, origin: Origin): boolean | undefined {
  const { success } = fieldsOf(json, "the response", origin);
  return typeof success === "boolean" ? success : undefined;
}

type Fields = Record<string, unknown>;

const NAMES_AT_MOST = 5;
const NAME_CHARACTERS = 36;

function fieldsOf(json: unknown, what: string, origin: Origin): Fields {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Fields;
  throw bad(says.wrongType(what, nameOf(json), "an object"), origin);
}

function listOf(json: unknown, what: string, origin: Origin): unknown[] {
  if (Array.isArray(json)) return json;
  throw bad(says.wrongType(what, nameOf(json), "a list"), origin);
}

function text(fields: Fields, name: string, origin: Origin): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw bad(says.wrongType(`"${name}"`, nameOf(value), "text"), origin);
}

/** An id is opaque text to us; Pulumi would turn a number into "". */
function reference(fields: Fields, name: string, origin: Origin): string | undefined {
  const value = fields[name];
  if (typeof value !== "number") return text(fields, name, origin);
  if (Number.isSafeInteger(value)) return String(value);
  throw bad(says.inexactNumber(name), origin);
}

/** What a response has in the place of the field that was looked for. Names only: values may be anything. */
function keysOf(fields: Fields, looked: string): string {
  const names = Object.keys(fields).filter((name) => name !== looked);
  const cut = names.slice(0, NAMES_AT_MOST).map((name) => redactAndCut(name, NAME_CHARACTERS));
  return `${cut.join(", ") || "nothing"}${names.length > NAMES_AT_MOST ? ", …" : ""}`;
}

function count(fields: Fields, name: string, origin: Origin): number | null | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw bad(says.wrongType(`"${name}"`, nameOf(value), "a number"), origin);
}

function columnsOf(value: unknown, origin: Origin): WireColumn[] | undefined {
  if (value === undefined || value === null) return undefined;
  return listOf(value, '"columns"', origin).map((item) => {
    const fields = fieldsOf(item, 'an item of "columns"', origin);
    return { name: text(fields, "name", origin) ?? "", type: text(fields, "type", origin) ?? "" };
  });
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return `a ${typeof value}`;
}

function bad(happened: string, { doing, details }: Origin, more?: string): ProcessMindError {
  return says.badResponse(doing, happened, details, more);
}
