import fs from "node:fs";
import path from "node:path";
import { build, type Metafile } from "esbuild";

/** The plugin as one file of JavaScript, with all it needs of other packages. */

const ROOT = path.resolve(__dirname, "../..");

/** @returns the program's text and the licences of the packages in it. */
export async function bundle(): Promise<{ code: string; licences: string }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(ROOT, "provider/plugin/main.ts")],
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifyWhitespace: true,
    minifySyntax: true,
    // Not the names, nor with `keepNames`: what a worker runs is the text of a function, which must need nothing else.
    minifyIdentifiers: false,
    legalComments: "none",
    metafile: true,
    write: false,
    outfile: "plugin.js",
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote nothing.");
  return { code: file.text, licences: licencesOf(metafile) };
}

/** Their licences ask that their text goes where their code goes. */
function licencesOf(metafile: Metafile): string {
  const folders = Object.keys(metafile.inputs).flatMap((input) => {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
    return folder === undefined ? [] : [folder];
  });
  return [...new Set(folders)].sort().map(licenceOf).join("\n");
}

function licenceOf(folder: string): string {
  const directory = path.join(ROOT, folder);
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(directory, "package.json"), "utf8"));
  const file = fs.readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${fs.readFileSync(path.join(directory, file), "utf8").trim()}\n`;
  return `${"-".repeat(80)}\n${name} ${version}, ${license}\n${text}`;
}
