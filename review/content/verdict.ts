import { number } from "../../provider/lifecycles/shown";
import { CHANGE_KINDS } from "../../provider/messages/changes";
import { type Block, Importance, type Tone } from "../document";
import type { FilePair } from "../input/file-pair";
import type { Preview } from "../input/preview";
import type { Deletion } from "./deletions";
import { errorCounts } from "./diagnostics";
import { counted } from "./facts";
import { loosenedBy } from "./loosened";
import { changedUploads, otherChanges, resourceDeletions } from "./preview-part";
import { lossOf } from "./upload-part";

/** How the data of a table changes, in the order a reader sees them. */
const KINDS = ["appended", "rewritten", "new", "renamed", "sent again", "changed"] as const;
type Kind = (typeof KINDS)[number];

/** The review in one line: what changes; what stops the run, then what deserves a look. */
export function verdictBlock(preview: Preview | undefined, pairs: FilePair[]): Block {
  const problems = [...(preview ? previewProblems(preview) : []), ...fileProblems(pairs)];
  const notices = [...lossText(preview, pairs), ...(preview ? noticesOf(preview) : [])];
  const parts = [...dataChanges(preview, pairs), ...problems, ...notices, ...(preview ? otherText(preview) : [])];
  const tone: Tone = problems.length > 0 ? "bad" : notices.length > 0 ? "notice" : "good";
  return { kind: "verdict", tone, line: [parts.join("; ") || "Nothing changes"], importance: Importance.verdict };
}

/** What is sent, and how it differs from what was sent last. */
interface DataChange {
  kind: Kind;
  losesData: boolean;
}

/** Of a file that an upload of the preview sends, the upload counts. A failed preview lacks some uploads. */
function changesOf(preview: Preview | undefined, pairs: FilePair[]): DataChange[] {
  const uploads = preview ? changedUploads(preview) : [];
  const sent = new Set(uploads.map(({ now }) => now?.file.contentSha256));
  const files = pairs.filter(({ now }) => now !== undefined && !sent.has(now.described.contentSha256));
  return [
    ...uploads.map((step) => ({ kind: kindOf(step.now?.file.change), losesData: lossOf(step) > 0 })),
    ...files.flatMap(fileChange),
  ];
}

function fileChange({ oldName, old, now }: FilePair): DataChange[] {
  if (oldName === undefined) return [{ kind: "new", losesData: false }];
  if (old === undefined || now === undefined) return [{ kind: "changed", losesData: false }];
  if (old.described.contentSha256 !== now.described.contentSha256) {
    const losesData =
      now.described.columnsRemoved !== undefined || (now.described.rows ?? 0) < (old.described.rows ?? 0);
    return [{ kind: kindOf(now.described.change), losesData }];
  }
  return old.name === now.name ? [] : [{ kind: "renamed", losesData: false }];
}

/** `2 tables change: 1 appended, 1 rewritten` */
function dataChanges(preview: Preview | undefined, pairs: FilePair[]): string[] {
  const kinds = changesOf(preview, pairs).map(({ kind }) => kind);
  if (kinds.length === 0) return [];
  const counts = KINDS.map((kind) => ({ kind, count: kinds.filter((each) => each === kind).length }));
  const parts = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${number(count)} ${kind}`);
  const noun = preview ? "table" : "file";
  const subject = counted(kinds.length, `${noun} changes`, `${noun}s change`);
  return [`${subject}: ${parts.join(", ")}`];
}

const KIND_OF = {
  "first upload": "new",
  "same content": "sent again",
  appended: "appended",
  rewritten: "rewritten",
} as const satisfies Record<string, Kind>;

function kindOf(change: string | undefined): Kind {
  const kind = CHANGE_KINDS.find((each) => change?.startsWith(each));
  return kind === undefined ? "changed" : KIND_OF[kind];
}

function lossText(preview: Preview | undefined, pairs: FilePair[]): string[] {
  const count = changesOf(preview, pairs).filter(({ losesData }) => losesData).length;
  return count > 0 ? [`${number(count)} with fewer rows or columns`] : [];
}

function previewProblems(preview: Preview): string[] {
  const { guardRails, others } = errorCounts(preview);
  const rejected = resourceDeletions(preview).filter(({ outcome }) => outcome === "rejected").length;
  return [
    ...(guardRails > 0 ? [`${counted(guardRails, "guard rail")} failed`] : []),
    ...(others > 0 ? [counted(others, guardRails > 0 ? "other error" : "error")] : []),
    ...(rejected > 0 ? [`${counted(rejected, "deletion")} will be rejected`] : []),
  ];
}

function fileProblems(pairs: FilePair[]): string[] {
  const count = pairs.filter(({ problems }) => problems.length > 0).length;
  return count > 0 ? [`${counted(count, "file")} cannot be used`] : [];
}

function noticesOf(preview: Preview): string[] {
  const deleted = resourceDeletions(preview).filter(({ outcome, text }) => outcome === "deleted" && text !== "").length;
  const uncertain = resourceDeletions(preview).filter(({ outcome }) => outcome === "uncertain").length;
  const loosened = loosenedBy(preview.steps).length;
  return [
    ...(deleted > 0 ? [`${counted(deleted, "resource")} deleted with data`] : []),
    ...(uncertain > 0 ? [`${counted(uncertain, "deletion")} may be rejected`] : []),
    ...(loosened > 0 ? [`${counted(loosened, "guard rail")} loosened`] : []),
  ];
}

function otherText(preview: Preview): string[] {
  const isQuiet = ({ outcome, text }: Deletion) => outcome === "stays" || (outcome === "deleted" && text === "");
  const count = otherChanges(preview).length + resourceDeletions(preview).filter(isQuiet).length;
  return count > 0 ? [counted(count, "other resource changes", "other resources change")] : [];
}
