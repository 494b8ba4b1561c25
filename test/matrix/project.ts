import fs from "node:fs/promises";
import path from "node:path";
import { type Cell, DEVELOPED_WITH } from "./cells";
import { must } from "./commands";
import type { Tools } from "./tools";

/** A project of a user, with the packages installed from their tarballs. */
export interface Project {
  /** Where everything of it lies. */
  root: string;
  /** Where Pulumi.yaml and the program lie. */
  folder: string;
  env: NodeJS.ProcessEnv;
}

/** Of the file that the program uploads. */
export const ROWS = 2;
const ODD_NAME = "Fälle & Vorgänge 事件 'log'";
const PINNED = { tsx: "4.20.6", typescript: "5.9.3", "ts-node": "10.9.2" };

/** Writes the project of a cell below `root` and installs what it needs. */
export async function makeProject(cell: Cell, root: string, tools: Tools): Promise<Project> {
  const layout = cell.layout ?? "plain";
  const home = layout === "odd path" ? path.join(root, ODD_NAME) : root;
  const folder = layout === "workspace" ? path.join(home, "packages", "infra") : home;
  const files: { [file: string]: string } = {
    ...programOf(cell),
    "Pulumi.yaml": pulumiYaml(cell),
    "data/orders.csv": "case_id,activity,timestamp\n1,Start,2025-01-01\n1,End,2025-01-02\n",
    "package.json": JSON.stringify(manifestOf(cell, tools.tarballs), null, 2),
  };
  for (const [file, text] of Object.entries(files)) await write(path.join(folder, file), text);
  if (layout === "workspace") await writeWorkspaceRoot(home, cell);
  await install(cell, home, tools);
  const env = { ...process.env };
  if (cell.compiler === "tsx by NODE_OPTIONS") env["NODE_OPTIONS"] = "--import tsx";
  return { root, folder, env };
}

function programOf({ program = "commonjs" }: Cell): { [file: string]: string } {
  const names = "{ Dataset, Datatable, DatatableUpload }";
  const isCommonJs = program === "commonjs";
  const text = [
    isCommonJs ? `const ${names} = require("pulumi-processmind");` : `import ${names} from "pulumi-processmind";`,
    'const sales = new Dataset("sales", { displayName: "Sales", forceDestroy: true });',
    'const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders", forceDestroy: true });',
    "const log = new DatatableUpload(",
    '  "orders", { datasetId: sales.id, datatableId: orders.id, source: "data/orders.csv" });',
    isCommonJs ? "exports.sizeBytes = log.sizeBytes;" : "export const sizeBytes = log.sizeBytes;",
  ].join("\n");
  switch (program) {
    case "commonjs":
    case "esm":
      return { "index.js": text };
    case "typescript":
      return { "index.ts": text, "tsconfig.json": tsconfig("commonjs", "node") };
    case "typescript-esm":
      return { "index.ts": text, "tsconfig.json": tsconfig("nodenext", "nodenext") };
  }
}

function tsconfig(module: string, moduleResolution: string): string {
  return JSON.stringify({ compilerOptions: { target: "es2020", strict: true, module, moduleResolution } });
}

function pulumiYaml({ compiler }: Cell): string {
  if (compiler === undefined || compiler === "pulumi's own") return "name: shop\nruntime: nodejs\n";
  const options = compiler === "tsx by nodeargs" ? "\n    nodeargs: --import tsx" : "";
  return `name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false${options}\n`;
}

function manifestOf(cell: Cell, tarballs: Tools["tarballs"]): object {
  const isModule = cell.program === "esm" || cell.program === "typescript-esm";
  const isTypeScript = cell.program?.startsWith("typescript") ?? false;
  const usesTsx = cell.compiler?.startsWith("tsx") ?? false;
  return {
    name: "infra",
    version: "1.0.0",
    private: true,
    ...(isModule ? { type: "module" } : {}),
    ...(isTypeScript ? { main: "index.ts" } : {}),
    dependencies: {
      "@pulumi/pulumi": cell.sdk ?? DEVELOPED_WITH,
      ...Object.fromEntries(Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`])),
      ...(usesTsx ? { tsx: PINNED.tsx } : {}),
      ...(isTypeScript && cell.compiler === undefined
        ? { typescript: PINNED.typescript, "ts-node": PINNED["ts-node"], "@types/node": "^20" }
        : {}),
    },
  };
}

async function writeWorkspaceRoot(home: string, { manager }: Cell): Promise<void> {
  const manifest = { name: "shop", version: "1.0.0", private: true, workspaces: ["packages/*"] };
  await write(path.join(home, "package.json"), JSON.stringify(manifest));
  if (manager?.startsWith("pnpm")) await write(path.join(home, "pnpm-workspace.yaml"), "packages:\n  - packages/*\n");
}

async function install({ manager = "npm" }: Cell, home: string, tools: Tools): Promise<void> {
  const { program, args } = await tools.manager(manager);
  // Nothing of the project may depend on install scripts: package managers switch them off, one after the other.
  const flags = {
    npm: ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"],
    pnpm: ["install", "--ignore-scripts", "--prefer-offline"],
    "pnpm newest": ["install", "--ignore-scripts", "--prefer-offline"],
    yarn: ["install", "--ignore-scripts", "--ignore-engines", "--non-interactive", "--no-progress"],
    "yarn berry": ["install"],
  }[manager];
  const env: NodeJS.ProcessEnv = { ...process.env, CI: "true" };
  if (manager === "yarn berry") {
    await write(path.join(home, ".yarnrc.yml"), yarnSettings(await registry(tools, home)));
    await write(path.join(home, "yarn.lock"), "");
    env["YARN_ENABLE_IMMUTABLE_INSTALLS"] = "false";
  }
  await must({ program, args: [...args, ...flags], cwd: home, env });
}

/** npm's settings do not reach yarn 4. */
async function registry(tools: Tools, cwd: string): Promise<string> {
  const { program, args } = await tools.manager("npm");
  const { stdout } = await must({ program, args: [...args, "config", "get", "registry"], cwd, env: process.env });
  return stdout.trim().replace(/\/$/, "");
}

function yarnSettings(registryUrl: string): string {
  const { hostname, protocol } = new URL(registryUrl);
  return [
    "nodeLinker: node-modules",
    "enableScripts: false",
    "enableTelemetry: false",
    // Versions that are minutes old are refused otherwise, and this package is a file.
    "npmMinimalAgeGate: 0",
    `npmRegistryServer: "${registryUrl}"`,
    ...(protocol === "http:" ? [`unsafeHttpWhitelist: ["${hostname}"]`] : []),
    "",
  ].join("\n");
}

async function write(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, text);
}
