import { status } from "@grpc/grpc-js";
import type { DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { configuredTenantId } from "../config";
import { type Properties, withoutProviderText } from "../host";
import type { CheckFailure } from "../lifecycles/context";
import { UNKNOWN } from "../unknown";
import { diffResponse } from "./difference";
import { type Kind, kindOf } from "./kinds";
import type { Session } from "./session";
import { assetPath, BadCall, isAsset } from "./wire";

/** The lifecycles, called as a plugin is: by URN, with previews, imports and a provider's own tenant. */

export async function check(
  session: Session,
  urn: string,
  olds: Properties,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const kind = kindOf(urn);
  const context = session.context(urn);
  const source = news["source"];
  if (isAsset(source) && assetPath(source) === undefined) {
    const reason = "source must be the path of one file, or a FileAsset: other assets and archives cannot be uploaded";
    // Without the property's name, beside which Pulumi would print the asset, and so rows of the data.
    return { inputs: news, failures: [{ property: "", reason }] };
  }
  // The path alone is recorded: an asset would put this machine's absolute path into the state.
  const file = isAsset(source) ? { source: assetPath(source) } : {};
  const tenantId = news["tenantId"] ?? configuredTenantId(session.config());
  return kind.lifecycle.check(context, olds, { ...news, ...file, ...(tenantId === undefined ? {} : { tenantId }) });
}

export function diff(
  session: Session,
  urn: string,
  id: string,
  states: { state: Properties; oldInputs: Properties; news: Properties },
): DiffResponse {
  const kind = kindOf(urn);
  const { state, oldInputs, news } = states;
  const difference = kind.lifecycle.diff(session.context(urn), id, state, news);
  return diffResponse(difference, {
    state: withoutProviderText(state),
    oldInputs: withoutProviderText(oldInputs),
    news,
  });
}

/** @returns an empty id in a preview, which the engine takes for one not known yet. */
export async function create(
  session: Session,
  urn: string,
  inputs: Properties,
  isPreview: boolean,
): Promise<{ id: string; state: Properties }> {
  const kind = kindOf(urn);
  const context = session.context(urn);
  if (isPreview) return { id: "", state: { ...unknown(kind.outputs), ...inputs } };
  session.refuseIfCancelled();
  return kind.lifecycle.create(context, inputs);
}

export async function read(
  session: Session,
  urn: string,
  id: string,
  state: Properties,
  oldInputs: Properties,
): Promise<{ id: string; state: Properties; inputs?: Properties } | undefined> {
  const kind = kindOf(urn);
  const context = session.context(urn);
  const isNew = state[kind.marker] === undefined;
  const wanted = isNew ? importOf(session, kind, id, state) : { id, state };
  const found = await kind.lifecycle.read(context, wanted.id, wanted.state);
  if (found === undefined || found.inputs !== undefined) return found;
  const inputs = withoutProviderText(oldInputs);
  return Object.keys(inputs).length === 0 ? found : { ...found, inputs };
}

/** An import, or a static `get`: nothing is known but the id, which may name its tenant too, as `TENANT/ID`. */
function importOf(session: Session, kind: Kind, id: string, state: Properties): { id: string; state: Properties } {
  if (kind.notImportable !== undefined) throw new BadCall(status.INVALID_ARGUMENT, kind.notImportable);
  const parts = id.split("/");
  const [tenant, ownId] = parts.length === 2 ? parts : [undefined, id];
  if (tenant === "" || ownId === "" || ownId === undefined || parts.length > 2) {
    throw new BadCall(status.INVALID_ARGUMENT, `"${id}" is no id: give ID, or TENANT/ID for another tenant`);
  }
  const tenantId = tenant ?? state["tenantId"] ?? configuredTenantId(session.config());
  return { id: ownId, state: tenantId === undefined ? state : { ...state, tenantId } };
}

export async function update(
  session: Session,
  what: { urn: string; id: string; isPreview: boolean },
  state: Properties,
  inputs: Properties,
): Promise<Properties> {
  const kind = kindOf(what.urn);
  const context = session.context(what.urn);
  if (what.isPreview) {
    const kept = kind.outputs.filter((name) => Object.hasOwn(state, name)).map((name) => [name, state[name]]);
    return { ...Object.fromEntries(kept), ...unknown(kind.updated), ...inputs };
  }
  session.refuseIfCancelled();
  return kind.lifecycle.update(context, what.id, state, inputs);
}

export async function remove(session: Session, urn: string, id: string, state: Properties): Promise<void> {
  const kind = kindOf(urn);
  const context = session.context(urn);
  session.refuseIfCancelled();
  await kind.lifecycle.delete(context, id, state);
}

function unknown(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}
