import { spawnSync } from "node:child_process";
import type { Command } from "./measured-process";

/** Programs of the system that ours is compared with. */
const VERSION_OPTION = { openssl: "version", sha256sum: "--version", curl: "--version" } as const;

export type Tool = keyof typeof VERSION_OPTION;

/** The first line of what a tool says of itself. undefined: it is not installed. */
export function versionOf(tool: Tool): string | undefined {
  const { status, stdout } = spawnSync(tool, [VERSION_OPTION[tool]], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

/** The command of a tool, or what to say when it is not there. */
export function toolCommand(tool: Tool, args: string[], cwd?: string): Command | { missing: string } {
  return versionOf(tool) === undefined ? { missing: `${tool} is not installed` } : { program: tool, args, cwd };
}

/** A script that needs a module of Python, or what to say when that is not there. */
export function pythonCommand(module: string, script: string, args: string[]): Command | { missing: string } {
  const { status } = spawnSync("python3", ["-c", `import ${module}`]);
  if (status !== 0) return { missing: `Python has no ${module}` };
  return { program: "python3", args: ["-c", script, ...args] };
}
