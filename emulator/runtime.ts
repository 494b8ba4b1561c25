import { randomBytes, randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Readable } from "node:stream";
import { quoted } from "../engine/message";
import { type Behaviour, changedBehaviour } from "./domain/behaviour";
import { EmulatorError } from "./domain/errors";
import { Ingestion } from "./domain/ingestion";
import type { StoredObject, TenantState } from "./domain/model";
import { Tenant } from "./domain/tenant";
import { checkState, unusableState } from "./store/check-state";
import { Saver } from "./store/saver";
import type { ObjectWriter, Store } from "./store/store";
import { Faults } from "./wire/faults";
import { Journal } from "./wire/journal";

const MAX_CLOCK_OFFSET_MS = 100 * 366 * 86_400_000;

/** What a runtime is made of; see `EmulatorOptions` for the meaning of each. */
export interface RuntimeOptions {
  store: Store;
  /** Where the store is, for messages. */
  where: string;
  apiKey: string;
  tenantId: string | undefined;
  behaviour: Behaviour;
  maxObjectBytes: number;
  discardObjects: boolean;
  storageHost(clientsHost: string | undefined): string;
}

/** Everything the two servers share: state, rules, bytes, journal, faults, clock. */
export class Runtime {
  readonly journal = new Journal();
  readonly faults = new Faults();
  readonly closing = new AbortController();
  readonly apiKey: string;
  readonly maxObjectBytes: number;
  behaviour: Behaviour;
  tenant: Tenant;
  private ingestion: Ingestion;
  private readonly inFlight = new Set<Promise<void>>();
  private clockOffsetMs = 0;
  private readonly saver: Saver;

  private constructor(
    private readonly options: RuntimeOptions,
    state: TenantState,
  ) {
    // Every request that a fault delays listens; Node takes more than ten for a leak.
    setMaxListeners(0, this.closing.signal);
    this.apiKey = options.apiKey;
    this.maxObjectBytes = options.maxObjectBytes;
    this.behaviour = options.behaviour;
    this.saver = new Saver(() => options.store.writeState(this.tenant.state));
    this.tenant = this.tenantFrom(state);
    this.ingestion = this.newIngestion();
  }

  /**
   * Takes up what the store holds, or begins an empty tenant.
   * @throws EmulatorError when the store's state is damaged or belongs to another tenant
   */
  static async open(options: RuntimeOptions): Promise<Runtime> {
    const { store, where, tenantId } = options;
    const saved = await store.readState();
    const objects = await store.listObjects();
    if (saved === undefined && objects.size > 0) {
      throw unusableState(where, `it holds uploads (${objects.size}) but no state that knows them`);
    }
    const state =
      saved === undefined ? emptyState(tenantId ?? randomUUID()) : checkState(saved, objects, where, tenantId);
    const runtime = new Runtime(options, state);
    const used = new Set(state.uploads.map(({ object }) => object?.objectId));
    for (const objectId of objects.keys()) if (!used.has(objectId)) await store.deleteObject(objectId);
    await runtime.saver.save();
    for (const { id, ingestion } of state.uploads) if (ingestion === "waiting") runtime.ingestion.enqueue(id);
    return runtime;
  }

  /** The emulator's clock: the real one, moved by `advanceClock`. */
  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  /** @throws EmulatorError when the clock would be more than a century off: dates stay writable */
  advanceClock(seconds: number): void {
    const offsetMs = this.clockOffsetMs + seconds * 1000;
    if (!(Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS)) {
      throw new EmulatorError(
        "advanceSeconds must be a number that keeps the clock within a century of the real time.",
      );
    }
    this.clockOffsetMs = offsetMs;
  }

  storageHost(clientsHost: string | undefined): string {
    return this.options.storageHost(clientsHost);
  }

  setBehaviour(changes: Partial<Behaviour>): void {
    this.behaviour = changedBehaviour(this.behaviour, changes);
  }

  /** Waits until the state is on record, then deletes bytes nothing refers to any more. */
  async saved(freedObjectIds: string[] = []): Promise<void> {
    await this.saver.save();
    for (const objectId of freedObjectIds) await this.options.store.deleteObject(objectId);
  }

