import { Random } from "../chaos/random";
import { isCyclic } from "./cyclic";
import type { Case, Declared, Faults, Inputs, Kind, Options, Program, Step } from "./model";

const KINDS: readonly [Kind, ...Kind[]] = ["thing", "thing", "thing", "plain", "plain", "bare", "component"];
const MOST_RESOURCES = 8;

/** The case of a seed: programs of one to eight resources with random options, edited between the steps. */
export function randomCase(seed: number): Case {
  const random = new Random(seed);
  let resources: Declared[] = [];
  for (let count = random.integer(1, MOST_RESOURCES); count > 0; count--)
    resources = [...resources, grown(random, resources)];
  const steps: Step[] = [{ run: "up", program: programOf(random, resources) }];
  for (let count = random.integer(1, 3); count > 0; count--) {
    resources = edited(random, resources);
    steps.push(nextStep(random, resources));
  }
  return { name: `seed ${seed}`, steps };
}

function nextStep(random: Random, resources: Declared[]): Step {
  const run = random.pick(["up", "up", "up", "preview", "refresh", "destroy"] as const);
  const step: Step = { run };
  if (run === "preview") step.flags = random.pick([[], ["--diff"], ["--json"], ["--refresh"]]);
  if (run === "up" && random.chance(0.3)) step.flags = random.pick([["--diff"], ["--refresh"]]);
  if (run === "up" || run === "preview") step.program = programOf(random, resources);
  const customs = resources.filter(({ kind }) => kind !== "component");
  if (random.chance(0.3)) step.objects = drifted(random, customs);
  if (run !== "preview" && random.chance(0.3)) {
    step.faults = faultsOf(random, customs);
    if (step.program) step.program.serial = true;
  }
  if (step.program && mayFail(step.program)) step.program.serial = true;
  return step;
}

/** What is done beside a failure depends on which registration came first, unless they come one after the other. */
function mayFail({ resources }: Program): boolean {
  return resources.some(({ options }) => options?.protect);
}

function programOf(random: Random, resources: Declared[]): Program {
  const program: Program = { resources: resources.map((resource) => structuredClone(resource)) };
  if (random.chance(0.5) || isCyclic(program)) program.serial = true;
  const shown = random.any(resources.filter(({ kind }) => kind !== "component"));
  if (shown && random.chance(0.5)) program.outputs = { shown: { $ref: shown.name, property: "id" } };
  return program;
}

/** One more resource, which may need those before it. */
function grown(random: Random, before: Declared[]): Declared {
  const kind = random.pick(KINDS);
  const numbers = before.map(({ name }) => Number(name.slice(1)));
  const name = `r${Math.max(0, ...numbers) + 1}`;
  return { kind, name, inputs: inputsOf(random, kind, before), options: optionsOf(random, kind, before) };
}

function inputsOf(random: Random, kind: Kind, before: Declared[]): Inputs {
  const inputs: Inputs = {};
  const key = () => random.pick(["value", "value", "fixed", "fixedFirst", "other", "secret"]);
  for (let count = random.integer(0, 2); count > 0; count--) inputs[key()] = randomValue(random);
  const needed = random.any(before.filter((other) => other.kind !== "component"));
  if (needed && kind !== "component" && random.chance(0.5)) inputs[key()] = { $ref: needed.name, property: "id" };
  return inputs;
}

function randomValue(random: Random): Inputs[string] {
  return random.pick<Inputs[string]>([1, 2, "x", "y", true, [1, 2], { x: 1, y: "a" }, { $secret: "hidden" }, "a\nb"]);
}

function optionsOf(random: Random, kind: Kind, before: Declared[]): Options {
  const options: Options = {};
  const other = () => random.any(before)?.name;
  const chosen = (probability: number, set: (name: string) => void) => {
    const name = other();
    if (name !== undefined && random.chance(probability)) set(name);
  };
  chosen(0.3, (name) => (options.parent = name));
  chosen(0.2, (name) => (options.dependsOn = [name]));
  if (kind === "component") return options;
  chosen(0.1, (name) => (options.deletedWith = name));
  if (random.chance(0.08)) options.protect = true;
  if (random.chance(0.08)) options.retainOnDelete = true;
  if (random.chance(0.1)) options.deleteBeforeReplace = random.chance(0.5);
  if (random.chance(0.1)) options.ignoreChanges = [random.pick(["value", "fixed", "other"])];
  if (random.chance(0.1)) options.replaceOnChanges = [random.pick(["value", "other", "*"])];
  if (random.chance(0.05)) options.additionalSecretOutputs = ["serial"];
  return options;
}

/** Something added, left out, renamed with an alias, or given other inputs or options. */
function edited(random: Random, resources: Declared[]): Declared[] {
  let result = resources;
  for (let count = random.integer(0, 2); count > 0; count--) {
    const target = random.any(result);
    const choice = random.next();
    if (choice < 0.2 && result.length < MOST_RESOURCES) result = [...result, grown(random, result)];
    else if (target === undefined) continue;
    else if (choice < 0.35) result = without(result, target.name);
    else if (choice < 0.45) result = renamed(result, target.name);
    else {
      const before = result.slice(0, result.indexOf(target));
      const inputs = { ...target.inputs, ...inputsOf(random, target.kind, before) };
      const options = random.chance(0.2) ? optionsOf(random, target.kind, before) : target.options;
      result = result.map((each) => (each === target ? { ...each, inputs, ...(options && { options }) } : each));
    }
  }
  return result;
}

/** The resources without one of them and all that needs it. */
export function without(resources: Declared[], name: string): Declared[] {
  const gone = new Set([name]);
  return resources.filter((resource) => {
    const needs = [...gone].some((each) => JSON.stringify(resource).includes(`"${each}"`));
    if (needs) gone.add(resource.name);
    return !needs;
  });
}

function renamed(resources: Declared[], name: string): Declared[] {
  const target = resources.find((resource) => resource.name === name);
  const next = `${name}0`;
  if (!target || next.length > 4) return resources;
  const text = JSON.stringify(resources).replaceAll(`"${name}"`, `"${next}"`);
  return (JSON.parse(text) as Declared[]).map((resource) =>
    resource.name === next ? { ...resource, options: { ...resource.options, aliases: [{ name }] } } : resource,
  );
}

function drifted(random: Random, customs: Declared[]): NonNullable<Step["objects"]> {
  const target = random.any(customs);
  if (!target) return {};
  const label = target.name;
  return { [`${label}-1`]: random.chance(0.3) ? null : { label, value: random.integer(5, 9), serial: 1 } };
}

function faultsOf(random: Random, customs: Declared[]): Faults {
  const target = random.any(customs);
  if (!target) return {};
  const verb = random.pick(["create", "update", "delete", "read"]);
  const partial = (verb === "create" || verb === "update") && random.chance(0.4);
  return { [`${verb} ${target.name}`]: partial ? { partial: "not ready" } : { error: "not today" } };
}
