import fs from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

/** How the program is to be run, as `runtime.options` of Pulumi.yaml say or its files show. */
export interface RuntimeOptions {
  /** What Pulumi's runner is to run: a file of the program's folder, or "." to let the runner find it. */
  entryPoint: string;
  typescript: boolean;
  /** Relative to the program's folder. */
  tsconfig?: string;
  /** Further arguments of node itself. */
  nodeArgs: string[];
}

/** Reads the options of the project in `rootDirectory` whose program is in `programDirectory`. */
export async function readRuntimeOptions(rootDirectory: string, programDirectory: string): Promise<RuntimeOptions> {
  const project = await readProject(rootDirectory);
  const { typescript, tsconfig, nodeargs } = fields(fields(project["runtime"])["options"]);
  const main = String(project["main"] ?? "");
  const entryPoint = SOURCE_FILE.test(main) ? path.basename(main) : ".";
  const options: RuntimeOptions = {
    entryPoint,
    typescript: typeof typescript === "boolean" ? typescript : await looksLikeTypeScript(programDirectory, entryPoint),
    nodeArgs: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [],
  };
  if (typeof tsconfig === "string") {
    options.tsconfig = tsconfig;
  }
  return options;
}

type Fields = { [key: string]: unknown };

const SOURCE_FILE = /\.[cm]?[jt]s$/;
const TYPESCRIPT_FILE = /\.[cm]?ts$/;

async function readProject(rootDirectory: string): Promise<Fields> {
  const text = await firstFile(rootDirectory, ["Pulumi.yaml", "Pulumi.yml"]);
  return text === undefined ? {} : fields(parse(text));
}

/** Pulumi always loads a TypeScript compiler; for a JavaScript program that only costs time. */
async function looksLikeTypeScript(programDirectory: string, entryPoint: string): Promise<boolean> {
  if (TYPESCRIPT_FILE.test(entryPoint)) {
    return true;
  }
  const manifest = fields(JSON.parse((await firstFile(programDirectory, ["package.json"])) ?? "{}"));
  if (TYPESCRIPT_FILE.test(String(manifest["main"] ?? ""))) {
    return true;
  }
  const files = await fs.readdir(programDirectory);
  return files.includes("tsconfig.json") || files.some((file) => /^index\.[cm]?ts$/.test(file));
}

async function firstFile(directory: string, names: string[]): Promise<string | undefined> {
  for (const name of names) {
    const text = await fs.readFile(path.join(directory, name), "utf8").catch(() => undefined);
    if (text !== undefined) {
      return text;
    }
  }
  return undefined;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
