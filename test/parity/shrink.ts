import type { Case, Program, Step } from "./model";
import { without } from "./random-case";

/** Leaves out of a case what its failure does without, trying at most so often. */
export async function shrink(failing: Case, fails: (smaller: Case) => Promise<boolean>, tries: number): Promise<Case> {
  let kept = failing;
  let left = tries;
  for (let isSmaller = true; isSmaller && left > 0; ) {
    isSmaller = false;
    for (const smaller of cuts(kept)) {
      if (left-- <= 0) break;
      if (!(await fails(smaller))) continue;
      kept = smaller;
      isSmaller = true;
      break;
    }
  }
  return kept;
}

/** The case with one part less, the largest parts first. */
export function cuts(whole: Case): Case[] {
  const names = new Set(whole.steps.flatMap(({ program }) => program?.resources.map(({ name }) => name) ?? []));
  return [
    ...whole.steps.map((_, index) => withoutStep(whole, index)).filter(({ steps }) => steps.length > 0),
    ...[...names].map((name) => inPrograms(whole, (program) => withResources(program, name))),
    ...whole.steps.flatMap((step, index) => stepCuts(step).map((smaller) => replaced(whole, index, smaller))),
    ...[...names].flatMap((name) => detailCuts(whole, name)),
  ];
}

/** The next step gets the program of the one that is left out. */
function withoutStep(whole: Case, index: number): Case {
  const { program } = whole.steps[index] ?? {};
  const steps = whole.steps.filter((_, place) => place !== index);
  const next = steps[index];
  if (next && program && !next.program) steps[index] = { ...next, program };
  return { ...whole, steps };
}

function stepCuts(step: Step): Step[] {
  const { faults, objects, flags, program, ...rest } = step;
  const bare: Step = { ...rest, ...(program && { program }) };
  const smaller: Step[] = [];
  if (faults) smaller.push({ ...bare, ...(objects && { objects }), ...(flags && { flags }) });
  if (objects) smaller.push({ ...bare, ...(faults && { faults }), ...(flags && { flags }) });
  if (flags?.length) smaller.push({ ...bare, ...(faults && { faults }), ...(objects && { objects }) });
  if (program?.outputs) smaller.push({ ...step, program: withoutOutputs(program) });
  return smaller;
}

/** One input or option of a resource less, in all programs. */
function detailCuts(whole: Case, name: string): Case[] {
  const declared = whole.steps.flatMap(({ program }) => program?.resources.filter((each) => each.name === name) ?? []);
  return (["inputs", "options"] as const).flatMap((part) => {
    const keys = new Set(declared.flatMap((each) => Object.keys(each[part] ?? {})));
    return [...keys].map((key) => inPrograms(whole, (program) => withoutDetail(program, name, part, key)));
  });
}

function withoutDetail(program: Program, name: string, part: "inputs" | "options", key: string): Program {
  const resources = program.resources.map((resource) => {
    if (resource.name !== name) return resource;
    const left = Object.fromEntries(Object.entries(resource[part] ?? {}).filter(([each]) => each !== key));
    return { ...resource, [part]: left };
  });
  return { ...program, resources };
}

function withResources(program: Program, gone: string): Program {
  const resources = without(program.resources, gone);
  const isThere = (name: string) => resources.some((resource) => resource.name === name);
  const names = JSON.stringify(program.outputs ?? {}).match(/"\$ref":"([^"]*)"/)?.[1];
  return { ...(names && !isThere(names) ? withoutOutputs(program) : program), resources };
}

function withoutOutputs({ outputs: _, ...program }: Program): Program {
  return program;
}

function inPrograms(whole: Case, change: (program: Program) => Program): Case {
  const steps = whole.steps.map((step) => (step.program ? { ...step, program: change(step.program) } : step));
  return { ...whole, steps };
}

function replaced(whole: Case, index: number, step: Step): Case {
  return { ...whole, steps: whole.steps.map((each, place) => (place === index ? step : each)) };
}
