import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

/** The program that runs Pulumi programs here. */
export interface Engine {
  /** What a user types. */
  name: "pulumi" | "pulumi-offline";
  /** One line for the user: which one, and why. */
  about: string;
  command: string;
  /** In front of every command's own arguments. */
  prefix: string[];
  env: NodeJS.ProcessEnv;
  /** Commands that make the stack, for an engine that does not make it by itself. */
  prepare: string[][];
}

/** Pulumi's CLI where there is one, else the local engine. All state stays in `workFolder`. */
export function chooseEngine(workFolder: string): Engine {
  const cli = findCli(process.env);
  return cli === undefined ? localEngine() : cliEngine(cli, workFolder);
}

function localEngine(): Engine {
  return {
    name: "pulumi-offline",
    about:
      "pulumi-offline, the engine in this repository, since no Pulumi CLI was found (PATH, $PULUMI_HOME, ~/.pulumi)",
    command: process.execPath,
    prefix: [join(__dirname, "..", "..", "engine", "dist", "engine", "bin.js")],
    env: {},
    prepare: [],
  };
}

function cliEngine(cli: string, workFolder: string): Engine {
  return {
    name: "pulumi",
    about: `the Pulumi CLI, ${cli}`,
    command: cli,
    prefix: ["--non-interactive", "--color=never"],
    env: {
      PULUMI_BACKEND_URL: pathToFileURL(workFolder).href,
      // The CLI finds its language plugin beside itself or on PATH.
      PATH: [dirname(cli), process.env["PATH"]].join(delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_NEO: "false",
    },
    prepare: [["stack", "init", "dev"]],
  };
}

/** Looks where Pulumi's installers put it. */
export function findCli(env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  const home = env["PULUMI_HOME"] || join(homedir(), ".pulumi");
  const versions = join(home, "versions");
  const folders = [
    ...(env["PATH"] ?? "").split(delimiter).filter(Boolean),
    join(home, "bin"),
    ...namesIn(versions).map((version) => join(versions, version, "bin")),
  ];
  return folders.map((folder) => join(folder, name)).find(isCli);
}

/** The npm package `pulumi` has a bin of that name too; it would download the CLI. */
function isCli(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() && !realpathSync(file).includes(`${sep}node_modules${sep}`);
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
