import { quoted } from "../../engine/message";
import { EmulatorError } from "./errors";

/** One switch for each thing the vendor's reference leaves open. {@link BEHAVIOURS} describes each. */
export interface Behaviour {
  wrongKeyStatus: 401 | 403;
  unknownRouteStatus: 404 | 403;
  missingStatus: 404 | 403;
  createStatus: 200 | 201;
  createReply: "full" | "id" | "wrapped" | "noId";
  uniqueNames: boolean;
  trimDisplayNames: boolean;
  missingReadsAfterCreate: number;
  missingListsAfterCreate: number;
  treeFieldsOnRead: boolean;
  treeFieldsInList: boolean;
  hiddenFields: string[];
  extraFields: boolean;
  rowCountBeforeUpload: "absent" | "null" | "zero";
  datatableDelete: "404" | "403" | "405" | "works" | "pretends";
  deleteReply: "success" | "successFalse";
  secondDelete: "missing" | "success";
  deleteFolderWithChildren: "cascade" | "refuse" | "orphan";
  uploadMode: "replace" | "append";
  ingestion: "works" | "fails" | "never";
  ingestionDelayMs: number;
  signedContentType: string | null;
  uploadToDeletedTable: "noSuchKey" | "accepted";
}

/** How sure the default is. */
export type Mark = "documented" | "client-only" | "assumed";

/** What one switch accepts, what it is when nobody sets it, and why. */
export interface Switch<T> {
  default: T;
  /** The closed list of values, or the kind of value. */
  accepts: readonly T[] | "count" | "names" | "text or null";
  mark: Mark;
  meaning: string;
}

const YES_NO = [true, false] as const;

/** Every switch. The README's table repeats this one, and a test holds the two together. */
export const BEHAVIOURS: { readonly [K in keyof Behaviour]: Switch<Behaviour[K]> } = {
  wrongKeyStatus: {
    default: 401,
    accepts: [401, 403],
    mark: "assumed",
    meaning: "Status for a missing or wrong API key.",
  },
  unknownRouteStatus: {
    default: 404,
    accepts: [404, 403],
    mark: "assumed",
    meaning: "Status for a method and path that the API does not have; AWS gateways return 403.",
  },
  missingStatus: {
    default: 404,
    accepts: [404, 403],
    mark: "assumed",
    meaning: "Status for an id that does not exist, the tenant's included.",
  },
  createStatus: { default: 200, accepts: [200, 201], mark: "assumed", meaning: "Status of a successful create." },
  createReply: {
    default: "full",
    accepts: ["full", "id", "wrapped", "noId"],
    mark: "assumed",
    meaning: "What a create returns: the object, `{id}` alone, `{data: object}`, or the object without its id.",
  },
  uniqueNames: {
    default: false,
    accepts: YES_NO,
    mark: "assumed",
    meaning: "Whether a name that is taken under the same parent is rejected with 409.",
  },
  trimDisplayNames: {
    default: false,
    accepts: YES_NO,
    mark: "assumed",
    meaning: "Whether the server trims the display names it is sent.",
  },
  missingReadsAfterCreate: {
    default: 0,
    accepts: "count",
    mark: "assumed",
    meaning: "How many reads of a new object respond as if it were missing.",
  },
  missingListsAfterCreate: {
    default: 0,
    accepts: "count",
    mark: "assumed",
    meaning: "From how many lists a new object is still absent.",
  },
  treeFieldsOnRead: {
    default: false,
    accepts: YES_NO,
    mark: "documented",
    meaning: "Whether reading one dataset shows treeNodeType and treeParentId; the reference shows neither.",
  },
  treeFieldsInList: {
    default: false,
    accepts: YES_NO,
    mark: "documented",
    meaning: "The same for the list of datasets.",
  },
  hiddenFields: {
    default: [],
    accepts: "names",
    mark: "assumed",
    meaning: "Fields left out of everything read or listed, such as rowCount, columns or createdAt.",
  },
  extraFields: {
    default: false,
    accepts: YES_NO,
    mark: "assumed",
    meaning: "Whether every object in a reply carries fields nobody documented.",
  },
  rowCountBeforeUpload: {
    default: "zero",
    accepts: ["absent", "null", "zero"],
    mark: "assumed",
    meaning: "rowCount and columns of a table nothing was uploaded to: absent, null, or 0 and [].",
  },
  datatableDelete: {
    default: "404",
    accepts: ["404", "403", "405", "works", "pretends"],
    mark: "assumed",
    meaning: "DELETE of one datatable: no such route (with that status), works, or returns success and does nothing.",
  },
  deleteReply: {
    default: "success",
    accepts: ["success", "successFalse"],
    mark: "documented",
    meaning: 'Whether DELETE does its work, or returns `{"success": false}` and does nothing.',
  },
  secondDelete: {
    default: "missing",
    accepts: ["missing", "success"],
    mark: "assumed",
    meaning: "DELETE of a deleted object: as any missing id, or success.",
  },
  deleteFolderWithChildren: {
    default: "cascade",
    accepts: ["cascade", "refuse", "orphan"],
    mark: "assumed",
    meaning: "DELETE of a TreeGroup that is not empty: takes all along, 409, or moves its children to the top.",
  },
  uploadMode: {
    default: "replace",
    accepts: ["replace", "append"],
    mark: "assumed",
    meaning: "Whether an upload replaces a table's rows or adds to them.",
  },
  ingestion: {
    default: "works",
    accepts: ["works", "fails", "never"],
    mark: "assumed",
    meaning: "Whether stored bytes become rows, fail to, or are left waiting.",
  },
  ingestionDelayMs: {
    default: 0,
    accepts: "count",
    mark: "assumed",
    meaning: "Time between the response to the PUT and the rows, in milliseconds.",
  },
  signedContentType: {
    default: null,
    accepts: "text or null",
    mark: "client-only",
    meaning: "A Content-Type that presigned URLs sign and the PUT must repeat; null signs none.",
  },
  uploadToDeletedTable: {
    default: "noSuchKey",
    accepts: ["noSuchKey", "accepted"],
    mark: "assumed",
    meaning: "PUT to a URL whose datatable is deleted: 404 NoSuchKey, or 200 and the bytes go nowhere.",
  },
};

