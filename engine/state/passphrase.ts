import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { UserError } from "./user-error";

const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What Pulumi encrypts to recognise the right passphrase. */
const PROOF = "pulumi";

const deriveKey = promisify(pbkdf2);
const derived = new Map<string, Promise<Buffer>>();

/** The environment variables a command sees. */
export type Environment = { [name: string]: string | undefined };

/** Encrypts and decrypts with one passphrase and one salt, in the form of Pulumi's passphrase secrets manager. */
export interface Crypter {
  /** `v1:<salt>:<proof>`, as in `encryptionsalt` and in the state's `secrets_providers`. */
  readonly salt: string;
  encrypt(text: string): string;
  decrypt(ciphertext: string): string;
}

/** The passphrase, possibly empty, from PULUMI_CONFIG_PASSPHRASE or the file PULUMI_CONFIG_PASSPHRASE_FILE names. */
export function passphraseFrom(env: Environment): string {
  const direct = env["PULUMI_CONFIG_PASSPHRASE"];
  if (direct !== undefined) return direct;
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (!file) {
    throw new UserError(
      "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      ["for a stack without secrets it may be empty: export PULUMI_CONFIG_PASSPHRASE="],
    );
  }
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read the file ${file} that PULUMI_CONFIG_PASSPHRASE_FILE names (${code}).`);
  }
}

/** A crypter with a fresh salt. */
export async function createCrypter(passphrase: string): Promise<Crypter> {
  const saltBytes = randomBytes(SALT_BYTES).toString("base64");
  const key = await keyFor(passphrase, saltBytes);
  return crypterOf(key, `v1:${saltBytes}:${encrypt(key, PROOF)}`);
}

/** The crypter of an existing salt; rejects a passphrase that did not make it. `where` names the file. */
export async function openCrypter(passphrase: string, salt: string, where: string): Promise<Crypter> {
  const [version, saltBytes, ...proof] = salt.split(":");
  if (version !== "v1" || !saltBytes || proof.length !== 3) {
    throw new UserError(`${where}: the encryption salt is not of the form v1:<salt>:v1:<nonce>:<proof>.`);
  }
  const key = await keyFor(passphrase, saltBytes);
  let opened: string | undefined;
  try {
    opened = decrypt(key, proof.join(":"));
  } catch {
    opened = undefined;
  }
  if (opened !== PROOF) {
    throw new UserError(`incorrect passphrase for ${where}.`, [
      "set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one the stack was created with",
    ]);
  }
  return crypterOf(key, salt);
}

/** A million rounds take a noticeable time, so a process derives each key once. */
function keyFor(passphrase: string, saltBytes: string): Promise<Buffer> {
  const name = JSON.stringify([passphrase, saltBytes]);
  let key = derived.get(name);
  if (!key) {
    key = deriveKey(passphrase, Buffer.from(saltBytes, "base64"), ROUNDS, KEY_BYTES, "sha256");
    derived.set(name, key);
  }
  return key;
}

function crypterOf(key: Buffer, salt: string): Crypter {
  return { salt, encrypt: (text) => encrypt(key, text), decrypt: (ciphertext) => decrypt(key, ciphertext) };
}

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${data.toString("base64")}`;
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce, data, ...rest] = ciphertext.split(":");
  if (version !== "v1" || !nonce || !data || rest.length > 0) {
    throw new UserError("a secret is not of the form v1:<nonce>:<ciphertext>.");
  }
  const bytes = Buffer.from(data, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString(
    "utf8",
  );
}
