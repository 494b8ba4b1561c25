import { readdirSync, statSync } from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { WireDatatable } from "../api/wire";
import { UnusableFile } from "../messages/message";
import { profileFile } from "../profile/profile-file";
import { EXTENSIONS, extensionOf, SourceFile } from "../profile/source-file";
import { slugOf } from "./names";
import { GenerateError } from "./options";
import { quoted, type Reader, type Tenant } from "./tenant";

/** A file that becomes the upload of a table. */
export interface MatchedFile {
  /** From the program's folder, with forward slashes. */
  source: string;
  /** Sentences for the comment above it. */
  notes: string[];
}

/** What the files of a folder are to the tables of a tenant. */
export interface FileMatches {
  /** By the id of the table. */
  files: Map<string, MatchedFile>;
  /** Files that may be a table's and are not declared, and why: sentences, by the id of the table. */
  notes: Map<string, string[]>;
  /** The same of files that no table is near to. */
  unmatched: string[];
}

export const NO_FILES: FileMatches = { files: new Map(), notes: new Map(), unmatched: [] };

/** A table and the file that it may hold; or why there is none. */
type Verdict = { table: WireDatatable; rows: number } | { reason: string; table?: WireDatatable };

/**
 * Finds the table of each file: by its name, and then by its columns. Where ProcessMind does not report what it takes to
 * be certain, the file is reported and not declared.
 *
 * @param folder - with the files; those of folders in it do not count.
 * @param out - the program's folder, which sources start from.
 */
export async function matchFiles(folder: string, out: string, tenant: Tenant, reader: Reader): Promise<FileMatches> {
  const tablesOf = tablesByName(tenant);
  const files = filesIn(folder).map((name) => path.join(folder, name));
  const verdicts = await Promise.all(
    files.map(async (file) => {
      const candidates = tablesOf.get(slugOf(path.parse(file).name)) ?? [];
      return { file, verdict: await judge(file, candidates, reader) };
    }),
  );
  const claims = new Map<WireDatatable | undefined, number>();
  for (const { verdict } of verdicts) {
    if ("rows" in verdict) claims.set(verdict.table, (claims.get(verdict.table) ?? 0) + 1);
  }
  const matches: FileMatches = { files: new Map(), notes: new Map(), unmatched: [] };
  for (const { file, verdict } of verdicts) {
    const source = new SourceFile(out, path.resolve(file)).portablePath;
    if ("rows" in verdict && claims.get(verdict.table) === 1) {
      matches.files.set(verdict.table.id, { source, notes: otherRows(verdict) });
      continue;
    }
    const reason =
      "rows" in verdict ? `${claims.get(verdict.table)} files have its name and its columns` : verdict.reason;
    note(matches, verdict.table, `${quoted(source, 80)} is not declared: ${reason}.`);
  }
  return matches;
}

function note({ notes, unmatched }: FileMatches, table: WireDatatable | undefined, sentence: string): void {
  if (table === undefined) unmatched.push(sentence);
  else notes.set(table.id, [...(notes.get(table.id) ?? []), sentence]);
}

function filesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new GenerateError(`--data names "${folder}", which is not a folder.`);
  }
  const isKnown = (name: string) => EXTENSIONS.some((extension) => extension === extensionOf(name));
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && isKnown(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** By the name of the table, and by that of its dataset and its own, as a file would have them. */
function tablesByName({ datasets, tables }: Tenant): Map<string, WireDatatable[]> {
  const slugs = new Map(datasets.map(({ id, displayName }) => [id.toLowerCase(), slugOf(displayName ?? "")]));
  const found = new Map<string, WireDatatable[]>();
  for (const table of tables) {
    const own = slugOf(table.displayName ?? "");
    const dataset = slugs.get(table.datasetId?.toLowerCase() ?? "");
    for (const name of new Set([own, `${dataset}-${own}`])) {
      if (own !== "") found.set(name, [...(found.get(name) ?? []), table]);
    }
  }
  return found;
}

async function judge(file: string, candidates: WireDatatable[], reader: Reader): Promise<Verdict> {
  if (candidates.length === 0) return { reason: "no datatable has its name" };
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const format = EXTENSIONS.find((known) => known === extensionOf(file));
  const found = await profileOf(file, format);
  if (typeof found === "string") return { reason: found, table: only };
  const { columns, rows } = found;
  const tables = (await Promise.all(candidates.map((table) => reader.table(table)))).filter(
    (table) => table !== undefined,
  );
  const alike = tables.filter((table) => table.columns !== undefined && sameNames(columns, namesOf(table)));
  const [table] = alike;
  if (table === undefined) return { reason: whyNone(tables), table: only };
  if (alike.length > 1) return { reason: `${alike.length} datatables have its name and its columns` };
  const line = candidates.find(({ id }) => id === table.id) ?? table;
  // Of an empty table, and of one that does not report its rows, an upload would send the file.
  if (table.rowCount === 0) return { reason: "the datatable is empty, and an upload would send the file", table: line };
  if (typeof table.rowCount !== "number") {
    return {
      reason: "ProcessMind does not report the rows of the datatable, and an upload would send the file",
      table: line,
    };
  }
  return { table: line, rows };
}

async function profileOf(
  file: string,
  format: (typeof EXTENSIONS)[number] | undefined,
): Promise<{ columns: string[]; rows: number } | string> {
  try {
    const { table } = await profileFile({ source: new SourceFile(".", file), format });
    return table ?? `the columns of .${format} files are not compared`;
  } catch (error) {
    if (error instanceof UnusableFile) return error.message;
    throw error;
  }
}

function whyNone(tables: readonly WireDatatable[]): string {
  const [only] = tables;
  if (tables.length > 1) return `none of the ${tables.length} datatables with its name has its columns`;
  if (only?.rowCount === 0) return "the datatable is empty, and an upload would send the file";
  return only?.columns === undefined || only.columns.length === 0
    ? "ProcessMind does not report the columns of the datatable"
    : "its columns are not those of the datatable";
}

function namesOf({ columns = [] }: WireDatatable): string[] {
  return columns.map(({ name }) => name);
}

/** In any order: whether ProcessMind keeps that of the file is not documented. */
function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual([...one].sort(), [...other].sort());
}

/** As many rows need not be the same rows, which is said once for the whole program; other counts are other rows. */
function otherRows({ table, rows }: { table: WireDatatable; rows: number }): string[] {
  if (table.rowCount === rows) return [];
  const counts = `The file has ${count(rows)} rows and the datatable ${count(table.rowCount ?? 0)}`;
  return [`${counts}: \`pulumi up\` records the file and sends nothing.`];
}

function count(rows: number): string {
  return rows.toLocaleString("en-US");
}
