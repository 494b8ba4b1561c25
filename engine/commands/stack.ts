import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Flags } from "../cli";
import { masked } from "../display/values";
import { quoted } from "../message";
import type { Properties, Snapshot } from "../model";
import { formatExport, parseExport, saltOf } from "../state/checkpoint";
import { openCrypter, passphraseFrom } from "../state/passphrase";
import { SnapshotCodec, withPlaintext } from "../state/snapshot-codec";
import { UserError } from "../state/user-error";
import { withoutSecrets } from "../values";
import { writeWhole } from "../whole-file";
import { type CommandIo, readAll } from "./io";
import { isConfirmed } from "./prompt";
import { Session } from "./session";

/** `stack init`: an empty stack with its own salt. */
export async function init(flags: Flags, io: CommandIo, name: string | undefined): Promise<number> {
  const session = new Session(flags, io, name);
  return locked(session, "stack init", async () => {
    if (await session.store.read(session.stack)) throw new UserError(`stack '${session.stack}' already exists`);
    await session.open(true);
    return 0;
  });
}

/** `stack ls`: the names, and how many resources each holds. */
export async function list(flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const stacks = await Promise.all(
    (await session.store.list()).map(async (name) => ({
      name,
      current: name === session.stack,
      resourceCount: (await session.store.read(name))?.resources?.length ?? 0,
    })),
  );
  if (flags.json) {
    io.stdout.write(`${JSON.stringify(stacks, null, 2)}\n`);
    return 0;
  }
  const rows = stacks.map((stack) => [stack.name + (stack.current ? "*" : ""), String(stack.resourceCount)] as const);
  io.stdout.write(columns([["NAME", "RESOURCE COUNT"], ...rows], ""));
  return 0;
}

/** `stack rm`: removes the state, not the stack's configuration. The last state stays as `.bak`. */
export async function remove(flags: Flags, io: CommandIo, name: string | undefined): Promise<number> {
  const session = new Session(flags, io, name);
  if (!isConfirmed(flags.yes, io))
    throw new UserError("--yes must be passed in to proceed when running in non-interactive mode");
  return locked(session, "stack rm", async () => {
    const { resources = [] } = await session.deployment();
    if (resources.length > 0 && !flags.force) {
      throw new UserError(`'${session.stack}' still has resources; removal rejected`, [
        "delete them first: pulumi-offline destroy",
        "remove the state and leave what it describes: --force",
      ]);
    }
    await session.store.remove(session.stack);
    io.stdout.write(`Stack '${session.stack}' has been removed!\n`);
    return 0;
  });
}

/** `stack output`: the outputs of the last run, or one of them as plain text. */
export async function output(flags: Flags, io: CommandIo, name: string | undefined): Promise<number> {
  const session = new Session(flags, io);
  const outputs = shownOutputs(await outputsOf(session, flags), flags);
  if (name !== undefined) {
    const value = outputs[name];
    if (value === undefined) throw new UserError(`current stack does not have output property '${name}'`);
    io.stdout.write(`${typeof value === "string" && !flags.json ? value : JSON.stringify(value, null, 2)}\n`);
    return 0;
  }
  if (flags.json) {
    io.stdout.write(`${JSON.stringify(outputs, null, 2)}\n`);
    return 0;
  }
  const rows = Object.entries(outputs).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  const title = `Current stack outputs (${rows.length}):\n`;
  io.stdout.write(
    title +
      (rows.length > 0
        ? columns([["OUTPUT", "VALUE"], ...rows], "    ")
        : "    No output values currently in this stack\n"),
  );
  return 0;
}

/** `stack export`: the state in the form `pulumi stack import` takes. */
export async function exportState(flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const deployment = await session.deployment();
  const shown = flags.showSecrets ? { ...deployment, ...withPlaintext(await session.peek()) } : deployment;
  const text = formatExport(shown);
  if (flags.file) await writeWhole(resolve(io.cwd, flags.file), text);
  else io.stdout.write(text);
  return 0;
}

/** `stack import`: replaces the state by an exported one, without its pending operations; the old one stays as `.bak`. */
export async function importState(flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const name = flags.file ?? "standard input";
  const text = flags.file ? readFileSync(resolve(io.cwd, flags.file), "utf8") : io.stdin ? await readAll(io.stdin) : "";
  const deployment = parseExport(text, name);
  const home = `urn:pulumi:${session.stack}::${session.project.name}::`;
  const stranger = deployment.resources?.find(({ urn }) => !urn.startsWith(home));
  if (stranger)
    throw new UserError(`${name} does not belong to the stack '${session.stack}' of '${session.project.name}'.`, [
      `it holds ${quoted(stranger.urn, 100)}`,
    ]);
  return locked(session, "stack import", async () => {
    const { save } = await session.open(true);
    const imported = await decoded();
    for (const { type, resource } of imported.pendingOperations) {
      io.stderr.write(`warning: removing pending operation '${type}' on '${resource.urn}' from snapshot\n`);
    }
    await save({ ...imported, pendingOperations: [] });
    io.stdout.write("Import complete.\n");
    return 0;
  });

  async function decoded(): Promise<Snapshot> {
    const salt = saltOf(deployment, name);
    const crypter = salt ? await openCrypter(passphraseFrom(io.env), salt, name) : await session.ensureConfigCrypter();
    return new SnapshotCodec(crypter).decode(deployment);
  }
}

async function outputsOf(session: Session, flags: Flags): Promise<Properties> {
  const deployment = await session.deployment();
  // The passphrase is not needed to say that there is a secret.
  const { resources } = flags.showSecrets ? await session.peek() : { resources: deployment.resources ?? [] };
  return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

function shownOutputs(outputs: Properties, flags: Flags): Properties {
  const show = flags.showSecrets ? withoutSecrets : masked;
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, show(value)]));
}

async function locked(session: Session, command: string, action: () => Promise<number>): Promise<number> {
  const release = session.lock(`pulumi-offline ${command} --stack ${session.stack}`);
  try {
    return await action();
  } finally {
    release();
  }
}

function columns(rows: (readonly [string, string])[], indent: string): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}  ${right}\n`).join("");
}
