import fs from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

/** How the program is to be run, as `runtime.options` of Pulumi.yaml say or its files show. */
export interface RuntimeOptions {
  typescript: boolean;
  /** Relative to the program's folder. */
  tsconfig?: string;
  /** Further arguments of node itself. */
  nodeArgs: string[];
}

/** Reads the options of the project in `rootDirectory` whose program is in `programDirectory`. */
export async function readRuntimeOptions(rootDirectory: string, programDirectory: string): Promise<RuntimeOptions> {
  const { typescript, tsconfig, nodeargs } = await projectOptions(rootDirectory);
  const options: RuntimeOptions = {
    typescript: typeof typescript === "boolean" ? typescript : await looksLikeTypeScript(programDirectory),
    nodeArgs: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [],
  };
  if (typeof tsconfig === "string") {
    options.tsconfig = tsconfig;
  }
  return options;
}

type Fields = { [key: string]: unknown };

async function projectOptions(rootDirectory: string): Promise<Fields> {
  const text = await firstFile(rootDirectory, ["Pulumi.yaml", "Pulumi.yml"]);
  const project: Fields = text === undefined ? {} : fields(parse(text));
  return fields(fields(project["runtime"])["options"]);
}

/** Pulumi always loads a TypeScript compiler; for a JavaScript program that only costs time. */
async function looksLikeTypeScript(programDirectory: string): Promise<boolean> {
  const manifest = fields(JSON.parse((await firstFile(programDirectory, ["package.json"])) ?? "{}"));
  if (/\.[cm]?ts$/.test(String(manifest["main"] ?? ""))) {
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
