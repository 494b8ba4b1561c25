import type { EngineEvent, Op, Properties, ResourceState, Severity, Step, Verb } from "../../../engine/model";

/** Shorthand for the events of made-up runs. */
const CHAINS: { [name: string]: [chain: string, type: string] } = {
  "shop-dev": ["pulumi:pulumi:Stack", "pulumi:pulumi:Stack"],
  box: ["demo:index:Box", "demo:index:Box"],
  default: ["pulumi:providers:pulumi-nodejs", "pulumi:providers:pulumi-nodejs"],
};
const UPLOAD = "pulumi-nodejs:dynamic/processmind:DatatableUpload";

export function urnOf(name: string): string {
  const [chain] = CHAINS[name] ?? [UPLOAD];
  return `urn:pulumi:dev::shop::${chain}::${name}`;
}

export function stateOf(name: string, inputs: Properties, more: Partial<ResourceState> = {}): ResourceState {
  const [, type] = CHAINS[name] ?? ["", UPLOAD];
  return {
    urn: urnOf(name),
    type,
    custom: !(name in CHAINS) || name === "default",
    ...(name !== "shop-dev" && name !== "default" && { parent: urnOf("shop-dev") }),
    inputs,
    outputs: inputs,
    ...more,
  };
}

export function stepOf(
  op: Op,
  name: string,
  old?: ResourceState,
  current?: ResourceState,
  more: Partial<Step> = {},
): Step {
  const { type } = old ?? current ?? stateOf(name, {});
  const nothing = { diffKeys: null, replaceKeys: null, detailedDiff: null };
  return {
    op,
    urn: urnOf(name),
    type,
    provider: "",
    ...(old && { old }),
    ...(current && { new: current }),
    ...nothing,
    ...more,
  };
}

export function done(step: Step, seconds = 0.25): EngineEvent[] {
  return [
    { kind: "step", step },
    { kind: "done", step, seconds },
  ];
}

export function start(verb: Verb, dryRun: boolean): EngineEvent {
  const values = { "processmind:tenantId": "t-1", "shop:token": "hunter2" };
  return { kind: "start", verb, dryRun, config: { values, secretKeys: ["shop:token"] } };
}

export function say(severity: Severity, message: string, name = "", ephemeral = false): EngineEvent {
  const urn = name ? urnOf(name) : "";
  return { kind: "diagnostic", diagnostic: { severity, message, urn, streamId: 0, ephemeral } };
}

export function end(changes: { [op in Op]?: number }, ok = true, errors = 0): EngineEvent {
  return { kind: "end", result: { ok, changes, outputs: {}, seconds: 2.2, errors } };
}
