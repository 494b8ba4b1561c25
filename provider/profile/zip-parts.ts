import type { Readable } from "node:stream";
import { type Entry, fromFdPromise, type ZipFile } from "yauzl";
import { readFailure, UnusableFile } from "./source-file";
import { type XmlListener, XmlReader } from "./xml-reader";

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
  ) {}

  /** @throws UnusableFile when it is no sound archive. The descriptor stays open. */
  static async open(descriptor: number): Promise<ZipParts> {
    try {
      const zip = await fromFdPromise(descriptor, { autoClose: false, lazyEntries: true });
      if (zip.entryCount > MAX_PARTS) throw new Error(`it has ${zip.entryCount} parts`);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new ZipParts(zip, entries);
    } catch (error) {
      throw broken(error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Reads one part to its end, or until the listener has what it wants. */
  async read(name: string, listener: XmlListener & { isDone?(): boolean }): Promise<void> {
    const entry = this.entries.get(name);
    if (!entry) throw new UnusableFile(`it is not a sound workbook: its part ${name} is missing. Save it again`);
    refuseTrap(entry);
    const xml = new XmlReader(`its part ${name}`, listener);
    const stream = await this.zip.openReadStreamPromise(entry).catch((error) => {
      throw broken(error);
    });
    if (await feed(xml, stream, listener)) xml.end();
  }
}

/** False when the listener was done before the end. */
async function feed(xml: XmlReader, stream: Readable, listener: { isDone?(): boolean }): Promise<boolean> {
  try {
    for await (const chunk of stream) {
      xml.push(chunk);
      if (listener.isDone?.()) return false;
    }
    return true;
  } catch (error) {
    throw error instanceof UnusableFile ? error : broken(error);
  }
}

function refuseTrap(entry: Entry): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  const isTrap =
    uncompressedSize > MAX_PART_BYTES ||
    (uncompressedSize > EXPANSION_COUNTS_ABOVE_BYTES && uncompressedSize > MAX_EXPANSION * compressedSize);
  if (isTrap) {
    throw new UnusableFile(
      `its part ${fileName} would unpack to ${uncompressedSize} bytes, as no sound workbook does. Save it as CSV`,
    );
  }
}

function broken(error: unknown): UnusableFile {
  const failure = readFailure(error);
  if (failure instanceof UnusableFile) return failure;
  const reason = error instanceof Error ? error.message : String(error);
  return new UnusableFile(`it is not a sound workbook (${reason}). Save it again`);
}
