/**
 * How long the local engine takes, as a user waits for it: the quickstart's unchanged preview, and a program of many
 * resources, against an emulator in this process.
 *
 *   npm run build && npx ts-node --transpile-only bench/engine-scale.ts [RESOURCES]
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "../sandbox/emulator";
import { Commands } from "../sandbox/start/commands";
import { WorkFolder } from "../sandbox/start/work-folder";

const REPOSITORY = resolve(__dirname, "..");
const BIN = join(REPOSITORY, "dist", "sandbox", "engine", "bin.js");
const commands = new Commands(() => undefined);
const UP = ["up", "--yes", "--skip-preview"];

/** A quarter datasets, each with three tables: resources that wait for others, as in real programs. */
const program = (count: number) => `
const { Dataset, Datatable } = require("pulumi-processmind");
for (let i = 0; i < ${count} / 4; i++) {
  const dataset = new Dataset("set-" + i, { displayName: "Set " + i });
  for (const letter of "ABC") new Datatable("table-" + i + letter, { datasetId: dataset.id, displayName: "Table " + letter });
}
`;

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 200);
  await withProject("quickstart", undefined, async (timed) => {
    await timed("quickstart, up", UP);
    await timed("quickstart, unchanged preview", ["preview", "--expect-no-changes"]);
  });
  await withProject("many-tables", program(count), async (timed) => {
    await timed(`${count} resources, preview`, ["preview"]);
    await timed(`${count} resources, up`, UP);
    await timed(`${count} resources, unchanged preview`, ["preview", "--expect-no-changes"]);
    await timed(`${count} resources, refresh`, ["refresh", "--yes", "--skip-preview"]);
    await timed(`${count} resources, destroy`, ["destroy", "--yes", "--skip-preview"]);
  });
}

type Timed = (what: string, args: string[]) => Promise<void>;

/** A copy of an example, its program replaced by `source` if that is given, in an emulator's tenant. */
async function withProject(example: string, source: string | undefined, work: (timed: Timed) => Promise<void>) {
  const emulator = await startEmulator({ apiKey: randomUUID() });
  const folder = new WorkFolder(REPOSITORY, example);
  try {
    if (source !== undefined) writeFileSync(join(folder.path, "index.ts"), source);
    await work((what, args) => timeRun(emulator, folder.path, what, args));
  } finally {
    folder.remove();
    await emulator.close();
  }
}

async function timeRun(emulator: Emulator, cwd: string, what: string, args: string[]): Promise<void> {
  emulator.clearJournal();
  const env = { ...process.env, ...emulator.environment, PULUMI_CONFIG_PASSPHRASE: "bench" };
  const began = performance.now();
  const { exitCode, text } = await commands.run(process.execPath, [BIN, ...args], { cwd, env });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (exitCode !== 0) throw new Error(`${what} ended with exit code ${exitCode}:\n${text}`);
  console.log(`${what.padEnd(40)} ${seconds.padStart(6)} s  ${String(emulator.journal().length).padStart(5)} requests`);
}

void main();
