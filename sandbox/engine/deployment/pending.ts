import type { PendingOperation } from "../model";

/** The warning about what an earlier run had under way when it was cut short. */
export function pendingText(operations: PendingOperation[]): string {
  const count = `${operations.length} pending operation${operations.length === 1 ? "" : "s"}`;
  const lines = operations.map(
    (operation) => `  * ${operation.resource.urn}, interrupted while ${operation.type}\n    ${adviceFor(operation)}\n`,
  );
  const creates = operations.some(({ type }) => type === "creating") ? `\n${CLEARING}` : "";
  return `${count} from an earlier run, which was cut short.\n${lines.join("")}${creates}`.trimEnd();
}

/** A refresh reads by id, and what was being created has none yet: only a person can take such an entry away. */
const CLEARING =
  "What was being created is listed until the state is imported anew, which leaves pending operations out:\n" +
  "`pulumi-local stack export --file state.json`, then `pulumi-local stack import --file state.json`.";

function adviceFor({ type, resource }: PendingOperation): string {
  switch (type) {
    case "creating":
      // An upload has no name to be found by.
      if (resource.type.endsWith(":DatatableUpload"))
        return "Look in ProcessMind for its rows. `up` sends the file again.";
      return "Look in ProcessMind whether it is there: `up` then finds it by name and names its id; existingId takes it over.";
    case "updating":
      return "Look in ProcessMind, or let `pulumi-local refresh` read what became of it.";
    case "deleting":
      return "Look in ProcessMind, or let `pulumi-local refresh` see whether it is gone.";
    case "reading":
      return "Nothing was changed by it.";
  }
}
