/**
 * A parity case: programs and steps as data, so that Pulumi's CLI and our engine can be given exactly the same, a seed
 * can be cut down, and a recording stays small.
 */

/** JSON, with `{$ref, property}` for an output of a resource, `{$secret}` and `{$long: length}`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Inputs = { [key: string]: Json };

/** Pulumi's options; other resources by their name, the stack as `$root`. */
export interface Options {
  parent?: string;
  dependsOn?: string[];
  provider?: string;
  deletedWith?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  hideDiffs?: string[];
  additionalSecretOutputs?: string[];
  aliases?: (string | { name?: string; type?: string; parent?: string })[];
}

/** `thing` compares by itself, `plain` leaves that to the engine, `bare` only creates and deletes (project/provider.js). */
export type Kind = "thing" | "plain" | "bare" | "scripted" | "component" | "account";

export interface Declared {
  kind: Kind;
  name: string;
  /** The last part of the type. @defaultValue Thing, Group */
  type?: string;
  inputs?: Inputs;
  options?: Options;
  /** Given: the object of this id is read, as `get` does. */
  id?: Json;
  /** What a component registers as its outputs. */
  outputs?: Inputs;
}

export interface Program {
  resources: Declared[];
  outputs?: Inputs;
  /** Registers one resource after the other; for steps in which something fails. */
  serial?: boolean;
  logs?: { severity: "info" | "warn" | "error"; message: string; of?: string }[];
  /** Ends with this RunError when all is registered. */
  throws?: string;
  /** Ends with this Error when all is registered, whose stack is printed. */
  rejects?: string;
}

/** What happens to a call of the provider, by `create a`. */
export interface Faults {
  [call: string]: { error?: string; partial?: string; hang?: boolean; id?: string; withoutInputs?: boolean };
}

export interface Step {
  run: "preview" | "up" | "refresh" | "destroy" | "output";
  /** In addition to what makes the run go through without a question. */
  flags?: string[];
  /** From now on. */
  program?: Program;
  faults?: Faults;
  /** Objects changed (or, by null, removed) behind the engine's back, before the run. */
  objects?: { [id: string]: Inputs | null };
  /** Kills the engine as soon as the provider has got this call. */
  kill?: string;
}

export interface Case {
  name: string;
  /** Plain configuration values of the stack. */
  config?: { [key: string]: string };
  steps: Step[];
}

/** What a step did, without what may differ between two runs of one engine. */
export interface Observation {
  exitCode: number;
  /** The provider's calls with all arguments; those of one label in their order. */
  calls: { [label: string]: string[] };
  /** For each pair of resources of which one needs the other: the order of the calls that change them. */
  order: { [pair: string]: string };
  state: { [urn: string]: unknown };
  pending: string[];
  stdout: string[];
  stderr: string[];
  json?: unknown;
}
