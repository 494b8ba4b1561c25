import { configuredTenantId, type Settings, settingsFrom } from "../config";
import { hasCode, ProcessMindError } from "../errors";
import { SYSTEM } from "../system";
import { type Declaration, declarationsOf } from "./declarations";
import { type Existing, readExisting } from "./existing";
import { type FileMatches, matchFiles, NO_FILES } from "./match-files";
import { GenerateError, type GenerateOptions, HELP, type Language, optionsFrom } from "./options";
import { ownManifest, programFile, projectFiles, writeProject } from "./project";
import { Reader, readTenant, type Tenant } from "./tenant";
import { typescriptImport, typescriptStatements } from "./typescript";
import { yamlResources } from "./yaml";

interface Output {
  write(text: string): unknown;
}

/**
 * Runs the command. A program goes to `stdout`, all else that is said to `stderr`.
 *
 * @returns the exit code.
 */
export async function runCommand(args: string[], stdout: Output, stderr: Output): Promise<number> {
  try {
    const options = optionsFrom(args);
    if (options === "help") stdout.write(HELP);
    else if (options === "version") stdout.write(`${ownManifest().version}\n`);
    else await generate(options, stdout, stderr);
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    stderr.write(`pulumi-processmind: ${error.message}\n`);
    return error instanceof GenerateError ? error.exitCode : 1;
  }
}

/** What a user can do something about: a stack would hide it. */
function isExpected(error: unknown): error is Error {
  if (error instanceof GenerateError || error instanceof ProcessMindError) return true;
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined;
}

async function generate(options: GenerateOptions, stdout: Output, stderr: Output): Promise<void> {
  // Before anything is read, which may take a while.
  const existing = readExisting(options.out);
  const tenantId = requireTenant();
  const reader = new Reader({ ...settings(), ...SYSTEM }, tenantId);
  const tenant = await readTenant(reader, options.datasets);
  if (tenant.datasets.length + tenant.tables.length === 0) {
    throw new GenerateError(`the tenant "${tenantId}" has no datasets, so there is nothing to declare.`);
  }
  const files = options.data === undefined ? NO_FILES : await matchFiles(options.data, options.out, tenant, reader);
  const declared = declarationsOf(tenant, files, existing);
  const language = options.language ?? existing.language ?? "typescript";
  for (const note of notesOf(tenant, files)) stderr.write(`note: ${note}\n`);
  if (existing.isThere) return printNew(declared, existing, language, options.out, stdout, stderr);
  const project = projectFiles(options.out, language, declared);
  if (options.isDryRun) {
    stdout.write(project[programFile(language)] ?? "");
    stderr.write(`Nothing was written. The program declares ${counts(declared)}.\n`);
    return;
  }
  writeProject(options.out, project);
  stderr.write(`Wrote ${options.out}: ${counts(declared)}.\n${nextSteps(options.out, language, tenantId)}`);
}

function printNew(
  declared: readonly Declaration[],
  existing: Existing,
  language: Language,
  out: string,
  stdout: Output,
  stderr: Output,
): void {
  if (declared.length === 0) {
    stderr.write(`Nothing is new: the program in ${out} has the ids of all that was read.\n`);
    return;
  }
  const head = language === "yaml" || existing.hasImport ? [] : [typescriptImport(declared)];
  const entries = language === "yaml" ? yamlResources(declared) : typescriptStatements(declared);
  stdout.write([...head, ...entries].join("\n"));
  const where = language === "yaml" ? "the resources of its Pulumi.yaml" : "it";
  stderr.write(
    `The program in ${out} lacks ${counts(declared)}. Nothing was written: add the text above to ${where}.\n`,
  );
}

function notesOf({ notes }: Tenant, { notes: ofTables, unmatched }: FileMatches): string[] {
  return [...notes, ...[...ofTables.values()].flat(), ...unmatched];
}

/** `1 folder, 2 datasets, 3 datatables`. */
function counts(declared: readonly Declaration[]): string {
  const isFolder = ({ properties }: Declaration) => properties.some(({ key }) => key === "treeNodeType");
  const kinds: [noun: string, fits: (declaration: Declaration) => boolean][] = [
    ["folder", isFolder],
    ["dataset", (each) => each.kind === "Dataset" && !isFolder(each)],
    ["datatable", ({ kind }) => kind === "Datatable"],
    ["upload", ({ kind }) => kind === "DatatableUpload"],
  ];
  return kinds
    .map(([noun, fits]) => ({ noun, number: declared.filter(fits).length }))
    .filter(({ number }) => number > 0)
    .map(({ noun, number }) => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`)
    .join(", ");
}

function nextSteps(out: string, language: Language, tenantId: string): string {
  const install = language === "yaml" ? "" : "  npm install\n";
  return `Next, with PROCESSMIND_API_KEY set:
  cd ${out}
${install}  pulumi stack init dev
  pulumi config set processmind:tenantId ${tenantId}
  pulumi preview
`;
}

/** There is no stack yet, so its configuration cannot be read. */
const NO_STACK = { get: () => undefined };

function requireTenant(): string {
  const tenantId = configuredTenantId(NO_STACK);
  if (tenantId !== undefined) return tenantId;
  throw new GenerateError("no tenant is set.", [
    "set the environment variable PROCESSMIND_TENANT_ID to the tenant's id",
  ]);
}

function settings(): Settings {
  try {
    return settingsFrom(NO_STACK);
  } catch (error) {
    if (!hasCode(error, "CONFIG_MISSING")) throw error;
    throw new GenerateError("no API key is set.", ["set the environment variable PROCESSMIND_API_KEY"]);
  }
}
