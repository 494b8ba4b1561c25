import fs from "node:fs";
import path from "node:path";

/** Protects throw-away states only. */
export const PASSPHRASE = "correct horse";
const SALT = "v1:SrB0MTeCXPA=:v1:2BusvO7Kf8j1HthY:RhuF+Q0AJE/WlolUuLsbRBoVyqAoog==";

/**
 * Gives the stack `dev` of a project its salt, unless it has a file. A stack without one makes its own, and deriving the
 * key of each takes a third of a second.
 */
export function giveKnownSalt(directory: string): void {
  const file = path.join(directory, "Pulumi.dev.yaml");
  if (!fs.existsSync(file)) fs.writeFileSync(file, `encryptionsalt: ${SALT}\n`);
}
