import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";
import type { Alias, ReadRequest, Registration } from "../model";
import { propertiesFrom } from "./wire";

/** What a program asks for by `new Resource(...)`. */
export function registrationFrom(request: RegisterResourceRequest, rootDirectory: string): Registration {
  const registration: Registration = {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: propertiesFrom(request.getObject()),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependenciesFrom(request),
    provider: request.getProvider(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hideDiffs: request.getHidediffsList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [...request.getAliasesList().map(aliasFrom), ...request.getAliasurnsList().map((urn) => ({ urn }))],
    unsupported: unsupportedOptions(request),
  };
  if (request.hasProtect()) {
    registration.protect = request.getProtect() === true;
  }
  if (request.hasRetainondelete()) {
    registration.retainOnDelete = request.getRetainondelete() === true;
  }
  if (request.getDeletedwith()) {
    registration.deletedWith = request.getDeletedwith();
  }
  if (request.getDeletebeforereplacedefined()) {
    registration.deleteBeforeReplace = request.getDeletebeforereplace();
  }
  return withSourcePosition(registration, request.getSourceposition(), rootDirectory);
}

/** What a program asks for by a static `get`. */
export function readRequestFrom(request: ReadResourceRequest, rootDirectory: string): ReadRequest {
  const read: ReadRequest = {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    parent: request.getParent(),
    properties: propertiesFrom(request.getProperties()),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
  return withSourcePosition(read, request.getSourceposition(), rootDirectory);
}

function propertyDependenciesFrom(request: RegisterResourceRequest): { [property: string]: string[] } {
  const dependencies: { [property: string]: string[] } = {};
  request.getPropertydependenciesMap().forEach((urns, property) => {
    dependencies[property] = urns.getUrnsList();
  });
  return dependencies;
}

function aliasFrom(alias: AliasMessage): Alias {
  const spec = alias.getSpec();
  if (!spec) {
    return { urn: alias.getUrn() };
  }
  const { name, type, stack, project, parenturn: parentUrn, noparent: noParent } = spec.toObject();
  // An empty text, or false, is protobuf's way to say absent.
  return Object.fromEntries(
    Object.entries({ name, type, stack, project, parentUrn, noParent }).filter(([, value]) => Boolean(value)),
  );
}

function unsupportedOptions(request: RegisterResourceRequest): string[] {
  const hooks = Object.values(request.getHooks()?.toObject() ?? {});
  const timeouts = Object.values(request.getCustomtimeouts()?.toObject() ?? {});
  const used = {
    import: request.getImportid() !== "",
    remote: request.getRemote(),
    hooks: hooks.some((names) => Array.isArray(names) && names.length > 0),
    transforms: request.getTransformsList().length > 0,
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    customTimeouts: timeouts.some((limit) => limit !== ""),
  };
  return Object.entries(used)
    .filter(([, isUsed]) => isUsed)
    .map(([option]) => option);
}

/** In the form of Pulumi's state, relative to the project, so that a state names no machine's folders. */
function withSourcePosition<T extends { sourcePosition?: string }>(
  request: T,
  position: SourcePosition | undefined,
  rootDirectory: string,
): T {
  if (!position?.getUri().startsWith("file:")) {
    return request;
  }
  const file = path.relative(rootDirectory, fileURLToPath(position.getUri())).split(path.sep).join("/");
  if (file.startsWith("../") || path.isAbsolute(file)) {
    return request;
  }
  const column = position.getColumn() ? `,${position.getColumn()}` : "";
  return { ...request, sourcePosition: `project:///${file}#${position.getLine()}${column}` };
}
