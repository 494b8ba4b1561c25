import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** The files of a run: always the same bytes. In a temporary folder that is gone afterwards. */

const HEADER = "case_id,activity,timestamp,resource,amount\n";
const ACTIVITIES = ["Create order", "Check credit", "Approve", "Pick goods", "Ship", "Send invoice", "Receive payment"];
const PEOPLE = ["Ann Lee", "Jürgen Groß", "María Ñúñez", "Bob Ray", "Li Wei"];
const PATTERN_BYTES = 16_000_000;
const SPARE_BYTES = 1_000_000_000;

/** A folder with room for so many bytes. @throws Error when the disk has not enough left. */
export async function makeFolder(neededBytes: number): Promise<string> {
  const { bavail, bsize } = await fs.statfs(os.tmpdir());
  const freeBytes = bavail * bsize;
  if (freeBytes < neededBytes + SPARE_BYTES) {
    const [has, needs] = [freeBytes, neededBytes + SPARE_BYTES].map((bytes) => (bytes / 1e9).toFixed(1));
    throw new Error(`${os.tmpdir()} has ${has} GB free, and this needs ${needs} GB. Set TMPDIR to a larger disk.`);
  }
  return fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "processmind-bench-")));
}

/**
 * Writes an event log of about so many bytes: 7 % of the rows have a quoted comma, 3 % a quoted line break and quotes.
 * Whole rows, so it may be a few hundred bytes shorter.
 */
export async function writeEventLog(file: string, sizeBytes: number, seed = 1): Promise<void> {
  const pattern = rows(Math.min(PATTERN_BYTES, sizeBytes), seed);
  const handle = await fs.open(file, "w");
  try {
    await handle.writeFile(HEADER);
    let left = sizeBytes - HEADER.length;
    for (; left > pattern.bytes.length; left -= pattern.bytes.length) await handle.writeFile(pattern.bytes);
    const end = pattern.ends.findLast((at) => at <= left) ?? 0;
    await handle.writeFile(pattern.bytes.subarray(0, end));
  } finally {
    await handle.close();
  }
}

function rows(sizeBytes: number, seed: number): { bytes: Buffer; ends: number[] } {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const lines: string[] = [];
  const ends: number[] = [];
  for (let bytes = 0, row = 0; bytes < sizeBytes; row++) {
    const kind = random();
    const person = pick(PEOPLE);
    const resource = kind < 0.07 ? `"${person}, Sales"` : kind < 0.1 ? `"${person}\nsaid ""yes"""` : person;
    const time = new Date(Date.UTC(2024, 0, 1) + row * 61_000).toISOString();
    const amount = (random() * 10_000).toFixed(2);
    const line = `C${String(Math.floor(row / 7)).padStart(8, "0")},${pick(ACTIVITIES)},${time},${resource},${amount}\n`;
    bytes += Buffer.byteLength(line);
    lines.push(line);
    ends.push(bytes);
  }
  return { bytes: Buffer.from(lines.join("")), ends };
}

/** mulberry32: the same numbers for the same seed, everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
