"use strict";
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { deflateRawSync } = require("node:zlib");

/**
 * `npm run build:wasm`: compiles provider/core/ into the module that ships, as TypeScript with its bytes deflated, in
 * base64. `--print` writes nothing and prints the bytes in base64: what zlib makes of them differs by its version.
 */

const ROOT = join(__dirname, "..");
const TARGET = join(ROOT, "provider", "profile", "core-binary.ts");
/** Pages of 64 KiB: chunks, and tables of up to 24 MB. */
const MEMORY = ["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "2048"];
const OPTIONS = ["-O2", "--noAssert", "--enable", "simd,threads", "--runtime", "minimal", ...MEMORY];

/** The WebAssembly module, as the committed sources make it. */
async function compiled() {
  const { default: compiler } = await import("assemblyscript/asc");
  let binary;
  const files = {
    writeFile: (name, content) => {
      if (name.endsWith(".wasm")) binary = content;
    },
  };
  const arguments_ = ["provider/core/index.ts", "--baseDir", ROOT, "--outFile", "core.wasm", ...OPTIONS];
  const { error, stderr } = await compiler.main(arguments_, files);
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return Buffer.from(binary);
}

/** The text of core-binary.ts. */
function moduleText(binary) {
  const lines = deflateRawSync(binary, { level: 9 })
    .toString("base64")
    .match(/.{1,112}/g);
  return `// Made from provider/core/ by \`npm run build:wasm\`.
export const CORE_BINARY = [
${lines.map((line) => `  "${line}",`).join("\n")}
].join("");
`;
}

compiled().then((binary) => {
  if (process.argv.includes("--print")) process.stdout.write(binary.toString("base64"));
  else writeFileSync(TARGET, moduleText(binary));
});
