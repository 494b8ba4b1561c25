import type { ResourceState } from "../model";
import { referenceUrn } from "../urn";

/** Every URN the entry needs, but its parent: provider, dependencies, property dependencies, deletedWith. */
function requiredUrns(state: ResourceState): Set<string> {
  const urns = new Set(state.dependencies ?? []);
  for (const dependencies of Object.values(state.propertyDependencies ?? {})) {
    for (const urn of dependencies) urns.add(urn);
  }
  if (state.deletedWith) urns.add(state.deletedWith);
  if (state.provider) urns.add(referenceUrn(state.provider));
  return urns;
}

/** Later entries that need `root`, directly or through others (being its child does not count), in state order. */
export function dependents(
  resources: ResourceState[],
  root: ResourceState,
  ignored: (candidate: ResourceState) => boolean,
): ResourceState[] {
  const reached = new Set([root.urn]);
  const found: ResourceState[] = [];
  for (const candidate of resources.slice(resources.indexOf(root) + 1)) {
    if (ignored(candidate)) continue;
    if ([...requiredUrns(candidate)].some((urn) => reached.has(urn))) {
      reached.add(candidate.urn);
      found.push(candidate);
    }
  }
  return found;
}

/**
 * Earlier entries an entry directly needs, its parent included. Needing a component means needing all its earlier
 * children too.
 */
export function dependencies(resources: ResourceState[], state: ResourceState): Set<ResourceState> {
  const earlier = resources.slice(0, resources.indexOf(state));
  const required = requiredUrns(state);
  const found = new Set<ResourceState>();
  for (const candidate of earlier) {
    if (candidate.urn === state.parent) found.add(candidate);
    if (!required.has(candidate.urn)) continue;
    found.add(candidate);
    if (!candidate.custom) for (const child of descendants(earlier, candidate.urn)) found.add(child);
  }
  return found;
}

function descendants(resources: ResourceState[], urn: string): ResourceState[] {
  const family = new Set([urn]);
  return resources.filter((candidate) => {
    const belongs = candidate.parent !== undefined && family.has(candidate.parent);
    if (belongs) family.add(candidate.urn);
    return belongs;
  });
}

/** Everything an entry needs, directly or through others, parents included. */
export function transitiveDependencies(resources: ResourceState[], state: ResourceState): Set<ResourceState> {
  const found = new Set<ResourceState>();
  const visit = (current: ResourceState) => {
    const urns = requiredUrns(current);
    if (current.parent) urns.add(current.parent);
    for (const urn of urns) {
      const next = lookUp(resources, current, urn);
      if (next === undefined || next === state || found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(state);
  return found;
}

/** Of two entries with one URN a condemned entry means the condemned one, any other the living one. */
function lookUp(resources: ResourceState[], from: ResourceState, urn: string): ResourceState | undefined {
  const candidates = resources.filter((candidate) => candidate.urn === urn);
  return candidates.find((candidate) => Boolean(candidate.delete) === Boolean(from.delete)) ?? candidates.at(-1);
}
