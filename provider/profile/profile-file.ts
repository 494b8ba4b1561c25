import { createHash, hash } from "node:crypto";
import { closeSync, fstatSync, read, readSync, type Stats, statSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { DelimitedReader } from "./delimited";
import type { ContentReader, FileProfile, ProfileRequest } from "./file-profile";
import { SLOT_BYTES } from "./scanner";
import { type OpenSource, openSourceNow, UnusableFile } from "./source-file";

/** Up to here one read and one hash, without a turn of the event loop: 2 ms at most. */
const SMALL_BYTES = SLOT_BYTES;
/** Each holds megabytes of buffers, and two cores are busy. */
const largeFiles = pLimit(2);
const readAt = promisify(read);

/**
 * Tells what a file is, in one pass and in constant memory: hash, size and, by its format, what it holds.
 *
 * @throws UnusableFile when it cannot be read, changes meanwhile, or is not what its format promises; the message
 * names the line where there is one.
 */
export async function profileFile(request: ProfileRequest): Promise<FileProfile> {
  const opened = openSourceNow(request.programDirectory, request.file);
  if (opened.stat.size <= SMALL_BYTES) return profileOpened(request, opened);
  closeSync(opened.descriptor); // Hundreds may wait their turn.
  return largeFiles(() => profileOpened(request, openSourceNow(request.programDirectory, request.file)));
}

async function profileOpened(request: ProfileRequest, { descriptor, stat }: OpenSource): Promise<FileProfile> {
  const reader = readerFor(request);
  try {
    if (stat.size <= SMALL_BYTES) return profileSmall(request, reader, descriptor, stat);
    const hashes = await readThrough(reader, descriptor, stat.size, request.prefixBytes);
    refuseIfChanged(request, descriptor, stat);
    return { ...hashes, sizeBytes: stat.size, ...reader.end() };
  } finally {
    reader.close();
    closeSync(descriptor);
  }
}

function profileSmall(request: ProfileRequest, reader: ContentReader, descriptor: number, stat: Stats): FileProfile {
  const content = reader.slots[0].subarray(0, stat.size);
  for (let at = 0; at < content.length; ) {
    const bytes = readSync(descriptor, content, at, content.length - at, at);
    if (bytes === 0) throw changed();
    at += bytes;
  }
  refuseIfChanged(request, descriptor, stat);
  const contentSha256 = hash("sha256", content);
  const { prefixBytes, knownSha256 } = request;
  const sized: FileProfile = { contentSha256, sizeBytes: stat.size, warnings: [] };
  if (prefixBytes !== undefined && prefixBytes <= stat.size) {
    sized.prefixSha256 = hash("sha256", content.subarray(0, prefixBytes));
  }
  if (contentSha256 === knownSha256) return sized;
  reader.push(content);
  return { ...sized, ...reader.end() };
}

/** Reads ahead into one slot while the other is hashed and looked at. */
async function readThrough(
  reader: ContentReader,
  descriptor: number,
  sizeBytes: number,
  prefixBytes = Number.POSITIVE_INFINITY,
): Promise<Pick<FileProfile, "contentSha256" | "prefixSha256">> {
  const all = createHash("sha256");
  let prefixSha256: string | undefined;
  let next = readAt(descriptor, reader.slots[0], 0, SLOT_BYTES, 0);
  let at = 0;
  try {
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) break;
      const end = at + bytesRead;
      if (end > sizeBytes) throw changed();
      next = readAt(descriptor, reader.slots[turn % 2] as Buffer, 0, SLOT_BYTES, end);
      const chunk = buffer.subarray(0, bytesRead);
      if (at < prefixBytes && prefixBytes <= end) {
        all.update(chunk.subarray(0, prefixBytes - at));
        prefixSha256 = all.copy().digest("hex");
        all.update(chunk.subarray(prefixBytes - at));
      } else all.update(chunk);
      reader.push(chunk);
      at = end;
    }
  } finally {
    // The slots are someone else's after this.
    await next.catch(() => undefined);
  }
  if (at !== sizeBytes) throw changed();
  return { contentSha256: all.digest("hex"), ...(prefixSha256 !== undefined && { prefixSha256 }) };
}

function readerFor({ format, eventLog }: ProfileRequest): ContentReader {
  switch (format) {
    case "csv":
    case "txt":
    case "tsv":
      return new DelimitedReader(format === "tsv", eventLog);
    default:
      return new BytesOnly([`rows and columns of .${format} are not read; only its hash and size are compared`]);
  }
}

/** Formats that are hashed and not looked into. */
class BytesOnly implements ContentReader {
  readonly slots: readonly [Buffer, Buffer] = [Buffer.allocUnsafeSlow(SLOT_BYTES), Buffer.allocUnsafeSlow(SLOT_BYTES)];
  constructor(private readonly warnings: string[]) {}
  push(): void {}
  end(): { warnings: string[] } {
    return { warnings: this.warnings };
  }
  close(): void {}
}

/** Nobody wrote to it, and its name still leads to it. */
function refuseIfChanged({ programDirectory, file }: ProfileRequest, descriptor: number, before: Stats): void {
  const after = fstatSync(descriptor);
  const named = statSync(path.resolve(programDirectory, file), { throwIfNoEntry: false });
  const isSame = after.size === before.size && after.mtimeMs === before.mtimeMs;
  if (!isSame || named?.ino !== before.ino || named.dev !== before.dev) throw changed();
}

function changed(): UnusableFile {
  return new UnusableFile("it changed while it was read. Let whatever writes it finish, then run again");
}
