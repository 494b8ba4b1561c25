import { type Candidate, type ErrorText, ProcessMindError } from "../errors";
import { isUnknown } from "../unknown";
import { adopting, creating, deletingNamed } from "./doing";
import { counted, formatValue, listed, Message, rowsOf } from "./message";

/** What creating, adopting and deleting datasets and datatables meets. */

/** The first ones, and how many more there are: the error has them all as a field. */
function idsOf(candidates: readonly Candidate[], most: number): string {
  return listed(
    candidates.map(({ id }) => `"${id}"`),
    most,
  );
}

/** The list has one of that name before the create. @param noun - `Dataset`, `TreeGroup` or `Datatable`. */
export function alreadyExists(noun: string, displayName: string, candidates: readonly Candidate[]): ProcessMindError {
  const many = candidates.length > 1;
  return new ProcessMindError("ALREADY_EXISTS", {
    doing: creating(noun, displayName),
    happened: many
      ? `${candidates.length} objects with this name already exist (id ${idsOf(candidates, 1)})`
      : `an object with this name already exists (id ${idsOf(candidates, 1)})`,
    candidates,
    options: [
      `adopt ${candidates.length > 1 ? "one" : "it"}: existingId: ${idsOf(candidates, 2)}`,
      "renamed or moved in the program: add aliases: [{ name, parent }] with the earlier name and parent",
      "create a second one: set allowSameName: true, or another displayName",
    ],
  });
}

/** It is not known which object a create made, if any. */
export function ambiguousCreate(
  noun: string,
  displayName: string,
  found: "none" | "several" | "no list",
  candidates: readonly Candidate[],
  cause: ProcessMindError,
): ProcessMindError {
  const list = {
    none: "the list shows no new one",
    several: `the list shows ${candidates.length} new ones`,
    "no list": "the list cannot be read",
  }[found];
  return new ProcessMindError("AMBIGUOUS_CREATE", {
    doing: creating(noun, displayName),
    happened: `it may have been created, and ${list}`,
    candidates,
    cause,
    options: [
      "run `pulumi up` again: it reads the list before it creates",
      ...(candidates.length === 0 ? [] : [`adopt one: existingId: ${idsOf(candidates, 2)}`]),
    ],
  });
}

/** An object differs from its declaration: `displayName is "A", expected "B"`. */
export const isOther = (property: string, found: unknown, expected: unknown) =>
  `${property} is ${formatValue(found)}, expected ${formatValue(expected)}`;

/** @param differences - {@link isOther} of each property. */
export function adoptionMismatch(
  noun: string,
  displayName: string,
  id: string,
  differences: readonly string[],
): ProcessMindError {
  return new ProcessMindError("ADOPTION_MISMATCH", {
    doing: adopting(noun, displayName, id),
    happened: "does not match the program",
    more: differences.join("; "),
    options: ["correct existingId", "declare in the program what ProcessMind has"],
  });
}

/** Pulumi shows a create; only this says that nothing is created. */
export function adopts(noun: string, displayName: unknown, id: string): Message {
  const name = isUnknown(displayName) ? "" : ` ${formatValue(displayName)}`;
  return new Message(`adopts ${noun}${name} by existingId "${id}", and creates nothing`);
}

/** Another resource of the program has the object too. */
export function declaredTwice(noun: string, displayName: string, id: string): Message {
  return new Message(
    `${noun} "${displayName}" (${id}) stays in ProcessMind, as another resource of the program declares it too`,
  );
}

export function adoptedStays(noun: string, displayName: string, id: string): Message {
  return new Message(`${noun} "${displayName}" (${id}) stays in ProcessMind, as it was adopted and not created here`);
}

/** The API says that it did not delete the object, or does not confirm it and the object is still there. */
export function notDeleted(noun: string, displayName: string, id: string, saidNo: boolean): ProcessMindError {
  return new ProcessMindError("DELETE_REFUSED", {
    doing: deletingNamed(noun, displayName, id),
    happened: saidNo ? 'the API returned "success": false' : "the API did not confirm the DELETE, and still has it",
    options: ["run the command again", "delete it in ProcessMind, then run `pulumi refresh`"],
  });
}

/** What the deletion of a table would lose. */
export const holdsRows = (rowCount: number | null | undefined) =>
  typeof rowCount === "number" ? `it holds ${rowsOf(rowCount)}` : "it may hold rows";

/** What the deletion of a dataset would lose. @param others - how many more of its tables have rows. */
export function holdsTableWithRows(table: string, rowCount: number | null | undefined, others: number): string {
  if (others > 0) return `"${table}" and ${counted(others, "more datatable")} hold rows`;
  return typeof rowCount === "number" ? `"${table}" holds ${rowsOf(rowCount)}` : `"${table}" may hold rows`;
}

export const tablesNotReported = () => "ProcessMind does not report its datatables";

export const childrenNotReported = () => "ProcessMind does not report its datasets";

export function holdsChildren(children: readonly Candidate[]): string {
  const [first] = children;
  const more = children.length > 1 ? ` and ${children.length - 1} more` : "";
  return `it holds "${first?.displayName ?? first?.id}"${more}`;
}

/** What a rejected deletion leaves open, of a removed resource and of `destroy`. To keep it changes nothing: first. */
export const DELETION_OPTIONS = [
  "keep it: declare it in the program",
  "leave it in ProcessMind: declare it with retainOnDelete: true, run `pulumi up`, then remove or destroy it",
  "delete it with its data: declare it with forceDestroy: true, run `pulumi up`, then remove or destroy it",
] as const;

/** Pulumi deletes what depends on an object first, so an upload has left the state when its table's deletion is rejected. */
export const DATA_DELETION_OPTIONS = [
  'keep it: declare it in the program, its DatatableUpload with whenTableHasRows: "skip", which sends nothing',
  DELETION_OPTIONS[1],
  DELETION_OPTIONS[2],
] as const;

/** @param holds - one of the texts above. */
export function dataWouldBeLost(
  noun: string,
  displayName: string,
  id: string,
  holds: string,
  options: ErrorText["options"],
): ProcessMindError {
  return new ProcessMindError("DATA_WOULD_BE_LOST", {
    doing: deletingNamed(noun, displayName, id),
    happened: `not deleted, as ${holds}`,
    options,
  });
}

/** The API says that it deleted the table, and still has it. */
export function tableStillThere(displayName: string, id: string): Message {
  return new Message(
    `Datatable "${displayName}" (${id}) leaves this stack, but is still in ProcessMind, although the API reported its deletion`,
    ["leave it: it is deleted with its dataset", "delete it in ProcessMind"],
  );
}

/** Said once a run. */
export function tablesStay(displayName: string, id: string): Message {
  return new Message(
    `ProcessMind's API cannot delete a single datatable: "${displayName}" (${id}) stays until its dataset is deleted`,
    ["the same holds for every other datatable that this run deletes"],
  );
}
