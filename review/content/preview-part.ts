import { number, shareOf } from "../../provider/lifecycles/data-change";
import { DATA_DELETION_OPTIONS } from "../../provider/messages/objects";
import { type Block, code, Importance, type Inline, type Line, shownName } from "../document";
import type { Diagnostic, Preview, PreviewStep } from "../input/preview";
import { type Deletion, deletionsOf } from "./deletions";
import { amount, caseBlocks, counted, type Facts, factsTable, heading, paragraph } from "./facts";
import { type Loosened, loosenedBy } from "./loosened";

/** Why a run would fail although, or since, its preview ends as it does. */
export function refusals({ errors, steps }: Preview): { errors: number; deletions: number } {
  const rejected = deletionsOf(steps, isDestroy).filter(({ outcome }) => outcome === "rejected");
  return { errors: errors.length, deletions: rejected.length };
}

/** What a preview found: what is wrong first, then what would be lost, then the data. */
export function previewBlocks(preview: Preview): Block[] {
  const { errors, warnings, steps, stack, project } = preview;
  const deletions = deletionsOf(steps, isDestroy);
  const rejected = deletions.filter(({ outcome }) => outcome === "rejected");
  const uploads = steps.filter((step) => step.type === "DatatableUpload" && isTold(step) && !isDestroy(step));
  const others = steps.filter((step) => step.type !== "DatatableUpload" && isTold(step) && !isDestroy(step));
  return [
    heading(2, ["Preview: ", verdict(preview, rejected)]),
    ...(stack === undefined
      ? []
      : [paragraph(["Stack ", code(stack), " of ", code(project ?? "")], Importance.verdict)]),
    ...diagnosticBlocks("error", errors),
    ...rejectedBlocks(rejected),
    ...destroyBlocks(deletions),
    ...loosenedBlocks(loosenedBy(steps)),
    ...diagnosticBlocks("warning", warnings),
    ...(errors.length > 0 || rejected.length > 0
      ? [
          paragraph(
            [`${errors.length > 0 ? "So far as it went" : "What the preview shows"}: ${summary(preview)}.`],
            Importance.verdict,
          ),
        ]
      : []),
    ...uploadBlocks(uploads),
    ...otherBlocks(others),
  ];
}

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

function verdict(preview: Preview, rejected: Deletion[]): string {
  const { errors } = preview;
  if (errors.length > 0) return `refused, ${counted(errors.length, "error")}`;
  return rejected.length > 0 ? `${counted(rejected.length, "deletion")} will be rejected` : summary(preview);
}

function isTold({ op }: PreviewStep): boolean {
  return op !== "same" && op !== "refresh" && op !== "remove-pending-replace";
}

function isDestroy({ op }: PreviewStep): boolean {
  return opText(op) === "delete" || opText(op) === "replace";
}

function summary({ counts }: Preview): string {
  const parts = Object.entries(counts).filter(([op, count]) => count > 0 && op !== "same");
  const same = counts["same"] ?? 0;
  const texts = [
    ...parts.map(([op, count]) => `${number(count)} to ${opText(op)}`),
    ...(same > 0 ? [`${number(same)} unchanged`] : []),
  ];
  return texts.length === 0 ? "nothing to do" : texts.join(", ");
}

// ── What is wrong ───────────────────────────────────────────────────────────────────────────────────────────

function diagnosticBlocks(tone: "error" | "warning", diagnostics: Diagnostic[]): Block[] {
  if (diagnostics.length === 0) return [];
  const importance = tone === "error" ? Importance.errors : Importance.warnings;
  const items = diagnostics.map((diagnostic): Line => [...subject(diagnostic), firstSentence(diagnostic.message)]);
  const longer = diagnostics.filter(({ message }) => firstSentence(message) !== oneLine(message));
  const whole: Block = {
    kind: "details",
    summary: [`What to do (${tone === "error" ? "errors" : "warnings"} in full)`],
    blocks: [
      {
        kind: "list",
        items: longer.map((diagnostic) => [...subject(diagnostic), oneLine(diagnostic.message)]),
        importance,
      },
    ],
    importance: Importance.otherSteps,
  };
  return [{ kind: "list", tone, items, importance }, ...(longer.length > 0 ? [whole] : [])];
}

function subject({ name, type }: Pick<Diagnostic, "name" | "type">): Line {
  return name === undefined ? [] : [`${type} `, code(name), ": "];
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

function firstSentence(message: string): string {
  const [first] = sentences.segment(oneLine(message));
  return first?.segment.trim() ?? "";
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, " ").trim();
}

// ── What would be lost ──────────────────────────────────────────────────────────────────────────────────────

function rejectedBlocks(rejected: Deletion[]): Block[] {
  if (rejected.length === 0) return [];
  const items = ofResources(rejected).map(({ step, text }): Line => [...subject(step), `its deletion ${text}.`]);
  const options: Block = {
    kind: "list",
    items: DATA_DELETION_OPTIONS.map((each) => [each]),
    importance: Importance.errors,
  };
  return [
    { kind: "list", tone: "error", items, importance: Importance.errors },
    paragraph(["The run deletes what it can and then fails. Options for what is rejected:"], Importance.errors),
    options,
  ];
}

