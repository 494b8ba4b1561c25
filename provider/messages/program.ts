import { type Candidate, ProcessMindError } from "../errors";
import {
  declaring,
  listingDatatablesIn,
  lookingUp,
  lookingUpByName,
  readingTheConfiguration,
  runningThePackage,
} from "./doing";
import { listed, Message } from "./message";

/** What is wrong with settings, and with how a program calls this package. */

function missing(property: string, happened: string, options: string[]): ProcessMindError {
  return new ProcessMindError("CONFIG_MISSING", { doing: readingTheConfiguration(), happened, property, options });
}

export function noTenant(): ProcessMindError {
  return missing("tenantId", "there is no ProcessMind tenant", [
    "set tenantId, run `pulumi config set processmind:tenantId ID`, or set PROCESSMIND_TENANT_ID",
  ]);
}

export function noApiKey(): ProcessMindError {
  return missing("apiKey", "there is no ProcessMind API key", [
    "set the environment variable PROCESSMIND_API_KEY, which is never stored",
    "run `pulumi config set --secret processmind:apiKey`",
  ]);
}

function invalid(property: string, happened: string, options: string[]): ProcessMindError {
  return new ProcessMindError("CONFIG_INVALID", { doing: readingTheConfiguration(), happened, property, options });
}

export function badApiKey(): ProcessMindError {
  return invalid("apiKey", "the API key holds whitespace or a character outside ASCII", [
    "set it again: stack config processmind:apiKey, which comes first, or PROCESSMIND_API_KEY",
  ]);
}

/** The value may hold a password, so it is not shown. */
export function badProxy(variable: string): ProcessMindError {
  return invalid(variable, `the environment variable ${variable} is not the http or https URL of a proxy`, [
    "set it to http://HOST:PORT, or unset it; NO_PROXY names the hosts to reach without a proxy",
  ]);
}

/** @param visible - the URL without what may be a password or a key. */
export function badApiUrl(visible: string, why: "not a URL" | "not https"): ProcessMindError {
  const risk = why === "not https" ? ", and would send the API key in plain text" : "";
  return invalid("apiUrl", `the API URL "${visible}" is ${why}${risk}`, [
    "set processmind:apiUrl or PROCESSMIND_API_URL to an https URL; http is accepted for loopback only",
  ]);
}

export function apiUrlWithMore(): ProcessMindError {
  return invalid("apiUrl", "the API URL holds a user, a query or a fragment", [
    "set processmind:apiUrl or PROCESSMIND_API_URL to an https URL without them",
  ]);
}

export function badTimeout(setting: string, text: string | undefined, mostSeconds: number): ProcessMindError {
  return invalid("timeoutSeconds", `${setting} is "${text}"`, [
    `set it to a number of seconds above 0 and at most ${mostSeconds}`,
  ]);
}

/** Pulumi's provider process cannot import, and ends in a TypeError of its own. */
export function cannotImport(kind: string, name: string, id: string): ProcessMindError {
  return new ProcessMindError("INVALID_REQUEST", {
    doing: declaring(kind, name),
    happened: "Pulumi cannot import a dynamic resource",
    property: "import",
    options: [
      kind === "DatatableUpload"
        ? "remove the resource option import: ProcessMind lists no uploads"
        : `remove the resource option import, and adopt it: existingId: ${id}`,
    ],
  });
}

export function notOneFile(name: string, isArchive: boolean): ProcessMindError {
  return new ProcessMindError("INVALID_REQUEST", {
    doing: declaring("DatatableUpload", name),
    happened: `source is ${isArchive ? "an archive" : "an asset that is not a file"}`,
    property: "source",
    options: ["pass the path of one file, or new pulumi.asset.FileAsset(path)"],
  });
}

export function underBun(version: string): Message {
  return new Message(`${runningThePackage()}: Pulumi has no dynamic providers under Bun ${version}`, [
    "set `runtime: nodejs` in Pulumi.yaml; Bun can stay the package manager (`packagemanager: bun`)",
  ]);
}

/** What was thrown and is no error of this package: its stack goes along, for the report. */
export function providerBug(name: string, stack: string): ProcessMindError {
  return new ProcessMindError("PROVIDER_BUG", {
    doing: runningThePackage(),
    happened: `an unexpected ${name}`,
    more: stack,
    options: ["report this bug, with the text above"],
  });
}

/** @param noun - `Dataset` or `Datatable`. */
export function badArguments(noun: string, happened: string): ProcessMindError {
  const keys = noun === "Datatable" ? "either id, or displayName and datasetId" : "either id or displayName";
  return new ProcessMindError("INVALID_REQUEST", { doing: lookingUp(noun), happened, options: [`pass ${keys}`] });
}

export const bothKeys = () => "both id and displayName were passed";

export const noKey = () => "neither id nor displayName was passed";

export const keyIsNotText = () => "id or displayName is not text, or empty";

export const noDatasetId = () => "displayName was passed without datasetId";

const NEAREST_AT_MOST = 2;

/** @param candidates - the nearest name first. */
export function noneNamed(
  noun: string,
  displayName: string,
  where: string,
  candidates: readonly Candidate[],
): ProcessMindError {
  const nearest = candidates
    .slice(0, NEAREST_AT_MOST)
    .map((each) => `use the name of "${each.displayName ?? ""}" (${each.id})`);
  return new ProcessMindError("NOT_FOUND", {
    doing: lookingUpByName(noun, displayName, where),
    happened: candidates.length === 0 ? "there is none at all" : `none of ${candidates.length} has that name`,
    candidates,
    options: ["check the name and the tenant", ...nearest],
  });
}

export function severalNamed(
  noun: string,
  displayName: string,
  where: string,
  candidates: readonly Candidate[],
): ProcessMindError {
  const ids = candidates.map(({ id }) => `"${id}"`);
  return new ProcessMindError("AMBIGUOUS_NAME", {
    doing: lookingUpByName(noun, displayName, where),
    happened: `${candidates.length} have that name`,
    candidates,
    options: [`look one up by its id: ${listed(ids, 2)}`],
  });
}

export function datasetNotReported(datasetId: string, table: string): ProcessMindError {
  return new ProcessMindError("BAD_RESPONSE", {
    doing: listingDatatablesIn(datasetId),
    happened: `the list does not report the dataset of "${table}"`,
    options: ["look datatables up by their id"],
  });
}
