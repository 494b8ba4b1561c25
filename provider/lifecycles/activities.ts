import { hash } from "node:crypto";

/**
 * What is kept of a log's activities, to find those of the next file that are new: hashes, since names are values of
 * cells. A thousand activities take 5.4 KB, and then one new activity in four million goes unseen.
 */

const HASH_BYTES = 4;
/** Kept in the place of hashes where not all activities can be named. */
const NOT_NAMED = "not named";

/** @param names - undefined where not all are known. */
export function encodeActivities(names: readonly string[] | undefined): string {
  if (names === undefined) return NOT_NAMED;
  // In the order of their first events, the same activities would make another text.
  const hashes = names.map(hashOf).sort((one, other) => one - other);
  const bytes = Buffer.alloc(HASH_BYTES * hashes.length);
  for (const [i, each] of hashes.entries()) bytes.writeUInt32BE(each, HASH_BYTES * i);
  return bytes.toString("base64");
}

/** Whether it is known that not all activities can be named. */
export function areNotNamed(stored: string | undefined): boolean {
  return stored === NOT_NAMED;
}

/** Activities that are known by their hashes. */
export class KnownActivities {
  private constructor(private readonly hashes: readonly number[]) {}

  /** Of what {@link encodeActivities} made; undefined where that names none. */
  static from(stored: string | undefined): KnownActivities | undefined {
    if (stored === undefined || areNotNamed(stored)) return undefined;
    const bytes = Buffer.from(stored, "base64");
    return new KnownActivities(
      Array.from({ length: bytes.length / HASH_BYTES }, (_, i) => bytes.readUInt32BE(HASH_BYTES * i)),
    );
  }

  get count(): number {
    return this.hashes.length;
  }

  /** Those of `names` that are not among these, each once. */
  missing(names: readonly string[]): string[] {
    const known = new Set(this.hashes);
    return [...new Set(names)].filter((name) => !known.has(hashOf(name)));
  }

  /** How many of these are not among `names`. */
  countOutside(names: readonly string[]): number {
    const named = new Set(names.map(hashOf));
    return this.hashes.filter((each) => !named.has(each)).length;
  }
}

function hashOf(name: string): number {
  return hash("sha256", name, "buffer").readUInt32BE(0);
}
