import type { EngineRun, StateEntry } from "../support/engine-driver";

/** The first line of every program. */
export const HEAD = `const { Thing, Plain, Group, pulumi } = require("./cloud");`;

/** Pulumi's mark for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The URN of a resource without a component above it. */
export function urn(type: string, name: string): string {
  return `urn:pulumi:dev::demo::${type}::${name}`;
}

/** The entry of a resource in the state after a run, by the resource's name. */
export function entry(run: EngineRun, name: string): StateEntry {
  const found = run.state?.resources?.filter((resource) => resource.urn.endsWith(`::${name}`)) ?? [];
  const [only] = found;
  if (!only || found.length > 1) {
    throw new Error(`Expected one ${name} in the state, found ${found.length}. The run said:\n${run.text}`);
  }
  return only;
}
