/**
 * How long an unchanged preview of many resources takes with the plugin, in relation to the dynamic provider: on Pulumi's
 * CLI, in turn on this machine. Components of the same Node program show what no provider can save.
 *
 *   npm run plugin && npx ts-node --transpile-only bench/plugin-scale.ts [RESOURCES]
 *
 * Needs the CLI on PATH with its hosts for Node and YAML, and npm's registry. Prints one line where there is no CLI.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import { Commands } from "../scripts/start/commands";
import { chooseEngine, findCli } from "../scripts/start/engine";

const REPOSITORY = resolve(__dirname, "..");
const PLUGIN = join(REPOSITORY, "dist", "plugin", "bin", "pulumi-resource-processmind");
const ROUNDS = 5;
const commands = new Commands(() => undefined);

/** A program, and what makes its folder ready. */
interface Side {
  name: string;
  files(count: number): { [name: string]: string };
  prepare: string[][];
  usesRepository: boolean;
}

/** A quarter datasets, each with three tables. */
const nodeProgram = (from: string) => (count: number) => ({
  "Pulumi.yaml": "name: scale\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "scale", main: "index.js", dependencies: { "@pulumi/pulumi": "3.248.0" } }),
  "index.js": `
const { Dataset, Datatable } = ${from};
for (let i = 0; i < ${count} / 4; i++) {
  const dataset = new Dataset("set-" + i, { displayName: "Set " + i });
  for (const letter of "ABC") new Datatable("table-" + i + letter, { datasetId: dataset.id, displayName: "Table " + letter });
}
`,
});

const COMPONENTS = `(() => {
  const pulumi = require("@pulumi/pulumi");
  const component = (type) => class extends pulumi.ComponentResource {
    constructor(name, inputs) { super("scale:index:" + type, name, inputs); this.id = name; }
  };
  return { Dataset: component("Dataset"), Datatable: component("Datatable") };
})()`;

function yamlProgram(count: number): string {
  const lines = ["name: scale", "runtime: yaml", "resources:"];
  for (let i = 0; i < count / 4; i++) {
    lines.push(`  set${i}:`, "    type: processmind:index:Dataset", `    properties: { displayName: Set ${i} }`);
    for (const letter of "ABC") {
      const properties = `{ datasetId: "\${set${i}.id}", displayName: Table ${letter} }`;
      lines.push(`  table${i}${letter}:`, "    type: processmind:index:Datatable", `    properties: ${properties}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const DYNAMIC: Side = {
  name: "dynamic provider, Node",
  files: nodeProgram('require("pulumi-processmind")'),
  prepare: [],
  usesRepository: true,
};
const OTHERS: Side[] = [
  {
    name: "plugin, Node",
    files: nodeProgram('require("pulumi-processmind-sdk")'),
    prepare: [["package", "add", PLUGIN]],
    usesRepository: false,
  },
  {
    name: "plugin, YAML",
    files: (count) => ({ "Pulumi.yaml": yamlProgram(count) }),
    prepare: [],
    usesRepository: false,
  },
  { name: "components alone, Node", files: nodeProgram(COMPONENTS), prepare: [], usesRepository: true },
];

async function main(): Promise<void> {
  if (findCli(process.env) === undefined) {
    console.log("Skipped: no Pulumi CLI was found on PATH, in $PULUMI_HOME or in ~/.pulumi.");
    return;
  }
  const count = Number(process.argv[2] ?? 200);
  const home = mkdtempSync(join(tmpdir(), "plugin-scale-"));
  const emulators: Emulator[] = [];
  try {
    const sides = [DYNAMIC, ...OTHERS];
    const runs = [];
    for (const side of sides) {
      // A tenant of its own, since the names are the same.
      const emulator = await startEmulator();
      emulators.push(emulator);
      runs.push(await openSide(side, count, join(home, `${runs.length}`), emulator));
    }
    const seconds: number[][] = sides.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, run] of runs.entries()) seconds[index]?.push(await run(["preview", "--expect-no-changes"]));
    }
    for (const [index, { name }] of sides.entries()) {
      const ratios = (seconds[index] ?? []).map((value, round) => value / (seconds[0]?.[round] ?? Number.NaN));
      const text = `${median(seconds[index] ?? []).toFixed(2)} s  ÷ dynamic ${median(ratios).toFixed(2)}`;
      console.log(`${count} unchanged, preview, ${name}`.padEnd(52), text);
    }
  } finally {
    for (const emulator of emulators) await emulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Makes the project and its objects. @returns what runs a command there and gives its seconds. */
async function openSide(side: Side, count: number, folder: string, emulator: Emulator) {
  const pulumiHome = join(folder, "home");
  const project = join(folder, "project");
  for (const made of [pulumiHome, project]) mkdirSync(made, { recursive: true });
  for (const [name, text] of Object.entries(side.files(count))) writeFileSync(join(project, name), text);
  if (side.usesRepository) symlinkSync(join(REPOSITORY, "node_modules"), join(project, "node_modules"), "junction");
  const engine = chooseEngine(pulumiHome);
  const env = {
    ...process.env,
    ...engine.env,
    ...emulator.environment,
    PATH: [join(PLUGIN, ".."), engine.env["PATH"]].join(":"),
    PULUMI_HOME: pulumiHome,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_STACK: "dev",
  };
  const run = async (args: string[]) => {
    const began = performance.now();
    const { exitCode, text } = await commands.run(engine.command, [...engine.prefix, ...args], { cwd: project, env });
    if (exitCode !== 0) throw new Error(`${side.name}: ${args.join(" ")} ended with exit code ${exitCode}:\n${text}`);
    return (performance.now() - began) / 1000;
  };
  for (const command of [...engine.prepare, ...side.prepare, ["up", "--yes", "--skip-preview"]]) await run(command);
  return run;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

void main();
