import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ObjectFiles } from "./object-files";
import type { ObjectWriter, Store } from "./store";

/** Larger objects move to a temporary folder, so that the size of an upload does not become the size of the process. */
const SPILL_BYTES = 16 * 1024 * 1024;

/** Keeps everything until `close`. */
export class MemoryStore implements Store {
  private state: string | undefined;
  private readonly objects = new Map<string, Buffer[]>();
  private folder: Promise<string> | undefined;

  constructor(private readonly spillBytes: number = SPILL_BYTES) {}

  async readState(): Promise<unknown> {
    return this.state === undefined ? undefined : JSON.parse(this.state);
  }

  async writeState(state: unknown): Promise<void> {
    this.state = JSON.stringify(state);
  }

  async createObject(): Promise<ObjectWriter> {
    return new SpillingWriter(this.objects, () => this.files(), this.spillBytes);
  }

  readObject(objectId: string): Readable {
    const chunks = this.objects.get(objectId);
    if (chunks) return Readable.from(chunks);
    const files = () => this.files();
    return Readable.from(
      (async function* () {
        yield* (await files()).read(objectId);
      })(),
    );
  }

  async deleteObject(objectId: string): Promise<void> {
    if (!this.objects.delete(objectId) && this.folder) await (await this.files()).delete(objectId);
  }

  async listObjects(): Promise<Map<string, number>> {
    const inMemory = [...this.objects].map(
      ([id, chunks]) => [id, chunks.reduce((sum, c) => sum + c.length, 0)] as const,
    );
    const onDisk = this.folder ? await (await this.files()).list() : [];
    return new Map([...inMemory, ...onDisk]);
  }

  async close(): Promise<void> {
    this.objects.clear();
    if (this.folder) await rm(await this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  private async files(): Promise<ObjectFiles> {
    this.folder ??= mkdtemp(join(tmpdir(), "processmind-emulator-"));
    return new ObjectFiles(await this.folder);
  }
}

class SpillingWriter implements ObjectWriter {
  readonly objectId = randomUUID();
  private chunks: Buffer[] = [];
  private size = 0;
  private file: ObjectWriter | undefined;

  constructor(
    private readonly objects: Map<string, Buffer[]>,
    private readonly files: () => Promise<ObjectFiles>,
    private readonly spillBytes: number,
  ) {}

  async write(chunk: Buffer): Promise<void> {
    if (this.file) return this.file.write(chunk);
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size > this.spillBytes) await this.spill();
  }

  async commit(): Promise<void> {
    if (this.file) await this.file.commit();
    else this.objects.set(this.objectId, this.chunks);
  }

  async abort(): Promise<void> {
    this.chunks = [];
    await this.file?.abort();
  }

  private async spill(): Promise<void> {
    this.file = await (await this.files()).create(this.objectId);
    for (const chunk of this.chunks) await this.file.write(chunk);
    this.chunks = [];
  }
}
