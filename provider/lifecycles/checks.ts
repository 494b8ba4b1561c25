import { MAX_TIMEOUT_SECONDS } from "../config";
import { nearestName } from "../nearest";
import type { CheckFailure } from "./context";

/**
 * Small validators for `check`. Every one lets an unknown value pass: in a preview it stands for an output of a
 * resource that does not exist yet.
 */

/** What Pulumi puts in the place of a value it does not know yet, whatever its type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether a value is unknown, or holds an unknown anywhere inside. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(holdsUnknown);
}

type Inputs = Record<string, unknown>;
export type Check = (inputs: Inputs) => CheckFailure[];

/** Runs every check, so that a user sees all that is wrong at once. */
export function failuresOf(inputs: object, checks: Check[]): CheckFailure[] {
  return checks.flatMap((check) => check(inputs as Inputs));
}

/** A value that is wrong by itself needs no word on what its change would do. */
export function firstOfEach(failures: CheckFailure[]): CheckFailure[] {
  const first = (property: string) => failures.find((failure) => failure.property === property);
  return failures.filter((failure) => failure === first(failure.property));
}

/** A property nobody knows is a slip, and a slip in `forceDestroy` must not pass in silence. `__…` are Pulumi's. */
export function onlyKnown(known: object): Check {
  return (inputs) =>
    Object.keys(inputs)
      .filter((name) => !Object.hasOwn(known, name) && !name.startsWith("__"))
      .map((property) => ({
        property,
        reason: `${property} is not a property of this resource${hintOf(property, known)}; it has ${Object.keys(known).join(", ")}`,
      }));
}

function hintOf(property: string, known: object): string {
  const near = nearestName(property, Object.keys(known));
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

export function requiredText(property: string, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return `is required: ${what}`;
    if (typeof value !== "string") return `must be text, not ${typeName(value)}: ${what}`;
    return value.trim() === "" ? `must not be empty: ${what}` : undefined;
  });
}

/** The id of a resource. One that `--target` or `--exclude` leaves out of its first run has none to hand over. */
export function requiredId(property: string, what: string, noun: string): Check {
  const check = requiredText(property, what);
  const hint = `. If it is set, this run leaves the ${noun} out: name it with --target too, or not with --exclude`;
  return (inputs) =>
    check(inputs).map((failure) =>
      (inputs[property] ?? null) === null ? { property, reason: failure.reason + hint } : failure,
    );
}

export function optionalText(property: string, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") return `must be text, not ${typeName(value)}: ${what}`;
    return value.trim() === "" ? `must not be empty when given: ${what}` : undefined;
  });
}

export function optionalBoolean(property: string): Check {
  return only(property, (value) =>
    value === undefined || value === null || typeof value === "boolean"
      ? undefined
      : `must be true or false, not ${typeName(value)}`,
  );
}

export function oneOf(property: string, allowed: readonly string[]): Check {
  return only(property, (value) =>
    value === undefined || allowed.includes(value as string)
      ? undefined
      : `must be ${allowed.map((item) => `"${item}"`).join(" or ")}, not ${JSON.stringify(value)}`,
  );
}

export function optionalNumber(property: string, limits: { above: number; atMost: number; unit: string }): Check {
  const range = `above ${limits.above} and at most ${limits.atMost}`;
  return numberWhere(
    property,
    `number of ${limits.unit}`,
    range,
    (value) => value > limits.above && value <= limits.atMost,
  );
}

export function optionalWholeNumber(property: string, limits: { from: number; to: number; unit: string }): Check {
  const { from, to, unit } = limits;
  const fits = (value: number) => Number.isInteger(value) && value >= from && value <= to;
  return numberWhere(property, `whole number of ${unit}`, `from ${from} to ${to}`, fits);
}

/** As {@link optionalNumber}, where 0 has a meaning of its own. */
export function optionalNumberOrZero(property: string, limits: { atMost: number; unit: string }): Check {
  const range = `from 0 to ${limits.atMost}`;
  return numberWhere(property, `number of ${limits.unit}`, range, (value) => value >= 0 && value <= limits.atMost);
}

function numberWhere(property: string, what: string, range: string, fits: (value: number) => boolean): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === "number" && fits(value) ? undefined : `must be a ${what} ${range}`;
  });
}

export function optionalTexts(property: string, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null || holdsUnknown(value)) return undefined;
    const fits = Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
    return fits ? undefined : `must be a list of texts that are not empty: ${what}`;
  });
}

export function textWhere(property: string, pattern: RegExp, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" && pattern.test(value)
      ? undefined
      : `must be ${what}, not ${JSON.stringify(value)}`;
  });
}

/** The tenant is found in the user's program; nothing there is a failure that names every way to set it. */
export const requiredTenant: Check = requiredText(
  "tenantId",
  "the ProcessMind tenant. Set the argument, `pulumi config set processmind:tenantId`, or PROCESSMIND_TENANT_ID",
);

export const checkTimeout: Check = optionalNumber("timeoutSeconds", {
  above: 0,
  atMost: MAX_TIMEOUT_SECONDS,
  unit: "seconds",
});

function only(property: string, judge: (value: unknown) => string | undefined): Check {
  return (inputs) => {
    const value = inputs[property];
    if (isUnknown(value)) return [];
    const reason = judge(value);
    return reason === undefined ? [] : [{ property, reason: `${property} ${reason}` }];
  };
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
