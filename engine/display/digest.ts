import type { Op, Properties, ResourceState, Step, Value } from "../model";
import { STACK_TYPE } from "../urn";
import type { RunRecord, StepRecord } from "./run-record";
import { isShown } from "./step-diff";
import { cleanText } from "./summary";
import { masked } from "./values";

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

/** What `--json` prints: Pulumi's preview digest, also for up, refresh and destroy. */
export interface Digest {
  config?: { [key: string]: string };
  steps?: DigestStep[];
  diagnostics?: { urn?: string; message: string; severity: string }[];
  /** Nanoseconds. */
  duration?: number;
  changeSummary?: { [op: string]: number };
}

/** Builds the digest of a run. Never holds a secret's value. */
export function digestOf(record: RunRecord, showSames = false): Digest {
  const { config, result } = record;
  const secret = new Set(config.secretKeys);
  const values = Object.entries(config.values).map(
    ([key, value]) => [key, secret.has(key) ? "[secret]" : value] as const,
  );
  const steps = record.visibleSteps.map(printed).filter((step) => isShown(step, true, showSames) || isStack(step));
  const diagnostics = record.diagnostics.filter(({ severity }) => severity !== "debug");
  const changes = Object.entries(result?.changes ?? {}).filter(([, count]) => (count ?? 0) > 0);
  return {
    ...(values.length > 0 && { config: Object.fromEntries(values) }),
    ...(steps.length > 0 && { steps: steps.map(digestStep) }),
    ...(diagnostics.length > 0 && {
      diagnostics: diagnostics.map(({ urn, severity, message }) => ({
        ...(urn && { urn }),
        message: `${severity === "info" ? "" : `${severity}: `}${cleanText(message)}\n`,
        severity,
      })),
    }),
    ...(result && {
      duration: Math.round(result.seconds * 1e9),
      changeSummary: Object.fromEntries(changes.sort(([a], [b]) => (a < b ? -1 : 1))) as { [op: string]: number },
    }),
  };
}

/** A step as it was decided; of a refresh, what it found. */
function printed({ begun, step }: StepRecord): Step {
  const isFound = begun.op === "refresh" && (step.op === "delete" || (step.op === "update" && step.detailedDiff));
  return isFound ? step : begun;
}

function isStack(step: Step): boolean {
  return step.type === STACK_TYPE;
}

function digestStep(step: Step): DigestStep {
  const { op, urn, provider, old, diffKeys, replaceKeys, detailedDiff } = step;
  return {
    op,
    urn,
    ...(provider && { provider }),
    ...(old && { oldState: shownState(old) }),
    ...(step.new && { newState: shownState(step.new) }),
    ...(diffKeys?.length && { diffReasons: diffKeys }),
    ...(replaceKeys?.length && { replaceReasons: replaceKeys }),
    detailedDiff,
  };
}

function shownState(state: ResourceState): ResourceState {
  const { inputs = {}, outputs = {}, ...shown } = state;
  return {
    ...shown,
    ...(Object.keys(inputs).length > 0 && { inputs: masked(inputs as Value) as Properties }),
    ...(Object.keys(outputs).length > 0 && { outputs: masked(outputs as Value) as Properties }),
  };
}
