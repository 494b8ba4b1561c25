import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { runCommand } from "../../provider/generate/command";
import { api, upload } from "../emulator/client";
import { newTestKey } from "../support/secret-scan";

/** What one run of the command did. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** An emulator, a folder to generate into, and the command between them. */
export interface Workbench {
  emulator: Emulator;
  folder: string;
  /** Runs `generate` in this process; paths start from the working directory, so pass absolute ones. */
  generate(...args: string[]): Promise<Run>;
  /** As above, with the folder `demo` below the workbench's, and the text of one of its files. */
  program(file?: string, ...args: string[]): Promise<string>;
  out: string;
  makeDataset(displayName: string, place?: { folder?: string; isFolder?: boolean }): Promise<string>;
  makeTable(datasetId: string, displayName: string, rows?: string): Promise<string>;
  requests(): string[];
  close(): Promise<void>;
}

/** Tree fields are reported, unless the emulator's options say otherwise. */
export async function openWorkbench(options: EmulatorOptions = {}): Promise<Workbench> {
  const behaviour = { treeFieldsInList: true, treeFieldsOnRead: true, ...options.behaviour };
  const emulator = await startEmulator({ apiKey: newTestKey(), ...options, behaviour });
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "generate-")));
  const out = path.join(folder, "demo");
  const generate = async (...args: string[]) => {
    Object.assign(process.env, emulator.environment);
    return runIn(["generate", ...args]);
  };
  return {
    emulator,
    folder,
    out,
    generate,
    async program(file = "index.ts", ...args) {
      const { code, stderr } = await generate("--out", out, ...args);
      if (code !== 0) throw new Error(stderr);
      return fs.readFileSync(path.join(out, file), "utf8");
    },
    async makeDataset(displayName, { folder: treeParentId = null as never, isFolder = false } = {}) {
      const treeNodeType = isFolder ? "TreeGroup" : "Dataset";
      const { json } = await api(emulator, "POST", "/datasets", { displayName, treeNodeType, treeParentId });
      return idOf(json);
    },
    async makeTable(datasetId, displayName, rows) {
      const { json } = await api(emulator, "POST", `/datasets/${datasetId}/datatables`, { displayName });
      if (rows !== undefined) await upload(emulator, { datasetId, datatableId: idOf(json) }, rows);
      return idOf(json);
    },
    requests() {
      const routes = emulator.journal().map(({ route }) => route);
      emulator.clearJournal();
      return routes;
    },
    async close() {
      await emulator.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(json: { id?: string }): string {
  if (json?.id === undefined) throw new Error(`Nothing was created: ${JSON.stringify(json)}`);
  return json.id;
}

/** The command with any arguments. */
export async function runIn(args: string[]): Promise<Run> {
  const texts = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof texts) => ({
    write(text: string) {
      texts[name] += text;
    },
  });
  const code = await runCommand(args, sink("stdout"), sink("stderr"));
  return { code, ...texts };
}

/** Names of the resources of a program in TypeScript, by the id that each adopts. */
export function namesById(program: string): { [id: string]: string } {
  const declared = program.matchAll(/new \w+\("([^"]+)", \{[^}]*?existingId: "([^"]+)"/g);
  return Object.fromEntries([...declared].map(([, name, id]) => [id, name]));
}
