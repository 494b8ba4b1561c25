"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const startWabt = require("wabt");

/** `npm run build:wasm`: compiles the scanner's text into the module that ships, as TypeScript with its bytes in base64. */

const FOLDER = join(__dirname, "..", "provider", "profile");
const TARGET = join(FOLDER, "scanner-binary.ts");

/** The text of scanner-binary.ts, as the committed source makes it. */
async function compiled() {
  const wabt = await startWabt();
  const features = { simd: true, mutable_globals: true };
  const module = wabt.parseWat("scanner.wat", readFileSync(join(FOLDER, "scanner.wat"), "utf8"), features);
  module.validate(features);
  const lines = Buffer.from(module.toBinary({}).buffer)
    .toString("base64")
    .match(/.{1,112}/g);
  return `// Made from scanner.wat by \`npm run build:wasm\`.
export const SCANNER_BINARY = [
${lines.map((line) => `  "${line}",`).join("\n")}
].join("");
`;
}

module.exports = { compiled, TARGET };

if (require.main === module) compiled().then((text) => writeFileSync(TARGET, text));
