import { extname } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Behaviour } from "./behaviour";
import { profileDelimited } from "./delimited";
import type { Upload } from "./model";
import type { Tenant } from "./tenant";

/** Formats that are really parsed; others are stored, and leave the row count as it was. */
const DELIMITED = [".csv", ".tsv", ".txt"];

/** What ingestion needs from its surroundings. */
export interface IngestionHost {
  tenant: Tenant;
  behaviour(): Behaviour;
  readObject(objectId: string): Readable;
  save(): Promise<void>;
}

/** Turns stored bytes into rows, one upload after another in the order the bytes arrived. */
export class Ingestion {
  private chain: Promise<void> = Promise.resolve();
  private readonly stopped = new AbortController();

  constructor(private readonly host: IngestionHost) {}

  /** Queues one upload; returns immediately. */
  enqueue(uploadId: string): void {
    const { ingestion, ingestionDelayMs } = this.host.behaviour();
    if (ingestion === "never") return;
    const due = Date.now() + ingestionDelayMs;
    this.chain = this.chain.then(async () => {
      await wait(Math.max(0, due - Date.now()), undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (!this.stopped.signal.aborted) await this.ingest(uploadId, ingestion === "fails");
    });
  }

  /** Resolves when nothing that was queued is waiting any more. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.chain) {
      seen = this.chain;
      await seen;
    }
  }

  /** Forgets what is waiting and resolves when what is running has ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.chain;
  }

  private async ingest(uploadId: string, fails: boolean): Promise<void> {
    const { tenant } = this.host;
    const upload = tenant.state.uploads.find(({ id }) => id === uploadId);
    if (!upload?.object || upload.ingestion !== "waiting") return;
    const objectId = upload.object.objectId;
    try {
      if (fails) throw new Error("the behaviour switch says so");
      await this.load(upload, objectId);
    } catch (error) {
      if (this.stopped.signal.aborted) return; // Still waiting, and taken up again at the next start.
      // Bytes replaced or deleted while they were read: that upload's successor speaks for the table.
      if (upload.object.objectId === objectId) tenant.finishIngestion(uploadId, "failed", String(error));
    }
    await this.host.save().catch(() => undefined); // The next request that changes something reports a full disk.
  }

  private async load(upload: Upload, objectId: string): Promise<void> {
    const { tenant } = this.host;
    const extension = extname(upload.fileName).toLowerCase();
    const note = !upload.object?.kept ? "bytes were discarded" : `${extension || "such files"} are stored, not parsed`;
    if (!upload.object?.kept || !DELIMITED.includes(extension)) {
      tenant.finishIngestion(upload.id, "skipped", note);
      return;
    }
    const source = this.host.readObject(objectId);
    const { rowCount, columns } = await profileDelimited(source, extension === ".tsv", this.stopped.signal);
    const isStillThere = tenant.state.uploads.includes(upload) && upload.object.objectId === objectId;
    if (!isStillThere) return;
    tenant.loadRows(upload.datatableId, rowCount, columns);
    tenant.finishIngestion(upload.id, "done");
  }
}
