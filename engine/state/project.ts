import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { Refusal } from "./refusal";

const FILE_NAMES = ["Pulumi.yaml", "Pulumi.yml"];
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A Pulumi project: its Pulumi.yaml. */
export interface Project {
  name: string;
  /** Folder of Pulumi.yaml. */
  rootDirectory: string;
  /** Folder the program runs in. */
  programDirectory: string;
  /** Folder of the `Pulumi.<stack>.yaml` files. */
  stackFileDirectory: string;
  /** The `config:` section, as written. */
  config: { [key: string]: unknown };
}

/** Reads the project of a folder: the nearest Pulumi.yaml at or above it. */
export function loadProject(folder: string): Project {
  const file = findProjectFile(resolve(folder));
  const document = parseYaml(file);
  const { name, main, config, stackConfigDir } = document;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new Refusal(`${file}: "name" must be 1 to 100 letters, digits, ".", "_" or "-"`);
  }
  checkRuntime(document["runtime"], file);
  const rootDirectory = dirname(file);
  return {
    name,
    rootDirectory,
    programDirectory: programDirectoryOf(main, rootDirectory, file),
    stackFileDirectory: typeof stackConfigDir === "string" ? resolve(rootDirectory, stackConfigDir) : rootDirectory,
    config: isObject(config) ? config : {},
  };
}

/** Refuses what cannot be a stack's name, and so a file's. */
export function checkStackName(stack: string): string {
  if (!NAME.test(stack) || stack.startsWith(".")) {
    throw new Refusal(`"${stack}" is not a stack name: use 1 to 100 letters, digits, ".", "_" or "-"`);
  }
  return stack;
}

/** A YAML file as an object; errors name the file and the line. */
function parseYaml(file: string): { [key: string]: unknown } {
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Refusal(`${file}: ${(error as Error).message}`);
  }
  if (!isObject(document)) throw new Refusal(`${file}: expected keys and values`);
  return document;
}

function findProjectFile(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const found = FILE_NAMES.map((name) => join(current, name)).find((file) => existsSync(file));
    if (found) return found;
    if (dirname(current) === current) {
      throw new Refusal(
        `no Pulumi.yaml project file found in ${folder} or above it. Use --cwd to name the project's folder.`,
      );
    }
  }
}

function checkRuntime(runtime: unknown, file: string): void {
  const name = isObject(runtime) ? runtime["name"] : runtime;
  if (name !== "nodejs") {
    throw new Refusal(
      `${file}: runtime ${JSON.stringify(name)} is not supported; this engine runs "nodejs" programs only`,
    );
  }
}

/** As Pulumi: `main` may be a folder, or a file whose folder is meant. */
function programDirectoryOf(main: unknown, root: string, file: string): string {
  if (main === undefined || main === null || main === "") return root;
  if (typeof main !== "string") throw new Refusal(`${file}: "main" must be a path`);
  const path = isAbsolute(main) ? main : resolve(root, main);
  if (!existsSync(path)) throw new Refusal(`${file}: "main" names ${main}, which does not exist`);
  return /\.[cm]?[jt]s$/.test(path) ? dirname(path) : path;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
