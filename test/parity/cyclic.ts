import type { Declared, Program } from "./model";

/**
 * Whether the resources of a program wait for each other. What needs a component waits for the children of the component
 * too, so a child must not need it; where it is not there yet, as in a serial program, nothing waits for it. Pulumi's
 * runner sees that nothing goes on, and ends.
 */
export function isCyclic({ resources }: Program): boolean {
  const needs = new Map(resources.map((each) => [each.name, needsOf(each, resources)]));
  const done = new Set<string>();
  const returnsTo = (name: string, above: string[]): boolean => {
    if (above.includes(name)) return true;
    if (done.has(name)) return false;
    const found = (needs.get(name) ?? []).some((each) => returnsTo(each, [...above, name]));
    done.add(name);
    return found;
  };
  return resources.some(({ name }) => returnsTo(name, []));
}

function needsOf({ inputs, options = {} }: Declared, resources: Declared[]): string[] {
  const { parent, dependsOn = [] } = options;
  const references = [...JSON.stringify(inputs ?? {}).matchAll(/"\$ref":"([^"]*)"/g)].map(([, name = ""]) => name);
  const needed = [...references, ...dependsOn].flatMap((name) => [name, ...childrenOf(name, resources)]);
  return parent === undefined ? needed : [...needed, parent];
}

function childrenOf(name: string, resources: Declared[]): string[] {
  if (resources.find((each) => each.name === name)?.kind !== "component") return [];
  const children = resources.filter(({ options }) => options?.parent === name).map((each) => each.name);
  return children.flatMap((each) => [each, ...childrenOf(each, resources)]);
}
