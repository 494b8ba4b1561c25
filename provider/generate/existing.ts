import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import type { Name } from "./names";
import { GenerateError, type Language } from "./options";

/** What a program has already. An id anywhere in its text counts, also in a comment or in a stack's configuration. */
export interface Existing {
  isThere: boolean;
  language?: Language;
  /** Names of resources and variables. */
  names: string[];
  /** Whether it imports the package. */
  hasImport: boolean;
  hasId(id: string): boolean;
  /** How the program calls the dataset or folder that it adopts by this id, if its text shows that. */
  nameOf(id: string): Name | undefined;
}

const NOTHING: Existing = { isThere: false, names: [], hasImport: false, hasId: () => false, nameOf: () => undefined };
const PROGRAM_FILE = /\.([cm]?[jt]sx?|json|ya?ml)$/;
const LARGEST_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Reads the program in a folder. One that does not exist, or is empty, has none.
 *
 * @throws GenerateError when the folder has files and no program.
 */
export function readExisting(folder: string): Existing {
  if (!existsSync(folder)) return NOTHING;
  if (!statSync(folder).isDirectory()) throw occupied(folder, "it is a file");
  if (readdirSync(folder).length === 0) return NOTHING;
  const project = ["Pulumi.yaml", "Pulumi.yml"].map((name) => path.join(folder, name)).find((file) => existsSync(file));
  if (project === undefined) throw occupied(folder, "it has files and no Pulumi.yaml");
  const texts = programFiles(folder).map((file) => readFileSync(file, "utf8"));
  const all = texts.join("\n");
  const ids = new Set(all.toLowerCase().split(/[\s"'`,;()[\]{}<>]+/));
  const lower = all.toLowerCase();
  const projectText = readFileSync(project, "utf8");
  const isYaml = /^runtime:\s*["']?yaml|^\s+name:\s*["']?yaml["']?\s*$/m.test(projectText);
  const yaml = isYaml ? yamlResources(project, projectText) : new Map<string, string>();
  return {
    isThere: true,
    language: isYaml ? "yaml" : "typescript",
    names: isYaml ? [...yaml.keys()] : namesIn(all),
    hasImport: all.includes("pulumi-processmind"),
    hasId: (id) => ids.has(id.toLowerCase()) || (/[\s"'`,;()[\]{}<>]/.test(id) && lower.includes(id.toLowerCase())),
    nameOf: (id) => (isYaml ? yamlName(yaml, id) : variableWith(all, id)),
  };
}

function occupied(folder: string, why: string): GenerateError {
  return new GenerateError(`cannot write the project to "${folder}": ${why}.`, [
    "name a folder that does not exist: --out FOLDER",
    "print the program: --dry-run with such a folder",
  ]);
}

function programFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return programFiles(file);
    return PROGRAM_FILE.test(entry.name) && entry.name !== "package-lock.json" && isSmall(file) ? [file] : [];
  });
}

/** A file of data may have any of the extensions. */
function isSmall(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= LARGEST_FILE_BYTES;
}

function namesIn(text: string): string[] {
  const resources = text.matchAll(/\bnew\s+[\w.]+\(\s*["'`]([^"'`]+)["'`]/g);
  const variables = text.matchAll(
    /\b(?:const|let|var|function|class|import)\s+([\p{ID_Start}_$][\p{ID_Continue}$]*)/gu,
  );
  return [...resources, ...variables].map(([, name = ""]) => name);
}

/** The constant that is declared as a Dataset with this id, where the id stands in its arguments as a text. */
function variableWith(text: string, id: string): Name | undefined {
  const at = text.indexOf(`"${id}"`);
  const before = text.slice(Math.max(0, at - 2000), Math.max(0, at));
  const declared =
    /\bconst\s+([\p{ID_Start}_$][\p{ID_Continue}$]*)\s*=\s*new\s+(?:\w+\.)?Dataset\((?!.*\bnew\b)[^;]*\bexistingId:\s*$/su;
  const found = declared.exec(before.slice(Math.max(0, before.lastIndexOf("const "))));
  return found?.[1] === undefined ? undefined : { resource: found[1], variable: found[1] };
}

/**
 * Names of the resources of a program in YAML, and the ids they adopt.
 *
 * @throws GenerateError when it is no YAML.
 */
function yamlResources(file: string, text: string): Map<string, string> {
  const resources = propertiesOf(propertiesOf(parsed(file, text))["resources"]);
  const idOf = (resource: unknown) => propertiesOf(propertiesOf(resource)["properties"])["existingId"];
  return new Map(
    Object.entries(resources).map(([name, resource]) => {
      const id = idOf(resource);
      return [name, typeof id === "string" ? id : ""];
    }),
  );
}

function parsed(file: string, text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    const { message } = error as Error;
    throw new GenerateError(`cannot read "${file}": ${message.split("\n")[0]}.`, [
      "correct the file, and run this again",
    ]);
  }
}

function propertiesOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function yamlName(resources: Map<string, string>, id: string): Name | undefined {
  const [name] = [...resources].find(([, adopted]) => adopted.toLowerCase() === id.toLowerCase()) ?? [];
  return name === undefined ? undefined : { resource: name, variable: name };
}
