import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../host";
import type { Difference } from "../lifecycles/context";
import { isChange } from "../lifecycles/policy";

const { Kind } = PropertyDiff;
type PropertyKind = (typeof Kind)[keyof typeof Kind];

/**
 * The lifecycle's verdict, with the properties that changed: a preview shows these alone, and `replaceOnChanges` looks
 * at them.
 */
export function diffResponse(
  { changes, replaces, deleteBeforeReplace }: Difference,
  states: { state: Properties; oldInputs: Properties; news: Properties },
): DiffResponse {
  const response = new DiffResponse();
  response.setChanges(changes ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  if (!changes) return response;
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(deleteBeforeReplace);
  const changed = changedProperties(states);
  response.setDiffsList(changed.map(({ name }) => name));
  response.setHasdetaileddiff(changed.length > 0);
  for (const { name, kind, isOfInputs } of changed) {
    const difference = new PropertyDiff();
    difference.setKind(replaces.includes(name) ? replacing(kind) : kind);
    difference.setInputdiff(isOfInputs);
    response.getDetaileddiffMap().set(name, difference);
  }
  return response;
}

interface Changed {
  name: string;
  kind: PropertyKind;
  /** Whether old and new inputs differ; else it is the state that differs from the inputs. */
  isOfInputs: boolean;
}

function changedProperties(states: { state: Properties; oldInputs: Properties; news: Properties }): Changed[] {
  const { state, oldInputs, news } = states;
  const names = new Set([...Object.keys(oldInputs), ...Object.keys(news)].filter((name) => !name.startsWith("__")));
  return [...names].flatMap((name): Changed[] => {
    if (isChange(name, oldInputs[name], news[name])) {
      return [{ name, kind: kindOfChange(oldInputs[name], news[name]), isOfInputs: true }];
    }
    const isDrift = Object.hasOwn(state, name) && isChange(name, state[name], news[name]);
    return isDrift ? [{ name, kind: kindOfChange(state[name], news[name]), isOfInputs: false }] : [];
  });
}

function kindOfChange(before: unknown, after: unknown): PropertyKind {
  if (before === undefined || before === null) return Kind.ADD;
  return after === undefined || after === null ? Kind.DELETE : Kind.UPDATE;
}

function replacing(kind: PropertyKind): PropertyKind {
  if (kind === Kind.ADD) return Kind.ADD_REPLACE;
  return kind === Kind.DELETE ? Kind.DELETE_REPLACE : Kind.UPDATE_REPLACE;
}
