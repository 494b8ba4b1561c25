import { existsSync } from "node:fs";
import * as path from "node:path";
import type { EventLogColumns, FileProfile } from "../profile/file-profile";
import { requireColumns } from "../profile/header";
import { profileFile } from "../profile/profile-file";
import { EXTENSIONS, extensionOf, type Format, portablePath, UnusableFile } from "../profile/source-file";
import { type Check, holdsUnknown, isUnknown, UNKNOWN } from "./checks";
import type { CheckFailure, Context, Loose } from "./context";
import {
  type DescribedFile,
  describeFile,
  isAppended,
  isFullyDescribed,
  isProfileCurrent,
  isSameFormat,
  isSameLog,
  lastDescribed,
  unknownFile,
  withoutEvents,
} from "./data-change";
import { type GuardRails, guardRailFailures, keptFailures } from "./guard-rails";
import { differs, isChange } from "./policy";

export type { EventLogColumns };

/** What to do where the file is not: fail, or keep what the last run recorded of it. */
export const WHEN_MISSING = ["fail", "keepLast"] as const;

interface SourceInputs extends DescribedFile, GuardRails {
  datatableId: string;
  datasetId: string;
  tenantId: string;
  source: string;
  fileName: string;
  contentType?: string;
  triggers?: unknown;
  eventLog?: EventLogColumns;
  whenMissing?: (typeof WHEN_MISSING)[number];
  whenTableHasRows?: unknown;
}
type Wanted = Loose<SourceInputs>;
interface Described {
  inputs: Wanted;
  failures: CheckFailure[];
}

/**
 * Adds to the inputs what the file is and what its change does, and judges both. Sends nothing. A path not known yet
 * leaves everything about the file unknown; nothing is opened.
 *
 * @param isFrozen - what the last run recorded of the file is kept, whatever it holds now.
 */
export async function describeSource(
  context: Context,
  old: Wanted,
  wanted: Wanted,
  isFrozen: boolean,
): Promise<Described> {
  const last = lastDescribed(old);
  // A table that is made anew needs the file, whatever was sent to the old one.
  if (last !== undefined && isFrozen && !TABLE_IDS.some((name) => isChange(name, old[name], wanted[name]))) {
    const source = isUnknown(wanted.source) ? UNKNOWN : portablePath(context.programDirectory, String(wanted.source));
    const inputs = { ...wanted, source, fileName: wanted.fileName ?? old.fileName };
    return kept(context, old, last, inputs, {
      upload: `"${inputs.fileName}" of datatable ${inputs.datatableId}: `,
      why: "ignoreChanges covers contentSha256",
      way: "take contentSha256 out of what ignoreChanges covers",
    });
  }
  if (isUnknown(wanted.source)) {
    return { inputs: { ...wanted, fileName: wanted.fileName ?? UNKNOWN, ...unknownFile() }, failures: [] };
  }
  const file = String(wanted.source);
  const source = portablePath(context.programDirectory, file);
  const inputs = { ...wanted, source, fileName: wanted.fileName ?? path.posix.basename(source) };
  const failures = nameFailures(source, inputs.fileName);
  if (failures.length > 0) return { inputs, failures };
  const mayKeepLast = wanted.whenMissing === "keepLast" && !existsSync(path.resolve(context.programDirectory, file));
  if (mayKeepLast && last !== undefined) {
    const isOtherName = wanted.fileName === undefined && differs(old.fileName, inputs.fileName);
    return kept(
      context,
      old,
      last,
      { ...inputs, fileName: wanted.fileName ?? old.fileName },
      {
        why: `"${source}" is not here`,
        way: "bring the file",
        hint: isOtherName ? ` A run that has it will send it as "${inputs.fileName}".` : "",
      },
    );
  }
  try {
    const profile = await profileFile(requestFrom(context, old, last, inputs, file));
    return await judged(context, old, last, inputs, profile);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    const hint = mayKeepLast ? ", and there is no earlier upload to keep" : "";
    const reason = `source "${source}" cannot be uploaded: ${error.message}${hint}.`;
    return { inputs, failures: [{ property: "source", reason }] };
  }
}

/** Why the last file is kept, how to have it sent all the same, and what else a user should know. */
interface Keeping {
  /** Which upload it is, where `why` does not say so. */
  upload?: string;
  why: string;
  way: string;
  hint?: string;
}

async function kept(
  context: Context,
  old: Wanted,
  last: DescribedFile,
  inputs: Wanted,
  { upload = "", why, way, hint = "" }: Keeping,
): Promise<Described> {
  // One that is not known yet may be no change.
  const isKnownChange = (name: keyof SourceInputs) =>
    !holdsUnknown(inputs[name]) && isChange(name, old[name], inputs[name]);
  const moved = TABLE_IDS.filter(isKnownChange);
  const what = (moved.length > 0 ? moved : RESENT_BY.filter(isKnownChange)).join(", ");
  if (what !== "") {
    const reason =
      `source cannot be sent (${why}), and a change of ${what} sends the file ` +
      `${moved.length > 0 ? "to another table" : "again"}: ${way}, or leave ${what} as it was.`;
    return { inputs, failures: [{ property: "source", reason }] };
  }
  await context.warn(`${upload}${why}, so what was uploaded last is kept: nothing is compared or sent.${hint}`);
  const failures = [...keptFailures(inputs, last), ...logFailures(inputs, last)];
  return { inputs: { ...inputs, ...(isSameLog(old, inputs) ? last : withoutEvents(last)) }, failures };
}