  async createObject(): Promise<ObjectWriter> {
    return this.options.discardObjects ? discardingWriter() : this.options.store.createObject();
  }

  readObject(objectId: string): Readable {
    return this.options.store.readObject(objectId);
  }

  /** Makes received bytes the object of an upload; false when that upload was deleted. The bytes are durable on return. */
  async storeObject(
    uploadId: string,
    writer: ObjectWriter,
    found: Pick<StoredObject, "sizeBytes" | "sha256" | "md5" | "contentType">,
  ): Promise<boolean> {
    await writer.commit();
    const kept = !this.options.discardObjects;
    const storedAt = new Date(this.now()).toISOString();
    const object: StoredObject = { objectId: writer.objectId, ...found, storedAt, kept };
    const { stored, freedObjectIds } = this.tenant.storeObject(uploadId, object);
    if (!stored) {
      await this.options.store.deleteObject(writer.objectId);
      return false;
    }
    await this.saved(freedObjectIds);
    this.ingestion.enqueue(uploadId);
    return true;
  }

  /**
   * The bytes behind an upload's id or key.
   * @throws EmulatorError when there are none
   */
  readUpload(idOrKey: string): Readable {
    const object = this.tenant.state.uploads.find(({ id, key }) => id === idOrKey || key === idOrKey)?.object;
    if (object?.kept) return this.readObject(object.objectId);
    throw new EmulatorError(`No bytes are kept for the upload ${quoted(idOrKey)}.`);
  }

  /** Changes the state behind the API's back. */
  async change(edit: (state: TenantState) => void): Promise<void> {
    edit(this.tenant.state);
    await this.saved();
  }

  /** Deletes one datatable with its bytes, whatever the API offers. */
  async dropDatatable(id: string): Promise<void> {
    await this.saved(this.tenant.dropTables([id]));
  }

  async expireUrls(): Promise<void> {
    const expiresAt = new Date(this.now()).toISOString();
    await this.change(({ uploads }) => {
      for (const upload of uploads) upload.expiresAt = expiresAt;
    });
  }

  settled(): Promise<void> {
    return this.ingestion.settled();
  }

  /** Back to an empty tenant, as at the first start: no objects, faults or journal, the first behaviour, real time. */
  async reset(): Promise<void> {
    await this.ingestion.stop();
    // Not all there is in the store: as soon as the new tenant is there, some of that may be its own.
    const freed = this.tenant.state.uploads.flatMap(({ object }) => (object?.kept ? [object.objectId] : []));
    this.tenant = this.tenantFrom(emptyState(this.tenant.state.tenant.id));
    this.ingestion = this.newIngestion();
    this.behaviour = this.options.behaviour;
    this.clockOffsetMs = 0;
    this.faults.clear();
    this.journal.clear();
    await this.saved(freed);
  }

  /** Makes `close` wait for this, so that nothing writes to a store that is closed. */
  track(request: Promise<void>): void {
    this.inFlight.add(request);
    void request.finally(() => this.inFlight.delete(request));
  }

  async close(): Promise<void> {
    await Promise.all(this.inFlight);
    await this.ingestion.stop();
    try {
      await this.saver.save();
    } finally {
      await this.options.store.close();
    }
  }

  private tenantFrom(state: TenantState): Tenant {
    return new Tenant(
      state,
      () => this.behaviour,
      () => this.now(),
    );
  }

  private newIngestion(): Ingestion {
    return new Ingestion({
      tenant: this.tenant,
      behaviour: () => this.behaviour,
      readObject: (objectId) => this.readObject(objectId),
      save: () => this.saver.save(),
    });
  }
}

function emptyState(tenantId: string): TenantState {
  return {
    version: 1,
    tenant: { id: tenantId, displayName: "Emulated tenant", createdAt: new Date().toISOString(), plan: "emulator" },
    signingSecret: randomBytes(30).toString("base64"),
    datasets: [],
    datatables: [],
    uploads: [],
  };
}

function discardingWriter(): ObjectWriter {
  const nothing = async () => undefined;
  return { objectId: randomUUID(), write: nothing, commit: nothing, abort: nothing };
}
