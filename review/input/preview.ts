import { stripVTControlCharacters } from "node:util";
import { DESCRIBED_KEYS, type DescribedFile } from "../../provider/lifecycles/data-change";
import { isUnknown } from "../../provider/unknown";
import { reviewError } from "../messages";

/** A step of a preview: what a review shows of it. */
export interface PreviewStep {
  op: string;
  name: string;
  /** The last part of the type token, `Dataset`. */
  type: string;
  old?: StepState;
  now?: StepState;
  /** Names of inputs that an update changes. */
  changedInputs: string[];
}

/** One side of a step. */
export interface StepState {
  /** ProcessMind's id; of an upload, its table's. */
  id?: string;
  /** Of uploads. */
  file: Partial<DescribedFile> & { fileName?: string };
  /** Arguments that guard data, by name. */
  guards: { [property: string]: unknown };
  /** What places the object, by name: `displayName`, `datasetId`, … */
  place: { [property in (typeof PLACE_KEYS)[number]]?: string };
  /** Of a table, as of its creation; null and undefined: not reported. */
  rowCount?: number | null;
  /** Of an upload: the table's rows once they were confirmed. */
  loadedRowCount?: number;
  forceDestroy: boolean;
  adopted: boolean;
  retainOnDelete: boolean;
}

const PLACE_KEYS = [
  "displayName",
  "treeNodeType",
  "treeParentId",
  "datasetId",
  "datatableId",
  "tenantId",
  "existingId",
] as const;

/** Inputs whose change may loosen a guard. */
const GUARD_KEYS = [
  "acceptSha256",
  "appendOnly",
  "forbidNewActivities",
  "forceDestroy",
  "latestEventWithin",
  "maxCaseDropPercent",
  "maxRowDropPercent",
  "onColumnsRemoved",
  "requireActivities",
  "requireColumns",
  "whenMissing",
  "whenTableHasRows",
] as const;

/** What a preview found. */
export interface Preview {
  stack?: string;
  project?: string;
  steps: PreviewStep[];
  errors: Diagnostic[];
  warnings: Diagnostic[];
  /** Resources by what would be done. */
  counts: { [op: string]: number };
}

/** An error or a warning. */
export interface Diagnostic {
  name?: string;
  type?: string;
  /** Of an input that the provider rejects. */
  property?: string;
  message: string;
}

type Json = { [key: string]: unknown };

/**
 * Reads what `pulumi preview --json` and `pulumi-offline preview --json` print.
 *
 * @param origin - for the message.
 * @throws ReviewError when it is something else.
 */
export function readPreview(text: string, origin: string): Preview {
  const digest = parsed(text, origin);
  const steps = list(digest["steps"]).filter((step) => urnOf(step)?.token !== "pulumi:pulumi:Stack");
  const anyUrn = list(digest["steps"])
    .map(urnOf)
    .find((urn) => urn !== undefined);
  const diagnostics = list(digest["diagnostics"]);
  return {
    ...(anyUrn && { stack: anyUrn.stack, project: anyUrn.project }),
    steps: steps.flatMap((step) => stepFrom(step) ?? []),
    errors: diagnosticsOf(diagnostics, ["error", "info#err"]),
    warnings: diagnosticsOf(diagnostics, ["warning"]),
    counts: Object.fromEntries(
      Object.entries(object(digest["changeSummary"])).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      ),
    ),
  };
}

function parsed(text: string, origin: string): Json {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = undefined;
  }
  const digest = object(found);
  if (["steps", "diagnostics", "changeSummary"].some((key) => key in digest)) return digest;
  throw reviewError(1, "notAPreview", origin);
}

function stepFrom(step: Json): PreviewStep | undefined {
  const urn = urnOf(step);
  const op = step["op"];
  if (!urn || typeof op !== "string") return undefined;
  const [old, now] = [stateFrom(step["oldState"]), stateFrom(step["newState"])];
  const changedInputs = Array.isArray(step["diffReasons"]) ? step["diffReasons"].filter(isReason) : [];
  return { op, name: urn.name, type: urn.type, ...(old && { old }), ...(now && { now }), changedInputs };
}

function isReason(reason: unknown): reason is string {
  return typeof reason === "string" && !isHidden(reason);
}

/** The part of a state that a review shows: the rest never gets into it. */
function stateFrom(state: unknown): StepState | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const inputs = object(object(state)["inputs"]);
  const outputs = object(object(state)["outputs"]);
  const described = Object.entries(inputs).filter(
    ([key, value]) => (key in DESCRIBED_KEYS || key === "fileName") && !isHidden(key) && isPlain(value),
  );
  const { id } = object(state);
  const { rowCount, loadedRowCount } = outputs;
  const pick = (keys: readonly string[]) =>
    Object.fromEntries(keys.filter((key) => inputs[key] !== undefined).map((key) => [key, inputs[key]]));
  return {
    ...(typeof id === "string" && { id }),
    guards: pick(GUARD_KEYS),
    place: Object.fromEntries(Object.entries(pick(PLACE_KEYS)).filter(([, value]) => typeof value === "string")),
    ...((typeof rowCount === "number" || rowCount === null) && { rowCount }),
    ...(typeof loadedRowCount === "number" && { loadedRowCount }),
    file: Object.fromEntries(described.map(([key, value]) => [key, isUnknown(value) ? "not known yet" : value])),
    forceDestroy: inputs["forceDestroy"] === true,
    adopted: outputs["adopted"] === true,
    retainOnDelete: object(state)["retainOnDelete"] === true,
  };
}

/** What the provider keeps for itself. Pulumi's CLI has it in the JSON, and hides it from its own text. */
function isHidden(key: string): boolean {
  return key.startsWith("__");
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || Array.isArray(value);
}

function diagnosticsOf(diagnostics: Json[], severities: string[]): Diagnostic[] {
  return diagnostics.flatMap(({ urn, severity, message }) => {
    if (typeof severity !== "string" || !severities.includes(severity) || typeof message !== "string") return [];
    const known = typeof urn === "string" ? partsOf(urn) : undefined;
    return [{ ...(known && { name: known.name, type: known.type }), ...withoutPrefix(message) }];
  });
}

/** Pulumi's words before the provider's reason; resource and property are shown next to it. */
const CHECK_FAILURE =
  /^\S+ resource '[^']*'(?:: property (?<property>\S+) value (?:\{.*?\}|\[secret\]))? has a problem: /s;

function withoutPrefix(text: string): { property?: string; message: string } {
  const message = stripVTControlCharacters(text)
    .trim()
    .replace(/^(error|warning): /, "");
  const property = CHECK_FAILURE.exec(message)?.groups?.["property"];
  return { ...(property !== undefined && { property }), message: message.replace(CHECK_FAILURE, "") };
}

function urnOf(step: Json) {
  return typeof step["urn"] === "string" ? partsOf(step["urn"]) : undefined;
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`; a name may hold `::`. */
function partsOf(urn: string) {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (!match) return undefined;
  const [, stack = "", project = "", types = "", name = ""] = match;
  const token = types.split("$").at(-1) as string;
  return { stack, project, token, type: token.split(":").at(-1) as string, name };
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}