/** What the emulator does when no switch is touched. */
export function defaultBehaviour(): Behaviour {
  return Object.fromEntries(
    Object.entries(BEHAVIOURS).map(([name, { default: value }]) => [name, structuredClone(value)]),
  ) as unknown as Behaviour; // Object.entries forgets which value belongs to which key.
}

/**
 * The given behaviour with some switches changed.
 * @throws EmulatorError naming the first switch or value that does not exist
 */
export function changedBehaviour(current: Behaviour, changes: Partial<Behaviour>): Behaviour {
  for (const [name, value] of Object.entries(changes)) assertAccepted(name, value);
  return { ...current, ...structuredClone(changes) };
}

function assertAccepted(name: string, value: unknown): void {
  const found = Object.entries(BEHAVIOURS).find(([known]) => known === name)?.[1];
  if (!found) {
    throw new EmulatorError(`Unknown behaviour "${quoted(name)}".`, [
      "list the behaviours: behaviour() of the emulator, or GET /_control/behaviour",
    ]);
  }
  const accepts: readonly unknown[] | string = found.accepts;
  if (typeof accepts === "string" ? isKind(accepts, value) : accepts.includes(value)) return;
  const expected = typeof accepts === "string" ? accepts : accepts.map((each) => JSON.stringify(each)).join(", ");
  throw new EmulatorError(`The behaviour "${name}" cannot be ${quoted(JSON.stringify(value) ?? "undefined")}.`, [
    `use ${expected}`,
  ]);
}

function isKind(kind: string, value: unknown): boolean {
  if (kind === "count") return Number.isSafeInteger(value) && (value as number) >= 0;
  if (kind === "names") return Array.isArray(value) && value.every((each) => typeof each === "string");
  return value === null || (typeof value === "string" && value !== "");
}
