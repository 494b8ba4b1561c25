/**
 * Lets node run TypeScript: `node -r ./scripts/typescript.js scripts/start.ts`. Transpiles only, as jest does: types are
 * checked by `tsc` in `npm run verify`.
 */
const fs = require("node:fs");
const { transformSync } = require("esbuild");
const options = require("./transpile-options.js");

process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, file) => {
  const source = fs.readFileSync(file, "utf8");
  const { code } = transformSync(source, { ...options, sourcefile: file, sourcemap: "inline" });
  module._compile(code, file);
};
