import fs from "node:fs/promises";
import path from "node:path";
import type { Cell } from "./cells";
import { must, runCommand } from "./commands";

/** Package managers and runtimes of other versions: packages of the npm registry that carry the whole program. */
const PACKAGES = {
  pnpm: "pnpm@10.20.0",
  "pnpm newest": "pnpm@latest",
  yarn: "yarn@1.22.22",
  "yarn berry": "@yarnpkg/cli-dist@4.11.0",
  "node 20": `node-${platformName()}@20`,
  "node 22": `node-${platformName()}@22`,
  "node 24": `node-${platformName()}@24`,
  bun: `@oven/bun-${bunPlatformName()}@1`,
} as const;

export type Tool = keyof typeof PACKAGES;

/** The registry has no such package, or not for this platform: nothing is known about the cell. */
export class NotAvailable extends Error {}

/** Installs tools, each once, into folders below `folder`. */
export class Tools {
  readonly #installed = new Map<Tool, Promise<string>>();

  constructor(
    private readonly folder: string,
    /** The packed packages of this repository, by their names. */
    readonly tarballs: { [name: string]: string },
  ) {}

  /** The command line that a package manager is called by. */
  async manager(name: NonNullable<Cell["manager"]>): Promise<{ program: string; args: string[] }> {
    if (name === "npm") return { program: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
    const script = await this.#bin(name, name.startsWith("pnpm") ? "pnpm" : "yarn");
    // pnpm is a program of its own from version 12 on.
    const isScript = /\.[cm]?js$/.test(script);
    return isScript ? { program: process.execPath, args: [script] } : { program: script, args: [] };
  }

  /** The program that runs JavaScript. */
  async runtime(name: Cell["runtime"]): Promise<string> {
    if (name === undefined) return process.execPath;
    const folder = await this.#install(name);
    const program = path.join(folder, "bin", name === "bun" ? "bun" : "node");
    await fs.chmod(program, 0o755);
    const { stdout } = await must({ program, args: ["--version"], cwd: folder, env: process.env });
    const [, wanted] = /^node (\d+)$/.exec(name) ?? [];
    const [, major] = /^v?(\d+)\./.exec(stdout) ?? [];
    if (wanted !== undefined && major !== wanted) throw new Error(`${program} is ${stdout.trim()}, not ${name}`);
    return program;
  }

  async #bin(tool: Tool, command: string): Promise<string> {
    const folder = await this.#install(tool);
    const { bin } = JSON.parse(await fs.readFile(path.join(folder, "package.json"), "utf8"));
    return path.join(folder, typeof bin === "string" ? bin : bin[command]);
  }

  #install(tool: Tool): Promise<string> {
    const known = this.#installed.get(tool) ?? this.#installNow(tool);
    this.#installed.set(tool, known);
    return known;
  }

  async #installNow(tool: Tool): Promise<string> {
    const [specifier, name] = [PACKAGES[tool], PACKAGES[tool].replace(/@[^@/]*$/, "")];
    const npm = await this.manager("npm");
    const env = process.env;
    const known = await runCommand({ ...npm, args: ["view", specifier, "name"], cwd: this.folder, env });
    const isMissing = known.exitCode === 0 ? known.stdout.trim() === "" : /\bE404\b/.test(known.text);
    if (isMissing) throw new NotAvailable(`the registry has no ${specifier}`);
    if (known.exitCode !== 0) throw new Error(`npm view ${specifier}:\n${known.text.trimEnd()}`);
    const home = path.join(this.folder, tool.replaceAll(" ", "-"));
    await fs.mkdir(home, { recursive: true });
    await fs.writeFile(path.join(home, "package.json"), '{"private": true}');
    const flags = ["--no-audit", "--no-fund", "--no-save"];
    await must({ ...npm, args: ["install", ...flags, specifier], cwd: home, env });
    return path.join(home, "node_modules", name);
  }
}

function platformName(): string {
  return `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
}

function bunPlatformName(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}-${process.arch === "arm64" ? "aarch64" : process.arch}`;
}
