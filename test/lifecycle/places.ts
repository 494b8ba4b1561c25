import { createHash } from "node:crypto";
import type { TenantState } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import type { DynamicHost, Kind } from "../support/dynamic-host";
import { CREATED_AT, ISO_TIME, TENANT } from "./scene";

/** Every request a resource sends, as a place where something can go wrong: one row each. */
export interface Place {
  /** `datatable.delete at datatables.get`: the call, and the route of the request at which it goes wrong. */
  name: string;
  method: "GET" | "POST" | "DELETE" | "PUT";
  route: string;
  /** Gerund and noun of the error told there. */
  doing: string;
  /** Path of that request. */
  path: string;
  /** A segment of the paths of this place's requests, and of no other place's. */
  id: string;
  /** Routes of its requests whose path has no such segment. Places of one wave share none. */
  lists: string[];
  wave: 1 | 2 | 3;
  /** What is sent before the request; what is sent for one attempt of it, and what follows when all is well. */
  before: string[];
  attempt: string[];
  after: string[];
  /** What the call comes to when all is well. */
  result: unknown;
  /** The same for a create whose reply was lost: what the list tells. */
  found?: unknown;
  /** How many objects of this place are in ProcessMind: at the start, and when all went well. */
  holds: [number, number];
  count(state: TenantState): number;
  run(host: DynamicHost, limits: { timeoutSeconds?: number }): Promise<unknown>;
}

export const CONTENT = "case_id,activity\n1,start\n1,end\n";
/** The id of the datasets that hold this table or get this object. */
const homeOf = (id: string) => `home-of-${id}`;
const at = (...segments: string[]) => `/${["tenant", TENANT, ...segments].join("/")}`;

type Call = Pick<Place, "count" | "result" | "found" | "holds"> & {
  kind: Kind;
  verb: "create" | "read" | "update" | "delete";
  properties: Properties;
};
type Request = Pick<Place, "method" | "route" | "doing" | "path" | "before" | "attempt" | "after" | "wave" | "lists">;

function place(id: string, call: Call, request: Request): Place {
  const { kind, verb, properties, ...expected } = call;
  return {
    name: `${kind}.${verb} at ${request.route}`,
    id,
    ...expected,
    ...request,
    run(host, limits) {
      const given = { ...properties, ...limits };
      if (verb === "create") return host.create(kind, given);
      if (verb === "read") return host.read(kind, id, given);
      if (verb === "update") return host.update(kind, id, { ...given, contentSha256: "0".repeat(64) }, given);
      return host.delete(kind, id, given);
    },
  };
}

const datasetInputs = (id: string) => ({ displayName: id, treeNodeType: "Dataset", tenantId: TENANT });
const datasetState = (id: string) => ({ ...datasetInputs(id), createdAt: CREATED_AT, adopted: false });
const countDatasets = (id: string) => (state: TenantState) =>
  state.datasets.filter(({ displayName }) => displayName === id).length;

function datasetPlaces(): Place[] {
  const create = (id: string): Call => ({
    kind: "dataset",
    verb: "create",
    properties: datasetInputs(id),
    count: countDatasets(id),
    holds: [0, 1],
    result: { id: expect.any(String), outputs: { ...datasetState(id), createdAt: ISO_TIME } },
    found: { id: expect.any(String), outputs: { ...datasetState(id), createdAt: ISO_TIME, datatableCount: 0 } },
  });
  const call = (id: string, verb: "read" | "delete", result: unknown): Call => ({
    kind: "dataset",
    verb,
    properties: datasetState(id),
    count: countDatasets(id),
    holds: verb === "read" ? [1, 1] : [1, 0],
    result,
  });
  const state = datasetState("set-read");
  const read = { id: "set-read", outputs: state, inputs: datasetInputs("set-read") };
  const get = (id: string) => ({ ...getOf("datasets", id), doing: `reading Dataset "${id}"` });
  return [
    place("set-list", create("set-list"), {
      ...listOf("datasets", 1),
      after: ["POST datasets.create"],
      lists: ["datasets.list", "datasets.create"],
    }),
    place("set-post", create("set-post"), {
      ...request("POST", "datasets.create", at("datasets"), 2),
      doing: 'creating Dataset "set-post"',
      before: ["GET datasets.list"],
      lists: ["datasets.list", "datasets.create"],
    }),
    place("set-read", call("set-read", "read", read), get("set-read")),
    place("set-get", call("set-get", "delete", undefined), { ...get("set-get"), after: ["DELETE datasets.delete"] }),
    place("set-delete", call("set-delete", "delete", undefined), {
      ...request("DELETE", "datasets.delete", at("datasets", "set-delete"), 3),
      doing: 'deleting Dataset "set-delete"',
      before: ["GET datasets.get"],
      lists: ["datasets.list"],
    }),
  ];
}

const tableInputs = (id: string) => ({ datasetId: homeOf(id), displayName: id, tenantId: TENANT });
const tableState = (id: string) => ({
  ...tableInputs(id),
  rowCount: 0,
  columns: [],
  createdAt: CREATED_AT,
  adopted: false,
});
const withoutColumns = ({ columns: _, ...state }: ReturnType<typeof tableState>) => state;
const countTables = (id: string) => (state: TenantState) =>
  state.datatables.filter(({ displayName }) => displayName === id).length;

