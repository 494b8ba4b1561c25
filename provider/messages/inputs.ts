import type { CheckFailure } from "../lifecycles/context";
import { formatValue } from "./message";

/** What is wrong with the inputs of a resource, by the property that is. */

function failure(property: string, reason: string, ...options: string[]): CheckFailure {
  return { property, reason, options };
}

export function notAProperty(property: string, nearest: string | undefined, known: readonly string[]): CheckFailure {
  const all = known.join(", ");
  const options =
    nearest === undefined
      ? [`it has ${all.length > 100 ? `${all.slice(0, 100)}…` : all}`]
      : [`did you mean ${nearest}?`];
  return { ...failure(property, `${property} is not a property of this resource`, ...options), candidates: known };
}

/** @param what - what the property is: `the id of the Dataset`. */
export const isRequired = (property: string, what: string) => failure(property, `${property} is required: ${what}`);

/** An id that `--target` or `--exclude` leaves out of the first run is not there to pass. */
export function idIsRequired(property: string, what: string, noun: string): CheckFailure {
  const option = `set in the program: this run leaves the ${noun} out, so add it to --target, or remove it from --exclude`;
  return failure(property, `${property} is required: ${what}`, option);
}

export function tenantIsRequired(): CheckFailure {
  return failure(
    "tenantId",
    `tenantId is required: ${WHAT.tenantId}`,
    "set the argument, run `pulumi config set processmind:tenantId ID`, or set PROCESSMIND_TENANT_ID",
  );
}

export const mustBeText = (property: string, type: string, what: string) =>
  failure(property, `${property} must be text, not ${type}: ${what}`);

export const mustNotBeEmpty = (property: string, what: string) =>
  failure(property, `${property} must not be empty: ${what}`);

export const mustBeBoolean = (property: string, type: string) =>
  failure(property, `${property} must be true or false, not ${type}`);

export const mustBeOneOf = (property: string, allowed: readonly string[], value: unknown) =>
  failure(
    property,
    `${property} must be ${allowed.map((item) => `"${item}"`).join(" or ")}, not ${formatValue(value)}`,
  );

/** @param what - `number of seconds`. */
export const mustBeNumber = (property: string, what: string, range: string) =>
  failure(property, `${property} must be a ${what} ${range}`);

export const above = (limit: number, most: number) => `above ${limit} and at most ${most}`;

export const fromTo = (from: number, to: number) => `from ${from} to ${to}`;

export const mustBeTexts = (property: string, what: string) =>
  failure(property, `${property} must be a list of texts that are not empty: ${what}`);

export const mustMatch = (property: string, what: string, value: unknown) =>
  failure(property, `${property} must be ${what}, not ${formatValue(value)}`);

export const mustNameColumns = (property: string, names: readonly string[]) =>
  failure(property, `${property} must name three columns: { ${names.join(", ")} }`);

export const needsEventLog = (property: string) =>
  failure(property, `${property} needs eventLog, which names the columns of cases, activities and times`);

export const mustBeOneLine = (property: string, value: unknown) =>
  failure(property, `${property} ${formatValue(value)} must be one line, without control characters`);

export const mustHaveNoFolder = (property: string, name: string) =>
  failure(property, `${property} "${name}" must be a name without folders`);

/** A path with backslashes, where they do not separate folders. @param written - the path as the program has it. */
export function mustHaveSlashes(written: string): CheckFailure {
  return failure(
    "source",
    `source ${formatValue(written)} has backslashes, which separate folders on Windows only`,
    "write / between folders, which works on every system",
    "if the file's own name has a backslash: set fileName to a name without it",
  );
}

export function unknownExtension(property: string, name: string, extension: string, known: readonly string[]) {
  const has = extension === "" ? "has no extension" : `has the extension .${extension}`;
  return failure(property, `${property} "${name}" ${has}; ProcessMind reads ${known.join(", ")}`);
}

/** What a property is, for the messages above. */
export const WHAT = {
  displayName: "the name shown in ProcessMind",
  treeParentId: "the id of the TreeGroup that holds the dataset",
  datasetId: "the id of the Dataset that holds the table",
  existingDataset: "the id of the dataset to adopt",
  existingDatatable: "the id of the datatable to adopt",
  datatableId: "the id of the Datatable to load",
  tenantId: "the ProcessMind tenant",
  source: "the path of the file",
  fileName: "the name to send",
  contentType: "a media type such as text/csv",
  requireColumns: "names of columns",
  requireActivities: "names of activities",
  acceptSha256: "the first 8 to 64 digits of a SHA-256, in lower case",
} as const;

export const numberOf = (unit: string, isWhole = false) => `${isWhole ? "whole " : ""}number of ${unit}`;

const ACTIONS: { [property: string]: string } = {
  displayName: "rename a NOUN",
  treeNodeType: "change the type of a NOUN",
};

/** A change that the API has no call for; a new object would lose the data of this one. */
export function cannotChange(
  noun: "dataset" | "datatable",
  property: string,
  from: unknown,
  to: unknown,
): CheckFailure {
  const action = (ACTIONS[property] ?? "move a NOUN").replace("NOUN", noun);
  const reason = `cannot change ${property} from ${formatValue(from)} to ${formatValue(to)}: ProcessMind's API cannot ${action}`;
  const keep = keepValueHint(property, from);
  if (property === "tenantId") {
    return failure(
      property,
      reason,
      "keep the tenant: set tenantId, `processmind:tenantId` or PROCESSMIND_TENANT_ID back",
      "use both tenants: declare a second resource for the other one",
      `leave this one: set forceDestroy: true, run \`pulumi up\`, then change it; this deletes the ${noun} with its data`,
    );
  }
  const inProcessMind =
    property === "datasetId" ? [] : [`change it in ProcessMind, run \`pulumi refresh\`, then change the program`];
  return failure(
    property,
    reason,
    `keep it: ${keep}`,
    ...inProcessMind,
    `delete the ${noun} with its data: keep it, set forceDestroy: true, run \`pulumi up\`, then change it`,
  );
}

/** How a program writes the value that is there. */
function keepValueHint(property: string, value: unknown): string {
  return value === undefined || value === null ? `leave ${property} out` : `${property}: ${formatValue(value)}`;
}

/** With existingId still set, a replacement would delete the object and then adopt it again. */
export function adoptedCannotBeReplaced(properties: readonly string[]): CheckFailure {
  return failure(
    "existingId",
    `cannot change ${properties.join(", ")} while existingId is set: it names the object that the change deletes`,
    `keep ${properties.join(", ")}`,
    "remove existingId: the change then deletes the object and creates a new one",
  );
}
