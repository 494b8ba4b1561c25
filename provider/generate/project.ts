import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Declaration } from "./declarations";
import { slugOf } from "./names";
import { GenerateError, type Language } from "./options";
import { typescriptProgram } from "./typescript";
import { yamlResources } from "./yaml";

/** Files of a project, by their names. */
export type ProjectFiles = { [name: string]: string };

/** What a user must know to read the program. */
function remarks(declared: readonly Declaration[]): string[] {
  const hasUploads = declared.some(({ kind }) => kind === "DatatableUpload");
  return [
    "existingId adopts what ProcessMind has: `pulumi up` creates and changes nothing there.",
    ...(hasUploads
      ? [
          'whenTableHasRows: "skip" records a file as the one its table holds, and sends nothing. ProcessMind reports',
          "the number of rows and the columns, but not whether the rows are those of the file.",
        ]
      : []),
  ];
}

/** The file with the program in it. */
export function programFile(language: Language): string {
  return language === "yaml" ? "Pulumi.yaml" : "index.ts";
}

/** A whole project, ready for `pulumi up`. */
export function projectFiles(out: string, language: Language, declared: readonly Declaration[]): ProjectFiles {
  const name = projectName(out);
  const head = `name: ${name}\ndescription: Datasets and datatables of a ProcessMind tenant\n`;
  if (language === "yaml") {
    const comments = remarks(declared).map((remark) => `# ${remark}\n`);
    const program = `${head}runtime: yaml\n\n${comments.join("")}resources:\n${yamlResources(declared).join("\n")}`;
    return { "Pulumi.yaml": program, ".gitignore": ".pulumi-offline/\n" };
  }
  return {
    "Pulumi.yaml": `${head}runtime: nodejs\n`,
    "package.json": json(manifest(name)),
    "tsconfig.json": json(COMPILER_SETTINGS),
    "index.ts": typescriptProgram(declared, remarks(declared)),
    ".gitignore": "node_modules/\n.pulumi-offline/\n",
  };
}

function manifest(name: string): object {
  const { version, peerDependencies, devDependencies } = ownManifest();
  const least = /\d+\.\d+\.\d+/.exec(peerDependencies["@pulumi/pulumi"] ?? "")?.[0];
  const sameAs = (dependency: string) => devDependencies[dependency];
  return {
    name,
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": `^${least}`, "pulumi-processmind": `^${version}` },
    devDependencies: {
      "@types/node": sameAs("@types/node"),
      "ts-node": sameAs("ts-node"),
      typescript: sameAs("typescript"),
    },
  };
}

const COMPILER_SETTINGS = {
  compilerOptions: {
    target: "ES2022",
    module: "commonjs",
    moduleResolution: "node10",
    types: ["node"],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  },
};

interface Manifest {
  version: string;
  peerDependencies: { [name: string]: string | undefined };
  devDependencies: { [name: string]: string | undefined };
}

/** The package's own. It is one level further up from the built code than from the source. */
export function ownManifest(): Manifest {
  const file = ["../../package.json", "../../../package.json"]
    .map((name) => path.join(__dirname, name))
    .find((candidate) => existsSync(candidate));
  return JSON.parse(readFileSync(file ?? "", "utf8"));
}

function json(value: object): string {
  // Formatters keep a short list on one line.
  return `${JSON.stringify(value, undefined, 2).replace(/\[\s+("[^"]*")\s+\]/g, "[$1]")}\n`;
}

/** Pulumi takes letters, digits, hyphens, underscores and dots, at most 100. */
function projectName(out: string): string {
  const name = slugOf(path.basename(path.resolve(out)))
    .replace(/[^a-z0-9-]/g, "")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  return name === "" ? "processmind" : name;
}

/**
 * Writes a project in one step: its folder is there with all its files, or not at all.
 *
 * @throws GenerateError when the folder cannot be made.
 */
export function writeProject(out: string, files: ProjectFiles): void {
  const target = existsSync(out) ? realpathSync(out) : path.resolve(out);
  if (`${realpathSync(".")}${path.sep}`.startsWith(`${target}${path.sep}`)) {
    // It would be another folder afterwards than the one the user's shell is in.
    throw new GenerateError("the current folder cannot be replaced by the project's.", [
      "name a folder that does not exist: --out FOLDER",
    ]);
  }
  const draft = path.join(path.dirname(target), `.${path.basename(target)}.draft-${randomUUID()}`);
  try {
    mkdirSync(draft, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(draft, name), text, { flush: true });
    // Of an empty folder it takes the place; one that has files since it was looked at makes it fail.
    renameSync(draft, target);
  } catch (error) {
    // Where a parent of it is a file, there is nothing to remove either.
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new GenerateError(`cannot write the project to "${out}" (${code}). Nothing was written.`, [
      "name another folder: --out FOLDER",
    ]);
  }
}