function datatablePlaces(): Place[] {
  const create = (id: string): Call => ({
    kind: "datatable",
    verb: "create",
    properties: tableInputs(id),
    count: countTables(id),
    holds: [0, 1],
    result: { id: expect.any(String), outputs: { ...tableState(id), createdAt: ISO_TIME } },
    found: { id: expect.any(String), outputs: { ...withoutColumns(tableState(id)), createdAt: ISO_TIME } },
  });
  const call = (id: string, verb: "read" | "delete", result: unknown): Call => ({
    kind: "datatable",
    verb,
    properties: tableState(id),
    count: countTables(id),
    holds: verb === "read" ? [1, 1] : [1, 0],
    result,
  });
  const read = { id: "table-read", outputs: tableState("table-read"), inputs: tableInputs("table-read") };
  const get = (id: string) => ({ ...getOf("datatables", id), doing: `reading Datatable "${id}"` });
  return [
    place(homeOf("table-list"), create("table-list"), {
      ...listOf("datatables", 1),
      after: ["POST datatables.create"],
      lists: ["datatables.list"],
    }),
    place(homeOf("table-post"), create("table-post"), {
      ...request("POST", "datatables.create", at("datasets", homeOf("table-post"), "datatables"), 2),
      doing: `creating Datatable "table-post" in Dataset "${homeOf("table-post")}"`,
      before: ["GET datatables.list"],
      lists: ["datatables.list"],
    }),
    place("table-read", call("table-read", "read", read), get("table-read")),
    place("table-get", call("table-get", "delete", undefined), {
      ...get("table-get"),
      after: ["DELETE datatables.delete", "GET datatables.get"],
    }),
    place("table-delete", call("table-delete", "delete", undefined), {
      ...request("DELETE", "datatables.delete", at("datatable", "table-delete"), 3),
      doing: 'deleting Datatable "table-delete"',
      before: ["GET datatables.get"],
      lists: ["datatables.list"],
      after: ["GET datatables.get"],
    }),
  ];
}

const uploadInputs = (id: string) => ({
  datatableId: id,
  datasetId: homeOf(id),
  tenantId: TENANT,
  source: "orders.csv",
  fileName: "orders.csv",
  contentSha256: createHash("sha256").update(CONTENT).digest("hex"),
  sizeBytes: CONTENT.length,
  waitForRowsSeconds: 0,
  // The look at the table before an upload is no matter of this one.
  whenTableHasRows: "send",
});

function uploadPlaces(): Place[] {
  const call = (id: string, verb: "create" | "update"): Call => {
    const outputs = { ...uploadInputs(id), uploadedAt: ISO_TIME };
    return {
      kind: "datatableUpload",
      verb,
      properties: uploadInputs(id),
      count: (state) => state.uploads.filter((upload) => upload.datatableId === id && upload.object).length,
      holds: [0, 1],
      result: verb === "create" ? { id, outputs } : outputs,
    };
  };
  const read: Call = {
    ...call("load-read", "create"),
    verb: "read",
    properties: { ...uploadInputs("load-read"), uploadedAt: CREATED_AT },
    holds: [0, 0],
    result: {
      id: "load-read",
      outputs: { ...uploadInputs("load-read"), uploadedAt: CREATED_AT, loadedRowCount: 0 },
    },
  };
  const presign = (id: string): Request => ({
    ...request("GET", "uploads.presign", at("datatable", id, "uploads", "presignedurl"), 1),
    doing: `getting an upload URL for Datatable "${id}"`,
    after: ["PUT storage.put"],
  });
  const put = (id: string): Request => ({
    ...request("PUT", "storage.put", `/processmind-uploads/${TENANT}/${id}/UPLOAD/orders.csv`, 1),
    doing: `uploading "orders.csv" to Datatable "${id}"`,
    attempt: ["GET uploads.presign", "PUT storage.put"],
  });
  return [
    place("load-1", call("load-1", "create"), presign("load-1")),
    place("load-2", call("load-2", "update"), presign("load-2")),
    place("load-3", call("load-3", "create"), put("load-3")),
    place("load-4", call("load-4", "update"), put("load-4")),
    place("load-read", read, { ...getOf("datatables", "load-read"), doing: 'reading Datatable "load-read"' }),
  ];
}

function request(method: Place["method"], route: string, path: string, wave: Place["wave"]): Omit<Request, "doing"> {
  return { method, route, path, wave, before: [], attempt: [`${method} ${route}`], after: [], lists: [] };
}

function listOf(what: "datasets" | "datatables", wave: Place["wave"]): Request {
  return { ...request("GET", `${what}.list`, at(what), wave), doing: `listing the ${what} of tenant "${TENANT}"` };
}

function getOf(what: "datasets" | "datatables", id: string): Omit<Request, "doing"> {
  return request("GET", `${what}.get`, at(what === "datasets" ? what : "datatable", id), 1);
}

export const PLACES: Place[] = [...datasetPlaces(), ...datatablePlaces(), ...uploadPlaces()];

/** What must be in ProcessMind before: the objects that are read, deleted or loaded, and a dataset around each. */
export function furnish(state: TenantState): void {
  const rest = { createdAt: CREATED_AT, treeParentId: null, treeNodeType: "Dataset" } as const;
  for (const id of ["set-read", "set-get", "set-delete"]) state.datasets.push({ id, displayName: id, ...rest });
  for (const { id } of PLACES.filter(({ id }) => /^(table|load|home-of)-/.test(id))) {
    const home = id.startsWith("home-of-") ? id : homeOf(id);
    state.datasets.push({ id: home, displayName: home, ...rest });
    if (home === id) continue;
    state.datatables.push({ id, datasetId: home, displayName: id, createdAt: CREATED_AT });
  }
}
