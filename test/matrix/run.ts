/**
 * The ways users install and run the packages, each from the tarballs as npm would publish them, in a project of its own:
 *
 *   npm run matrix -- [--only PATTERN] [--json FILE] [--keep]
 */
import { rmSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { CELLS, type Cell } from "./cells";
import { must, runCommand } from "./commands";
import { runCycle, type Shells } from "./cycle";
import { makeProject } from "./project";
import { NotAvailable, Tools } from "./tools";

interface Result {
  cell: string;
  outcome: "passed" | "failed" | "not available";
  seconds: number;
  why?: string;
}

const REPOSITORY = path.resolve(__dirname, "../..");
/** The packages that a cell installs, and their folders. */
const PACKED = { "pulumi-processmind": ".", "pulumi-offline": "engine", "processmind-emulator": "emulator" };
/** `nobody`, on most systems: whom the read-only cell runs as when the matrix runs as root, who may write anywhere. */
const SOMEBODY_ELSE = 65_534;

async function main(): Promise<void> {
  const options = { only: { type: "string" }, json: { type: "string" }, keep: { type: "boolean" } } as const;
  const { only = "", json, keep = false } = parseArgs({ options }).values;
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "processmind-matrix-")));
  await fs.chmod(folder, 0o755);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => leave(folder, keep));
  const tools = new Tools(folder, await pack(folder));
  const expected = await registeredShells();
  const results: Result[] = [];
  try {
    for (const [index, cell] of CELLS.entries()) {
      if (!new RegExp(only, "i").test(cell.name)) continue;
      const result = await runCell(cell, path.join(folder, `cell-${index}`), tools, expected, keep);
      results.push(result);
      console.log(`${result.outcome.padEnd(13)} ${result.seconds.toFixed(1).padStart(6)} s  ${result.cell}`);
      if (result.why !== undefined) console.log(result.why.replaceAll(/^/gm, "    "));
    }
  } finally {
    if (keep) console.log(`Kept: ${folder}`);
    else await fs.rm(folder, { recursive: true, force: true });
  }
  const count = (outcome: Result["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("not available")} not available`);
  if (json !== undefined) await fs.writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  if (count("failed") > 0 || count("passed") === 0) process.exitCode = 1;
}

function leave(folder: string, keep: boolean): never {
  if (!keep) rmSync(folder, { recursive: true, force: true });
  process.exit(1);
}

async function runCell(cell: Cell, root: string, tools: Tools, expected: Shells, keep: boolean): Promise<Result> {
  const began = performance.now();
  const ended = (outcome: Result["outcome"], why?: string): Result => ({
    cell: cell.name,
    outcome,
    seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    ...(why === undefined ? {} : { why }),
  });
  try {
    await fs.mkdir(root);
    const runtime = await tools.runtime(cell.runtime);
    const project = await makeProject(cell, root, tools);
    const uid = cell.layout === "read-only package" ? await lockPackages(project.folder) : undefined;
    const shells = await runCycle(cell, project, runtime, uid);
    const wanted = cell.runtime === "bun" ? {} : expected;
    for (const type of Object.keys({ ...wanted, ...shells })) {
      if (shells[type] !== wanted[type]) throw new Error(`__provider of ${type} is ${shells[type]}`);
    }
    return ended("passed");
  } catch (error) {
    if (error instanceof NotAvailable) return ended("not available", error.message);
    return ended("failed", error instanceof Error ? error.message : String(error));
  } finally {
    if (!keep) await fs.rm(root, { recursive: true, force: true });
  }
}

/** Takes the right to write away from whoever runs the program; returns who that is, when it is not us. */
async function lockPackages(folder: string): Promise<number | undefined> {
  const uid = process.getuid?.() === 0 ? SOMEBODY_ELSE : undefined;
  for (const name of Object.keys(PACKED)) await lock(path.join(folder, "node_modules", name));
  // State and stack file are written beside Pulumi.yaml.
  if (uid !== undefined) await fs.chown(folder, uid, uid);
  const probe = path.join(folder, "node_modules", "pulumi-processmind", "dist", "probe");
  const script = `require("fs").writeFileSync(${JSON.stringify(probe)}, "")`;
  const attempt = await runCommand({
    program: process.execPath,
    args: ["-e", script],
    cwd: folder,
    env: process.env,
    ...(uid === undefined ? {} : { uid }),
  });
  if (attempt.exitCode === 0) throw new NotAvailable("the package's folder can be written to all the same");
  return uid;
}

async function lock(installed: string): Promise<void> {
  for (const entry of await fs.readdir(installed, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    await fs.chmod(file, (await fs.stat(file)).mode & 0o555);
  }
  await fs.chmod(installed, 0o555);
}

/** The packages that a cell needs, as npm would publish them. */
async function pack(into: string): Promise<Tools["tarballs"]> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const tarballs: Tools["tarballs"] = {};
  for (const [name, folder] of Object.entries(PACKED)) {
    const args = ["pack", "--json", "--ignore-scripts", `--pack-destination=${into}`];
    const { stdout } = await must({ program: npm, args, cwd: path.join(REPOSITORY, folder), env: process.env });
    const [{ filename }] = JSON.parse(stdout);
    tarballs[name] = path.join(into, filename);
  }
  return tarballs;
}

/** The texts that unit tests hold a snapshot of, by type token. */
async function registeredShells(): Promise<Shells> {
  const snapshot = await fs.readFile(path.join(REPOSITORY, "test/unit/__snapshots__/shell.test.ts.snap"), "utf8");
  const found = [...snapshot.matchAll(/"text": "(.+)",\s+"type": "(.+)",/g)];
  return Object.fromEntries(found.map(([, text, type]) => [type, text]));
}

void main();
