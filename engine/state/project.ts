import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { quoted } from "../message";
import { UserError } from "./user-error";

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
    throw new UserError(`${file}: "name" must be 1 to 100 letters, digits, ".", "_" or "-".`);
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

/** Rejects what cannot be a stack's name, and so a file's. */
export function checkStackName(stack: string): string {
  if (!NAME.test(stack) || stack.startsWith(".")) {
    throw new UserError(`"${quoted(stack)}" is not a stack name: use 1 to 100 letters, digits, ".", "_" or "-".`);
  }
  return stack;
}

/** What is wrong and where, in one line: below it the parser draws the place. */
export function yamlProblem(error: unknown): string {
  const [line = ""] = (error as Error).message.split("\n");
  return quoted(line.replace(/:$/, "."), 100);
}

/** A YAML file as an object; errors name the file and the line. */
function parseYaml(file: string): { [key: string]: unknown } {
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} is not valid YAML: ${yamlProblem(error)}`);
  }
  if (!isObject(document)) throw new UserError(`${file} must hold keys and values.`);
  return document;
}

function findProjectFile(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const found = FILE_NAMES.map((name) => join(current, name)).find((file) => existsSync(file));
    if (found) return found;
    if (dirname(current) === current) {
      throw new UserError(`no Pulumi.yaml project file found in ${folder} or above it.`, [
        "run in the project's folder, or name it: --cwd <dir>",
      ]);
    }
  }
}

function checkRuntime(runtime: unknown, file: string): void {
  const name = isObject(runtime) ? runtime["name"] : runtime;
  if (name !== "nodejs") {
    throw new UserError(`${file}: the runtime ${quoted(JSON.stringify(name))} is not supported. Only "nodejs" is.`, [
      "run the program with the Pulumi CLI",
    ]);
  }
}

/** As Pulumi: `main` may be a folder, or a file whose folder is meant. */
function programDirectoryOf(main: unknown, root: string, file: string): string {
  if (main === undefined || main === null || main === "") return root;
  if (typeof main !== "string") throw new UserError(`${file}: "main" must be a path.`);
  const path = isAbsolute(main) ? main : resolve(root, main);
  if (!existsSync(path)) throw new UserError(`${file}: "main" names ${quoted(main)}, which does not exist.`);
  return /\.[cm]?[jt]s$/.test(path) ? dirname(path) : path;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
