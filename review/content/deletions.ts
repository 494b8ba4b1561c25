import { dataIn, dataInTables, deletionOf } from "../../provider/lifecycles/delete-rule";
import { sameId } from "../../provider/same";
import type { PreviewStep, StepState } from "../input/preview";

/**
 * What comes of a preview's deletions. Pulumi asks a provider nothing when it previews one, so a preview shows `-` for
 * what the run rejects. The rule is the provider's own; what it asks ProcessMind is taken from the state here.
 */
export interface Deletion {
  step: PreviewStep;
  /** `uncertain`: the state does not record what decides. */
  outcome: "rejected" | "uncertain" | "deleted" | "stays";
  /** What happens, for a reader. */
  text: string;
}

type Verdict = Omit<Deletion, "step">;

/** @param isDeletion - whether the step deletes its old object, also as part of a replacement. */
export function deletionsOf(steps: PreviewStep[], isDeletion: (step: PreviewStep) => boolean): Deletion[] {
  const judge = new Judge(steps, isDeletion);
  return steps.filter(isDeletion).map((step) => ({ step, ...judge.verdict(step) }));
}

class Judge {
  constructor(
    private readonly steps: PreviewStep[],
    private readonly isDeletion: (step: PreviewStep) => boolean,
  ) {}

  verdict(step: PreviewStep): Verdict {
    const { type, old } = step;
    if (type === "DatatableUpload") return this.upload(step);
    if ((type !== "Dataset" && type !== "Datatable") || old === undefined) return { outcome: "deleted", text: "" };
    if (old.retainOnDelete) return stays("it stays in ProcessMind (retainOnDelete)");
    if (this.isHandedOver(step, old))
      return stays("another resource of the program declares it, and it stays in ProcessMind");
    switch (deletionOf(old)) {
      case "delete":
        return { outcome: "deleted", text: "deleted with its data (forceDestroy)" };
      case "keep":
        return stays("it was adopted, and stays in ProcessMind");
      case "guard":
        return type === "Datatable" ? this.table(old) : this.dataset(old);
    }
  }

  private upload({ op, old }: PreviewStep): Verdict {
    if (op !== "delete") return { outcome: "stays", text: "the file is sent to another table; nothing is deleted" };
    const table = this.deletions("Datatable").find((each) => isSameId(each.old?.id, old?.place.datatableId));
    const text = "leaves the state; the data stays in ProcessMind";
    const isLeftAlone = table !== undefined && this.verdict(table).outcome === "rejected";
    return { outcome: "stays", text: isLeftAlone ? `${text}, as the deletion of its table is rejected` : text };
  }

  private table(old: StepState): Verdict {
    const lost = dataIn(this.rowsIn(old));
    return lost === undefined ? uncertain("it holds rows by then") : rejected(lost);
  }

  private dataset(old: StepState): Verdict {
    if (old.place.treeNodeType === "TreeGroup") return this.folder(old);
    const tables = this.steps
      .filter(({ type, old: table }) => type === "Datatable" && isSameId(table?.place.datasetId, old.id))
      .map(({ name, old: table }) => ({
        id: table?.id ?? name,
        displayName: table?.place.displayName,
        rowCount: table && this.rowsIn(table),
      }));
    const lost = dataInTables(tables);
    return lost === undefined ? uncertain("a datatable in it holds rows by then") : rejected(lost);
  }

  private folder(old: StepState): Verdict {
    const left = this.steps.filter(
      (step) =>
        step.type === "Dataset" &&
        isSameId(step.old?.place.treeParentId, old.id) &&
        (!this.isDeletion(step) || ["rejected", "stays"].includes(this.verdict(step).outcome)),
    );
    const [first] = left;
    if (first === undefined) return uncertain("anything lies in it by then");
    return rejected(`it holds "${first.old?.place.displayName ?? first.name}"`);
  }

  /** Uploads are the newest word on a table's rows; its own state is as old as the table. */
  private rowsIn(table: StepState): number | null | undefined {
    const uploads = this.steps.filter(
      ({ type, old }) => type === "DatatableUpload" && isSameId(old?.place.datatableId, table.id),
    );
    if (uploads.length === 0) return table.rowCount;
    const counts = uploads.flatMap(({ old }) => old?.loadedRowCount ?? []);
    return counts.length === 0 ? undefined : Math.max(...counts);
  }

  /** As the provider's `isHandedOver`: one of two entries of an object adopted it, and the program keeps one. */
  private isHandedOver(step: PreviewStep, old: StepState): boolean {
    return this.steps.some((other) => {
      if (other === step || other.type !== step.type || this.isDeletion(other) || other.now === undefined) return false;
      if (isSameId(other.now.place.existingId, old.id)) return true;
      return isSameId(other.old?.id, old.id) && (old.adopted || other.old?.adopted === true);
    });
  }

  private deletions(type: string): PreviewStep[] {
    return this.steps.filter((step) => step.type === type && this.isDeletion(step));
  }
}

/** An id that is not recorded is no other's. */
function isSameId(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && sameId(one, other);
}

function rejected(lost: string): Verdict {
  return { outcome: "rejected", text: `will be rejected: ${lost}, and the state has no forceDestroy` };
}

function uncertain(when: string): Verdict {
  return { outcome: "uncertain", text: `rejected if ${when}` };
}

function stays(why: string): Verdict {
  return { outcome: "stays", text: `leaves the stack; ${why}` };
}