/** A replacement may come as up to three steps. */
function ofResources(deletions: Deletion[]): Deletion[] {
  return [...new Map(deletions.map((each) => [`${each.step.type} ${each.step.name}`, each])).values()];
}

function destroyBlocks(deletions: Deletion[]): Block[] {
  const rows = ofResources(deletions).map(({ step, outcome, text }): Line[] => [
    [{ strong: opText(step.op) }],
    [step.type],
    [code(step.name)],
    [outcome === "rejected" || (outcome === "deleted" && text !== "") ? { strong: text } : text],
  ]);
  if (rows.length === 0) return [];
  return [
    heading(3, ["Deleted or replaced"], Importance.destroys),
    { kind: "table", head: ["", "type", "name", "what that does"], numeric: [], rows, importance: Importance.destroys },
  ];
}

function loosenedBlocks(loosened: Loosened[]): Block[] {
  if (loosened.length === 0) return [];
  return [
    heading(3, ["Guards that let more through"], Importance.warnings),
    {
      kind: "list",
      tone: "warning",
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

// ── The data ────────────────────────────────────────────────────────────────────────────────────────────────

function uploadBlocks(steps: PreviewStep[]): Block[] {
  if (steps.length === 0) return [];
  const sorted = [...steps].sort((a, b) => lossOf(b) - lossOf(a));
  const details = sorted.map(
    ({ name, old, now }): Block => ({
      kind: "details",
      summary: [code(name), `: ${now?.file.change ?? "change not known"}`],
      blocks: [
        ...(now ? caseBlocks(now.file, Importance.uploadDetails) : []),
        ...namesBlocks("columns added", now?.file.columnsAdded),
        ...namesBlocks("columns removed", now?.file.columnsRemoved),
        ...namesBlocks("columns", now?.file.columns),
        factsTable(old?.file, now?.file, Importance.uploadDetails),
      ],
      importance: Importance.uploadDetails,
    }),
  );
  return [
    heading(3, ["Data"], Importance.uploads),
    {
      kind: "table",
      head: ["upload", "", "change", "rows", "columns", "size"],
      numeric: [],
      rows: sorted.map(uploadRow),
      importance: Importance.uploads,
    },
    ...details,
  ];
}

/** Uploads that lose columns or rows go first: a table may be cut. */
function lossOf({ old, now }: PreviewStep): number {
  const [before, after] = [old?.file.rows, now?.file.rows];
  const rows = typeof before === "number" && typeof after === "number" && before > 0 ? 1 - after / before : 0;
  return (now?.file.columnsRemoved === undefined ? 0 : 1) + Math.max(0, rows);
}

function uploadRow({ op, name, old, now }: PreviewStep): Line[] {
  const file: Facts = now?.file ?? {};
  return [
    [code(name)],
    [opText(op)],
    [file.change ?? "–"],
    [change(old?.file.rows, file.rows)],
    [columnsChange(file)],
    [change(old?.file.sizeBytes, file.sizeBytes, " bytes")],
  ];
}

function change(before: number | undefined, after: number | undefined, unit = ""): Inline {
  const [old, now] = [amount(before, unit), amount(after, unit)];
  if (now === undefined || old === undefined || old === now) return now ?? "–";
  const share = typeof before === "number" && typeof after === "number" ? shareOf(before, after) : "";
  return { strong: `${amount(before)} ⇒ ${now}${share}` };
}

function columnsChange(file: Facts): Inline {
  const [added, removed] = [countOf(file.columnsAdded), countOf(file.columnsRemoved)];
  const parts = [...(added ? [`+${added}`] : []), ...(removed ? [`-${removed}`] : [])];
  return parts.length > 0 ? { strong: parts.join(" ") } : (countOf(file.columns) ?? "–");
}

/** `3: a, b, c`, as a preview tells columns. */
function countOf(names: string | undefined): string | undefined {
  return names === undefined ? undefined : (/^([\d,]+): /.exec(names)?.[1] ?? "?");
}

function namesBlocks(what: string, names: string | undefined): Block[] {
  return names === undefined ? [] : [paragraph([{ strong: what }, " ", { code: names }], Importance.uploadDetails)];
}

// ── The rest ────────────────────────────────────────────────────────────────────────────────────────────────

function otherBlocks(steps: PreviewStep[]): Block[] {
  if (steps.length === 0) return [];
  const rows = steps.map((step): Line[] => [
    [isAdoption(step) ? "adopt" : opText(step.op)],
    [step.type],
    [code(step.name)],
  ]);
  return [
    {
      kind: "details",
      summary: [`Other resources (${number(steps.length)})`],
      blocks: [{ kind: "table", head: ["", "type", "name"], numeric: [], rows, importance: Importance.otherSteps }],
      importance: Importance.otherSteps,
    },
  ];
}

function isAdoption({ op, type, now }: PreviewStep): boolean {
  return op === "create" && (type === "Dataset" || type === "Datatable") && now?.place.existingId !== undefined;
}
