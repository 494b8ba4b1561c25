import { MAX_TIMEOUT_SECONDS } from "../config";
import * as says from "../messages/inputs";
import { nearestName } from "../nearest";
import { holdsUnknown, isUnknown } from "../unknown";
import type { CheckFailure } from "./context";

/**
 * Small validators for `check`. Every one lets an unknown value pass: in a preview it stands for an output of a
 * resource that does not exist yet.
 */

type Inputs = Record<string, unknown>;
export type Check = (inputs: Inputs) => CheckFailure[];

/** Runs every check, so that a user sees everything that is wrong. */
export function failuresOf(inputs: object, checks: readonly Check[]): CheckFailure[] {
  return checks.flatMap((check) => check(inputs as Inputs));
}

/** A value that is wrong by itself needs no word on what its change would do. */
export function firstOfEach(failures: CheckFailure[]): CheckFailure[] {
  const first = (property: string) => failures.find((failure) => failure.property === property);
  return failures.filter((failure) => failure === first(failure.property));
}

/** An unknown property is a slip, and a slip in `forceDestroy` must not pass in silence. `__…` are Pulumi's. */
export function onlyKnown(known: object): Check {
  const names = Object.keys(known);
  return (inputs) =>
    Object.keys(inputs)
      .filter((name) => !Object.hasOwn(known, name) && !name.startsWith("__"))
      .map((name) => says.notAProperty(name, nearestName(name, names), names));
}

export function requiredText(property: string, what: string): Check {
  return requiredOr(property, what, () => says.isRequired(property, what));
}

/** The id of a resource. One that `--target` or `--exclude` leaves out of its first run has none to pass on. */
export function requiredId(property: string, what: string, noun: string): Check {
  return requiredOr(property, what, () => says.idIsRequired(property, what, noun));
}

function requiredOr(property: string, what: string, missing: () => CheckFailure): Check {
  return only(property, (value) =>
    value === undefined || value === null ? missing() : textFailure(property, what, value),
  );
}

export function optionalText(property: string, what: string): Check {
  return only(property, (value) =>
    value === undefined || value === null ? undefined : textFailure(property, what, value),
  );
}

function textFailure(property: string, what: string, value: unknown): CheckFailure | undefined {
  if (typeof value !== "string") return says.mustBeText(property, typeName(value), what);
  return value.trim() === "" ? says.mustNotBeEmpty(property, what) : undefined;
}

export function optionalBoolean(property: string): Check {
  return only(property, (value) =>
    value === undefined || value === null || typeof value === "boolean"
      ? undefined
      : says.mustBeBoolean(property, typeName(value)),
  );
}

export function oneOf(property: string, allowed: readonly string[]): Check {
  return only(property, (value) =>
    value === undefined || allowed.includes(value as string) ? undefined : says.mustBeOneOf(property, allowed, value),
  );
}

export function optionalNumber(property: string, limits: { above: number; atMost: number; unit: string }): Check {
  const { above, atMost, unit } = limits;
  return numberWhere(
    property,
    says.numberOf(unit),
    says.above(above, atMost),
    (value) => value > above && value <= atMost,
  );
}

export function optionalWholeNumber(property: string, limits: { from: number; to: number; unit: string }): Check {
  const { from, to, unit } = limits;
  const fits = (value: number) => Number.isInteger(value) && value >= from && value <= to;
  return numberWhere(property, says.numberOf(unit, true), says.fromTo(from, to), fits);
}

/** As {@link optionalNumber}, where 0 has a meaning of its own. */
export function optionalNumberOrZero(property: string, limits: { atMost: number; unit: string }): Check {
  const { atMost, unit } = limits;
  return numberWhere(property, says.numberOf(unit), says.fromTo(0, atMost), (value) => value >= 0 && value <= atMost);
}

function numberWhere(property: string, what: string, range: string, fits: (value: number) => boolean): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === "number" && fits(value) ? undefined : says.mustBeNumber(property, what, range);
  });
}

export function optionalTexts(property: string, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null || holdsUnknown(value)) return undefined;
    const fits = Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
    return fits ? undefined : says.mustBeTexts(property, what);
  });
}

export function textWhere(property: string, pattern: RegExp, what: string): Check {
  return only(property, (value) => {
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" && pattern.test(value) ? undefined : says.mustMatch(property, what, value);
  });
}

/** The tenant is found in the user's program; none there is a failure that names every way to set it. */
export const requiredTenant: Check = requiredOr("tenantId", says.WHAT.tenantId, says.tenantIsRequired);

export const checkTimeout: Check = optionalNumber("timeoutSeconds", {
  above: 0,
  atMost: MAX_TIMEOUT_SECONDS,
  unit: "seconds",
});

function only(property: string, judge: (value: unknown) => CheckFailure | undefined): Check {
  return (inputs) => {
    const value = inputs[property];
    if (isUnknown(value)) return [];
    const failure = judge(value);
    return failure === undefined ? [] : [failure];
  };
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
