/**
 * How long the local engine takes, as a user waits for it: the quickstart's unchanged preview, and a program of many
 * resources, against an emulator in this process.
 *
 *   npm run build && npx ts-node --transpile-only bench/engine-scale.ts [RESOURCES]
 *
 * Where Pulumi's CLI is on PATH it also prints how long ours takes in relation to it, both in turn on this machine.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import { Commands } from "../scripts/start/commands";
import { chooseEngine, type Engine } from "../scripts/start/engine";
import { WorkFolder } from "../scripts/start/work-folder";

const REPOSITORY = resolve(__dirname, "..");
const BIN = join(REPOSITORY, "engine", "dist", "engine", "bin.js");
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
  for (const size of [1, 50, 200]) await compareWithCli(size);
}

const PREVIEWS = 3;

/** Both engines in turn, each in a folder and a tenant of its own; the median of the previews counts. */
async function compareWithCli(count: number): Promise<void> {
  const sides: { up: number; previews: number[] }[] = [];
  const projects = await Promise.all([openSide(count, "pulumi-offline"), openSide(count, "pulumi")]);
  try {
    const [ours, cli] = projects;
    if (!ours || !cli) return;
    for (const side of [ours, cli]) sides.push({ up: await side.run(UP), previews: [] });
    for (let turn = 0; turn < PREVIEWS; turn++) {
      for (const [index, side] of [ours, cli].entries()) sides[index]?.previews.push(await side.run(["preview"]));
    }
    const ratio = (of: (side: { up: number; previews: number[] }) => number) => {
      const [left, right] = sides.map(of);
      return `${((left ?? 0) / 1000).toFixed(1)} s ÷ ${((right ?? 1) / 1000).toFixed(1)} s = ${((left ?? 0) / (right ?? 1)).toFixed(2)}`;
    };
    console.log(
      `${count} resources, up, ours ÷ CLI`.padEnd(40),
      ratio(({ up }) => up),
    );
    console.log(
      `${count} resources, unchanged preview, ours ÷ CLI`.padEnd(40),
      ratio(({ previews }) => median(previews)),
    );
  } finally {
    for (const side of projects) await side?.close();
  }
}

/** Undefined when that engine is not there. */
async function openSide(count: number, name: Engine["name"]) {
  const folder = new WorkFolder(REPOSITORY, "many-tables");
  const local = { command: process.execPath, prefix: [BIN], env: {}, prepare: [] };
  const engine = name === "pulumi-offline" ? local : chooseEngine(folder.path);
  if (name === "pulumi" && engine.command === process.execPath) {
    folder.remove();
    return undefined;
  }
  writeFileSync(join(folder.path, "index.ts"), things(count));
  const run = async (args: string[]) => {
    const env = { ...process.env, ...engine.env, PULUMI_CONFIG_PASSPHRASE: "bench", PULUMI_STACK: "dev" };
    const began = performance.now();
    const { exitCode, text } = await commands.run(engine.command, [...engine.prefix, ...args], {
      cwd: folder.path,
      env,
    });
    if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with exit code ${exitCode}:\n${text}`);
    return performance.now() - began;
  };
  for (const command of engine.prepare) await run(command);
  return { run, close: async () => folder.remove() };
}

/** Dynamic resources that do nothing: what is measured is the engine. */
const things = (count: number) => `
const pulumi = require("@pulumi/pulumi");
const __provider = 'exports.handler = () => ({ create: async (inputs) => ({ id: "1", outs: inputs }) });';
class Thing extends pulumi.CustomResource {
  constructor(name: string) { super("pulumi-nodejs:dynamic/bench:Thing", name, { value: 1, __provider }); }
}
for (let i = 0; i < ${count}; i++) new Thing("thing-" + i);
`;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
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
