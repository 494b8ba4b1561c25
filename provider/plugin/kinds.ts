import { status } from "@grpc/grpc-js";
import { type HostedLifecycle, hosted } from "../host";
import { datasetLifecycle } from "../lifecycles/dataset";
import { datatableLifecycle } from "../lifecycles/datatable";
import { datatableUploadLifecycle } from "../lifecycles/datatable-upload";
import { BadCall } from "./wire";

/** A kind of resource, and what the plugin must know about it beside its lifecycle. */
export interface Kind {
  lifecycle: HostedLifecycle;
  /** What only a create, update or refresh can find out: unknown in a preview. */
  outputs: readonly string[];
  /** Those of them that an update finds out anew. */
  updated: readonly string[];
  /** What every state has, and that neither an import nor a static `get` brings along. */
  marker: string;
  /** Why the kind cannot be imported. */
  notImportable?: string;
}

const KINDS: { readonly [token: string]: Kind } = {
  "processmind:index:Dataset": {
    lifecycle: hosted(datasetLifecycle),
    outputs: ["createdAt", "datatableCount", "adopted"],
    updated: [],
    marker: "adopted",
  },
  "processmind:index:Datatable": {
    lifecycle: hosted(datatableLifecycle),
    outputs: ["rowCount", "columns", "createdAt", "adopted"],
    updated: [],
    marker: "adopted",
  },
  "processmind:index:DatatableUpload": {
    lifecycle: hosted(datatableUploadLifecycle),
    outputs: ["uploadedAt", "loadedRowCount"],
    updated: ["uploadedAt", "loadedRowCount"],
    marker: "contentSha256",
    notImportable: "A DatatableUpload has nothing to import: declare it, and `pulumi up` sends its file.",
  },
};

/** @throws BadCall for a type this plugin does not have. */
export function kindOf(urn: string): Kind {
  // Types of parents come before the resource's own, separated by "$".
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const kind = Object.hasOwn(KINDS, token) ? KINDS[token] : undefined;
  if (kind !== undefined) return kind;
  const known = Object.keys(KINDS).join(", ");
  throw new BadCall(status.INVALID_ARGUMENT, `"${token}" is not a resource of this provider, which has ${known}`);
}
