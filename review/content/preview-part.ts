import { number, shareOf } from "../../provider/lifecycles/data-change";
import { type Block, code, Importance, type Inline, type Line } from "../document";
import type { Diagnostic, Preview, PreviewStep } from "../input/preview";
import { amount, caseBlocks, counted, type Facts, factsTable, heading, paragraph } from "./facts";

/** What a preview found: what is wrong first, then what would be lost, then the data. */
export function previewBlocks(preview: Preview): Block[] {
  const { errors, warnings, steps, stack, project } = preview;
  const uploads = steps.filter((step) => step.type === "DatatableUpload" && isTold(step) && !isDestroy(step));
  const others = steps.filter((step) => step.type !== "DatatableUpload" && isTold(step) && !isDestroy(step));
  return [
    heading(2, ["Preview: ", errors.length > 0 ? `refused, ${counted(errors.length, "error")}` : summary(preview)]),
    ...(stack === undefined
      ? []
      : [paragraph(["Stack ", code(stack), " of ", code(project ?? "")], Importance.verdict)]),
    ...diagnosticBlocks("error", errors),
    ...destroyBlocks(steps.filter(isDestroy)),
    ...diagnosticBlocks("warning", warnings),
    ...(errors.length > 0 ? [paragraph([`So far as it went: ${summary(preview)}.`], Importance.verdict)] : []),
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

function subject({ name, type }: Diagnostic): Line {
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

function destroyBlocks(steps: PreviewStep[]): Block[] {
  // A replacement may come as up to three steps.
  const byResource = new Map(steps.map((step) => [`${step.type} ${step.name}`, step]));
  const rows = [...byResource.values()].map((step): Line[] => [
    [{ strong: opText(step.op) }],
    [step.type],
    [code(step.name)],
    [whatHappens(step)],
  ]);
  if (rows.length === 0) return [];
  return [
    heading(3, ["Deleted or replaced"], Importance.destroys),
    { kind: "table", head: ["", "type", "name", "what that does"], numeric: [], rows, importance: Importance.destroys },
  ];
}

function whatHappens({ type, op, old }: PreviewStep): Inline {
  if (type === "DatatableUpload") {
    return opText(op) === "replace"
      ? "the file is sent to another table; nothing is deleted"
      : "leaves the stack; the data stays in ProcessMind";
  }
  if (type !== "Dataset" && type !== "Datatable") return "";
  if (old?.retainOnDelete) return "leaves the stack; it stays in ProcessMind (retainOnDelete)";
  if (old?.forceDestroy) return { strong: "deleted with its data (forceDestroy)" };
  return old?.adopted
    ? "leaves the stack; it was taken over, and stays in ProcessMind"
    : "refused if it holds rows when it comes to it";
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
  const rows = steps.map(({ op, type, name }): Line[] => [[opText(op)], [type], [code(name)]]);
  return [
    {
      kind: "details",
      summary: [`Other resources (${number(steps.length)})`],
      blocks: [{ kind: "table", head: ["", "type", "name"], numeric: [], rows, importance: Importance.otherSteps }],
      importance: Importance.otherSteps,
    },
  ];
}
