import {
  mustBeOneLine,
  mustHaveNoFolder,
  mustHaveSlashes,
  mustNameColumns,
  unknownExtension,
} from "../messages/inputs";
import { UnusableFile } from "../messages/message";
import * as says from "../messages/uploads";
import type { EventLogColumns, FileProfile, ProfileRequest } from "../profile/file-profile";
import { requireColumns } from "../profile/header";
import { profileFile } from "../profile/profile-file";
import { EXTENSIONS, extensionOf, formatOf, SourceFile } from "../profile/source-file";
import { holdsUnknown, isUnknown, UNKNOWN } from "../unknown";
import type { Check } from "./checks";
import type { CheckFailure, Context, Loose } from "./context";
import {
  type DescribedFile,
  describeFile,
  hasSameCases,
  isAppended,
  isFullyDescribed,
  isProfileCurrent,
  isSameFormat,
  isSameLog,
  lastDescribed,
  unknownFile,
  withoutEvents,
} from "./data-change";
import { type GuardRails, guardRailFailures, guardRailWarning, keptFailures } from "./guard-rails";
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
  const file = isUnknown(wanted.source) ? undefined : new SourceFile(context.programDirectory, String(wanted.source));
  // A table that is made anew needs the file, whatever was sent to the old one.
  if (last !== undefined && isFrozen && !TABLE_IDS.some((name) => isChange(name, old[name], wanted[name]))) {
    const inputs = { ...wanted, source: file?.portablePath ?? UNKNOWN, fileName: wanted.fileName ?? old.fileName };
    return kept(context, old, last, inputs, { why: says.ignoredBecause(), option: says.stopIgnoring() });
  }
  if (file === undefined) {
    return { inputs: { ...wanted, fileName: wanted.fileName ?? UNKNOWN, ...unknownFile() }, failures: [] };
  }
  const source = file.portablePath;
  const inputs = { ...wanted, source, fileName: wanted.fileName ?? file.name };
  const failures = nameFailures(file, inputs.fileName);
  if (failures.length > 0) return { inputs, failures };
  const mayKeepLast = wanted.whenMissing === "keepLast" && !file.exists();
  if (mayKeepLast && last !== undefined) {
    const isOtherName = wanted.fileName === undefined && differs(old.fileName, inputs.fileName);
    const keeping = {
      why: says.notHere(source),
      option: says.bringFile(),
      laterName: isOtherName ? file.name : undefined,
    };
    return kept(context, old, last, { ...inputs, fileName: wanted.fileName ?? old.fileName }, keeping);
  }
  try {
    const profile = await profileFile(requestFrom(old, last, inputs, file));
    return await judged(context, old, last, inputs, profile);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return { inputs, failures: [says.sourceUnusable(source, error.message, error.options, mayKeepLast)] };
  }
}

/** Why the last file is kept, how to have it sent all the same, and the name that a later run sends it under. */
interface Keeping {
  why: string;
  option: string;
  laterName?: string;
}

async function kept(
  context: Context,
  old: Wanted,
  last: DescribedFile,
  inputs: Wanted,
  { why, option, laterName }: Keeping,
): Promise<Described> {
  // One that is not known yet may not be a change.
  const isKnownChange = (name: keyof SourceInputs) =>
    !holdsUnknown(inputs[name]) && isChange(name, old[name], inputs[name]);
  const moved = TABLE_IDS.filter(isKnownChange);
  const changed = moved.length > 0 ? moved : RESENT_BY.filter(isKnownChange);
  if (changed.length > 0) {
    return { inputs, failures: [says.keptFileMustBeSent(why, changed, moved.length > 0, option)] };
  }
  await context.warn(says.keepsLastUpload(why, inputs.fileName, inputs.datatableId, laterName));
  const known = isSameLog(old, inputs) ? last : withoutEvents(last);
  const failures = [...keptFailures(inputs, known), ...logFailures(inputs, last)];
  return { inputs: { ...inputs, ...known }, failures };
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
    return [says.eventLogDoesNotFit(error.message, error.options)];
  }
}

const TABLE_IDS = ["datatableId", "datasetId", "tenantId"] as const;

/** What sends the same content again. Shown by its name alone: a value may be a secret. */
const RESENT_BY = ["fileName", "contentType", "triggers"] as const;

type Last = DescribedFile | undefined;

function requestFrom(old: Wanted, last: Last, inputs: Wanted, source: SourceFile): ProfileRequest {
  return {
    source,
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
  const now = maySkip ? { ...described, change: says.mayBeRecorded() } : described;
  if (now.contentSha256 !== last?.contentSha256 || !isSameFormat(old, inputs)) {
    for (const warning of profile.warnings) await context.warn(says.fileWarning(inputs.source, warning));
  }
  // Without its name the format is not known, and nothing of it is read; it is judged once the name is known.
  if (isUnknown(inputs.fileName)) return { inputs: { ...inputs, ...now }, failures: [] };
  const compared = {
    last,
    now,
    isAppended: last !== undefined && isAppended(last, profile),
    activityNames: profile.eventLog?.activityNames,
    hasSameCases: hasSameCases(old, inputs),
    nowMs: context.now(),
  };
  const warning = guardRailWarning(inputs, compared);
  if (warning !== undefined) await context.warn(says.fileWarning(inputs.source, warning));
  return { inputs: { ...inputs, ...now }, failures: guardRailFailures(inputs, compared) };
}

const EVENT_LOG_NAMES = ["caseId", "activity", "timestamp"] as const;

export const checkEventLog: Check = ({ eventLog }) => {
  if (eventLog === undefined || eventLog === null || holdsUnknown(eventLog)) return [];
  const names = typeof eventLog === "object" ? (eventLog as Record<string, unknown>) : {};
  const isWhole = EVENT_LOG_NAMES.every((name) => typeof names[name] === "string" && names[name] !== "");
  if (isWhole && Object.keys(names).length === EVENT_LOG_NAMES.length) return [];
  return [mustNameColumns("eventLog", EVENT_LOG_NAMES)];
};

function knownEventLog(eventLog: unknown): EventLogColumns | undefined {
  // Passed by checkEventLog.
  return eventLog === undefined || holdsUnknown(eventLog) ? undefined : (eventLog as EventLogColumns);
}

/** ProcessMind chooses its reader by the extension of the name that is sent. */
function nameFailures(source: SourceFile, fileName: unknown): CheckFailure[] {
  if (isUnknown(fileName)) return [];
  const name = String(fileName);
  if (/\p{Cc}/u.test(name)) return [mustBeOneLine("fileName", name)];
  // Where no fileName is set, it is the last part of source, in which a backslash may remain.
  if (name === source.name && name.includes("\\")) return [mustHaveSlashes(source.portablePath)];
  if (/[/\\]/.test(name)) return [mustHaveNoFolder("fileName", name)];
  if (formatOf(name)) return [];
  return [unknownExtension(name === source.name ? "source" : "fileName", name, extensionOf(name), EXTENSIONS)];
}
