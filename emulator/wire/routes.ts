import type { Deletion, Tenant } from "../domain/tenant";

/** What a route's handler is given. */
interface Call {
  tenant: Tenant;
  /** The decoded path segments, tenant aside. */
  ids: { datasetId: string; datatableId: string };
  body: unknown;
  /** Signs an upload URL for this request's query and client. */
  presign(datatableId: string): string;
}

/** What a handler did: the reply, and the change to be saved before it is sent. */
export interface Outcome {
  reply: unknown;
  changed: boolean;
  created?: true;
  freedObjectIds?: string[];
}

/** One call of the API. */
export interface Route {
  name: string;
  method: string;
  /** Segments in braces are parameters. */
  path: string;
  handle?: (call: Call) => Outcome;
}

const shown = (reply: unknown): Outcome => ({ reply, changed: false });
const created = (reply: unknown): Outcome => ({ reply, changed: true, created: true });
const deleted = ({ success, freedObjectIds }: Deletion): Outcome => ({
  reply: { success },
  changed: success,
  freedObjectIds,
});

/** The routing table: the vendor's reference, call by call, and the one PUT of the storage. */
export const ROUTES: readonly Route[] = [
  {
    name: "tenant.get",
    method: "GET",
    path: "/tenant/{tenantId}",
    handle: ({ tenant }) => shown(tenant.details()),
  },
  {
    name: "datasets.list",
    method: "GET",
    path: "/tenant/{tenantId}/datasets",
    handle: ({ tenant }) => shown(tenant.listDatasets()),
  },
  {
    name: "datasets.create",
    method: "POST",
    path: "/tenant/{tenantId}/datasets",
    handle: ({ tenant, body }) => created(tenant.createDataset(body)),
  },
  {
    name: "datasets.get",
    method: "GET",
    path: "/tenant/{tenantId}/datasets/{datasetId}",
    handle: ({ tenant, ids }) => shown(tenant.readDataset(ids.datasetId)),
  },
  {
    name: "datasets.delete",
    method: "DELETE",
    path: "/tenant/{tenantId}/datasets/{datasetId}",
    handle: ({ tenant, ids }) => deleted(tenant.deleteDataset(ids.datasetId)),
  },
  {
    name: "datatables.list",
    method: "GET",
    path: "/tenant/{tenantId}/datatables",
    handle: ({ tenant }) => shown(tenant.listDatatables()),
  },
  {
    name: "datatables.create",
    method: "POST",
    path: "/tenant/{tenantId}/datasets/{datasetId}/datatables",
    handle: ({ tenant, ids, body }) => created(tenant.createDatatable(ids.datasetId, body)),
  },
  {
    name: "datatables.get",
    method: "GET",
    path: "/tenant/{tenantId}/datatable/{datatableId}",
    handle: ({ tenant, ids }) => shown(tenant.readDatatable(ids.datatableId)),
  },
  {
    // Not in the reference; the switch `datatableDelete` decides whether the API has it.
    name: "datatables.delete",
    method: "DELETE",
    path: "/tenant/{tenantId}/datatable/{datatableId}",
    handle: ({ tenant, ids }) => deleted(tenant.deleteDatatable(ids.datatableId)),
  },
  {
    name: "uploads.presign",
    method: "GET",
    path: "/tenant/{tenantId}/datatable/{datatableId}/uploads/presignedurl",
    handle: ({ presign, ids }) => ({ reply: { PreSignedUploadUrl: presign(ids.datatableId) }, changed: true }),
  },
  // Served by the storage, listed for its name.
  { name: "storage.put", method: "PUT", path: "/{bucket}/{key}" },
];

/** The API route for a request, with its decoded path parameters. */
export function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of ROUTES) {
    const params = route.handle && route.method === method ? paramsOf(route.path, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split("/");
  const segments = path.split("/");
  if (names.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const segment = segments[i] ?? "";
    if (!name.startsWith("{")) {
      if (name !== segment) return undefined;
      continue;
    }
    const value = decoded(segment);
    if (!value) return undefined;
    params[name.slice(1, -1)] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