/** Columns the log needs, where the last file is known to lack them; a log in XES names none. */
function logFailures({ eventLog }: Wanted, { __columns: columns }: DescribedFile): CheckFailure[] {
  const known = knownEventLog(eventLog);
  if (known === undefined || columns === undefined) return [];
  try {
    requireColumns(known, columns);
    return [];
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return [
      { property: "eventLog", reason: `eventLog does not fit the file that was uploaded last: ${error.message}.` },
    ];
  }
}

const TABLE_IDS = ["datatableId", "datasetId", "tenantId"] as const;

/** What sends the same content again. Told by its name alone: a value may be a secret. */
const RESENT_BY = ["fileName", "contentType", "triggers"] as const;

/** A preview asks ProcessMind nothing, so it does not know whether the table has rows. */
const MAY_SKIP = "first upload: recorded, not sent, if the table has rows";

type Last = DescribedFile | undefined;

function requestFrom(context: Context, old: Wanted, last: Last, inputs: Wanted, file: string) {
  return {
    programDirectory: context.programDirectory,
    file,
    format: isUnknown(inputs.fileName) ? undefined : formatOf(String(inputs.fileName)),
    eventLog: knownEventLog(inputs.eventLog),
    prefixBytes: last?.sizeBytes,
    // Its profile is in the state already.
    knownSha256: last && isFullyDescribed(last) && isProfileCurrent(old, inputs) ? last.contentSha256 : undefined,
  };
}

async function judged(
  context: Context,
  old: Wanted,
  last: Last,
  inputs: Wanted,
  profile: FileProfile,
): Promise<Described> {
  const resentBy = RESENT_BY.filter((name) => differs(old[name], inputs[name]));
  const described = describeFile(old, inputs, profile, resentBy);
  const maySkip = last === undefined && inputs.whenTableHasRows === "skip";
  const now = maySkip ? { ...described, change: MAY_SKIP } : described;
  if (now.contentSha256 !== last?.contentSha256 || !isSameFormat(old, inputs)) {
    for (const warning of profile.warnings) await context.warn(`"${inputs.source}": ${warning}.`);
  }
  const compared = { last, now, isAppended: last !== undefined && isAppended(last, profile) };
  // Without its name the format is not known, and nothing of it is read; it is judged once the name is known.
  const failures = isUnknown(inputs.fileName) ? [] : guardRailFailures(inputs, compared);
  return { inputs: { ...inputs, ...now }, failures };
}

const EVENT_LOG_NAMES = ["caseId", "activity", "timestamp"] as const;

export const checkEventLog: Check = ({ eventLog }) => {
  if (eventLog === undefined || eventLog === null || holdsUnknown(eventLog)) return [];
  const names = typeof eventLog === "object" ? (eventLog as Record<string, unknown>) : {};
  const isWhole = EVENT_LOG_NAMES.every((name) => typeof names[name] === "string" && names[name] !== "");
  if (isWhole && Object.keys(names).length === EVENT_LOG_NAMES.length) return [];
  const reason = `eventLog must name three columns: { ${EVENT_LOG_NAMES.join(", ")} }`;
  return [{ property: "eventLog", reason }];
};

function knownEventLog(eventLog: unknown): EventLogColumns | undefined {
  // Passed by checkEventLog.
  return eventLog === undefined || holdsUnknown(eventLog) ? undefined : (eventLog as EventLogColumns);
}

/** ProcessMind chooses its reader by the extension of the name that is sent. */
function nameFailures(source: string, fileName: unknown): CheckFailure[] {
  if (isUnknown(fileName)) return [];
  const name = String(fileName);
  if (/\p{Cc}/u.test(name)) {
    const reason = `fileName ${JSON.stringify(name)} must be one line, without control characters`;
    return [{ property: "fileName", reason }];
  }
  if (/[/\\]/.test(name))
    return [{ property: "fileName", reason: `fileName "${name}" must be a name without folders` }];
  if (formatOf(name)) return [];
  const extension = extensionOf(name);
  const what = extension === "" ? "has no extension" : `has the extension .${extension}`;
  const property = name === path.posix.basename(source) ? "source" : "fileName";
  return [{ property, reason: `${property} "${name}" ${what}; ProcessMind reads ${EXTENSIONS.join(", ")}` }];
}

function formatOf(name: string): Format | undefined {
  const extension = extensionOf(name);
  return EXTENSIONS.find((known) => known === extension);
}
