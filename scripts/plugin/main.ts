import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import manifest from "../../package.json";
import { type AssetFiles, filesFor, folderFiles, NAME, PLATFORMS, packFolder, unixFile, writeFolder } from "./assets";
import { bundle } from "./bundle";
import { schemaText } from "./schema";
import { makeSingleExecutable } from "./single-executable";

/**
 * `npm run plugin`: the schema, the plugin and its release assets in dist/plugin. With `--single`, the executable for
 * machines without Node too: for this platform, or with `--node FILE --platform darwin-arm64` for that of another Node.
 */

const ROOT = path.resolve(__dirname, "../..");
const OUTPUT = path.join(ROOT, "dist/plugin");
const { version, devDependencies } = manifest;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { single: { type: "boolean" }, node: { type: "string" }, platform: { type: "string" } },
  });
  fs.writeFileSync(path.join(ROOT, "provider/plugin/schema.json"), schemaText());
  const { code, licences } = await bundle();
  const legal: AssetFiles = {
    LICENSE: { content: fs.readFileSync(path.join(ROOT, "LICENSE")) },
    "THIRD-PARTY-LICENSES": { content: licences },
  };
  fs.rmSync(OUTPUT, { recursive: true, force: true });
  writeFolder(path.join(OUTPUT, "bin"), { [NAME]: unixFile(code), ...legal });
  report(`bin/${NAME}`, fs.statSync(path.join(OUTPUT, "bin", NAME)).size);
  const pulumi = devDependencies["@pulumi/pulumi"];
  writeFolder(path.join(OUTPUT, "processmind"), folderFiles(code, { version, pulumi }, legal));
  for (const platform of PLATFORMS) pack(platform, filesFor(platform, code, legal));
  if (values.single) {
    const { node = process.execPath, platform = thisPlatform() } = values;
    single(code, node, platform, legal);
  }
}

function pack(platform: string, files: AssetFiles): void {
  const folder = path.join(OUTPUT, "work");
  writeFolder(folder, files);
  report(`${NAME}-v${version}-${platform}.tar.gz`, packFolder(folder, platform, version, OUTPUT));
  fs.rmSync(folder, { recursive: true });
}

/** Under single/, since it has the same name as the asset that needs Node: a release offers one of the two. */
function single(code: string, node: string, platform: string, legal: AssetFiles): void {
  const folder = path.join(OUTPUT, "single", platform);
  writeFolder(folder, legal);
  const file = path.join(folder, platform.startsWith("windows") ? `${NAME}.exe` : NAME);
  makeSingleExecutable(code, node, file, platform);
  report(path.relative(OUTPUT, file), fs.statSync(file).size);
  const size = packFolder(folder, platform, version, path.join(OUTPUT, "single"));
  report(`single/${NAME}-v${version}-${platform}.tar.gz`, size);
}

function thisPlatform(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}-${process.arch === "x64" ? "amd64" : process.arch}`;
}

function report(name: string, sizeBytes: number): void {
  console.log(`${(sizeBytes / 1e6).toFixed(2).padStart(7)} MB  dist/plugin/${name}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
