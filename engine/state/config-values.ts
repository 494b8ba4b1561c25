import { quoted } from "../message";
import type { StackConfig } from "../model";
import type { Crypter } from "./passphrase";
import type { Project } from "./project";
import { type StackFile, wholeKey } from "./stack-file";
import { UserError } from "./user-error";

/** One configuration value as Pulumi hands it to a program: a string; objects and lists as JSON text. */
export interface ConfigValue {
  text: string;
  secret: boolean;
}

/**
 * The stack's configuration: the project's values and defaults, overlaid by the stack file's. `crypter` is only
 * asked for when there is a secret to decrypt.
 */
export async function resolveConfig(
  project: Project,
  stackFile: StackFile,
  stack: string,
  crypter: () => Promise<Crypter>,
): Promise<StackConfig> {
  const found = new Map<string, ConfigValue>();
  const required: string[] = [];
  for (const [name, declared] of Object.entries(project.config)) {
    const key = wholeKey(name, project.name);
    const value = declaredValue(declared);
    if (value === undefined) required.push(key);
    else found.set(key, await readValue(value, key, crypter));
  }
  for (const [key, value] of stackFile.entries()) found.set(key, await readValue(value, key, crypter));
  const missing = required.filter((key) => !found.has(key));
  if (missing.length > 0) {
    const names = missing.map((key) => `'${key}'`).join(", ");
    throw new UserError(
      `Stack '${stack}' is missing configuration value${missing.length > 1 ? "s" : ""} ${quoted(names)}`,
      ["set each: pulumi-offline config set <key> <value>"],
    );
  }
  return {
    values: Object.fromEntries([...found].map(([key, value]) => [key, value.text])),
    secretKeys: [...found].filter(([, value]) => value.secret).map(([key]) => key),
  };
}

/** Reads one value as it stands in a stack file. */
export async function readValue(value: unknown, key: string, crypter: () => Promise<Crypter>): Promise<ConfigValue> {
  let secret = false;
  const open = async (item: unknown): Promise<unknown> => {
    if (typeof item === "bigint") return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
    if (Array.isArray(item)) return Promise.all(item.map(open));
    if (typeof item !== "object" || item === null) return item;
    const entries = Object.entries(item);
    const [first] = entries;
    if (entries.length === 1 && first?.[0] === "secure") {
      secret = true;
      return decryptValue(await crypter(), String(first[1]), key);
    }
    // Sorted, as Go's JSON encoder writes them: a program sees the same text under either engine.
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(await Promise.all(entries.map(async ([name, inner]) => [name, await open(inner)])));
  };
  const opened = await open(value);
  const text = typeof opened === "object" && opened !== null ? JSON.stringify(opened) : String(opened ?? "");
  return { text, secret };
}

/** Whether a value in a stack file holds a secret at any depth. */
export function isSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === "secure") return true;
  return Object.values(value).some(isSecure);
}

function decryptValue(crypter: Crypter, ciphertext: string, key: string): string {
  try {
    return crypter.decrypt(ciphertext);
  } catch (error) {
    throw new UserError(
      `the secret configuration value ${key} cannot be decrypted: ${quoted((error as Error).message)}`,
    );
  }
}

/** A declaration in Pulumi.yaml is a plain value, or `{type, description, default, value, …}`. */
function declaredValue(declared: unknown): unknown {
  if (typeof declared !== "object" || declared === null || Array.isArray(declared)) return declared ?? "";
  const { value, default: fallback } = declared as { value?: unknown; default?: unknown };
  return value ?? fallback;
}
