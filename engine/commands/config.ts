import type { Flags } from "../cli";
import { quoted } from "../message";
import { isSecure, readValue } from "../state/config-values";
import { wholeKey } from "../state/stack-file";
import { UserError } from "../state/user-error";
import { type CommandIo, readAll } from "./io";
import { Session } from "./session";

/** `config`: the stack file's values; secrets only with `--show-secrets`. */
export async function list(flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const shown = await Promise.all(
    session.stackFile.entries().map(async ([key, value]) => {
      const secret = isSecure(value);
      if (secret && !flags.showSecrets) return { key, secret, value: undefined };
      return { key, secret, value: (await readValue(value, key, () => session.configCrypter())).text };
    }),
  );
  shown.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (flags.json) {
    const entries = shown.map(({ key, secret, value }) => [key, { ...(value !== undefined && { value }), secret }]);
    io.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    return 0;
  }
  const rows = shown.map(({ key, value }) => [shortKey(key, session.project.name), value ?? "[secret]"] as const);
  const width = Math.max("KEY".length, ...rows.map(([key]) => key.length));
  io.stdout.write([["KEY", "VALUE"], ...rows].map(([key = "", value]) => `${key.padEnd(width)}  ${value}\n`).join(""));
  return 0;
}

/** `config get`: one value in plain, also a secret, as in Pulumi. */
export async function get(flags: Flags, io: CommandIo, name: string): Promise<number> {
  const session = new Session(flags, io);
  const key = wholeKey(name, session.project.name);
  const found = session.stackFile.entries().find(([written]) => written === key);
  if (!found) throw new UserError(`configuration key '${name}' not found for stack '${session.stack}'`);
  const { text, secret } = await readValue(found[1], key, () => session.configCrypter());
  io.stdout.write(`${flags.json ? JSON.stringify({ name: key, value: text, secret }, null, 2) : text}\n`);
  return 0;
}

/** `config set`: a secret is encrypted with the stack's salt, which is made when there is none. */
export async function set(flags: Flags, io: CommandIo, name: string, argument: string | undefined): Promise<number> {
  const session = new Session(flags, io);
  if (flags.secret && flags.plaintext) throw new UserError("--secret and --plaintext cannot be used together");
  const key = wholeKey(name, session.project.name);
  const value = argument ?? (await valueFromInput(io, name));
  if (flags.secret) {
    const crypter = await session.ensureConfigCrypter();
    session.stackFile.set(key, { secure: crypter.encrypt(value) });
  } else {
    session.stackFile.set(key, value);
  }
  await session.stackFile.save();
  return 0;
}

/** `config rm`. */
export async function remove(flags: Flags, io: CommandIo, name: string): Promise<number> {
  const session = new Session(flags, io);
  if (!session.stackFile.remove(wholeKey(name, session.project.name))) {
    throw new UserError(`configuration key '${name}' not found for stack '${session.stack}'`);
  }
  await session.stackFile.save();
  return 0;
}

async function valueFromInput(io: CommandIo, name: string): Promise<string> {
  if (!io.stdin || io.stdin.isTTY) {
    throw new UserError(`configuration key '${quoted(name)}' has no value.`, [
      "pass the value as an argument, or on standard input",
    ]);
  }
  return readAll(io.stdin);
}

function shortKey(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}
