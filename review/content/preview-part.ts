import { number } from "../../provider/lifecycles/shown";
import { DATA_DELETION_OPTIONS } from "../../provider/messages/objects";
import { type Block, code, Importance, type Line, shownName } from "../document";
import type { Preview, PreviewStep } from "../input/preview";
import { type Deletion, deletionsOf } from "./deletions";
import { diagnosticBlocks, subject } from "./diagnostics";
import { counted, heading, paragraph, prose } from "./facts";
import { type Loosened, loosenedBy } from "./loosened";
import { uploadBlocks } from "./upload-part";

/** Deletions of a preview, those that replace something too, each resource once. */
export function resourceDeletions({ steps }: Preview): Deletion[] {
  const all = deletionsOf(steps, isDestroy);
  // A replacement comes as up to three steps.
  return [...new Map(all.map((each) => [`${each.step.type} ${each.step.name}`, each])).values()];
}

/** Why a run would fail although its preview succeeds, or because the preview fails. */
export function refusals(preview: Preview): { errors: number; deletions: number } {
  const rejected = resourceDeletions(preview).filter(({ outcome }) => outcome === "rejected");
  return { errors: preview.errors.length, deletions: rejected.length };
}

/** Uploads that send something, or record something anew. */
export function changedUploads({ steps }: Preview): PreviewStep[] {
  return steps.filter((step) => step.type === "DatatableUpload" && isChange(step) && !isDestroy(step));
}

/** Everything else that changes, without what is deleted or replaced. */
export function otherChanges({ steps }: Preview): PreviewStep[] {
  return steps.filter((step) => step.type !== "DatatableUpload" && isChange(step) && !isDestroy(step));
}

/** What a preview found: what is wrong first, then what would be lost, then the data. */
export function previewBlocks(preview: Preview): Block[] {
  const { errors, warnings } = preview;
  const deletions = resourceDeletions(preview);
  return [
    heading(2, ["Preview: ", summary(preview)]),
    ...diagnosticBlocks("bad", errors),
    ...(errors.length > 0 ? [paragraph([STOPPED], Importance.errors)] : []),
    ...rejectedBlocks(deletions.filter(({ outcome }) => outcome === "rejected")),
    ...destroyBlocks(deletions),
    ...diagnosticBlocks("notice", warnings),
    ...loosenedBlocks(loosenedBy(preview.steps)),
    ...uploadBlocks(changedUploads(preview)),
    ...otherBlocks(otherChanges(preview)),
  ];
}

const STOPPED = "Pulumi stops at the first error, so this preview may lack resources and further errors.";

const OPS: { [op: string]: string } = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
  "delete-replaced": "replace",
  same: "unchanged",
  read: "read",
  import: "import",
};

function opText(op: string): string {
  return OPS[op] ?? op;
}

function isChange({ op }: PreviewStep): boolean {
  return op !== "same" && op !== "refresh" && op !== "remove-pending-replace";
}

function isDestroy({ op }: PreviewStep): boolean {
  return opText(op) === "delete" || opText(op) === "replace";
}

function summary({ counts, errors }: Preview): string {
  const parts = Object.entries(counts).filter(([op, count]) => count > 0 && op !== "same");
  const same = counts["same"] ?? 0;
  const texts = [
    ...(errors.length > 0 ? [`failed with ${counted(errors.length, "error")}`] : []),
    ...parts.map(([op, count]) => `${number(count)} to ${opText(op)}`),
    ...(same > 0 ? [`${number(same)} unchanged`] : []),
  ];
  return texts.length === 0 ? "nothing to do" : texts.join(", ");
}

// ── What would be lost ──────────────────────────────────────────────────────────────────────────────────────

function rejectedBlocks(rejected: Deletion[]): Block[] {
  if (rejected.length === 0) return [];
  const items = rejected.map(({ step, text }): Line => [...subject(step), `its deletion ${text}.`]);
  const options: Block = {
    kind: "list",
    items: DATA_DELETION_OPTIONS.map((each) => prose(each)),
    importance: Importance.errors,
  };
  return [
    { kind: "list", tone: "bad", items, importance: Importance.errors },
    paragraph(["The run deletes what it can and then fails. Options:"], Importance.errors),
    options,
  ];
}

function destroyBlocks(deletions: Deletion[]): Block[] {
  const rows = deletions.map(({ step, outcome, text }): Line[] => [
    [code(step.name)],
    [step.type],
    [{ strong: opText(step.op) }],
    [effect(outcome, text)],
  ]);
  if (rows.length === 0) return [];
  return [
    heading(3, ["Deleted or replaced"], Importance.destroys),
    { kind: "table", head: ["name", "type", "step", "effect"], numeric: [], rows, importance: Importance.destroys },
  ];
}

function effect(outcome: Deletion["outcome"], text: string): Line[number] {
  if (outcome === "rejected") return { strong: text, tone: "bad" };
  if (outcome === "deleted" && text !== "") return { strong: text, tone: "notice" };
  return text;
}

function loosenedBlocks(loosened: Loosened[]): Block[] {
  if (loosened.length === 0) return [];
  return [
    heading(3, ["Loosened guard rails"], Importance.warnings),
    {
      kind: "list",
      tone: "notice",
      items: loosened.map(({ step, property, from, to }) => [
        ...subject(step),
        code(property),
        " ",
        { strong: `${shownName(from)} ⇒ ${shownName(to)}` },
      ]),
      importance: Importance.warnings,
    },
  ];
}

// ── The rest ────────────────────────────────────────────────────────────────────────────────────────────────

function otherBlocks(steps: PreviewStep[]): Block[] {
  if (steps.length === 0) return [];
  const rows = steps.map((step): Line[] => [
    [code(step.name)],
    [step.type],
    [isAdoption(step) ? "adopt" : opText(step.op)],
    [step.changedInputs.map(shownName).join(", ")],
  ]);
  return [
    {
      kind: "details",
      summary: [`Other resources (${number(steps.length)})`],
      blocks: [
        {
          kind: "table",
          head: ["name", "type", "step", "inputs"],
          numeric: [],
          rows,
          importance: Importance.otherSteps,
        },
      ],
      importance: Importance.otherSteps,
    },
  ];
}

function isAdoption({ op, type, now }: PreviewStep): boolean {
  return op === "create" && (type === "Dataset" || type === "Datatable") && now?.place.existingId !== undefined;
}
