import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import type { TenantState } from "../../emulator/domain/model";
import { newTestKey, secretsIn, secretsUnder } from "../support/secret-scan";
import type { Cell } from "./cells";
import { must, type Outcome, runCommand } from "./commands";
import { type Project, ROWS } from "./project";

/** What a state keeps of a resource: its kind, and the program text behind it. */
export type Shells = { [kind: string]: string };

/** Takes the project's program through its whole life, by the commands of the installed package. */
export async function runCycle(cell: Cell, project: Project, runtime: string, uid?: number): Promise<Shells> {
  const call = caller(cell, project, runtime, uid);
  const emulator = await startEmulator(call("processmind-emulator", "--port=0", "--storage-port=0"));
  const engine = (...args: string[]) => {
    const command = call("pulumi-offline", ...args);
    return { ...command, env: { ...command.env, ...emulator.variables, PULUMI_CONFIG_PASSPHRASE: "matrix" } };
  };
  try {
    if (cell.runtime === "bun") return expectBunRefused(await runCommand(engine("preview")));
    await expectSaid(must(engine("preview")), "+ 4 to create");
    await expectSaid(must(engine("up", "--yes", "--skip-preview")), "+ 4 created");
    await expectHeld(emulator.controlUrl, [1, 1, [ROWS]]);
    await expectSaid(must(engine("preview", "--expect-no-changes")), "4 unchanged");
    const { stdout } = await must(engine("stack", "export"));
    refuseLocalPaths(stdout, project);
    await expectSaid(must(engine("destroy", "--yes", "--skip-preview")), "- 4 deleted");
    await expectHeld(emulator.controlUrl, [0, 0, []]);
    const kept = await secretsUnder(project.folder);
    if (kept.length > 0) throw new Error(`secrets were left: ${kept.join("; ")}`);
    return shellsIn(stdout);
  } finally {
    emulator.process.kill();
    if (emulator.process.exitCode === null) await once(emulator.process, "exit");
  }
}

interface Call {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
}

/** Commands as a shell finds them in node_modules/.bin, run by the cell's node. */
function caller(cell: Cell, { folder, env }: Project, runtime: string, uid?: number) {
  const found = [path.dirname(runtime), process.env["PATH"]].join(path.delimiter);
  const home = uid === undefined ? {} : { HOME: folder };
  return (name: string, ...args: string[]): Call => {
    const common = { cwd: folder, env: { ...env, ...home, PATH: found }, ...(uid === undefined ? {} : { uid }) };
    // Bun runs what is asked of it, not what the first line of a script names.
    if (cell.runtime !== "bun") return { program: binOf(folder, name), args, ...common };
    const program = name === "pulumi-offline" ? runtime : process.execPath;
    const file = path.join(folder, `node_modules/${name}/${name}.js`);
    return { program, args: [file, ...args], ...common };
  };
}

function binOf(folder: string, name: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, "node_modules", ".bin", name);
    if (existsSync(file)) return file;
    if (at === path.dirname(at)) throw new Error(`no node_modules/.bin/${name} at ${folder} or above`);
  }
}

async function startEmulator({ program, args, ...options }: Call) {
  const key = `--api-key=${newTestKey()}`;
  const { uid, ...rest } = options;
  const identity = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(program, [...args, key], { ...rest, ...identity, stdio: ["ignore", "pipe", "inherit"] });
  const variables = await variablesOf(child);
  return { process: child, variables, controlUrl: `${variables["PROCESSMIND_API_URL"]}/_control` };
}

/** What ProcessMind has, whatever the engine says: datasets, datatables, and the rows of each. */
async function expectHeld(controlUrl: string, wanted: [datasets: number, datatables: number, rows: number[]]) {
  await fetch(`${controlUrl}/settled`, { method: "POST" });
  const state = (await (await fetch(`${controlUrl}/state`)).json()) as TenantState;
  const { datasets, datatables } = state;
  const held = JSON.stringify([datasets.length, datatables.length, datatables.map(({ rowCount }) => rowCount)]);
  if (held !== JSON.stringify(wanted)) {
    throw new Error(`datasets, datatables and rows are ${held}, not ${JSON.stringify(wanted)}`);
  }
}

/** What the emulator's greeting tells to export. */
async function variablesOf(emulator: ChildProcess): Promise<NodeJS.ProcessEnv> {
  const greeting = await new Promise<string>((resolve, reject) => {
    let seen = "";
    emulator.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      seen += chunk;
      if (seen.includes("Ready.")) resolve(seen);
    });
    emulator.once("error", reject);
    emulator.once("exit", () => reject(new Error(`the emulator ended after it had said:\n${seen}`)));
  });
  const variables = [...greeting.matchAll(/export (PROCESSMIND_\w+)=(\S+)/g)];
  return Object.fromEntries(variables.map(([, name, value]) => [name, value]));
}

async function expectSaid(run: Promise<{ text: string }>, words: string): Promise<void> {
  const { text } = await run;
  if (!text.includes(words)) throw new Error(`"${words}" is not in:\n${text}`);
  const secrets = secretsIn(text);
  if (secrets.length > 0) throw new Error(`the output holds ${secrets.join(" and ")}`);
}

function expectBunRefused({ exitCode, text }: Outcome): Shells {
  if (exitCode === 0) throw new Error(`it ran on Bun:\n${text}`);
  const lines = text.split("\n").filter((line) => /\bBun\b/.test(line));
  // Without a terminal an error is printed in the rows too.
  const clear = lines.filter((line) => /this is Bun \S+, where Pulumi has no dynamic providers/.test(line));
  if (clear.length === 0 || clear.length < lines.length || /^\s+at /m.test(text)) {
    throw new Error(`not one clear line:\n${text}`);
  }
  return {};
}

/** A state is read on other machines, and in other folders of this one. */
function refuseLocalPaths(state: string, { root }: Project): void {
  const found: string[] = [];
  JSON.parse(state, (_key, value) => {
    const isLocal = typeof value === "string" && (path.isAbsolute(value) || value.includes(root));
    if (isLocal) found.push(value);
    return value;
  });
  if (found.length > 0) throw new Error(`paths of this machine in the state: ${found.join(", ")}`);
}

function shellsIn(state: string): Shells {
  const resources: { type: string; inputs?: { __provider?: string } }[] = JSON.parse(state).deployment.resources;
  const ours = resources.filter(({ type }) => type.includes("/processmind:"));
  return Object.fromEntries(ours.map(({ type, inputs }) => [type, inputs?.__provider ?? "none"]));
}
