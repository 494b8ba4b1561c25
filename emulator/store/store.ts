import type { Readable } from "node:stream";

/** Receives one object's bytes. Nothing of it is visible before `commit`, nothing is left of it after `abort`. */
export interface ObjectWriter {
  readonly objectId: string;
  write(chunk: Buffer): Promise<void>;
  /** Makes the bytes durable. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** Where one emulator keeps its state and its objects: memory or a data folder, with the same tests on both. */
export interface Store {
  /** The state as it was last saved, or undefined for a new store. Its shape is not checked here. */
  readState(): Promise<unknown>;
  /** Replaces the saved state, whole or not at all. */
  writeState(state: unknown): Promise<void>;
  createObject(): Promise<ObjectWriter>;
  /** A stream of the object's bytes; fails when read if there is no such object. */
  readObject(objectId: string): Readable;
  /** Does nothing when there is no such object. */
  deleteObject(objectId: string): Promise<void>;
  /** Every object there is, with its size. */
  listObjects(): Promise<Map<string, number>>;
  close(): Promise<void>;
}
