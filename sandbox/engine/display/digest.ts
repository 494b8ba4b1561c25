import type { Op, Properties, ResourceState, Step, Value } from "../model";
import { isReplacementPart, type RunRecord } from "./run-record";
import { cleanText } from "./summary";
import { STACK_TYPE } from "./urn";
import { isInternal, masked, withoutInternal } from "./values";

/** One step of the digest; the states are those of `stack export`, secrets masked. */
interface DigestStep {
  op: Op;
  urn: string;
  provider?: string;
  oldState?: ResourceState;
  newState?: ResourceState;
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff: Step["detailedDiff"];
}

/** What `--json` prints: Pulumi's preview digest, also for up, refresh and destroy (then with final states). */
export interface Digest {
  config: { [key: string]: string };
  steps: DigestStep[];
  diagnostics: { urn?: string; prefix?: string; message: string; severity: string }[];
  /** Nanoseconds. */
  duration: number;
  changeSummary: { [op: string]: number };
}

/** Builds the digest of a run. Never holds a secret's value or a key that starts with `__`. */
export function digestOf(record: RunRecord, showSames = false): Digest {
  const secret = new Set(record.config.secretKeys);
  const config = Object.entries(record.config.values).map(
    ([key, value]) => [key, secret.has(key) ? "[secret]" : value] as const,
  );
  return {
    config: Object.fromEntries(config),
    steps: record.visibleSteps
      .filter(({ step }) => isShown(step, showSames))
      .map(({ step }) => digestStep(step, record)),
    diagnostics: record.diagnostics
      .filter(({ severity }) => severity !== "debug")
      .map(({ urn, severity, message }) => ({
        ...(urn && { urn }),
        ...(severity !== "info" && { prefix: `${severity}: ` }),
        message: cleanText(message),
        severity,
      })),
    duration: Math.round((record.result?.seconds ?? 0) * 1e9),
    changeSummary: Object.fromEntries(
      Object.entries(record.result?.changes ?? {}).filter(([, count]) => (count ?? 0) > 0),
    ) as { [op: string]: number },
  };
}

function isShown(step: Step, showSames: boolean): boolean {
  if (step.type === STACK_TYPE) return true;
  if (step.op === "same") return showSames || (step.old?.protect ?? false) !== (step.new?.protect ?? false);
  return !isReplacementPart(step.op) && step.op !== "remove-pending-replace";
}

function digestStep(step: Step, record: RunRecord): DigestStep {
  const outputs = record.outputs.get(step.urn)?.new;
  const newState = step.new && outputs ? { ...step.new, outputs } : step.new;
  const diffReasons = shownKeys(step.diffKeys);
  const replaceReasons = shownKeys(step.replaceKeys);
  return {
    op: step.op,
    urn: step.urn,
    ...(step.provider && { provider: step.provider }),
    ...(step.old && { oldState: shownState(step.old) }),
    ...(newState && { newState: shownState(newState) }),
    ...(diffReasons && { diffReasons }),
    ...(replaceReasons && { replaceReasons }),
    detailedDiff: shownDiff(step.detailedDiff),
  };
}

function shownState(state: ResourceState): ResourceState {
  const shown = { ...state };
  if (state.inputs) shown.inputs = masked(withoutInternal(state.inputs) as Value) as Properties;
  if (state.outputs) shown.outputs = masked(withoutInternal(state.outputs) as Value) as Properties;
  if (state.propertyDependencies) {
    shown.propertyDependencies = Object.fromEntries(
      Object.entries(state.propertyDependencies).filter(([key]) => !isInternal(key)),
    );
  }
  return shown;
}

function shownKeys(keys: string[] | null): string[] | undefined {
  const shown = keys?.filter((key) => !isInternal(key)) ?? [];
  return shown.length > 0 ? shown : undefined;
}

function shownDiff(diff: Step["detailedDiff"]): Step["detailedDiff"] {
  return diff && Object.fromEntries(Object.entries(diff).filter(([path]) => !isInternal(path)));
}
