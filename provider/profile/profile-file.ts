import { hash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { limitTo } from "../limit";
import * as says from "../messages/files";
import { DelimitedReader } from "./delimited";
import type { ContentReader, FileProfile, ProfileRequest } from "./file-profile";
import { type BytesRead, openSha256, type Sha256 } from "./sha256";
import { notWorkbook, pointerFault } from "./signature";
import { SLOT_BYTES, sharedSlots } from "./slots";
import { type OpenSource, readFailure } from "./source-file";
import { WorkbookReader } from "./workbook";
import { XesReader } from "./xes";

/** Up to here one read and one hash, without a turn of the event loop: 2 ms at most. */
const SMALL_BYTES = SLOT_BYTES;
/** Each holds megabytes of buffers, and two large ones keep two cores busy. */
const smallFiles = limitTo(4);
const largeFiles = limitTo(2);

/**
 * Tells what a file is, in one pass and in constant memory: hash, size and, by its format, what it holds.
 *
 * @throws UnusableFile when it cannot be read, changes meanwhile, or is not what its format promises; the message
 * names the line where there is one.
 */
export async function profileFile(request: ProfileRequest): Promise<FileProfile> {
  // Opened in its turn: hundreds may wait for theirs.
  const small = await smallFiles(async () => {
    await turnOfLimitedLength();
    const opened = request.source.open();
    if (opened.stat.size <= SMALL_BYTES) return profileOpened(request, opened);
    closeSync(opened.descriptor);
    return undefined;
  });
  return small ?? largeFiles(() => profileOpened(request, request.source.open()));
}

/** How long small files may follow one another in one turn of the event loop. */
const TURN_MS = 10;
/** When the turn that is running has had enough of them; undefined before its first. */
let turnEndsMs: number | undefined;

async function turnOfLimitedLength(): Promise<void> {
  turnEndsMs ??= beginTurn();
  if (performance.now() < turnEndsMs) return;
  await nextTurn();
}

function beginTurn(): number {
  setImmediate(() => {
    turnEndsMs = undefined;
  });
  return performance.now() + TURN_MS;
}

async function profileOpened(request: ProfileRequest, opened: OpenSource): Promise<FileProfile> {
  const { descriptor, stat } = opened;
  const refuseIfChanged = () => {
    if (!request.source.isUnchanged(opened)) throw says.changedWhileRead();
  };
  try {
    const isSmall = stat.size <= SMALL_BYTES;
    const found = await (isSmall ? profileSmall : profileLarge)(request, descriptor, stat.size);
    const { prefixBytes, knownSha256 } = request;
    // What was read is known, whatever has become of the file meanwhile.
    if (found.contentSha256 === knownSha256) return found;
    const hasPrefix = prefixBytes !== undefined && found.prefixSha256 !== undefined;
    const end = hasPrefix ? { prefixEndsLine: endsLine(descriptor, prefixBytes) } : {};
    refuseIfChanged();
    return { ...found, ...end };
  } catch (error) {
    const failure = readFailure(error);
    // Half a file has open quotes and short rows: that it is being written is what there is to say.
    refuseIfChanged();
    throw failure;
  } finally {
    closeSync(descriptor);
  }
}

/** One for all small files: nobody else runs while it is read into, hashed and looked at. */
let smallContent: Buffer | undefined;

async function profileSmall(request: ProfileRequest, descriptor: number, sizeBytes: number): Promise<FileProfile> {
  const { prefixBytes, knownSha256 } = request;
  smallContent ??= Buffer.allocUnsafeSlow(SMALL_BYTES);
  const content = smallContent.subarray(0, sizeBytes);
  if (readHere(descriptor, content, 0) < sizeBytes) throw says.changedWhileRead();
  const contentSha256 = hash("sha256", content);
  if (contentSha256 === knownSha256) return { contentSha256, sizeBytes, warnings: [] };
  const hasPrefix = prefixBytes !== undefined && prefixBytes < sizeBytes;
  const hashes = {
    contentSha256,
    sizeBytes,
    ...(hasPrefix && { prefixSha256: hash("sha256", content.subarray(0, prefixBytes)) }),
  };
  return withReader(request, descriptor, async (reader) => {
    reader.push(content);
    return { ...hashes, ...(await reader.end()) };
  });
}

function profileLarge(request: ProfileRequest, descriptor: number, sizeBytes: number): Promise<FileProfile> {
  return withReader(request, descriptor, async (reader) => {
    const hashes = await readThrough(reader, descriptor, sizeBytes, request.prefixBytes);
    return { ...hashes, sizeBytes, ...(await reader.end()) };
  });
}

async function withReader<T>(
  request: ProfileRequest,
  descriptor: number,
  read: (reader: ContentReader) => Promise<T>,
): Promise<T> {
  const reader = readerFor(request, descriptor);
  try {
    return await read(reader);
  } finally {
    reader.close();
  }
}

/** Looks at one slot while others are read into and hashed. */
async function readThrough(
  reader: ContentReader,
  descriptor: number,
  sizeBytes: number,
  prefixBytes = Number.POSITIVE_INFINITY,
): Promise<Pick<FileProfile, "contentSha256" | "prefixSha256">> {
  const { slots } = reader;
  const sha256 = openSha256(sizeBytes);
  let prefixSha256: Promise<string> | undefined;
  let asked = 0;
  let answered = 0;
  // What either thread can do is left to the one that is ahead.
  let isBehind = false;
  const readInto = (slot: Buffer, isFirst = false): Promise<BytesRead> => {
    const most = Math.min(slot.length, asked < prefixBytes ? prefixBytes - asked : Number.POSITIVE_INFINITY);
    const bytes = slot.subarray(0, most);
    const read = isFirst
      ? readFirst(sha256, descriptor, bytes, asked)
      : sha256.read(descriptor, bytes, asked, isBehind);
    // An error is looked at in its turn.
    read.then(
      () => answered++,
      () => undefined,
    );
    asked += most;
    if (asked === prefixBytes && prefixBytes < sizeBytes) prefixSha256 = sha256.soFar();
    return read;
  };
  const reads = slots.map((slot) => readInto(slot, true));
  let at = 0;
  try {
    for (let turn = 0; ; turn++) {
      const index = turn % slots.length;
      const slot = slots[index] as Buffer;
      const { length, isUtf8 } = (await reads[index]) as BytesRead;
      if (length === 0) break;
      at += length;
      if (at > sizeBytes) throw says.changedWhileRead();
      reader.push(slot.subarray(0, length), isUtf8);
      reads[index] = readInto(slot);
      // Node hands over the answers of a thread without end, as long as there are some.
      await nextTurn();
      isBehind = answered > turn + 1;
    }
    if (at !== sizeBytes) throw says.changedWhileRead();
    return { contentSha256: await sha256.soFar(), ...(prefixSha256 && { prefixSha256: await prefixSha256 }) };
  } finally {
    // The slots are someone else's after this.
    await Promise.allSettled([...reads, prefixSha256, sha256.soFar()]);
    sha256.close();
  }
}

/** What is looked at while the thread that reads the rest starts. */
async function readFirst(sha256: Sha256, descriptor: number, slot: Buffer, at: number): Promise<BytesRead> {
  const length = readHere(descriptor, slot, at);
  void sha256.update(slot.subarray(0, length));
  return { length, isUtf8: false };
}

/** Fills the memory from the file, without a turn of the event loop; returns with how many bytes: less at the file's end. */
function readHere(descriptor: number, bytes: Buffer, at: number): number {
  let length = 0;
  for (let got = -1; got !== 0 && length < bytes.length; length += got) {
    got = readSync(descriptor, bytes, length, bytes.length - length, at + length);
  }
  return length;
}

/** Whether the first `prefixBytes` end with a line end, or one follows them: a last line may lack its own. */
function endsLine(descriptor: number, prefixBytes: number): boolean {
  const around = Buffer.alloc(3);
  const bytes = readSync(descriptor, around, 0, around.length, prefixBytes - 1);
  return /^(?:[\r\n]|.\r?\n)/s.test(around.toString("latin1", 0, bytes));
}

function readerFor({ format, eventLog, events }: ProfileRequest, descriptor: number): ContentReader {
  switch (format) {
    case "csv":
    case "txt":
    case "tsv":
      return new DelimitedReader(format === "tsv", eventLog, events);
    case "xlsx":
      return new WorkbookReader(descriptor, eventLog, events);
    case "xes":
      return new XesReader(events);
    case "xls":
    case "xlsb":
      return new BytesOnly(format);
    case undefined:
      return new BytesOnly(undefined);
  }
}

/** Formats that are hashed and not looked into. */
class BytesOnly implements ContentReader {
  readonly slots = sharedSlots();
  private readonly warnings: string[] = [];
  private hasBegun = false;

  constructor(private readonly format: "xls" | "xlsb" | undefined) {
    if (format === undefined) return;
    this.warnings.push(says.formatNotRead(format));
  }

  push(chunk: Buffer): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const fault = pointerFault(chunk);
    if (fault) throw fault;
    const found = this.format && notWorkbook(chunk, this.format);
    if (found) this.warnings.push(says.otherThanNamed(found));
  }

  end(): { warnings: string[] } {
    return { warnings: this.warnings };
  }
  close(): void {}
}
