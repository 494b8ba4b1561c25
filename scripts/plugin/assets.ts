import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** What a release offers, and what a folder for `pulumi package add` looks like. */

export const NAME = "pulumi-resource-processmind";

/** As Go names them, and Pulumi in the names of what it downloads. */
export const PLATFORMS = [
  "linux-amd64",
  "linux-arm64",
  "darwin-amd64",
  "darwin-arm64",
  "windows-amd64",
  "windows-arm64",
] as const;
type Platform = (typeof PLATFORMS)[number];

/** A file of an asset or a folder. */
export interface AssetFile {
  content: string | Buffer;
  isExecutable?: boolean;
}
export type AssetFiles = { [name: string]: AssetFile };

/** For shells and for Node at once: in JavaScript the first two lines are a text and a comment. */
const UNIX_START = `#!/bin/sh
':' //; command -v node >/dev/null 2>&1 || { echo "${NAME} needs Node.js 20 or later on PATH; its single executable needs none." >&2; exit 1; }
':' //; exec node "$0" "$@"
`;

const WINDOWS_START = `@echo off\r
where node >nul 2>nul || (echo ${NAME} needs Node.js 20 or later on PATH; its single executable needs none.>&2& exit /b 1)\r
node "%~dp0${NAME}.js" %*\r
`;

/** One file that a machine with Node starts as it is. */
export function unixFile(code: string): AssetFile {
  return { content: UNIX_START + code, isExecutable: true };
}

/** What Pulumi unpacks for a platform. Windows looks for a .cmd or .exe, and takes no first line as a start. */
export function filesFor(platform: Platform, code: string, legal: AssetFiles): AssetFiles {
  if (!platform.startsWith("windows")) return { [NAME]: unixFile(code), ...legal };
  return { [`${NAME}.cmd`]: { content: WINDOWS_START }, [`${NAME}.js`]: { content: code }, ...legal };
}

/**
 * A folder for `pulumi package add PATH`, and the content of a git tag for \`pulumi package add URL@TAG\`: Pulumi runs it by
 * its language host for Node, which asks for @pulumi/pulumi.
 */
export function folderFiles(
  code: string,
  manifest: { version: string; pulumi: string },
  legal: AssetFiles,
): AssetFiles {
  const packageJson = {
    name: NAME,
    version: manifest.version,
    private: true,
    license: "Apache-2.0",
    main: "index.js",
    dependencies: { "@pulumi/pulumi": manifest.pulumi },
  };
  return {
    "PulumiPlugin.yaml": { content: "runtime: nodejs\n" },
    "package.json": { content: `${JSON.stringify(packageJson, null, 2)}\n` },
    "index.js": { content: code },
    ...legal,
  };
}

export function writeFolder(directory: string, files: AssetFiles): void {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  for (const [name, { content, isExecutable }] of Object.entries(files)) {
    fs.writeFileSync(path.join(directory, name), content, { mode: isExecutable ? 0o755 : 0o644 });
  }
}

/** The asset of a folder, under the name that Pulumi asks a release for. @returns its size. */
export function packFolder(directory: string, platform: string, version: string, outputDirectory: string): number {
  const file = path.join(outputDirectory, `${NAME}-v${version}-${platform}.tar.gz`);
  execFileSync("tar", ["-czf", file, "-C", directory, "."]);
  return fs.statSync(file).size;
}
