import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";

/** What every API key made for a test begins with: one `grep` over a log finds a leak. */
const KEY_MARKER = "pm-test-key-";

/** An API key for a test's emulator. */
export function newTestKey(): string {
  return `${KEY_MARKER}${randomUUID()}`;
}

const SIGNS: [what: string, sign: RegExp][] = [
  ["an API key", new RegExp(KEY_MARKER, "i")],
  ["a signature", /X-Amz-Signature/i],
  ["a credential", /X-Amz-Credential/i],
];

/** What of a secret's kind is in a text, in words: the secret itself is never told again. */
export function secretsIn(text: string): string[] {
  return SIGNS.filter(([, sign]) => sign.test(text)).map(([what]) => what);
}

/** The same for every file of a folder, as `state/dev.json: an API key`; without node_modules and what links point to. */
export async function secretsUnder(directory: string): Promise<string[]> {
  const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(directory, file).startsWith(`node_modules${path.sep}`));
  const found = await Promise.all(
    files.sort().map(async (file) => {
      const secrets = secretsIn(await fs.readFile(file, "latin1"));
      return secrets.map((what) => `${path.relative(directory, file)}: ${what}`);
    }),
  );
  return found.flat();
}
