import type { CheckFailure, Properties, ResourceState, Value } from "../model";
import { isProviderType, urnName } from "../urn";
import { containsSecret, equal, plain, plainProperties, remarkSecrets } from "../values";
import { applyIgnoreChanges, bareDiff, compareInputs, type Diff } from "./diff";
import { UNKNOWN_CONFIGURATION } from "./providers";
import type { Run } from "./run";
import { rejectUnknowns } from "./steps";

/** Has the provider check raw inputs. Failures are reported; undefined then. */
export async function checkInputs(
  run: Run,
  state: ResourceState,
  olds: Properties,
  news: Properties,
): Promise<Properties | undefined> {
  const { urn, type, provider: reference = "" } = state;
  if (!run.options.dryRun) rejectUnknowns(urn, "check", news);
  if (isProviderType(type) || !run.providers.isKnown(reference)) return news;
  const provider = await run.providers.get(reference, urn);
  const { inputs, failures } = await provider.check(urn, plainProperties(olds), plainProperties(news));
  for (const failure of failures) run.report("error", failureMessage(state, failure), urn);
  return failures.length === 0 ? remarkSecrets(inputs, news) : undefined;
}

function failureMessage(state: ResourceState, { property, reason }: CheckFailure): string {
  const resource = `${state.type} resource '${urnName(state.urn)}'`;
  if (property === "") return `${resource} has a problem: ${reason}`;
  return `${resource}: property ${property} value ${formatValue(state.inputs?.[property])} has a problem: ${reason}`;
}

function formatValue(value: Value | undefined): string {
  if (value === undefined) return "{<nil>}";
  if (containsSecret(value)) return "[secret]";
  const bare = plain(value);
  return `{${typeof bare === "string" ? bare : JSON.stringify(bare)}}`;
}

/** What {@link diffObject} compares: an object as it is in the state, and the inputs it should have. */
export interface DiffSubject {
  /** Its id, inputs and outputs count. */
  old: ResourceState;
  /** Its URN, its type and its provider, whose process is asked, count. */
  next: ResourceState;
  newInputs: Properties;
  ignoreChanges: string[];
}

/** Has the provider compare; where it has no answer, the inputs are compared here. */
export async function diffObject(run: Run, { old, next, newInputs, ignoreChanges }: DiffSubject): Promise<Diff> {
  const { urn, provider: reference = "" } = next;
  const { id = "", inputs: oldInputs = {}, outputs: oldOutputs = {} } = old;
  if (isProviderType(next.type)) return bareDiff(!equal(oldOutputs, newInputs));
  if (!run.providers.isKnown(reference)) {
    run.report("warning", UNKNOWN_CONFIGURATION, urn);
    return bareDiff(true);
  }
  const provider = await run.providers.get(reference, urn);
  const olds = plainProperties(oldOutputs);
  const news = plainProperties(newInputs);
  const answer = await provider.diff(urn, id, olds, plainProperties(oldInputs), news, ignoreChanges);
  const { changes, replaces, deleteBeforeReplace } = answer;
  if (changes !== undefined) return bareDiff(changes, replaces, deleteBeforeReplace);
  const { changedKeys, detailedDiff } = compareInputs(
    oldInputs,
    ignored(run, urn, oldInputs, newInputs, ignoreChanges),
  );
  if (changedKeys.length === 0) return bareDiff(false, replaces, deleteBeforeReplace);
  return { changes: true, replaceKeys: replaces, changedKeys, detailedDiff, deleteBeforeReplace };
}

/** The new inputs with every ignored path as it was; paths that cannot be ignored are reported. */
export function ignored(
  run: Run,
  urn: string,
  olds: Properties,
  news: Properties,
  ignoreChanges: string[],
): Properties {
  const { inputs, invalid } = applyIgnoreChanges(olds, news, ignoreChanges);
  if (invalid.length > 0) {
    const paths = JSON.stringify(invalid.join(", "));
    run.report("info", `cannot ignore changes in added or removed elements of the path: ${paths}`, urn);
  }
  return inputs;
}
