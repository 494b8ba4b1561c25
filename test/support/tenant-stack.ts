import fs from "node:fs/promises";
import path from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "processmind-emulator";
import { type EngineDriver, type EngineRun, openEngine, wantsCli } from "./engine-driver";
import { createProgramFolder, type ProgramFolder } from "./engine-driver-program";
import { newTestKey, secretsIn, secretsUnder } from "./secret-scan";
import { SharedHosts } from "./shared-hosts";

/** What goes into the state for each of our resources: a state format, the same in every installation. */
export const SHELLS = {
  dataset: 'exports.handler = () => require("pulumi-processmind/lifecycle").dataset;',
  datatable: 'exports.handler = () => require("pulumi-processmind/lifecycle").datatable;',
  datatableUpload: 'exports.handler = () => require("pulumi-processmind/lifecycle").datatableUpload;',
};

/** A Pulumi project, a tenant for it in an emulator, and the engine that runs it. Every run is searched for secrets. */
export interface TenantStack extends EngineDriver {
  folder: ProgramFolder;
  emulator: Emulator;
  /** What runs find beside the driver's own environment; may be changed between runs. */
  env: NodeJS.ProcessEnv;
  /** Names of the routes that were called since the last time this was asked. */
  requests(): string[];
  /** Puts `to` for `from` in a file; a file without it is an error. */
  edit(file: string, from: string, to: string): Promise<void>;
  close(): Promise<void>;
}

/** What to open. */
export interface TenantStackOptions {
  /** Files of the project, beside the usual ones of a program folder. */
  files?: { [name: string]: string };
  /** Folder below examples/ to copy into the project. */
  example?: string;
  /** The project's name. Default: that of the example, or `demo`. */
  project?: string;
  /** Added to the environment of every run, the one that makes the stack included. */
  env?: NodeJS.ProcessEnv;
  /** Whether the key is in the stack's configuration, and thus (encrypted) in its state. Default: in the environment. */
  keyInConfig?: boolean;
  emulator?: EmulatorOptions;
  /**
   * For what is about processes, or about what Pulumi does with a program: each run of the local engine starts its own
   * for the program and the provider. Default: the stack's runs share them, and remember nothing of each other.
   */
  newProcesses?: boolean;
}

const EXAMPLES = path.resolve(__dirname, "../../examples");
const VERBS_THAT_SAVE = ["up", "refresh", "destroy"];

/** Opens the project of an example, or of files, with an emulator of its own. */
export async function openTenantStack(options: TenantStackOptions): Promise<TenantStack> {
  const { example, keyInConfig = false } = options;
  const { project = example === undefined ? "demo" : `processmind-${example}` } = options;
  const emulator = await startEmulator({ apiKey: newTestKey(), ...options.emulator });
  const copied = example === undefined ? {} : await filesOf(path.join(EXAMPLES, example));
  const folder = await createProgramFolder({ ...copied, ...options.files }, project);
  // Types of examples are checked by the compiler itself, once, in test/examples.
  const env: NodeJS.ProcessEnv = { PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...options.env };
  const hosts = options.newProcesses || wantsCli() ? undefined : new SharedHosts(folder.directory);
  const driver: EngineDriver = await openEngine(folder.directory, project, {
    env,
    ...(hosts && { hosts: (each) => hosts.forNextRun(each) }),
    watch: (args, run) => refuseSecrets(args, run, folder, () => driver),
  });
  const close = async () => {
    await hosts?.close();
    await emulator.close();
    await folder.remove();
  };
  const stack = { ...driver, ...tools(folder, emulator), folder, emulator, env, close };
  if (keyInConfig) await configure(stack);
  else Object.assign(env, emulator.environment);
  return stack;
}

async function configure({ setConfig, emulator }: TenantStack): Promise<void> {
  await setConfig("processmind:apiKey", emulator.apiKey, { secret: true });
  await setConfig("processmind:apiUrl", emulator.apiUrl);
  await setConfig("processmind:tenantId", emulator.tenantId);
}

function tools(folder: ProgramFolder, emulator: Emulator): Pick<TenantStack, "requests" | "edit"> {
  return {
    requests() {
      const routes = emulator.journal().map(({ route }) => route);
      emulator.clearJournal();
      return routes;
    },
    async edit(file, from, to) {
      const before = await folder.read(file);
      if (!before.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}.`);
      await folder.write({ [file]: before.replace(from, to) });
    },
  };
}

async function filesOf(directory: string): Promise<{ [name: string]: string }> {
  const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const own = files.filter(
    (file) => !/node_modules|\.pulumi|Pulumi\.[\w-]+\.yaml$/.test(path.relative(directory, file)),
  );
  const texts = own.map(async (file) => [path.relative(directory, file), await fs.readFile(file, "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Over what the run printed, every file of the project (its state among them), and the state with all secrets open. */
async function refuseSecrets(
  args: string[],
  run: EngineRun,
  folder: ProgramFolder,
  driver: () => EngineDriver,
): Promise<void> {
  const isOpen = args.includes("--show-secrets");
  const printed = isOpen ? [] : secretsIn(run.text).map((what) => `the output: ${what}`);
  const kept = await secretsUnder(folder.directory);
  const hasState = VERBS_THAT_SAVE.includes(args[0] ?? "") && run.state !== undefined;
  const decrypted = hasState ? secretsIn(await decryptedState(driver())) : [];
  const found = [...printed, ...kept, ...decrypted.map((what) => `the decrypted state: ${what}`)];
  if (found.length > 0) throw new Error(`"${args.slice(0, 2).join(" ")}" left secrets in ${found.join("; ")}.`);
}

/** Without the provider's own entry, which holds the stack's configuration, and the key where that is in it. */
async function decryptedState(driver: EngineDriver): Promise<string> {
  const state = await driver.exportStack({ showSecrets: true });
  const resources = state.resources?.filter(({ type }) => !type.startsWith("pulumi:providers:"));
  return JSON.stringify({ ...state, resources });
}
