import type { PendingOperation, ResourceState, Snapshot } from "../model";
import { makeUrn, referenceId, referenceUrn, STACK_TYPE, urnChain, urnName, urnType } from "../urn";
import { SaveFailure } from "./unsaved";

/**
 * The stack's state while it changes: the entries the run started from, those it has finished, and the operations
 * under way. Entries are compared by identity, since two may share a URN.
 */
export class StackState {
  /** The entries the run started from, in order; a refresh exchanges them. */
  base: ResourceState[];
  private readonly finished: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  private operations: PendingOperation[] = [];
  /** Half-made objects of an earlier run: only a user can find out what became of them. */
  private readonly halfMade: PendingOperation[];
  private living: Map<string, ResourceState>;
  private saving: Promise<void> = Promise.resolve();
  /** The save that will start when the one under way has ended. */
  private nextSave: Promise<void> | undefined;
  private unsaved = false;
  /** The first save that failed: nothing may begin any more. */
  private failure: SaveFailure | undefined;
  /** What the last save that succeeded wrote. */
  saved: Snapshot;

  /** `persist` is undefined in a dry run; `onFailure` is called before anyone who waits for the save goes on. */
  constructor(
    private readonly original: Snapshot,
    private readonly persist: ((snapshot: Snapshot) => Promise<void>) | undefined,
    private readonly onFailure: (failure: SaveFailure) => void = () => undefined,
  ) {
    this.saved = original;
    const { resources, pendingOperations } = structuredClone(original);
    // The state leaves out what is empty.
    for (const state of resources) Object.assign(state, { inputs: state.inputs ?? {}, outputs: state.outputs ?? {} });
    this.base = resources;
    this.halfMade = pendingOperations.filter((operation) => operation.type === "creating");
    this.living = livingEntries(resources);
  }

  /** The entry of the URN the run started from, if it is not a condemned one. */
  old(urn: string): ResourceState | undefined {
    return this.living.get(urn);
  }

  /** Exchanges what the run starts from, after a refresh. */
  rebase(resources: ResourceState[]): Promise<void> {
    this.base = resources;
    this.living = livingEntries(resources);
    return this.save();
  }

  /** The entry has a successor, or was deleted: it is not saved any more. */
  retire(state: ResourceState): void {
    this.done.add(state);
  }

  /** A finished entry of this run. */
  add(state: ResourceState): void {
    this.finished.push(state);
  }

  /** The operations of this run that the saved state lists as under way. */
  get underWay(): PendingOperation[] {
    const { saved, original, halfMade } = this;
    return saved === original ? [] : saved.pendingOperations.slice(0, saved.pendingOperations.length - halfMade.length);
  }

  /** Records that an operation is about to be under way; when that fails, it must not begin. */
  async begin(operation: PendingOperation): Promise<void> {
    this.operations.push(operation);
    try {
      await this.save();
      // Of another save, while this one waited for its turn.
      if (this.failure !== undefined) throw this.failure;
    } catch (error) {
      this.end(operation.resource);
      throw error;
    }
  }

  /** Records that it is over, however it went. */
  end(resource: ResourceState): void {
    this.operations = this.operations.filter((operation) => operation.resource !== resource);
  }

  /** Notes a change not worth a save of its own; the end of the run saves it. */
  postpone(): void {
    this.unsaved = true;
  }

  /**
   * Saves; one save at a time, each with the state of the moment it starts. All who ask before it starts share it: each
   * writes the whole state, so that one for every change would cost the square of the stack's size. Rejects with a
   * {@link SaveFailure}.
   */
  save(): Promise<void> {
    const { persist } = this;
    if (persist === undefined) return Promise.resolve();
    this.unsaved = false;
    if (this.nextSave !== undefined) return this.nextSave;
    const mine = this.saving.then(() => {
      this.nextSave = undefined;
      return this.write(persist);
    });
    this.nextSave = mine;
    this.saving = mine.catch(() => undefined);
    return mine;
  }

  private async write(persist: (snapshot: Snapshot) => Promise<void>): Promise<void> {
    const snapshot = this.current();
    try {
      await persist(snapshot);
      this.saved = snapshot;
    } catch (error) {
      // The end of the run tries once more: what was done meanwhile must not be forgotten.
      this.unsaved = true;
      this.failure ??= new SaveFailure(error instanceof Error ? error.message : String(error), { cause: error });
      this.onFailure(this.failure);
      throw this.failure;
    }
  }

  /** Saves what was postponed. */
  async flush(): Promise<void> {
    await this.saving;
    if (this.unsaved) await this.save();
  }

  /** The state now: entries of this run by completion, then the untouched old ones, aliases resolved. */
  current(): Snapshot {
    const resources = [...this.finished, ...this.base].filter((state) => !this.done.has(state));
    return resolveAliases({ resources, pendingOperations: [...this.operations, ...this.halfMade] });
  }
}

function livingEntries(resources: ResourceState[]): Map<string, ResourceState> {
  return new Map(resources.filter((state) => !state.delete).map((state) => [state.urn, state]));
}

/** Rewrites references to resources that changed their URN; an entry's `aliases` holds its former one. */
function resolveAliases(snapshot: Snapshot): Snapshot {
  const renamed = renames(snapshot.resources);
  const current = (urn: string) => renamed.get(urn) ?? urn;
  const rewrite = (state: ResourceState): ResourceState => {
    const copy: ResourceState = { ...state, urn: current(state.urn) };
    delete copy.aliases;
    if (state.parent) copy.parent = current(state.parent);
    if (state.deletedWith) copy.deletedWith = current(state.deletedWith);
    if (state.dependencies) copy.dependencies = state.dependencies.map(current);
    if (state.provider) copy.provider = `${current(referenceUrn(state.provider))}::${referenceId(state.provider)}`;
    if (state.propertyDependencies) {
      copy.propertyDependencies = Object.fromEntries(
        Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.map(current)]),
      );
    }
    return copy;
  };
  return {
    resources: snapshot.resources.map(rewrite),
    pendingOperations: snapshot.pendingOperations.map(({ resource, type }) => ({ resource: rewrite(resource), type })),
  };
}

function renames(resources: ResourceState[]): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const state of resources) {
    for (const alias of state.aliases ?? []) renamed.set(alias, state.urn);
    const parent = renamed.get(state.parent ?? "");
    if (parent !== undefined && urnChain(parent) !== STACK_TYPE) {
      const [prefix = "", project = ""] = state.urn.split("::");
      const stack = prefix.slice("urn:pulumi:".length);
      renamed.set(state.urn, makeUrn(stack, project, parent, urnType(state.urn), urnName(state.urn)));
    }
  }
  return renamed;
}
