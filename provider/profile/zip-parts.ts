import { fstatSync, read, readSync } from "node:fs";
import { Readable } from "node:stream";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from "yauzl";
import * as says from "../messages/files";
import { UnusableFile } from "../messages/message";
import { readFailure } from "./source-file";
import { XmlCore, type XmlTokens } from "./xml-core";
import { type TokenListener, takeTokens, type Wanted } from "./xml-tokens";

/** A workbook has some dozen parts, and text shrinks to a tenth. Beyond these it is a trap, or no table to upload. */
const MAX_PARTS = 10_000;
const MAX_PART_BYTES = 4 * 1024 ** 3;
const MAX_EXPANSION = 200;
const EXPANSION_COUNTS_ABOVE_BYTES = 64 * 1024 ** 2;

/** The parts of a zip archive, each read as XML, in constant memory. */
export class ZipParts {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    /** After the archive's end. */
    readonly bytesBehind: number,
  ) {}

  /** @throws UnusableFile when it is no sound archive. The descriptor stays open. */
  static async open(descriptor: number): Promise<ZipParts> {
    try {
      const sizeBytes = fstatSync(descriptor).size;
      const endBytes = archiveEnd(descriptor, sizeBytes);
      const zip = await fromRandomAccessReaderPromise(new FileRange(descriptor), endBytes, {
        autoClose: false,
        lazyEntries: true,
        // yauzl rejects names that begin with a slash, as some programs write them. No part is written to a disk.
        decodeStrings: false,
      });
      if (zip.entryCount > MAX_PARTS) throw new Error(says.tooManyParts(zip.entryCount));
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(keyOf(nameOf(entry)), entry);
      return new ZipParts(zip, entries, sizeBytes - endBytes);
    } catch (error) {
      throw broken(error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(keyOf(name));
  }

  /** Reads one part to its end, or until the listener has what it wants. */
  async readTokens(name: string, { names, textIn }: Wanted, listener: TokenListener): Promise<void> {
    const entry = this.entries.get(keyOf(name));
    if (!entry) throw says.partMissing(name);
    refuseTrap(entry);
    const xml = new XmlCore(says.partOf(name), names, textIn);
    const take = (tokens: XmlTokens) => takeTokens(tokens, listener);
    const stream = await this.zip.openReadStreamPromise(entry).catch((error) => {
      throw broken(error);
    });
    try {
      for await (const chunk of stream) {
        xml.push(chunk, take);
        if (listener.isDone?.()) return;
      }
      xml.end(take);
    } catch (error) {
      throw error instanceof UnusableFile ? error : broken(error);
    }
  }
}

/** Names of parts are the same in any case (ECMA-376, part 2). There they begin with a slash, in an archive they do not. */
function keyOf(name: string): string {
  return name.toLowerCase().replace(/^\/+/, "");
}

/** With slashes for backslashes. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** Reads from an open file and leaves it open. */
class FileRange extends RandomAccessReader {
  constructor(private readonly descriptor: number) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { descriptor } = this;
    let at = start;
    return new Readable({
      highWaterMark: READ_BYTES,
      read() {
        const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
        if (chunk.length === 0) {
          this.push(null);
          return;
        }
        read(descriptor, chunk, 0, chunk.length, at, (error, bytesRead) => {
          at += bytesRead;
          if (error) this.destroy(error);
          else this.push(bytesRead === 0 ? null : chunk.subarray(0, bytesRead));
        });
      },
    });
  }
}

const READ_BYTES = 128 * 1024;

const END_SIGNATURE = Buffer.from("PK\x05\x06", "latin1");
const END_BYTES = 22;
/** As much as a comment may have; bytes behind the archive are found as far back. */
const MAX_COMMENT_BYTES = 65_535;

/** Where the archive ends: programs that write over a longer file, and transfers, leave bytes behind it. */
function archiveEnd(descriptor: number, sizeBytes: number): number {
  const bytes = Buffer.alloc(Math.min(sizeBytes, 2 * MAX_COMMENT_BYTES));
  const from = sizeBytes - bytes.length;
  readSync(descriptor, bytes, 0, bytes.length, from);
  const at = bytes.lastIndexOf(END_SIGNATURE);
  if (at < 0 || at + END_BYTES > bytes.length) return sizeBytes;
  const end = from + at + END_BYTES + bytes.readUInt16LE(at + END_BYTES - 2);
  return Math.min(end, sizeBytes);
}

function refuseTrap(entry: Entry): void {
  const { compressedSize, uncompressedSize } = entry;
  const isTrap =
    uncompressedSize > MAX_PART_BYTES ||
    (uncompressedSize > EXPANSION_COUNTS_ABOVE_BYTES && uncompressedSize > MAX_EXPANSION * compressedSize);
  if (isTrap) {
    throw says.partTooLarge(nameOf(entry), uncompressedSize);
  }
}

function broken(error: unknown): UnusableFile {
  const failure = readFailure(error);
  if (failure instanceof UnusableFile) return failure;
  const reason = error instanceof Error ? error.message : String(error);
  return says.brokenWorkbook(reason);
}
