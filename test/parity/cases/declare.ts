import type { Declared, Inputs, Json, Options, Program, Step } from "../model";

type Declare = (name: string, inputs?: Inputs, options?: Options) => Declared;

const declare =
  (kind: Declared["kind"]): Declare =>
  (name, inputs, options) => ({ kind, name, ...(inputs && { inputs }), ...(options && { options }) });

export const thing = declare("thing");
export const plain = declare("plain");
export const bare = declare("bare");
export const scripted = declare("scripted");
export const component = declare("component");
export const account = declare("account");

/** A read of an object by its id. */
export function got(name: string, id: Json, inputs?: Inputs, options?: Options): Declared {
  return { ...thing(name, inputs, options), id };
}

/** An output of another resource. */
export function ref(name: string, property = "id"): Inputs {
  return { $ref: name, property };
}

export function secret(value: Json): Inputs {
  return { $secret: value };
}

export function program(...resources: Declared[]): Program {
  return { resources };
}

/** `up` of a program. */
export function up(of: Program, more: Partial<Step> = {}): Step {
  return { run: "up", program: of, ...more };
}

export function preview(of: Program, ...flags: string[]): Step {
  return { run: "preview", program: of, flags };
}

export const destroy: Step = { run: "destroy" };
export const refresh: Step = { run: "refresh" };
/** `up` of the same program once more. */
export const again: Step = { run: "up" };
