import type { ReadRequest, Registration, ResourceState } from "../model";

/** The entry a registration will become; id, outputs and, for custom resources, checked inputs come later. */
export function newState(
  goal: Registration,
  urn: string,
  old: ResourceState | undefined,
  alias: string | undefined,
): ResourceState {
  const state: ResourceState = { urn, custom: goal.custom, type: goal.type, inputs: goal.inputs };
  if (goal.parent) state.parent = goal.parent;
  if (goal.protect) state.protect = true;
  if (goal.retainOnDelete) state.retainOnDelete = true;
  if (goal.deletedWith) state.deletedWith = goal.deletedWith;
  if (goal.dependencies.length > 0) state.dependencies = [...goal.dependencies];
  if (goal.custom && goal.provider) state.provider = goal.provider;
  if (goal.additionalSecretOutputs.length > 0) state.additionalSecretOutputs = goal.additionalSecretOutputs;
  if (goal.ignoreChanges.length > 0) state.ignoreChanges = goal.ignoreChanges;
  if (goal.replaceOnChanges.length > 0) state.replaceOnChanges = goal.replaceOnChanges;
  if (goal.hideDiffs.length > 0) state.hideDiff = goal.hideDiffs;
  if (goal.sourcePosition) state.sourcePosition = goal.sourcePosition;
  if (alias !== undefined) state.aliases = [alias];
  if (old?.created !== undefined) state.created = old.created;
  if (old?.modified !== undefined) state.modified = old.modified;
  if (Object.keys(goal.propertyDependencies).length > 0) state.propertyDependencies = goal.propertyDependencies;
  return state;
}

/** The entry of an object that is only read. */
export function readState(request: ReadRequest, urn: string, alias: string | undefined): ResourceState {
  const state: ResourceState = {
    urn,
    custom: true,
    type: request.type,
    id: request.id,
    inputs: request.properties,
    outputs: {},
    external: true,
    provider: request.provider,
  };
  if (request.parent) state.parent = request.parent;
  if (request.dependencies.length > 0) state.dependencies = [...request.dependencies];
  if (request.additionalSecretOutputs.length > 0) state.additionalSecretOutputs = request.additionalSecretOutputs;
  if (request.sourcePosition) state.sourcePosition = request.sourcePosition;
  if (alias !== undefined) state.aliases = [alias];
  return state;
}
