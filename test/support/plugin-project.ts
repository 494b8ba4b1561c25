import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { findCli } from "../../scripts/start/engine";
import type { EngineRun, StackState } from "./engine-driver";
import { openTenantStack, type TenantStack, type TenantStackOptions } from "./tenant-stack";

const ROOT = path.resolve(__dirname, "../..");
/** What `npm run plugin` makes; `npm run test:cli` runs it first. */
export const MADE = path.join(ROOT, "dist/plugin");
/** Of the plugin. */
export const VERSION: string = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")).version;

/** A group of scenarios with the plugin, which need Pulumi's own CLI. `npm run test:cli` runs them. */
const describePlugin = process.env["ENGINE_DRIVER"] === "cli" ? describe : describe.skip;

/** The same for programs in a language: skipped too where its host or its own command is missing. */
export function describeLanguage(host: string, command: string | undefined): jest.Describe {
  const folders = [path.dirname(findCli(process.env) ?? ""), ...(process.env["PATH"] ?? "").split(path.delimiter)];
  const isThere = (file: string) => folders.some((folder) => fs.existsSync(path.join(folder, file)));
  const isComplete = isThere(`pulumi-language-${host}`) && (command === undefined || isThere(command));
  return isComplete ? describePlugin : describe.skip;
}

/** A project whose programs use the plugin, in a Pulumi home of its own. */
export interface PluginProject extends TenantStack {
  /** What was sent to ProcessMind to change something, as `POST datasets.create`, since the last time it was asked. */
  writes(): string[];
  /** As `command`; rejects with what was printed when it fails. */
  must(...args: string[]): Promise<EngineRun>;
}

/** Opens a project, and installs the plugin from the release asset as `pulumi plugin install` does, unless told not to. */
export async function openPluginProject(
  options: TenantStackOptions & { isInstalled?: boolean },
): Promise<PluginProject> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-home-"));
  const stack = await openTenantStack({ ...options, env: { ...options.env, PULUMI_HOME: home } });
  // The program gets its packages as a user's does, and npm must not reach into this repository's own.
  fs.unlinkSync(path.join(stack.folder.directory, "node_modules"));
  const must = async (...args: string[]) => {
    const run = await stack.command(args);
    if (!run.ok) throw new Error(`pulumi ${args.join(" ")} failed (${run.exitCode}):\n${run.text}`);
    return run;
  };
  if (options.isInstalled ?? true)
    await must("plugin", "install", "resource", "processmind", VERSION, "--file", asset());
  return {
    ...stack,
    must,
    writes() {
      const all = stack.emulator.journal();
      stack.emulator.clearJournal();
      return all.filter(({ method }) => method !== "GET").map(({ method, route }) => `${method} ${route}`);
    },
    async close() {
      await stack.close();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The release asset for this machine. */
function asset(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return path.join(MADE, `pulumi-resource-processmind-v${VERSION}-${process.platform}-${arch}.tar.gz`);
}

/** The plugin as one file, which `pulumi package add` takes. */
export const PLUGIN = path.join(MADE, "bin", "pulumi-resource-processmind");

/** The npm package as a registry would have it, in that folder. @returns its file. */
export function packPackage(directory: string): string {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory];
  const name = execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" }).trim();
  return path.join(directory, name);
}

/** An entry of the state by the resource's name. */
export function resourceIn(state: StackState | undefined, name: string) {
  const found = state?.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`The state has no resource ${name}.`);
  return found;
}
